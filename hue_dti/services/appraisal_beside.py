"""What stands beside the marks of an appraisal: how each criterion is proven, its mark of the quarter before, the mean of its level."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from hue_dti.appraisal.model import State, Workflow
from hue_dti.scoring.model import ScoreSheet, Status
from hue_dti.services.appraise import UnitAppraisal
from hue_dti.services.evidence_overview import Shown, shown
from hue_dti.services.restated import QuarterFinder
from hue_dti.storage import Storage


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean mark of a criterion, in ten-thousandths of a point, over so many units of a level that have figures for it."""

    points: Fraction
    units: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What is beside the marks of one criterion.

    `before` are the points of the quarter before, as they were appraised where that was `settled`; None where no quarter before was
    closed, or not by the same set.
    """

    proof: Shown
    before: int | None
    settled: bool
    mean: Mean | None


def beside(storage: Storage, mine: UnitAppraisal, means: Mapping[str, Mean]) -> Mapping[str, Beside]:
    """What stands beside every criterion of the appraisal."""
    pieces = storage.evidence.of([mine.unit.code], str(mine.period))
    before, settled = _before(storage, mine)
    return {
        line.code: Beside(
            shown(mine.criteria.criterion(line.code), pieces), before.get(line.code), line.code in settled, means.get(line.code)
        )
        for line in mine.sheet.criteria
    }


def means_of(sheets: Collection[ScoreSheet], criteria_set: str) -> Mapping[str, Mean]:
    """The mean mark of each criterion over the units it was scored for and has figures of, where at least two are."""
    told: dict[str, list[int]] = {}
    for sheet in sheets:
        for line in sheet.criteria if sheet.criteria_set == criteria_set else ():
            if line.has_figures and line.status is not Status.NOT_APPLICABLE:
                told.setdefault(line.code, []).append(line.points)
    return {code: Mean(Fraction(sum(points), len(points)), len(points)) for code, points in told.items() if len(points) > 1}


def _before(storage: Storage, mine: UnitAppraisal) -> tuple[Mapping[str, int], frozenset[str]]:
    """The points of the quarter before by the same set, and for which criteria they are a settled appraisal's."""
    period = mine.period.previous()
    if not storage.lineage().was_there(mine.unit, period.end):
        return {}, frozenset()
    snapshot = QuarterFinder(storage).of(mine.unit, period)
    sheets = (snapshot.sheet, *snapshot.lower) if snapshot is not None else ()
    sheet = next((each for each in sheets if each.unit == mine.unit.code and each.criteria_set == mine.sheet.criteria_set), None)
    if sheet is None:
        return {}, frozenset()
    final = _settled(storage, mine.unit.code, str(period))
    return {line.code: final.get(line.code, line.points) for line in sheet.criteria}, frozenset(final)


def _settled(storage: Storage, unit: str, period: str) -> Mapping[str, int]:
    """What the appraisal of a quarter ended with, by criterion; nothing while it has not ended."""
    if storage.reviews.case(unit, period, Workflow.APPRAISAL).state is not State.SETTLED:
        return {}
    told = storage.reviews.history(unit, period, Workflow.APPRAISAL)[-1].told
    return {row["criterion"]: row["final"] for row in told["criteria"]}
