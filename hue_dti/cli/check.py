"""`hue-dti check`, `explain`, `completeness`: what figures tell against each other, what changed greatly, what is missing."""

from __future__ import annotations

import json

import click
from rich.table import Table

from hue_dti.catalogue.model import Catalogue
from hue_dti.cli.common import Workplace, console, hand, machine_account, now, period_option, unit_option, workplace
from hue_dti.numerals import format_count, format_growth, format_percent, share_text
from hue_dti.periods import Period
from hue_dti.services.completeness import Completeness, Part, completeness, completeness_json
from hue_dti.services.jumps import Jump, Jumps, explain, jumps
from hue_dti.services.open_quarter import read
from hue_dti.services.quarter import catalogue_of, draft
from hue_dti.snapshots.checks import Checked, checked
from hue_dti.snapshots.model import Snapshot

LIVE = click.option("--draft", "live", is_flag=True, help="Xem số liệu đang có, kể cả khi kỳ đã chốt.")
JSON = click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
SHOWN = 50
"""Missing figures printed; the rest are counted."""


@click.command()
@unit_option()
@period_option()
@LIVE
@JSON
def check(unit_text: str, period: Period, live: bool, as_json: bool) -> None:
    """Kiểm tra chéo các số liệu của một kỳ và thay đổi lớn so với kỳ trước (mã kết thúc 1 khi có điều cần xem)."""
    with workplace() as place:
        snapshot, catalogue = quarter_of(place, unit_text, period, live)
        found, changed = checked(snapshot, catalogue), jumps(place.storage, snapshot, catalogue)
    names = {unit.code: unit.name for unit in snapshot.tree.units}
    if as_json:
        click.echo(json.dumps(_json(snapshot, found, changed), ensure_ascii=False, indent=2))
    else:
        for line in (*check_lines(found, names, catalogue), *_jump_lines(changed, names, catalogue, snapshot, period)):
            click.echo(line)
    if any(each.remarks for each in found) or changed.unexplained:
        raise SystemExit(1)


def quarter_of(place: Workplace, unit_text: str, period: Period, live: bool) -> tuple[Snapshot, Catalogue]:
    """The quarter, frozen unless asked for or never closed, and the catalogue it stands on."""
    unit = place.unit(unit_text, period)
    reader = draft if live else read
    snapshot = reader(place.storage, place.catalogue, unit, period, now())
    return snapshot, catalogue_of(snapshot) if snapshot.head.sha256 else place.catalogue


def check_lines(found: tuple[Checked, ...], names: dict[str, str], catalogue: Catalogue) -> list[str]:
    """What the checks found, a line per unit, with what to do."""
    lines = []
    for each in found:
        part, whole = (catalogue.measures[code].name for code in (each.check.part, each.check.whole))
        lines += [
            f"Lưu ý: {names[remark.unit]}: '{part}' là {format_count(remark.part)}, lớn hơn '{whole}' là {format_count(remark.whole)}; "
            f"hãy {each.check.remedy}."
            for remark in each.remarks
        ]
        if each.unknown:
            lines.append(f"Chưa so được ở {format_count(len(each.unknown))} đơn vị vì thiếu số liệu: {each.check.name}.")
    sound = sum(1 for each in found if not each.remarks and not each.unknown)
    return [*lines, f"Kiểm tra chéo: {format_count(sound)}/{format_count(len(found))} điều kiện không có gì phải xem."]


def _jump_lines(changed: Jumps, names: dict[str, str], catalogue: Catalogue, snapshot: Snapshot, period: Period) -> list[str]:
    if changed.before is None:
        return [f"Chưa so với kỳ trước: {period.previous().label} chưa chốt."]
    lines = []
    for jump in changed.found:
        moved = f"{names[jump.unit]}: '{catalogue.measures[jump.measure].name}' từ {format_count(jump.old)} thành {format_count(jump.new)}"
        said = f"lý do: {jump.reason.reason} ({jump.reason.by})" if jump.reason else f"hãy ghi lý do: {explain_command(jump, snapshot)}"
        lines.append(f"Thay đổi lớn: {moved} ({change_words(jump)}); {said}")
    return [*lines, f"So với {period.previous().label}: {format_count(len(changed.unexplained))} thay đổi lớn chưa có lý do."]


def change_words(jump: Jump) -> str:
    """`+45,20%`, or that there was nothing before."""
    if jump.change is None:
        return "trước là 0"
    return format_growth(jump.change)


def explain_command(jump: Jump, snapshot: Snapshot) -> str:
    """The command that gives the reason."""
    head = snapshot.head
    return f'hue-dti explain --unit {head.unit} --period {head.period} --at {jump.unit} --measure {jump.measure} --reason "…"'


def _json(snapshot: Snapshot, found: tuple[Checked, ...], changed: Jumps) -> dict[str, object]:
    return {
        "unit": snapshot.head.unit,
        "period": snapshot.head.period,
        "snapshot_sha256": snapshot.head.sha256 or None,
        "checks": [
            {
                "check": each.check.code,
                "name": each.check.name,
                "part": each.check.part,
                "whole": each.check.whole,
                "compared": each.compared,
                "unknown": list(each.unknown),
                "remarks": [{"unit": remark.unit, "part": remark.part, "whole": remark.whole} for remark in each.remarks],
            }
            for each in found
        ],
        "compared_with": changed.before.head.period if changed.before else None,
        "jumps": [
            {
                "unit": jump.unit,
                "measure": jump.measure,
                "old": jump.old,
                "new": jump.new,
                "change": share_text(jump.change) if jump.change is not None else None,
                "reason": jump.reason.reason if jump.reason else None,
            }
            for jump in changed.found
        ],
    }


@click.command("explain")
@unit_option()
@period_option()
@click.option("--at", "at_text", required=True, metavar="MÃ|TÊN", help="Đơn vị có số liệu thay đổi.")
@click.option("--measure", required=True, metavar="SỐ_LIỆU", help="Mã số liệu, như in trong hue-dti check.")
@click.option("--reason", required=True, metavar="LÝ_DO", help="Vì sao số liệu thay đổi nhiều.")
@click.option("--by", default=machine_account, metavar="NGƯỜI", help="Người giải trình; mặc định là tài khoản đang dùng máy.")
def explain_change(unit_text: str, period: Period, at_text: str, measure: str, reason: str, by: str) -> None:
    """Ghi lý do một số liệu thay đổi nhiều so với kỳ trước."""
    with workplace() as place:
        snapshot, catalogue = quarter_of(place, unit_text, period, live=True)
        at = place.unit(at_text, period)
        jump = explain(place.storage, snapshot, catalogue, at.code, measure, reason, by, now, hand(by))
        click.echo(f"Đã ghi lý do cho {at.name}, '{catalogue.measures[measure].name}' ({change_words(jump)}).")


@click.command("completeness")
@unit_option()
@period_option()
@LIVE
@JSON
def show_completeness(unit_text: str, period: Period, live: bool, as_json: bool) -> None:
    """Số liệu của một kỳ đã đủ bao nhiêu, còn thiếu gì và ai phải cung cấp (mã kết thúc 1 khi còn thiếu)."""
    with workplace() as place:
        snapshot, catalogue = quarter_of(place, unit_text, period, live)
    found = completeness(snapshot, catalogue)
    if as_json:
        click.echo(json.dumps(completeness_json(snapshot, found), ensure_ascii=False, indent=2))
    else:
        _print_completeness(snapshot, found, catalogue)
    if found.missing:
        raise SystemExit(1)


def _print_completeness(snapshot: Snapshot, found: Completeness, catalogue: Catalogue) -> None:
    out, names = console(), {unit.code: unit.name for unit in snapshot.tree.units}
    table = Table("Nguồn", "Đã có", "Cần có", "Tỷ lệ", "Số cũ", "Đơn vị cung cấp", title="Số liệu theo nguồn", title_justify="left")
    for code, part in found.sources.items():
        source = catalogue.sources[code]
        table.add_row(
            source.name,
            format_count(part.present),
            format_count(part.expected),
            _share(part),
            format_count(part.carried_over),
            source.owner,
        )
    out.print(table)
    for owed in found.missing[:SHOWN]:
        why = f" ({owed.reason})" if owed.reason else ""
        out.print(f"Thiếu: {names[owed.unit]}: {owed.measure.name}{why}; {owed.source.owner} cung cấp qua {owed.source.name}.")
    if len(found.missing) > SHOWN:
        out.print(f"… và {format_count(len(found.missing) - SHOWN)} số liệu nữa; xem đủ với --json.")
    total = found.total
    out.print(
        f"{names[snapshot.head.unit]}: có {format_count(total.present)}/{format_count(total.expected)} số liệu cần có ({_share(total)})."
    )


def _share(part: Part) -> str:
    return format_percent(part.share) if part.share is not None else "–"


COMMANDS = (check, explain_change, show_completeness)
