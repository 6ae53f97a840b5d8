"""The door of this room: a criteria set and a frame of figures in, score sheets out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hue_dti.catalogue.model import CriteriaSet, Measure
from hue_dti.periods import Period
from hue_dti.scoring.arrays import ScoreArrays, score_arrays
from hue_dti.scoring.model import Frame, ScoreSheet
from hue_dti.scoring.sheets import sheets

__all__ = ["ScoreArrays", "score", "score_arrays", "sheets"]


def score(criteria_set: CriteriaSet, measures: Mapping[str, Measure], frame: Frame, period: Period, as_of: date) -> tuple[ScoreSheet, ...]:
    """Score every unit of the set's level, in tree order.

    as_of is the last day whose events count; a deadline on that day has not passed, unless the year ends with it.
    Raises ScoringError where a declared subset exceeds its whole, or where max_points are finer than a ten-thousandth.
    """
    return sheets(score_arrays(criteria_set, measures, frame, period, as_of))
