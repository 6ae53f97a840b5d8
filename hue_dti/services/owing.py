"""Which figures a unit still owes in a quarter, by the criteria that wait for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from hue_dti.catalogue.model import Catalogue, Criterion
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.reports.owing import OwedCriterion, OwedMeasure, Owing, OwingUnit
from hue_dti.scoring.model import ScoreSheet
from hue_dti.services.completeness import Completeness, Owed, completeness
from hue_dti.snapshots.model import Snapshot


def owing(snapshot: Snapshot, catalogue: Catalogue, sheet: ScoreSheet | None = None) -> Owing:
    """What the unit of the sheet and those below it owe; the sheet is the snapshot's own unless one of its lower ones is given.

    `catalogue` is the one the quarter stands on.
    """
    own = sheet or snapshot.sheet
    found = completeness(snapshot, catalogue)
    codes = {unit.code for unit in snapshot.tree.under(own.unit)}
    owed = [each for each in found.missing if each.unit in codes]
    criteria = tuple(_criteria(snapshot, catalogue, own, owed))
    parts = [part for code, part in found.units.items() if code in codes]
    return Owing(
        unit=snapshot.tree.unit(own.unit),
        period=Period.parse(snapshot.head.period),
        cutoff=snapshot.head.cutoff,
        expected=sum(part.expected for part in parts),
        present=sum(part.present for part in parts),
        points=own.total.points,
        max_points=own.total.max_points,
        criteria=criteria,
        units=tuple(_units(snapshot, catalogue, found, own, owed)),
    )


def _criteria(snapshot: Snapshot, catalogue: Catalogue, sheet: ScoreSheet, owed: Sequence[Owed]) -> Iterator[OwedCriterion]:
    """The criteria of the sheet's set that wait for a figure, each with the measures it waits for."""
    wanted = {each.measure.code for each in owed}
    for criterion in _opened(catalogue, sheet):
        codes = [code for code in dict.fromkeys(criterion.rule.measures()) if code in wanted]
        if codes:
            line = sheet.criterion(criterion.code)
            measures = tuple(_measure(snapshot, [each for each in owed if each.measure.code == code]) for code in codes)
            yield OwedCriterion(criterion.code, criterion.name, line.points, line.max_points, measures)


def _measure(snapshot: Snapshot, owed: Sequence[Owed]) -> OwedMeasure:
    measure, source = owed[0].measure, owed[0].source
    reason = next((each.reason for each in owed if each.state is State.SOURCE_FAILED), "")
    units = tuple(snapshot.tree.unit(each.unit).name for each in owed)
    return OwedMeasure(measure.name, source.name, source.owner, source.entry, units, reason)


def _units(snapshot: Snapshot, catalogue: Catalogue, found: Completeness, sheet: ScoreSheet, owed: Collection[Owed]) -> Iterator[OwingUnit]:
    """The units with figures of their own to give that have not given all, in the tree's order."""
    wanted: dict[str, set[str]] = {}
    for each in owed:
        wanted.setdefault(each.unit, set()).add(each.measure.code)
    opened = list(_opened(catalogue, sheet))
    for code, measures in wanted.items():
        waiting = [sheet.criterion(each.code) for each in opened if measures & set(each.rule.measures())]
        gain = sum(max(line.max_points - line.points, 0) for line in waiting)
        part = found.units[code]
        yield OwingUnit(snapshot.tree.unit(code).name, part.expected, part.present, tuple(line.code for line in waiting), gain)


def _opened(catalogue: Catalogue, sheet: ScoreSheet) -> Iterator[Criterion]:
    return (criterion for criterion in catalogue.sets[sheet.criteria_set].criteria if criterion.status.opened)
