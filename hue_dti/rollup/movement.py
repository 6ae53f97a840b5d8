"""Why a rank changed: own figures, the others' figures, other rules, other units. The parts add up exactly to the whole change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class RankMove:
    """A unit's ranks before and after, and the places won (lost where negative) by each cause."""

    before: int
    after: int
    own: int
    others: int
    rules: int
    units: int

    @property
    def places(self) -> int:
        """Places won in all, the sum of the four parts."""
        return self.before - self.after


Values = Mapping[str, Fraction] | Mapping[str, int]
"""Unit → what ranks it, exact."""


def rank_moves(old: Values, by_old_rules: Values, new: Values) -> Mapping[str, RankMove]:
    """The moves of the units that are in both periods, by unit.

    `old` and `new` are the values ranked then and now; `by_old_rules` are now's figures valued by the rules of then, the same as `new`
    where the rules did not change. Causes are put in one after the other: units that left, own figures, the others' figures, rules, units
    that came.
    """
    both = [unit for unit in old if unit in new]
    all_old, all_new = _Ladder(old.values()), _Ladder(new.values())
    kept_old = _Ladder(old[unit] for unit in both)
    kept_same = _Ladder(by_old_rules[unit] for unit in both)
    kept_new = _Ladder(new[unit] for unit in both)
    found: dict[str, RankMove] = {}
    for unit in both:
        before, after = all_old.rank(old[unit]), all_new.rank(new[unit])
        without_left = kept_old.rank(old[unit])
        with_own = kept_old.rank(by_old_rules[unit]) - (old[unit] > by_old_rules[unit])
        with_others = kept_same.rank(by_old_rules[unit])
        with_rules = kept_new.rank(new[unit])
        found[unit] = RankMove(
            before,
            after,
            own=without_left - with_own,
            others=with_own - with_others,
            rules=with_others - with_rules,
            units=(before - without_left) + (with_rules - after),
        )
    return found


class _Ladder:
    """Values in rising order, to tell the competition rank a value has or would have among them."""

    def __init__(self, values: Iterable[Fraction | int]) -> None:
        self._rising = sorted(values)

    def rank(self, value: Fraction | int) -> int:
        """One more than how many are larger."""
        return 1 + len(self._rising) - bisect_right(self._rising, value)
