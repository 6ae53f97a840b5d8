"""What a decision says, as frozen values: measures, groups, criteria, sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from hue_dti.catalogue.classes import RankClass, class_of
from hue_dti.catalogue.over_change import OverChange
from hue_dti.catalogue.proofs import Proof
from hue_dti.catalogue.rules import Rule
from hue_dti.periods import Calendar, MonthDay, Period, Window
from hue_dti.units.model import Level


class ValueKind(StrEnum):
    """What the stored integer of a figure means."""

    COUNT = "count"  # things
    AMOUNT = "amount"  # đồng
    PERCENT = "percent"  # hundredths of a percent: 82% is 8200; never summed
    DATE = "date"  # proleptic ordinal day
    PROGRESS = "progress"  # 0 no, 1 begun, 2 done
    SHARE = "share"  # ten-thousandths, given by an appraiser

    @property
    def is_quantity(self) -> bool:
        """Whether the difference of two values says how much."""
        return self not in {ValueKind.DATE, ValueKind.PROGRESS}


class OverUnits(StrEnum):
    """How a measure adds up over units."""

    SUM = "sum"
    MAX = "max"
    NONE = "none"


class OverTime(StrEnum):
    """How a measure adds up over time: stocks take the last value, flows are summed."""

    LAST = "last"
    SUM = "sum"


class FlowWindow(StrEnum):
    """Which days a flow counts."""

    PERIOD = "period"
    YEAR_TO_DATE = "year_to_date"


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from; `entry` is how: `connector` (a machine pulls it) or `spreadsheet` (a declared XLSX).

    `commune_name` and `commune_owner` are what it is called and who keeps it where communes close quarters of their own; empty where
    that is no other than in a district's.
    """

    code: str
    name: str
    entry: str
    owner: str
    commune_name: str = ""
    commune_owner: str = ""

    def told_to(self, host: Level) -> Source:
        """The source in the words of a quarter that a unit of this level closes."""
        if host is not Level.COMMUNE:
            return self
        return replace(self, name=self.commune_name or self.name, owner=self.commune_owner or self.owner)


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted, with its two aggregation axes and its source.

    `levels` are the levels at which it is observed; a unit above them gets the sum, a unit below nothing.
    `noun` is what is counted, for sentences ("tài khoản", "hộ"). What `source` tells counts; `also_from` are sources whose figures
    are kept beside it to compare with, and never counted. `final`: what has happened cannot be done again otherwise, so nothing done later
    changes how it was counted. `over_change` says what becomes of figures when units change; a mean is weighted by the measure
    `weighted_by`.
    """

    code: str
    name: str
    noun: str
    kind: ValueKind
    levels: tuple[Level, ...]
    over_units: OverUnits
    over_time: OverTime
    source: str
    window: FlowWindow = FlowWindow.YEAR_TO_DATE
    until: MonthDay | None = None
    base: bool = False
    note: str = ""
    also_from: tuple[str, ...] = ()
    over_change: OverChange = OverChange.NOT_COMPARABLE
    weighted_by: str = ""
    final: bool = False

    def days(self, calendar: Calendar, period: Period) -> Window:
        """The days whose events count in the period."""
        window = calendar.window(period) if self.window is FlowWindow.PERIOD else calendar.year_to_date(period)
        if self.until is None:
            return window
        return Window(window.start, min(window.end, self.until.in_year(period.year)))


@dataclass(frozen=True, slots=True)
class Decision:
    """The act that sets the criteria."""

    number: str
    issued_on: date
    issuer: str
    title: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class StatusPolicy:
    """What the second axis depends on besides the share.

    `opened` is False where the province has not opened the programme (then `reason` says so);
    `achieved_when`: "share" (share is 1), "gate" (the gate is open) or "year_end" (share is 1 and the year's last quarter).
    """

    opened: bool = True
    reason: str = ""
    achieved_when: str = "share"


@dataclass(frozen=True, slots=True)
class ShortfallSpec:
    """The list printed as a footnote: which lower levels, what is listed, and the noun; its words are `Sentences.shortfall`.

    `shows`: "missing" (whole − part) or "achieved" (part).
    """

    levels: tuple[Level, ...]
    shows: str
    noun: str


@dataclass(frozen=True, slots=True)
class Sentences:
    """Texts of our own with {placeholders}; keys are statuses, `any` is the fallback, `no_figures` when nothing came.

    The placeholders a text may use are listed in `hue_dti.catalogue.placeholders`.
    """

    report: Mapping[str, str]
    result: Mapping[str, str]
    shortfall: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One scored line, as printed in the decision's table, with its rule beside it.

    `succeeds` are the codes it follows in the set before: none of them where it is empty, its own code where nothing is said (None).
    """

    code: str
    name: str
    to_do: str
    condition: str
    evidence: str
    max_points: Fraction
    rule: Rule
    source: str
    verifying_unit: str
    responsible_unit: str
    deadline: MonthDay | None
    legal: str
    status: StatusPolicy = StatusPolicy()
    shortfall: ShortfallSpec | None = None
    sentences: Sentences = Sentences({}, {})
    points_assumed: bool = False
    assumptions: tuple[str, ...] = ()
    proof: tuple[Proof, ...] = ()
    succeeds: tuple[str, ...] | None = None
    place: tuple[str, int] = field(default=("", 0), compare=False)

    @property
    def number(self) -> str:
        """The number inside the group: `1` of `III.1`."""
        return self.code.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Group:
    """One of the groups of the set."""

    code: str
    name: str
    max_points: Fraction
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """One decision's criteria for one level, with its dates in force and what it replaces.

    `official` is False for sets of our own making. `unopened_leave_the_maximum` says whether criteria the province has
    not opened leave both sums. `enough_data` is the share of expected figures below which a unit is not ranked.
    `classes` stand highest first; empty where the set gives none.
    """

    code: str
    title: str
    short_title: str
    level: Level
    official: bool
    decision: Decision
    in_force_from: date
    in_force_to: date | None
    replaces: tuple[str, ...]
    calendar: Calendar
    unopened_leave_the_maximum: bool
    enough_data: Fraction
    groups: tuple[Group, ...]
    note: str = ""
    classes: tuple[RankClass, ...] = ()
    place: tuple[str, int] = field(default=("", 0), compare=False)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria in printed order."""
        return tuple(criterion for group in self.groups for criterion in group.criteria)

    def criterion(self, code: str) -> Criterion:
        """The criterion with this code; KeyError when the set has none."""
        for criterion in self.criteria:
            if criterion.code == code:
                return criterion
        raise KeyError(code)

    def group_of(self, code: str) -> Group:
        """The group a criterion stands in."""
        return next(group for group in self.groups if any(criterion.code == code for criterion in group.criteria))

    def class_of(self, share: Fraction) -> str:
        """The class of a unit with this share of the maximum; empty below the lowest, and where the set gives none."""
        return class_of(self.classes, share)

    def in_force_on(self, day: date) -> bool:
        """Whether the set applies on that day."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


class CheckedPer(StrEnum):
    """What a check compares: the sums of the unit whose quarter it is, or each lower unit's own figures."""

    TOTAL = "total"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Check:
    """Two measures of which the first may not exceed the second; it warns and refuses nothing."""

    code: str
    name: str
    part: str
    whole: str
    per: CheckedPer
    remedy: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything under `criteria/`: sources, measures, sets and checks; `texts` are the exact files, for freezing.

    `jump` is the change against the quarter before (a share of it) above which a reason is asked for, None where none is declared.
    """

    sources: Mapping[str, Source]
    measures: Mapping[str, Measure]
    sets: Mapping[str, CriteriaSet]
    texts: Mapping[str, str]
    checks: Mapping[str, Check] = field(default_factory=dict)
    jump: Fraction | None = None

    def set_for(self, level: Level, day: date) -> CriteriaSet | None:
        """The set in force for a level on a day."""
        for criteria_set in self.sets.values():
            if criteria_set.level is level and criteria_set.in_force_on(day):
                return criteria_set
        return None
