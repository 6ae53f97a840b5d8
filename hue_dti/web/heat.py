"""The heat map: communes × groups of criteria, what is known and what is not; and rows cut into what a screen holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import TypeVar

from hue_dti.catalogue.model import CriteriaSet
from hue_dti.scoring.model import CriterionScore, Ranked, ScoreSheet, Status
from hue_dti.units.model import OrgUnit

STEPS = (20, 40, 60, 80)
"""Where the colours of the map change, in percent; they only guide the eye."""

Row = TypeVar("Row")
Screens = tuple[tuple[tuple[Row, ...], ...], ...]
"""Screens of one or two columns of rows."""


class Kind(StrEnum):
    """What a cell tells."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    UNOPENED = "unopened"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit's group: the share of points over the criteria that apply and do not wait for a figure, None where all of them wait.

    What the province has not opened counts as the set says. `percent` is cut, not rounded, so that 100 means all.
    `lacking`: how many criteria wait for a figure.
    """

    kind: Kind
    percent: int | None = None
    lacking: int = 0

    @property
    def step(self) -> int:
        """Which of the colours, 0 the lowest."""
        return sum((self.percent or 0) >= step for step in STEPS)


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One unit's cells, in the order of the set's groups."""

    unit: OrgUnit
    cells: tuple[Cell, ...]

    @property
    def silent(self) -> bool:
        """Whether nothing at all came of the unit."""
        return all(cell.kind is not Kind.KNOWN for cell in self.cells) and any(cell.kind is Kind.UNKNOWN for cell in self.cells)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One unit in the ranking."""

    unit: OrgUnit
    place: Ranked
    sheet: ScoreSheet


def heat_rows(sheets: Sequence[ScoreSheet], criteria_set: CriteriaSet, units: Mapping[str, OrgUnit]) -> tuple[HeatRow, ...]:
    """The map's rows, in the order of the sheets."""
    return tuple(HeatRow(units[sheet.unit], cells(sheet, criteria_set)) for sheet in sheets)


def place_rows(ranking: Sequence[Ranked], sheets: Sequence[ScoreSheet], units: Mapping[str, OrgUnit]) -> tuple[PlaceRow, ...]:
    """The ranking's rows, in its order."""
    by_unit = {sheet.unit: sheet for sheet in sheets}
    return tuple(PlaceRow(units[ranked.unit], ranked, by_unit[ranked.unit]) for ranked in ranking)


def cells(sheet: ScoreSheet, criteria_set: CriteriaSet) -> tuple[Cell, ...]:
    """One cell for each group of the sheet."""
    leave = criteria_set.unopened_leave_the_maximum
    return tuple(_cell([line for line in sheet.criteria if line.group == group.code], leave) for group in sheet.groups)


def _cell(lines: Sequence[CriterionScore], unopened_leave: bool) -> Cell:
    applying = [line for line in lines if line.status is not Status.NOT_APPLICABLE]
    if not applying:
        return Cell(Kind.NOT_APPLICABLE)
    known = [line for line in applying if line.has_figures]
    unopened = [line for line in applying if not line.has_figures and line.status is Status.NOT_STARTED]
    lacking = len(applying) - len(known) - len(unopened)
    if not known:
        return Cell(Kind.UNKNOWN if lacking else Kind.UNOPENED, lacking=lacking)
    counted = known if unopened_leave else [*known, *unopened]
    share = Fraction(sum(line.points for line in counted), sum(line.max_points for line in counted))
    return Cell(Kind.KNOWN, int(share * 100), lacking)


def one_column(rows: Sequence[Row], most: int) -> Screens[Row]:
    """Cut rows into screens of a single column of up to `most`, evenly, for tables too wide to stand side by side."""
    high = ceil(len(rows) / ceil(len(rows) / most)) if rows else 1
    return tuple((tuple(rows[start : start + high]),) for start in range(0, len(rows), high))


def screens(rows: Sequence[Row], alone: int, beside: int) -> Screens[Row]:
    """Cut rows into screens: up to `alone` in one column, more in two columns of up to `beside` each, evenly over the screens."""
    if len(rows) <= alone:
        return ((tuple(rows),),) if rows else ()
    count = ceil(len(rows) / (2 * beside))
    columns = ceil(len(rows) / (2 * count))
    cut = [tuple(rows[start : start + columns]) for start in range(0, len(rows), columns)]
    return tuple(tuple(cut[start : start + 2]) for start in range(0, len(cut), 2))
