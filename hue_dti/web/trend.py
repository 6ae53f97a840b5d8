"""How a number went over the closed periods of a unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hue_dti.periods import Period
from hue_dti.scoring.model import ScoreSheet
from hue_dti.services.quarter import frozen
from hue_dti.snapshots.model import Snapshot
from hue_dti.web.site import Quarter, site

LONGEST = 8
"""Periods shown."""


@dataclass(frozen=True, slots=True)
class Point:
    """One closed period: points of a maximum, in ten-thousandths."""

    period: Period
    points: int
    max_points: int


def trend(shown: Quarter, reading: Callable[[ScoreSheet], tuple[int, int]]) -> tuple[Point, ...]:
    """What `reading` finds in the unit's sheet of each closed period of the same kind, oldest first; sheets without it are left out."""
    newest = {Period.parse(head.period): head.sha256 for head in site().storage.snapshot_heads(shown.host.code)}
    periods = sorted((period for period in newest if period.kind is shown.period.kind), key=lambda period: period.start)
    points = []
    for period in periods[-LONGEST:]:
        sheet = _sheet(frozen(site().storage, newest[period]), shown.unit.code)
        if sheet is not None:
            try:
                points.append(Point(period, *reading(sheet)))
            except KeyError:
                continue
    return tuple(points)


def before(points: tuple[Point, ...], period: Period) -> Point | None:
    """The last point before a period."""
    return next((point for point in reversed(points) if point.period.start < period.start), None)


def _sheet(snapshot: Snapshot, unit: str) -> ScoreSheet | None:
    return next((sheet for sheet in (snapshot.sheet, *snapshot.lower) if sheet.unit == unit), None)
