"""A unit's result, exact and frozen: counts, share, points, status, shortfalls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from hue_dti.observations.model import State
from hue_dti.units.model import Tree


class Status(IntEnum):
    """The second axis, beside points."""

    ACHIEVED = 1
    IN_PROGRESS = 2
    NOT_STARTED = 3
    NOT_ACHIEVED = 4
    NOT_APPLICABLE = 5

    @property
    def slug(self) -> str:
        """The English spelling used in JSON: `in_progress` …"""
        return self.name.lower()


_LAST_WITH_VALUE = np.int8(State.CARRIED_OVER)


def with_value(states: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Where figures of these observations.State carry a value; 0, not observed, does not."""
    return np.asarray((states > 0) & (states <= _LAST_WITH_VALUE))


@dataclass(frozen=True, slots=True)
class Column:
    """One measure over all units of a tree.

    value: int64[n] in the measure's unit, 0 where absent; state: int8[n] of observations.State;
    as_of: int32[n] ordinal day, 0 where none. Presence is a mask, never NaN; state 0 means the measure is not observed at
    this unit's level.
    """

    value: npt.NDArray[np.int64]
    state: npt.NDArray[np.int8]
    as_of: npt.NDArray[np.int32]

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        return with_value(self.state)

    @property
    def expected(self) -> npt.NDArray[np.bool_]:
        return self.state > 0


@dataclass(frozen=True, slots=True)
class Frame:
    """All figures of one period over one tree; columns has every measure of the catalogue that is observed at all."""

    tree: Tree
    columns: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A lower unit and its number: what it misses of the whole, or what it achieved where the list shows that."""

    unit: str
    missing: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of an expected sum came: units with both figures, of those expected; the codes of the absent."""

    have: int
    expected: int
    absent: tuple[str, ...]

    @property
    def partial(self) -> bool:
        return self.have < self.expected


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part of a weighted criterion."""

    name: str
    part: int | None
    whole: int | None
    share: Fraction | None
    points: int


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """One criterion of one unit.

    part, whole: the two counts as printed (None where the rule has none: yes_no, dated, percentage).
    share: exact, None when not applicable or when no figure came. points, max_points: ten-thousandths.
    `figures` has, per measure of the rule, the summed value of this unit (None when absent).
    `gate_count`: the count that opens a gate. `capped`: the part exceeded the whole and was cut.
    `shortfalls` is the list as printed, largest first then Vietnamese order, zeros left out; `shows` says what it lists.
    `as_of`: the oldest as-of date among the figures used, None without figures.
    """

    code: str
    group: str
    status: Status
    part: int | None
    whole: int | None
    share: Fraction | None
    points: int
    max_points: int
    assumed: bool
    capped: bool
    has_figures: bool
    coverage: Coverage
    figures: tuple[tuple[str, int | None], ...]
    gate_count: int | None = None
    parts: tuple[PartScore, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    shows: str = "missing"
    as_of: date | None = None
    states: tuple[int, ...] = ()

    @property
    def missing(self) -> int | None:
        """The whole less the part, 0 when the part reaches the whole."""
        return None if self.part is None or self.whole is None else max(self.whole - self.part, 0)


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A group's exact sums; statuses in counts; points and max_points in ten-thousandths."""

    code: str
    achieved: int
    in_progress: int
    not_started: int
    not_achieved: int
    not_applicable: int
    points: int
    max_points: int


@dataclass(frozen=True, slots=True)
class TotalScore:
    """The unit's total; converted = points ÷ (max_points − excluded) × max_points,
    an exact fraction of ten-thousandths (None when nothing applies).

    `max_points` includes assumed points, `max_points_stated` does not; `points_stated` is what was earned on stated ones.
    """

    points: int
    max_points: int
    points_stated: int
    max_points_stated: int
    excluded: int
    converted: Fraction | None
    achieved: int
    in_progress: int
    not_started: int
    not_achieved: int
    not_applicable: int
    expected_figures: int
    present_figures: int


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A unit's whole result for a period."""

    unit: str
    period: str
    criteria_set: str
    as_of: date
    criteria: tuple[CriterionScore, ...]
    groups: tuple[GroupScore, ...]
    total: TotalScore

    @property
    def without_figures(self) -> tuple[str, ...]:
        """The criteria that stand at 0 points because nothing came: open, applicable, and without a figure."""
        settled = {Status.NOT_STARTED, Status.NOT_APPLICABLE}
        return tuple(line.code for line in self.criteria if not line.has_figures and line.status not in settled)

    def criterion(self, code: str) -> CriterionScore:
        """The line with this code; KeyError when the sheet has none."""
        for line in self.criteria:
            if line.code == code:
                return line
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit's place; rank None with the reason when it is not ranked."""

    unit: str
    rank: int | None
    converted: Fraction | None
    reason: str = ""
