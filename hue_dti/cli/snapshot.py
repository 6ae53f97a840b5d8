"""`hue-dti close`, `verify`, `show`: freeze a quarter, recheck what is frozen, read its score sheet."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.table import Table

from hue_dti.catalogue.model import CriteriaSet
from hue_dti.cli.common import Workplace, console, hand, machine_account, now, period_option, unit_option, workplace
from hue_dti.errors import SnapshotError
from hue_dti.numerals import format_count, format_date, format_moment, format_percent, format_points
from hue_dti.periods import Period
from hue_dti.reports.lines import STATUS_WORDS
from hue_dti.reports.target import deliver
from hue_dti.scoring.model import CriterionScore
from hue_dti.services.close import close_quarter
from hue_dti.services.jumps import jumps
from hue_dti.services.quarter import catalogue_of, draft, frozen, newest_of
from hue_dti.services.report import bundle_of
from hue_dti.services.stored_files import stored_files
from hue_dti.services.trail_anchors import trail_anchors
from hue_dti.services.verify import verify_stored
from hue_dti.snapshots.checks import remarks
from hue_dti.snapshots.model import Snapshot
from hue_dti.snapshots.shown import shown
from hue_dti.snapshots.verify import verify as verify_bundle
from hue_dti.storage import home_folder

SHOWN = 20
"""Differences printed for one file; the rest are counted."""


@click.command()
@unit_option()
@period_option()
@click.option("--reason", default="", metavar="LÝ_DO", help="Lý do chốt lại, bắt buộc khi số liệu đã khác bản chốt trước.")
@click.option("--by", default=machine_account, metavar="NGƯỜI", help="Người chốt; mặc định là tài khoản đang dùng máy.")
def close(unit_text: str, period: Period, reason: str, by: str) -> None:
    """Chốt số liệu một kỳ của một đơn vị; chốt hai lần mà số liệu không đổi thì vẫn là một bản chốt."""
    with workplace() as place:
        unit = place.unit(unit_text, period)
        home, outside = home_folder(place.settings), trail_anchors(place.settings)
        head = close_quarter(place.storage, place.catalogue, unit, period, now, by, reason, home, hand=hand(by), trail_anchors=outside)
        click.echo(f"{unit.name}, {period.label}: bản chốt số {head.sequence}, mã {head.sha256}")
        closed = frozen(place.storage, head.sha256)
        _say_sheet(closed)
        used = catalogue_of(closed)
        found = len(remarks(closed, used)), len(jumps(place.storage, closed, used).unexplained)
    if any(found):
        click.echo(
            f"Lưu ý: {format_count(found[0])} chỗ kiểm tra chéo không khớp, {format_count(found[1])} thay đổi lớn chưa có lý do; "
            f"xem: hue-dti check --unit {unit.code} --period {period}",
            err=True,
        )


def _say_sheet(snapshot: Snapshot) -> None:
    """What was frozen, and which open criteria stand at 0 points because nothing came."""
    total, lines = snapshot.sheet.total, snapshot.sheet.criteria
    click.echo(
        f"{format_count(total.achieved)}/{format_count(len(lines))} tiêu chí đạt, "
        f"{format_points(total.points)}/{format_points(total.max_points)} điểm"
    )
    absent = snapshot.sheet.without_figures
    if absent:
        click.echo(
            f"Chú ý: chưa có số liệu nên tạm tính 0 điểm: {', '.join(absent)}; hãy xem 'hue-dti pull' và chốt lại khi có số.", err=True
        )


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="[TỆP]")
def verify(file: Path | None) -> None:
    """Kiểm tra lại một tệp bản chốt (không cần cơ sở dữ liệu), hoặc mọi bản chốt, chuỗi, tệp neo và mọi tệp đang giữ."""
    sound = _verify_file(file) if file is not None else _verify_stored()
    if not sound:
        raise SystemExit(1)


def _verify_file(path: Path) -> bool:
    differences = verify_bundle(path.read_bytes())
    for difference in differences[:SHOWN]:
        click.echo(f"{path}: {difference}", err=True)
    if len(differences) > SHOWN:
        click.echo(f"{path}: và {format_count(len(differences) - SHOWN)} chỗ khác nữa", err=True)
    if not differences:
        click.echo(f"{path}: nguyên vẹn, mọi điểm tính lại đều khớp")
    return not differences


def _verify_stored() -> bool:
    sound, count = True, 0
    with workplace() as place:
        for checked in verify_stored(place.storage, home_folder(place.settings)):
            sound, count = sound and not checked.faults, count + checked.snapshots
            for fault in checked.faults:
                click.echo(f"{checked.unit}: {fault}", err=True)
            if not checked.faults:
                click.echo(f"{checked.unit}: {format_count(checked.snapshots)} bản chốt nguyên vẹn, chuỗi và tệp neo khớp")
        if not count and sound:
            click.echo("Chưa có bản chốt nào.")
        return _files_sound(place) and sound


def _files_sound(place: Workplace) -> bool:
    """Whether everything kept beside the snapshots is still what came in, told kind by kind."""
    sound = True
    for looked in stored_files(place.storage, home_folder(place.settings)):
        for fault in looked.faults:
            click.echo(f"{looked.kind}: {fault}", err=True)
        click.echo(f"{format_count(looked.read - len(looked.faults))}/{format_count(looked.there)} {looked.kind} còn nguyên như lúc nhận")
        sound = sound and not looked.faults
    return sound


@click.command()
@unit_option()
@period_option()
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
@click.option("--draft", "live", is_flag=True, help="Xem số liệu đang có, kể cả khi kỳ chưa chốt hoặc đã khác bản chốt.")
@click.option(
    "--bundle", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP", help="Ghi thêm tệp bản chốt để lưu giữ, kiểm tra."
)
def show(unit_text: str, period: Period, as_json: bool, live: bool, bundle: Path | None) -> None:
    """Bảng điểm của kỳ đã chốt (bản mới nhất)."""
    with workplace() as place:
        unit = place.unit(unit_text, period)
        head = newest_of(place.storage, unit.code, period)
        if not live and head is None:
            raise SnapshotError(
                f"{period.label} của {unit.name} chưa chốt; hãy chạy 'hue-dti close --unit {unit.code} --period {period}' "
                "hoặc thêm --draft để xem số liệu đang có."
            )
        snapshot = (
            draft(place.storage, place.catalogue, unit, period, now()) if live or head is None else frozen(place.storage, head.sha256)
        )
        if bundle is not None:
            place.told("export.made", unit.code, f"bản chốt {period}: {bundle.name}")
            deliver(bundle_of(place.storage, snapshot), bundle)
    if as_json:
        click.echo(json.dumps(shown(snapshot), ensure_ascii=False, indent=2))
    else:
        _print_sheet(snapshot, catalogue_of(snapshot).sets[snapshot.sheet.criteria_set])


def _print_sheet(snapshot: Snapshot, criteria_set: CriteriaSet) -> None:
    head, total, out = snapshot.head, snapshot.sheet.total, console()
    unit = snapshot.tree.unit(head.unit)
    table = Table(
        "Mã", "Tiêu chí", "Tình trạng", "Kết quả", "Tỷ lệ", "Điểm", "Tối đa", title=f"{unit.name}, {Period.parse(head.period).label}"
    )
    for column in (3, 4, 5, 6):
        table.columns[column].justify = "right"
    lines = {line.code: line for line in snapshot.sheet.criteria}
    for group, score in zip(criteria_set.groups, snapshot.sheet.groups, strict=True):
        done = f"{format_count(score.achieved)}/{format_count(len(group.criteria))} đạt"
        table.add_section()
        table.add_row(group.code, group.name, done, "", "", format_points(score.points), format_points(score.max_points), style="bold")
        for criterion in group.criteria:
            table.add_row(criterion.code, criterion.name, *_cells(lines[criterion.code]))
    out.print(table)
    out.print(
        f"Đạt {format_count(total.achieved)}/{format_count(len(lines))} tiêu chí, đang thực hiện {format_count(total.in_progress)}, "
        f"chưa thực hiện {format_count(total.not_started)}, không đạt {format_count(total.not_achieved)}"
        + (f", không áp dụng {format_count(total.not_applicable)}" if total.not_applicable else "")
        + f"; {format_points(total.points)}/{format_points(total.max_points)} điểm "
        f"(quyết định ghi {format_points(total.max_points_stated)}; dấu * là điểm tạm tính)."
    )
    closed = f"bản chốt số {head.sequence}, {format_moment(head.closed_at)}, {head.sha256}" if head.sha256 else "chưa chốt"
    out.print(f"Số liệu đến {format_date(head.cutoff)}; {closed}")


def _cells(line: CriterionScore) -> tuple[str, ...]:
    counts = "" if line.part is None else format_count(line.part) + ("" if line.whole is None else f"/{format_count(line.whole)}")
    share = "" if line.share is None else format_percent(line.share)
    assumed = "*" if line.assumed else ""
    return STATUS_WORDS[line.status], counts, share, format_points(line.points), format_points(line.max_points) + assumed


COMMANDS = (close, verify, show)
