"""What an index is computed from and what comes of it, as frozen values; every value is a share of 1, exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from hue_dti.catalogue.frameworks import Framework
from hue_dti.rollup.movement import RankMove

INDEX = "index"
"""The key of the whole index, beside the codes of main indices and `pillar_key`."""


def pillar_key(code: str) -> str:
    """The key of a pillar, whose code may be that of a main index too: `government` → `pillar.government`."""
    return f"pillar.{code}"


@dataclass(frozen=True, slots=True)
class UnitValues:
    """One unit's row: the values of its main indices, and what somebody published of its index and pillars (`published`)."""

    unit: str
    main: Mapping[str, Fraction]
    published: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """A value, its competition rank at the printed precision among all units, and its growth; None where nothing is there to compare."""

    value: Fraction
    rank: int
    published: Fraction | None = None
    previous: Fraction | None = None
    previous_rank: int | None = None

    @property
    def growth(self) -> Fraction | None:
        """How much more than before, as a share of what was before."""
        return self.value / self.previous - 1 if self.previous else None


@dataclass(frozen=True, slots=True)
class RegionRank:
    """A unit's ranks among the `units` units of a region, by `index` and pillar key."""

    region: str
    units: int
    ranks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UnitResult:
    """What one unit got; `move` says why its rank changed since the year before, where it had one."""

    unit: str
    index: Standing
    main: Mapping[str, Standing]
    pillars: Mapping[str, Standing]
    regions: tuple[RegionRank, ...] = ()
    move: RankMove | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """All units together in one value: how many are above the mean, how many reach the framework's halfway mark.

    `furthest` is the unit whose computed value is furthest from the published one, and by how much; None where nothing published is given.
    """

    code: str
    name: str
    mean: Fraction
    above_mean: int
    from_halfway: int
    published_mean: Fraction | None = None
    previous_mean: Fraction | None = None
    furthest: tuple[str, Fraction] | None = None

    @property
    def growth(self) -> Fraction | None:
        """How much the mean grew, as a share of the mean before."""
        return self.mean / self.previous_mean - 1 if self.previous_mean else None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The results of all units in rank order (equal ranks in Vietnamese order), with what they come to together."""

    framework: Framework
    precision: int
    results: tuple[UnitResult, ...]
    index: Summary
    main: tuple[Summary, ...]
    pillars: tuple[Summary, ...]
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
