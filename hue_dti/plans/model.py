"""An improvement plan as frozen values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from hue_dti.collation import fold
from hue_dti.periods import Period
from hue_dti.plans.targets import Target, TargetKind, quantity_of


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line: what stands now, what is wanted, who leads and who helps.

    `code` is the framework's component, empty where the line is none of them. `deferral` is why nothing is done about it this time.
    """

    number: str
    group: str
    name: str
    result: str
    target: Target
    code: str = ""
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    due: date | None = None
    tasks: str = ""
    deferral: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """What names the line in every version of its plan: its component's code, else what its name comes to."""
        return self.code or f"x{hashlib.sha256(fold(self.name).encode()).hexdigest()[:10]}"

    @property
    def is_given_up(self) -> bool:
        """Whether nobody is to work on it this time: it is deferred, or no target is set."""
        return bool(self.deferral) or self.target.kind is TargetKind.NOT_AIMED

    @property
    def is_open(self) -> bool:
        """Whether its target is still to be set; such a line is nobody's yet."""
        return self.target.kind is TargetKind.OPEN

    @property
    def reached(self) -> bool | None:
        """Whether the result now reaches a target that is a number; None where that cannot be told."""
        return self.target.met(quantity_of(self.result)) if self.target.quantity else None


@dataclass(frozen=True, slots=True)
class GroupTarget:
    """What a whole main index wants; `group` is its code, empty for the rank of the unit."""

    group: str
    target: Target
    result: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines in their order, and what is wanted of groups and of the rank; `framework` is the code of a framework or criteria set."""

    framework: str
    lines: tuple[PlanLine, ...]
    groups: tuple[GroupTarget, ...] = ()

    def units(self) -> tuple[str, ...]:
        """Everybody named, those who lead first, each once."""
        leads = (unit for line in self.lines for unit in line.lead)
        helpers = (unit for line in self.lines for unit in line.coordinating)
        return tuple(dict.fromkeys((*leads, *helpers)))

    def led_by(self, unit: str) -> tuple[PlanLine, ...]:
        """The lines a unit answers for."""
        return tuple(line for line in self.lines if unit in line.lead)

    def helped_by(self, unit: str) -> tuple[PlanLine, ...]:
        """The lines a unit helps with."""
        return tuple(line for line in self.lines if unit in line.coordinating)

    def settled(self) -> Plan:
        """The plan without what is not set yet."""
        goals = tuple(each for each in self.groups if each.target.kind is not TargetKind.OPEN)
        return replace(self, lines=tuple(line for line in self.lines if not line.is_open), groups=goals)

    def line(self, key: str) -> PlanLine | None:
        """The line of this key."""
        return next((line for line in self.lines if line.key == key), None)


@dataclass(frozen=True, slots=True)
class PlanKey:
    """Whose plan it is, for which framework or criteria set, for which year."""

    unit: str
    framework: str
    year: int

    @property
    def last_day(self) -> date:
        """When a line without a day of its own is due."""
        return date(self.year, 12, 31)


@dataclass(frozen=True, slots=True)
class Standings:
    """What the plan's ranking tables are drawn from: published values of all units, of the year before, and regions, as CSV texts.

    `unit` is how these files name the plan's unit, `year` the year that was measured. For a criteria set `period` is the closed quarter
    they come from, and `note` says who is not in them.
    """

    unit: str
    year: int
    values: str
    previous: str = ""
    regions: str = ""
    period: str = ""
    note: str = ""

    @property
    def measured(self) -> str:
        """What was measured: `năm 2022`, `Quý II năm 2024`."""
        return Period.parse(self.period).label if self.period else f"năm {self.year}"

    @property
    def before(self) -> str:
        """What it is compared with: the same of the year before."""
        if not self.period:
            return f"năm {self.year - 1}"
        period = Period.parse(self.period)
        return Period(period.year - 1, period.kind, period.number).label


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One version of a plan as kept; `who` tells which units a name among the lead and coordinating units means."""

    key: PlanKey
    number: int
    title: str
    plan: Plan
    reason: str
    by: str
    name: str
    post: str
    at: datetime
    who: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    standings: Standings | None = None
    sha256: str = ""

    def codes(self, name: str) -> tuple[str, ...]:
        """The units a name means; the plan's own unit where nobody said."""
        return self.who.get(name) or (self.key.unit,)

    def due(self, line: PlanLine) -> date:
        """The day by which the line is to be done."""
        return line.due or self.key.last_day

    def units(self) -> frozenset[str]:
        """Every unit that the plan names."""
        return frozenset(code for name in self.plan.units() for code in self.codes(name))
