"""How a number went over the closed periods of a unit, and across the changes that made the unit what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from hue_dti.periods import Period
from hue_dti.scoring.model import ScoreSheet
from hue_dti.services.restated import ClosedQuarters, restated_quarter
from hue_dti.units.events import UnitEvent
from hue_dti.web.site import Quarter, site

LONGEST = 8
"""Periods shown."""


@dataclass(frozen=True, slots=True)
class Point:
    """One closed period: points of a maximum, in ten-thousandths.

    `mark` says how it was restated where the unit was not there yet; `broken` is the event that lies before it in the series.
    """

    period: Period
    points: int
    max_points: int
    mark: str = ""
    broken: UnitEvent | None = None


def trend(shown: Quarter, reading: Callable[[ScoreSheet], tuple[int, int]]) -> tuple[Point, ...]:
    """What `reading` finds in the unit's sheet of each closed period of the same kind, oldest first; sheets without it are left out.

    Periods before the unit was made are told by what the units it came from would have been together.
    """
    points = []
    for period, sheet, mark in _sheets(shown):
        try:
            points.append(Point(period, *reading(sheet), mark))
        except KeyError:
            continue
    return _with_breaks(points[-LONGEST:], site().storage.lineage().breaks(shown.unit))


def before(points: tuple[Point, ...], period: Period) -> Point | None:
    """The last point of the unit's own before a period."""
    return next((point for point in reversed(points) if point.period.start < period.start and not point.mark), None)


def _sheets(shown: Quarter) -> Iterator[tuple[Period, ScoreSheet, str]]:
    storage, closed = site().storage, ClosedQuarters(site().storage)
    line = storage.lineage()
    broken = bool(line.breaks(shown.unit))
    for period in closed.periods(shown.period.kind):
        if line.was_there(shown.unit, period.end):
            snapshot = closed.of(shown.unit, period)
            sheets = (snapshot.sheet, *snapshot.lower) if snapshot is not None else ()
            sheet = next((each for each in sheets if each.unit == shown.unit.code), None)
            if sheet is not None:
                yield period, sheet, ""
        elif broken:
            told = restated_quarter(storage, site().catalogue, closed, shown.unit, period)
            if told is not None and told.sheet is not None:
                yield period, told.sheet, told.mark


def _with_breaks(points: list[Point], events: tuple[UnitEvent, ...]) -> tuple[Point, ...]:
    """Each point after the first with the last event between it and the one before."""
    told = points[:1]
    for earlier, point in pairwise(points):
        between = [event for event in events if earlier.period.end < event.effective_on <= point.period.end]
        told.append(replace(point, broken=between[-1]) if between else point)
    return tuple(told)
