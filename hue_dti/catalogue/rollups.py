"""Which local counts feed which component of a framework, as frozen values: roll-up maps, feeds, and what is not local."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from hue_dti.catalogue.frameworks import Framework


class Way(StrEnum):
    """How local counts become the share of a component."""

    RATIO = "ratio"  # sum of parts ÷ sum of wholes
    INVERSE = "inverse"  # 1 − that
    UNITS = "units"  # units that reach a count ÷ units that told it


class Match(StrEnum):
    """How near the local count is to what the component asks."""

    SAME = "same"
    PART = "part"  # the same thing, of a part of those it is asked of
    PROXY = "proxy"  # another thing that stands for it


@dataclass(frozen=True, slots=True)
class Feed:
    """The local counts of one component (or of one of its parts).

    `part` and `whole` are measures; a feed by UNITS has no whole, and counts units with `at_least` of the part, or with a year's number
    `in_a_year` of it. `criteria` are the local criteria in which a reader finds the counts. `covers` says which part of the component
    they cover, `covers_share` how much where that is known. `weigh` is the base measure that coverage is weighed with. `result_only`:
    no document tells how the share becomes points. `held_by` is who could tell where no unit counts the measures any more.
    """

    component: str
    way: Way
    part: str
    whole: str
    at_least: int
    in_a_year: int
    criteria: tuple[str, ...]
    match: Match
    covers: str
    covers_share: Fraction | None
    weigh: str
    source: str
    result_only: bool = False
    held_by: str = ""
    note: str = ""
    place: int = field(default=0, compare=False)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that are counted."""
        return (self.part, self.whole) if self.whole else (self.part,)


@dataclass(frozen=True, slots=True)
class NotLocal:
    """Components that no local count feeds, and why; `held_by` is who could tell, `near` are local measures that do not do.

    `ended`: counts fed it while there were units of a level that is gone.
    """

    components: tuple[str, ...]
    why: str
    held_by: str = ""
    near: tuple[str, ...] = ()
    ended: bool = False


@dataclass(frozen=True, slots=True)
class RollUpMap:
    """One map from local criteria sets to a framework; every component of the framework is fed or is said not to be local."""

    code: str
    title: str
    framework: str
    sets: tuple[str, ...]
    official: bool
    checked_on: date
    in_force_from: date
    in_force_to: date | None
    sources: Mapping[str, str]
    feeds: tuple[Feed, ...]
    not_local: tuple[NotLocal, ...]
    note: str = ""
    place: tuple[str, int] = field(default=("", 0), compare=False)

    def feed(self, component: str) -> Feed | None:
        """What feeds this component or part."""
        return next((each for each in self.feeds if each.component == component), None)

    def why_not(self, component: str) -> NotLocal | None:
        """Why nothing local feeds this component or part."""
        return next((each for each in self.not_local if component in each.components), None)

    @property
    def gaps(self) -> tuple[NotLocal, ...]:
        """What counts fed while there were units of a level that is gone."""
        return tuple(each for each in self.not_local if each.ended)

    def in_force_on(self, day: date) -> bool:
        """Whether the map applies on that day."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure it counts or weighs with."""
        return tuple(dict.fromkeys(code for feed in self.feeds for code in (*feed.measures, feed.weigh) if code))


def leaves(framework: Framework) -> tuple[str, ...]:
    """The codes that a map has to speak of: components without parts, and the parts of the others."""
    return tuple(line.code for each in framework.components for line in (each.parts or (each,)))
