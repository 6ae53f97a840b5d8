"""From figures to results: the one way, walked when a quarter is drafted and walked again when its bundle is verified."""

from __future__ import annotations

from dataclasses import dataclass

from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.periods import Period
from hue_dti.scoring.engine import score
from hue_dti.scoring.model import Ranked, ScoreSheet
from hue_dti.scoring.ranking import rank
from hue_dti.snapshots.figures import FigureTable
from hue_dti.units.model import Tree


@dataclass(frozen=True, slots=True)
class Scored:
    """The unit's own sheet, and the sheets and ranking of the units below it that have a set of their own."""

    sheet: ScoreSheet
    lower: tuple[ScoreSheet, ...]
    ranking: tuple[Ranked, ...]


def score_quarter(
    catalogue: Catalogue, own: CriteriaSet, lower: CriteriaSet | None, tree: Tree, figures: FigureTable, period: Period
) -> Scored:
    """Score the tree's root by its own set and the units below by theirs, as of the tree's day; ScoringError where counts contradict."""
    frame = figures.frame(tree, catalogue.measures)
    sheet = next(sheet for sheet in score(own, catalogue.measures, frame, period, tree.as_of) if sheet.unit == tree.units[0].code)
    if lower is None:
        return Scored(sheet, (), ())
    sheets = score(lower, catalogue.measures, frame, period, tree.as_of)
    return Scored(sheet, sheets, rank(sheets, lower))
