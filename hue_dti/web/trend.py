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

OTHER_SET, OTHER_UNIT = "đổi bộ chỉ số", "đổi đơn vị"


@dataclass(frozen=True, slots=True)
class Point:
    """One closed period: points of a maximum, in ten-thousandths.

    `breaks` says why it is not to be compared with the point before: another criteria set, another unit above; empty where it is.
    """

    period: Period
    points: int
    max_points: int
    breaks: tuple[str, ...] = ()


def trend(shown: Quarter, reading: Callable[[ScoreSheet], tuple[int, int]]) -> tuple[Point, ...]:
    """What `reading` finds in the unit's sheet of each closed period of the same kind, oldest first; sheets without it are left out."""
    newest = {Period.parse(head.period): head.sha256 for head in site().storage.snapshot_heads(shown.host.code)}
    periods = sorted((period for period in newest if period.kind is shown.period.kind), key=lambda period: period.start)
    points: list[Point] = []
    last: Snapshot | None = None
    for period in periods[-LONGEST:]:
        snapshot = frozen(site().storage, newest[period])
        sheet = _sheet(snapshot, shown.unit.code)
        if sheet is not None:
            try:
                points.append(Point(period, *reading(sheet), breaks=breaks(last, snapshot, shown.unit.code)))
            except KeyError:
                continue
            last = snapshot
    return tuple(points)


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
    """The last point before a period."""
    return next((point for point in reversed(points) if point.period.start < period.start), None)


def _sheet(snapshot: Snapshot, unit: str) -> ScoreSheet | None:
    return next((sheet for sheet in (snapshot.sheet, *snapshot.lower) if sheet.unit == unit), None)
