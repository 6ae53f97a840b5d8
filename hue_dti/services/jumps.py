"""Figures that changed greatly since the quarter closed before: each asks for a reason, none is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from hue_dti.catalogue.model import Catalogue, FlowWindow, Measure, OverTime, ValueKind
from hue_dti.errors import SnapshotError
from hue_dti.observations.intake import printed
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.services.quarter import frozen, newest_of
from hue_dti.snapshots.figures import FigureTable, table_of
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import ChangeReason, Storage
from hue_dti.trail.model import Hand, hand_of

_COUNTED = frozenset({ValueKind.COUNT, ValueKind.AMOUNT, ValueKind.PERCENT})
_FRESH = frozenset({State.MEASURED, State.REPORTED})


@dataclass(frozen=True, slots=True)
class Jump:
    """A figure then and now; `change` is a share of the old value, None where that was 0; `reason` what somebody said of it."""

    unit: str
    measure: str
    old: int
    new: int
    reason: ChangeReason | None

    @property
    def change(self) -> Fraction | None:
        return Fraction(self.new - self.old, self.old) if self.old else None


@dataclass(frozen=True, slots=True)
class Jumps:
    """The great changes against the quarter before, in the tree's order; `before` is None when that was not closed."""

    before: Snapshot | None
    found: tuple[Jump, ...]

    @property
    def unexplained(self) -> tuple[Jump, ...]:
        """Those nobody has given a reason for."""
        return tuple(jump for jump in self.found if jump.reason is None)


def jumps(storage: Storage, snapshot: Snapshot, catalogue: Catalogue) -> Jumps:
    """Stocks, and flows of the period, that changed by more than the catalogue's `jump`; what counts from 1 January only when it fell.

    `catalogue` is the one the quarter stands on. Nothing is compared where no `jump` is declared or the quarter before is not closed.
    """
    period = Period.parse(snapshot.head.period)
    head = newest_of(storage, snapshot.head.unit, period.previous())
    if head is None or catalogue.jump is None:
        return Jumps(None, ())
    before = frozen(storage, head.sha256)
    said = {(each.unit, each.measure, each.old, each.new): each for each in storage.change_reasons(period)}
    then, today = table_of(before.figures, before.tree), table_of(snapshot.figures, snapshot.tree)
    same_year, line = period.previous().year == period.year, storage.lineage()
    found = [
        Jump(unit, code, old, new, said.get((unit, code, old, new)))
        for code, measure in catalogue.measures.items()
        if code in then.measures and code in today.measures and measure.kind in _COUNTED
        for unit, old, new in _both(then, today, code)
        if _is_great(measure, old, new, catalogue.jump, same_year) and line.same(snapshot.tree.unit(unit), before.tree.unit(unit))
    ]
    found.sort(key=lambda jump: snapshot.tree.index[jump.unit])
    return Jumps(before, tuple(found))


def explain(
    storage: Storage,
    snapshot: Snapshot,
    catalogue: Catalogue,
    unit: str,
    measure: str,
    reason: str,
    by: str,
    now: Callable[[], datetime],
    hand: Hand | None = None,
) -> Jump:
    """Keep the reason of a great change; raise SnapshotError when that figure did not change so much, or no reason is given."""
    if not reason.strip():
        raise SnapshotError('Chưa ghi lý do; hãy viết --reason "…"')
    for jump in jumps(storage, snapshot, catalogue).found:
        if (jump.unit, jump.measure) == (unit, measure):
            given = ChangeReason(unit, measure, snapshot.head.period, jump.old, jump.new, reason.strip(), by, now())
            known = catalogue.measures[measure]
            old, new = printed(known, jump.old), printed(known, jump.new)
            subject = f"{known.name}, {snapshot.head.period}"
            did = hand_of(by, hand).did
            storage.give_reason(
                given, [did("change.explained", given.at, unit=unit, subject=subject, old=old, new=new, reason=given.reason)]
            )
            return Jump(unit, measure, jump.old, jump.new, given)
    raise SnapshotError(
        f"Số liệu {measure} của {unit} không nằm trong danh sách thay đổi lớn; "
        f"hãy xem: hue-dti check --unit {snapshot.head.unit} --period {snapshot.head.period}"
    )


def _both(then: FigureTable, today: FigureTable, measure: str) -> Iterator[tuple[str, int, int]]:
    """Units with a figure in both quarters, today's fresh, and the two values."""
    known = {code: at for at, code in enumerate(then.units)}
    old, new = then.measures[measure].records, today.measures[measure].records
    for at, code in enumerate(today.units):
        before = known.get(code)
        if before is not None and new["state"][at] in _FRESH and State.MEASURED <= old["state"][before] <= State.CARRIED_OVER:
            yield code, int(old["value"][before]), int(new["value"][at])


def asks_for_a_line(catalogue: Catalogue, measure: Measure, old: int, new: int, period: Period) -> bool:
    """Whether a typed value is so far from that of the quarter before that a line is asked for."""
    same_year = period.previous().year == period.year
    return catalogue.jump is not None and measure.kind in _COUNTED and _is_great(measure, old, new, catalogue.jump, same_year)


def _is_great(measure: Measure, old: int, new: int, more_than: Fraction, same_year: bool) -> bool:
    if measure.over_time is OverTime.SUM and measure.window is FlowWindow.YEAR_TO_DATE:
        return same_year and new < old
    return abs(new - old) > more_than * old
