"""Two quarters of the province beside each other: what may be compared, and where units that changed between them break the line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from hue_dti.catalogue.model import Measure
from hue_dti.catalogue.over_change import OverChange
from hue_dti.catalogue.rollups import Feed, Way
from hue_dti.rollup.province import Line, RollUp
from hue_dti.units.model import Level

NEARLY_ALL = Fraction(9, 10)
"""The part of the units that must have told in both quarters before their shares are subtracted."""

NOBODY_NOW, NOBODY_THEN = "không còn nơi đếm", "quý trước không có nơi đếm"
BY_UNITS = "tính trên số đơn vị, số đơn vị đã khác"
NOT_SUMMED = "số đếm không cộng được qua lần sắp xếp"
OTHER_PLACES = "nơi đếm đã khác"
TOO_FEW = "chưa đủ đơn vị để so"
OTHER_WAY = "một bên tỉnh nhập, một bên cộng từ địa phương"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the quarters: its roll-up, and the levels of units that were there."""

    rolled: RollUp
    levels: frozenset[Level]


@dataclass(frozen=True, slots=True)
class Pair:
    """One component or part in both quarters; `broken` says why the one does not go on from the other, empty where it does."""

    then: Line
    now: Line
    broken: str

    @property
    def change(self) -> Fraction | None:
        """How far the share moved; None across a break, where too few units told, and where either is not known."""
        if self.broken or self.too_few or self.then.share is None or self.now.share is None:
            return None
        return self.now.share - self.then.share

    @property
    def too_few(self) -> bool:
        """Whether one of the shares is that of too few units to tell of all."""
        return any(line.share is not None and _told(line) < NEARLY_ALL for line in (self.then, self.now))

    @property
    def provisional(self) -> bool:
        """Whether either stands on the counts of some units only."""
        return self.then.provisional or self.now.provisional


def pairs(then: Side, now: Side, measures: Mapping[str, Measure], changed: bool) -> tuple[Pair, ...]:
    """Every component that either quarter knows something of, or lost who counted it; `changed`: units changed between the two."""
    return tuple(
        pair
        for old, new in zip(_leaves(then.rolled), _leaves(now.rolled), strict=True)
        if (pair := Pair(old, new, _broken(old, new, then, now, measures, changed))).broken or _known(old) or _known(new)
    )


def _told(line: Line) -> Fraction:
    """The part of the units that told; all of it where the province gave the result."""
    if line.uses != "local" or line.local is None or not line.local.coverage.expected:
        return Fraction(1)
    return Fraction(line.local.coverage.have, line.local.coverage.expected)


def _leaves(rolled: RollUp) -> Iterator[Line]:
    return (leaf for line in rolled.lines for leaf in (line.parts or (line,)))


def _known(line: Line) -> bool:
    return line.share is not None or line.local is not None


def _broken(old: Line, new: Line, then: Side, now: Side, measures: Mapping[str, Measure], changed: bool) -> str:
    if _ended(new) != _ended(old) and not old.uses == new.uses == "entered":
        return NOBODY_NOW if _ended(new) else NOBODY_THEN
    if old.uses and new.uses and old.uses != new.uses:
        return OTHER_WAY
    if not changed or new.uses != "local" or new.local is None:
        return ""
    return _over_change(new.local.feed, then.levels, now.levels, measures)


def _ended(line: Line) -> bool:
    return line.not_local is not None and line.not_local.ended


def _over_change(feed: Feed, then: Collection[Level], now: Collection[Level], measures: Mapping[str, Measure]) -> str:
    """Why sums over all units are not those of before; empty where merging units leaves them as they were."""
    counted = [measures[code] for code in feed.measures]
    if feed.way is Way.UNITS:
        return BY_UNITS
    if any(measure.over_change is not OverChange.SUM for measure in counted):
        return NOT_SUMMED
    levels = {level for measure in counted for level in measure.levels}
    return OTHER_PLACES if levels & set(then) != levels & set(now) else ""
