"""`hue-dti import`: a file of a described source, looked at and, when confirmed, stored."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from hue_dti.cli.common import console, hand, machine_account, now, period_option, unit_option, workplace
from hue_dti.cli.pull import outcome_table
from hue_dti.cli.source import NOTHING_STORED, say_trial
from hue_dti.errors import SettingError
from hue_dti.numerals import format_moment
from hue_dti.periods import Period
from hue_dti.services.import_file import MOST_BYTES, HandedIn, Preview, confirm, handed_in, preview
from hue_dti.services.sources import SourceSettings, sources_of


@click.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="TỆP")
@click.option("--source", "code", required=True, metavar="NGUỒN", help="Mã nguồn mà tệp này thuộc về, như trong tệp nguồn số liệu.")
@unit_option()
@period_option()
@click.option("--by", default=machine_account, metavar="NGƯỜI", help="Người nộp; mặc định là tài khoản đang dùng máy.")
@click.option("--dry-run", is_flag=True, help="Chỉ xem sẽ ghi gì, không ghi.")
@click.option("--yes", is_flag=True, help="Ghi luôn, không hỏi lại.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc; cần --dry-run hoặc --yes.")
def import_command(path: Path, code: str, unit_text: str, period: Period, by: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Nộp một tệp CSV, XLSX của một nguồn đã khai báo (bảng của cơ quan, bản xuất chống mã độc).

    Xem trước: số nào sẽ ghi, ô nào bị từ chối và vì sao; chỉ ghi khi được xác nhận. Không có số nào ghi được thì mã thoát là 1.
    """
    if as_json and not (dry_run or yes):
        raise click.UsageError("--json cần đi cùng --dry-run hoặc --yes.")
    with workplace() as place:
        source = sources_of(place.settings, os.environ, place.catalogue, complete=False).get(code)
        file = _file(path, by, source)
        unit = place.unit(unit_text, period)
        seen = preview(place.storage, place.catalogue, code, source, unit, period, file, now)
        if not as_json:
            say_trial(console(), seen.trial, source, place.catalogue, last="")
            _say_known(seen)
        stores = _has_figures(seen) and not dry_run and (yes or click.confirm("Ghi những số này?"))
        if stores:
            outcome = confirm(place.storage, place.catalogue, code, source, unit, period, file, seen.sha256, now, hand(by))
        if as_json:
            click.echo(json.dumps(_json(file, seen, stored=stores), ensure_ascii=False, indent=2))
        elif stores:
            console().print(outcome_table([outcome]))
        else:
            click.echo(NOTHING_STORED)
    if not _has_figures(seen):
        raise SystemExit(1)


def _file(path: Path, by: str, source: SourceSettings | None) -> HandedIn:
    """Read no more of a file than may be handed in."""
    text = source.settings.get("max_bytes", "") if source else ""
    most = int(float(text)) if text else MOST_BYTES
    try:
        with path.open("rb") as stream:
            body = stream.read(most + 1)
    except OSError as error:
        raise SettingError(f"Tệp {path.name} không đọc được ({error.strerror}); hãy kiểm tra quyền đọc.") from None
    return handed_in(path.name, body, by, now(), most)


def _has_figures(seen: Preview) -> bool:
    admission = seen.trial.admission
    return admission is not None and bool(admission.fresh or (seen.trial.pulled and seen.trial.pulled.documents))


def _say_known(seen: Preview) -> None:
    if seen.known is not None:
        click.echo(f"Chú ý: đúng tệp này đã có từ {format_moment(seen.known.fetched_at)} ({seen.known.request}).")


def _json(file: HandedIn, seen: Preview, *, stored: bool) -> dict[str, object]:
    trial, admission = seen.trial, seen.trial.admission
    kept = {(each.origin.place, each.measure) for each in admission.fresh} if admission else set()
    return {
        "file": file.name,
        "by": file.by,
        "sha256": seen.sha256,
        "bytes": len(file.body),
        "known": seen.known.request if seen.known else None,
        "failure": trial.failure or None,
        "figures": [
            {
                "unit": each.unit,
                "measure": each.measure,
                "value": each.value,
                "as_of": each.as_of.isoformat(),
                "place": each.place,
                "passes": (each.place, each.measure) in kept,
            }
            for each in (trial.pulled.readings if trial.pulled else ())
        ],
        "documents": len(trial.pulled.documents or ()) if trial.pulled else 0,
        "faults": [{"place": each.place, "what": each.what} for each in (admission.faults if admission else ())],
        "stored": stored,
    }


COMMANDS = (import_command,)
