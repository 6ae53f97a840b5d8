"""A unit's strong and weak sides among its like: where it ranks high, where little is reached, also where a fair rank hides a low value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hue_dti.catalogue.model import CriteriaSet
from hue_dti.standings.ranks import Member, Place, places

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
MOST = 3
"""How many are named on either side."""


@dataclass(frozen=True, slots=True)
class Side:
    """A group as the unit stands in it; `hidden` where the rank is in the upper half though less than half of the points are reached."""

    code: str
    name: str
    place: Place
    mean: Fraction

    @property
    def hidden(self) -> bool:
        """Whether the rank looks better than the value."""
        share, place = self.place.value.share, self.place
        return share is not None and share < HALF and place.rank is not None and 2 * place.rank <= place.ranked + 1 and place.ranked > 1


@dataclass(frozen=True, slots=True)
class Profile:
    """All sides in printed order, the strong ones best first, the weak ones worst first."""

    sides: tuple[Side, ...]
    strong: tuple[Side, ...]
    weak: tuple[Side, ...]


def profile(members: Sequence[Member], criteria_set: CriteriaSet, unit: str) -> Profile:
    """Strong: in the best third and above the mean, with half of the points. Weak: less than half of them, or below the mean."""
    sides = tuple(side for group in criteria_set.groups if (side := _side(members, criteria_set, group.code, group.name, unit)) is not None)
    strong = sorted((side for side in sides if _is_strong(side)), key=lambda side: (side.place.rank or 0, -_share(side)))
    weak = sorted((side for side in sides if _is_weak(side) and side not in strong), key=_share)
    return Profile(sides, tuple(strong[:MOST]), tuple(weak[:MOST]))


def _side(members: Sequence[Member], criteria_set: CriteriaSet, code: str, name: str, unit: str) -> Side | None:
    ranked = places(members, criteria_set, code)
    own = next(place for place in ranked if place.member.unit == unit)
    shares = [place.value.share for place in ranked if place.value.share is not None]
    return Side(code, name, own, sum(shares, Fraction(0)) / len(shares)) if own.value.share is not None else None


def _is_strong(side: Side) -> bool:
    place = side.place
    best = place.rank is not None and place.rank <= max(1, int(place.ranked * THIRD)) and _share(side) > side.mean
    return (best or place.ranked == 1) and _share(side) >= HALF


def _is_weak(side: Side) -> bool:
    return _share(side) < HALF or _share(side) < side.mean


def _share(side: Side) -> Fraction:
    return side.place.value.share or Fraction(0)
