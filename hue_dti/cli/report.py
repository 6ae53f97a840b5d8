"""`hue-dti report` and `letter`: the quarterly report, and the letter to those who owe figures for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from hue_dti.cli.common import now, out_option, period_option, unit_option, workplace
from hue_dti.errors import NothingOwed, ReportError
from hue_dti.periods import Period
from hue_dti.services import letter as letters
from hue_dti.services.open_quarter import read
from hue_dti.services.quarter import catalogue_of
from hue_dti.services.report import FORMATS, write_reports


def _formats(known: tuple[str, ...], default: str) -> Callable[[Any], Any]:
    """`--format pdf,docx`, of those that are known."""

    def kinds(_: click.Context, __: click.Parameter, text: str) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(kind.strip().lower() for kind in text.split(",") if kind.strip()))
        unknown = [kind for kind in chosen if kind not in known]
        if unknown or not chosen:
            raise click.BadParameter(f"'{', '.join(unknown) or text}' không phải định dạng nào; hãy chọn trong {', '.join(known)}.")
        return chosen

    words = f"Cách nhau bằng dấu phẩy, trong: {', '.join(known)}."
    return click.option("--format", "formats", default=default, callback=kinds, show_default=True, metavar="ĐỊNH_DẠNG", help=words)


_out = out_option("tệp")


@click.command()
@unit_option()
@period_option()
@_formats(FORMATS, "pdf,docx,xlsx")
@_out
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
        place.told("export.made", unit.code, f"báo cáo {period}: {', '.join(formats)}")
        for path in write_reports(place.storage, snapshot, catalogue_of(snapshot), formats, out, place.settings.report_fonts):
            click.echo(str(path))


@click.command()
@unit_option()
@period_option()
@_formats(letters.FORMATS, "pdf,docx")
@_out
def letter(unit_text: str, period: Period, formats: tuple[str, ...], out: Path) -> None:
    """Lập công văn đôn đốc: ai chưa có đủ số liệu, còn thiếu gì, mất tối đa bao nhiêu điểm."""
    with workplace() as place:
        unit = place.unit(unit_text, period)
        try:
            written = letters.reminder_letter(place.storage, place.catalogue, unit, period, now())
        except NothingOwed as said:
            click.echo(str(said))
            return
        place.told("export.made", unit.code, f"công văn đôn đốc {period}: {', '.join(formats)}")
        for path in letters.write_letters(written, unit, period, formats, out, place.settings.report_fonts):
            click.echo(str(path))


COMMANDS = (report, letter)
