"""The units ranked together, and the place any score would have among them; exact, ties share a place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hue_dti.scoring.arrays import ScoreArrays
from hue_dti.scoring.points import Bools, Counts, Points

Score = Fraction | int
"""A converted score in ten-thousandths; a whole number where nothing leaves the maximum."""


@dataclass(frozen=True)
class Peers:
    """`rising[g]` are the converted scores of group g; `group` is each scored unit's, [t]; `enough` as the criteria set says."""

    enough: Fraction
    group: Sequence[int]
    rising: tuple[tuple[Score, ...], ...]

    @classmethod
    def within(cls, arrays: ScoreArrays, group: Sequence[int]) -> Peers:
        """The scored units of each group among themselves."""
        enough = arrays.criteria_set.enough_data
        groups: list[list[Score]] = [[] for _ in range(max(group, default=-1) + 1)]
        for i in np.flatnonzero(ranked(arrays, enough)).tolist():
            groups[group[i]].append(converted(arrays, i))
        return cls(enough, tuple(group), tuple(tuple(sorted(each)) for each in groups))

    @classmethod
    def given(cls, arrays: ScoreArrays, scores: Iterable[Score]) -> Peers:
        """One scored unit among these scores of others; it may be that its own is among them as it stands now."""
        return cls(arrays.criteria_set.enough_data, (0,) * len(arrays.spans), (tuple(sorted(scores)),))

    def size(self, i: int) -> int:
        """How many are ranked with the unit, itself where it is."""
        return len(self.rising[self.group[i]])

    def rank(self, arrays: ScoreArrays, i: int, points: int | None = None) -> int | None:
        """The unit's place with this score, or with its points as if they were `points`; None where it is not ranked."""
        if not self.placed(arrays, i):
            return None
        others = self.rising[self.group[i]]
        return 1 + len(others) - bisect_right(others, converted(arrays, i, points))

    def placed(self, arrays: ScoreArrays, i: int) -> bool:
        """Whether the unit's figures suffice for a place."""
        expected, present = int(arrays.expected_figures[i]), int(arrays.present_figures[i])
        suffices = present * self.enough.denominator >= expected * self.enough.numerator
        return expected > 0 and suffices and int(arrays.excluded[i]) < arrays.max_points

    def points_for_next(self, arrays: ScoreArrays) -> Points:
        """The fewest points that share the place of the nearest unit above, 0 at the top and where a unit is not ranked: [t]."""
        return np.array([self._next(arrays, i) if self.placed(arrays, i) else 0 for i in range(len(arrays.spans))], np.int64)

    def _next(self, arrays: ScoreArrays, i: int) -> int:
        others = self.rising[self.group[i]]
        above = bisect_right(others, converted(arrays, i))
        if above == len(others):
            return 0
        needed = Fraction(others[above]) * (arrays.max_points - int(arrays.excluded[i])) / arrays.max_points
        return -(-needed.numerator // needed.denominator)


def converted(arrays: ScoreArrays, i: int, points: int | None = None) -> Score:
    """The converted score: earned ÷ what applies × the maximum; 0 where nothing applies."""
    excluded = int(arrays.excluded[i])
    earned = int(arrays.points[i]) if points is None else points
    if not excluded:
        return earned
    applicable = arrays.max_points - excluded
    return Fraction(earned * arrays.max_points, applicable) if applicable else 0


def ranked(arrays: ScoreArrays, enough: Fraction) -> Bools:
    """Whose figures suffice for a place: [t]."""
    expected: Counts = arrays.expected_figures
    present: Counts = arrays.present_figures
    suffices = np.asarray(present * enough.denominator >= expected * enough.numerator)
    return np.asarray((expected > 0) & suffices & (arrays.excluded < arrays.max_points))
