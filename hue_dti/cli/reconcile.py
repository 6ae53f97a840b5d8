"""`hue-dti reconcile`: what two sources tell differently, and why."""

from __future__ import annotations

import json

import click

from hue_dti.catalogue.model import Catalogue
from hue_dti.cli.check import JSON, LIVE, quarter_of
from hue_dti.cli.common import Workplace, console, hand, machine_account, now, period_option, unit_option, workplace
from hue_dti.errors import SettingError
from hue_dti.numerals import format_count, format_date
from hue_dti.observations.intake import printed
from hue_dti.observations.model import Observation, State
from hue_dti.periods import Period
from hue_dti.services.reconcile import Pair, Reconciliation, explain_difference, reconciliation, reconciliation_json
from hue_dti.snapshots.model import FrozenFigure, Snapshot

SHOWN = 50
"""Units that only one source tells of, printed; the rest are counted."""


@click.command()
@unit_option()
@period_option()
@LIVE
@JSON
@click.option("--explain", "reason", metavar="LÝ_DO", help="Ghi lý do hai nguồn lệch nhau ở --at và --measure.")
@click.option("--at", "at_text", metavar="MÃ|TÊN", help="Đơn vị có số liệu lệch.")
@click.option("--measure", metavar="SỐ_LIỆU", help="Mã số liệu.")
@click.option("--source", default="", metavar="NGUỒN", help="Nguồn được đối chiếu, khi có nhiều nguồn.")
@click.option("--by", default=machine_account, metavar="NGƯỜI", help="Người giải trình; mặc định là tài khoản đang dùng máy.")
def reconcile(
    unit_text: str,
    period: Period,
    live: bool,
    as_json: bool,
    reason: str | None,
    at_text: str | None,
    measure: str | None,
    source: str,
    by: str,
) -> None:
    """Đối chiếu hai nguồn của cùng một số liệu (mã kết thúc 1 khi còn chênh lệch chưa có lý do)."""
    with workplace() as place:
        snapshot, catalogue = quarter_of(place, unit_text, period, live)
        if reason is not None:
            _explain(place, snapshot, catalogue, period, (at_text, measure, source), reason, by)
            return
        found = reconciliation(place.storage, snapshot, catalogue)
    if as_json:
        click.echo(json.dumps(reconciliation_json(snapshot, found, catalogue), ensure_ascii=False, indent=2))
    else:
        _print(snapshot, found, catalogue)
    if found.unexplained:
        raise SystemExit(1)


def _explain(
    place: Workplace,
    snapshot: Snapshot,
    catalogue: Catalogue,
    period: Period,
    where: tuple[str | None, str | None, str],
    reason: str,
    by: str,
) -> None:
    at_text, measure, source = where
    if not at_text or not measure:
        raise SettingError("Muốn ghi lý do hãy thêm --at và --measure, như in trong hue-dti reconcile.")
    at = place.unit(at_text, period)
    pair = explain_difference(place.storage, snapshot, catalogue, (at.code, measure, source), reason, by, now, hand(by))
    click.echo(f"Đã ghi lý do cho {at.name}, '{pair.measure.name}' ({difference_words(pair)}).")


def _print(snapshot: Snapshot, found: Reconciliation, catalogue: Catalogue) -> None:
    out, names = console(), {unit.code: unit.name for unit in snapshot.tree.units}
    if not any(measure.also_from for measure in catalogue.measures.values()):
        out.print("Chưa số liệu nào khai báo nguồn thứ hai; hãy thêm also_from trong measures.yaml.")
        return
    for pair in found.differing:
        mine = side_words(pair.counting, pair, pair.measure.source, catalogue)
        theirs = side_words(pair.other, pair, pair.source, catalogue)
        why = f"lý do: {pair.reason.reason} ({pair.reason.by})" if pair.reason else "chưa có lý do"
        place, what = f"{names[pair.unit]} ({pair.unit})", f"'{pair.measure.name}' ({pair.measure.code})"
        out.print(f"Lệch {difference_words(pair)}: {place}: {what}: được tính {mine}; nguồn kia {theirs}; {why}.", soft_wrap=True)
    for pair in found.alone[:SHOWN]:
        silent = pair.source if pair.other is None else pair.measure.source
        out.print(f"Chưa so được: {names[pair.unit]}: {pair.measure.name}; {catalogue.sources[silent].owner} chưa cho số.")
    if len(found.alone) > SHOWN:
        out.print(f"… và {format_count(len(found.alone) - SHOWN)} số liệu nữa; xem đủ với --json.")
    out.print(
        f"So {format_count(len(found.compared))} số liệu có ở cả hai nguồn: {format_count(len(found.differing))} lệch, "
        f"{format_count(len(found.unexplained))} chưa có lý do."
    )
    if found.unexplained:
        head, pair = snapshot.head, found.unexplained[0]
        where = f"--unit {head.unit} --period {head.period} --at {pair.unit} --measure {pair.measure.code}"
        out.print(f'Ghi lý do: hue-dti reconcile {where} --explain "…"', soft_wrap=True)


def side_words(told: FrozenFigure | Observation | None, pair: Pair, source: str, catalogue: Catalogue) -> str:
    """One side's value, its source and owner, its day, and that it is an old figure where it is."""
    if told is None or told.value is None:
        return "–"
    named = catalogue.sources[source]
    old = ", số cũ" if told.state is State.CARRIED_OVER else ""
    day = f", {format_date(told.as_of)}" if told.as_of else ""
    return f"{printed(pair.measure, told.value)} – {named.name} ({named.owner}{day}{old})"


def difference_words(pair: Pair) -> str:
    """`+29`, `−2,00%`; only that they differ where the measure is no quantity."""
    difference = pair.difference or 0
    if not pair.measure.kind.is_quantity:
        return "khác nhau"
    return ("+" if difference > 0 else "−") + printed(pair.measure, abs(difference))


COMMANDS = (reconcile,)
