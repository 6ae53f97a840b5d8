"""A unit's strong and weak sides among its like: where it ranks high, where little is reached, also where a fair rank hides a low value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hue_dti.catalogue.model import CriteriaSet, Group
from hue_dti.standings.ranks import Member, Place, group_share, places

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
MOST = 3
"""How many are named on either side."""


@dataclass(frozen=True, slots=True)
class Side:
    """A group as the unit stands in it; a group with too few figures to be ranked has its share all the same, and no place.

    `mean` is that of the ranked ones, None where nobody else is ranked to compare with.
    `hidden` where the rank is in the upper half though less than half of the points are reached.
    """

    code: str
    name: str
    place: Place
    share: Fraction
    mean: Fraction | None

    @property
    def hidden(self) -> bool:
        """Whether the rank looks better than the value."""
        place = self.place
        return self.share < HALF and place.rank is not None and 2 * place.rank <= place.ranked + 1 and place.ranked > 1


@dataclass(frozen=True, slots=True)
class Profile:
    """All sides in printed order, the strong ones best first, the weak ones worst first."""

    sides: tuple[Side, ...]
    strong: tuple[Side, ...]
    weak: tuple[Side, ...]


def profile(members: Sequence[Member], criteria_set: CriteriaSet, unit: str) -> Profile:
    """Strong: in the best third and above the mean, with half of the points; half of them where there is nothing to compare with.

    Weak: less than half of the points, or below the mean.
    """
    sides = tuple(side for group in criteria_set.groups if (side := _side(members, criteria_set, group, unit)) is not None)
    strong = sorted((side for side in sides if _is_strong(side)), key=lambda side: (side.place.rank or side.place.ranked + 1, -side.share))
    weak = sorted((side for side in sides if _is_weak(side) and side not in strong), key=lambda side: side.share)
    return Profile(sides, tuple(strong[:MOST]), tuple(weak[:MOST]))


def _side(members: Sequence[Member], criteria_set: CriteriaSet, group: Group, unit: str) -> Side | None:
    ranked = places(members, criteria_set, group.code)
    own = next(place for place in ranked if place.member.unit == unit)
    share = group_share(own.member.sheet, group, criteria_set)
    others = [place.value.share for place in ranked if place.value.share is not None and place.member.unit != unit]
    if share is None:
        return None
    shares = [*others, share] if own.rank is not None else others
    return Side(group.code, group.name, own, share, sum(shares, Fraction(0)) / len(shares) if others else None)


def _is_strong(side: Side) -> bool:
    place = side.place
    alone = side.mean is None
    best = place.rank is not None and place.rank <= max(1, int(place.ranked * THIRD)) and side.mean is not None and side.share > side.mean
    return (best or alone) and side.share >= HALF


def _is_weak(side: Side) -> bool:
    return side.share < HALF or (side.mean is not None and side.share < side.mean)
