"""The units ranked together, and the place any score would have among them; exact, ties share a place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hue_dti.scoring.arrays import ScoreArrays
from hue_dti.scoring.points import Bools, Counts


@dataclass(frozen=True)
class Peers:
    """`rising[g]` are the converted scores of group g, as points of which `most` are the maximum; `group` is each scored unit's, [t]."""

    most: int
    enough: Fraction
    group: Sequence[int]
    rising: tuple[tuple[Fraction, ...], ...]

    @classmethod
    def within(cls, arrays: ScoreArrays, group: Sequence[int]) -> Peers:
        """The scored units of each group among themselves."""
        enough = arrays.criteria_set.enough_data
        groups: list[list[Fraction]] = [[] for _ in range(max(group, default=-1) + 1)]
        for i in np.flatnonzero(ranked(arrays, enough)).tolist():
            groups[group[i]].append(converted(arrays, i))
        return cls(arrays.max_points, enough, tuple(group), tuple(tuple(sorted(each)) for each in groups))

    @classmethod
    def given(cls, arrays: ScoreArrays, scores: Iterable[Fraction]) -> Peers:
        """One scored unit among these scores of others; it may be that its own is among them as it stands now."""
        return cls(arrays.max_points, arrays.criteria_set.enough_data, (0,) * len(arrays.spans), (tuple(sorted(scores)),))

    def size(self, i: int) -> int:
        """How many are ranked with the unit, itself where it is."""
        return len(self.rising[self.group[i]])

    def rank(self, arrays: ScoreArrays, i: int, points: int | None = None) -> int | None:
        """The unit's place with this score, or with its points as if they were `points`; None where it is not ranked."""
        if not bool(ranked(arrays, self.enough)[i]):
            return None
        others = self.rising[self.group[i]]
        return 1 + len(others) - bisect_right(others, converted(arrays, i, points))

    def points_for_next(self, arrays: ScoreArrays, i: int) -> int | None:
        """The fewest points that share the place of the nearest unit above; None at the top and where it is not ranked."""
        if not bool(ranked(arrays, self.enough)[i]):
            return None
        others = self.rising[self.group[i]]
        above = bisect_right(others, converted(arrays, i))
        if above == len(others):
            return None
        applicable = arrays.max_points - int(arrays.excluded[i])
        needed = others[above] * applicable / arrays.max_points
        return -(-needed.numerator // needed.denominator)


def converted(arrays: ScoreArrays, i: int, points: int | None = None) -> Fraction:
    """The converted score: earned ÷ what applies × the maximum; 0 where nothing applies."""
    applicable = arrays.max_points - int(arrays.excluded[i])
    earned = int(arrays.points[i]) if points is None else points
    return Fraction(earned * arrays.max_points, applicable) if applicable else Fraction(0)


def ranked(arrays: ScoreArrays, enough: Fraction) -> Bools:
    """Whose figures suffice for a place: [t]."""
    expected: Counts = arrays.expected_figures
    present: Counts = arrays.present_figures
    suffices = np.asarray(present * enough.denominator >= expected * enough.numerator)
    return np.asarray((expected > 0) & suffices & (arrays.excluded < arrays.max_points))
