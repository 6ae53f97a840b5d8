"""`hue-dti report`: the quarterly report as PDF, DOCX and XLSX."""

from __future__ import annotations

from pathlib import Path

import click

from hue_dti.cli.common import now, period_option, unit_option, workplace
from hue_dti.errors import ReportError
from hue_dti.periods import Period
from hue_dti.services.quarter import catalogue_of, read
from hue_dti.services.report import FORMATS, write_reports


def _kinds(_: click.Context, __: click.Parameter, text: str) -> tuple[str, ...]:
    kinds = tuple(dict.fromkeys(kind.strip().lower() for kind in text.split(",") if kind.strip()))
    unknown = [kind for kind in kinds if kind not in FORMATS]
    if unknown or not kinds:
        raise click.BadParameter(f"'{', '.join(unknown) or text}' không phải định dạng nào; hãy chọn trong {', '.join(FORMATS)}.")
    return kinds


@click.command()
@unit_option()
@period_option()
@click.option(
    "--format",
    "formats",
    default="pdf,docx,xlsx",
    callback=_kinds,
    show_default=True,
    metavar="ĐỊNH_DẠNG",
    help=f"Cách nhau bằng dấu phẩy, trong: {', '.join(FORMATS)}.",
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out"), show_default=True, help="Thư mục ghi tệp.")
@click.option("--draft", is_flag=True, help="Cho phép xem trước khi quý chưa chốt.")
def report(unit_text: str, period: Period, formats: tuple[str, ...], out: Path, draft: bool) -> None:
    """Lập báo cáo quý từ bản chốt số liệu."""
    with workplace() as place:
        unit = place.unit(unit_text, period)
        snapshot = read(place.storage, place.catalogue, unit, period, now())
        if not snapshot.head.sha256 and not draft:
            raise ReportError(
                f"{period.label} của {unit.name} chưa chốt; hãy chạy 'hue-dti close --unit {unit.code} --period {period}' "
                "hoặc thêm --draft để xem trước."
            )
        for path in write_reports(place.storage, snapshot, catalogue_of(snapshot), formats, out, place.settings.report_fonts):
            click.echo(str(path))


COMMANDS = (report,)
