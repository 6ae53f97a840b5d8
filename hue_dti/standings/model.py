"""The units of a level in a period, and their ranking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.periods import Period
from hue_dti.snapshots.model import Snapshot
from hue_dti.standings.change import Changes
from hue_dti.standings.ranks import TOTAL, Member, Place
from hue_dti.units.model import Level, OrgUnit


@dataclass(frozen=True, slots=True)
class Field:
    """The units of a level in a period; `units` are they and their regions by code.

    `criteria_set` is the one of the first quarter; `left_out` are the quarters that were scored by other rules, by their unit.
    """

    level: Level
    period: Period
    catalogue: Catalogue
    criteria_set: CriteriaSet
    members: tuple[Member, ...]
    units: Mapping[str, OrgUnit]
    snapshots: tuple[Snapshot, ...]
    left_out: tuple[str, ...]
    absent: tuple[OrgUnit, ...] = ()
    """The units of the level on the last day of the period that are in no closed quarter."""

    @property
    def regions(self) -> tuple[OrgUnit, ...]:
        """The regions that have members, in order."""
        return tuple(self.units[code] for code in dict.fromkeys(member.region for member in self.members))

    def within(self, region: str) -> tuple[Member, ...]:
        """The members of a region, all without one."""
        return tuple(member for member in self.members if region in {"", member.region})

    def absent_from(self, region: str) -> tuple[OrgUnit, ...]:
        """Those of them under a region, all without one."""
        return tuple(unit for unit in self.absent if region in {"", unit.parent})


@dataclass(frozen=True, slots=True)
class Ranking:
    """A field ranked by one key, in a region or in all; `changes` against the period asked for, None without one."""

    field: Field
    key: str
    region: str
    places: tuple[Place, ...]
    against: Period | None = None
    changes: Changes | None = None

    @property
    def title(self) -> str:
        """What it is ranked by, in words."""
        if self.key == TOTAL:
            return "tổng điểm"
        group = next((each for each in self.field.criteria_set.groups if each.code == self.key), None)
        return f"nhóm {group.code}. {group.name}" if group else f"tiêu chí {self.key}. {self.field.criteria_set.criterion(self.key).name}"
