"""How a number went over the closed periods of a unit, and across the changes that made the unit what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from hue_dti.periods import Period
from hue_dti.scoring.model import ScoreSheet
from hue_dti.services.restated import QuarterFinder, restated_quarter
from hue_dti.snapshots.model import Snapshot
from hue_dti.units.events import UnitEvent
from hue_dti.web.site import Quarter, site

LONGEST = 8
"""Periods shown."""

OTHER_SET, OTHER_UNIT = "đổi bộ chỉ số", "đổi đơn vị"


@dataclass(frozen=True, slots=True)
class Point:
    """One closed period: points of a maximum, in ten-thousandths.

    `breaks` says why it is not to be compared with the point before: another criteria set, another unit above; empty where it is.
    `mark` says how it was restated where the unit was not there yet; `broken` is the event that lies before it in the series.
    """

    period: Period
    points: int
    max_points: int
    breaks: tuple[str, ...] = ()
    mark: str = ""
    broken: UnitEvent | None = None


@dataclass(frozen=True)
class _Told:
    """A period's sheet of the unit, with the snapshot it stands in, or with its mark where it is restated."""

    period: Period
    sheet: ScoreSheet
    snapshot: Snapshot | None
    mark: str = ""


def trend(shown: Quarter, reading: Callable[[ScoreSheet], tuple[int, int]]) -> tuple[Point, ...]:
    """What `reading` finds in the unit's sheet of each closed period of the same kind, oldest first; sheets without it are left out.

    Periods before the unit was made are told by what the units it came from would have been together.
    """
    points: list[Point] = []
    last: _Told | None = None
    for told in tuple(_sheets(shown))[-LONGEST:]:
        try:
            points.append(Point(told.period, *reading(told.sheet), _between(last, told, shown.unit.code), told.mark))
        except KeyError:
            continue
        last = told
    return _with_events(points, site().storage.lineage().breaks(shown.unit))


def breaks(old: Snapshot | None, new: Snapshot, unit: str) -> tuple[str, ...]:
    """Why a unit's results of two periods do not make one line."""
    if old is None:
        return ()
    before_, after = (_sheet(each, unit) for each in (old, new))
    other_set = before_ is not None and after is not None and before_.criteria_set != after.criteria_set
    then, now = (each.tree.unit(unit) for each in (old, new))
    other_unit = then.valid_from != now.valid_from or then.parent != now.parent
    return (*((OTHER_SET,) if other_set else ()), *((OTHER_UNIT,) if other_unit else ()))


def before(points: tuple[Point, ...], period: Period) -> Point | None:
    """The last point of the unit's own before a period."""
    return next((point for point in reversed(points) if point.period.start < period.start and not point.mark), None)


def _sheets(shown: Quarter) -> Iterator[_Told]:
    storage, closed = site().storage, QuarterFinder(site().storage)
    line = storage.lineage()
    made = bool(line.breaks(shown.unit))
    for period in closed.periods(shown.period.kind):
        if line.was_there(shown.unit, period.end):
            snapshot = closed.of(shown.unit, period)
            sheet = _sheet(snapshot, shown.unit.code) if snapshot is not None else None
            if sheet is not None:
                yield _Told(period, sheet, snapshot)
        elif made:
            told = restated_quarter(storage, site().catalogue, closed, shown.unit, period)
            if told is not None and told.sheet is not None:
                yield _Told(period, told.sheet, None, told.mark)


def _between(last: _Told | None, told: _Told, unit: str) -> tuple[str, ...]:
    """Why a period does not go on from the one before."""
    if last is None:
        return ()
    if last.snapshot is not None and told.snapshot is not None:
        return breaks(last.snapshot, told.snapshot, unit)
    return (OTHER_SET,) if last.sheet.criteria_set != told.sheet.criteria_set else ()


def _with_events(points: list[Point], events: tuple[UnitEvent, ...]) -> tuple[Point, ...]:
    """Each point after the first with the last event between it and the one before, which then says more than that the unit is another."""
    found = points[:1]
    for earlier, point in pairwise(points):
        between = [event for event in events if earlier.period.end < event.effective_on <= point.period.end]
        said = tuple(each for each in point.breaks if each != OTHER_UNIT)
        found.append(replace(point, broken=between[-1], breaks=said) if between else point)
    return tuple(found)


def _sheet(snapshot: Snapshot, unit: str) -> ScoreSheet | None:
    return next((sheet for sheet in (snapshot.sheet, *snapshot.lower) if sheet.unit == unit), None)
