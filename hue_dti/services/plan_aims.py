"""What a step or a supposed figure would come to, as the target of a plan's line: scored again, never estimated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hue_dti.catalogue.model import Criterion, Measure
from hue_dti.catalogue.rules import Dated, YesNo
from hue_dti.plans.results import aim_words, result_words
from hue_dti.scoring.again import Again
from hue_dti.scoring.engine import sheets
from hue_dti.scoring.model import CriterionScore
from hue_dti.steps.model import Mark, Step
from hue_dti.steps.supposing import supposing


def aim_of(criterion: Criterion, line: CriterionScore, measures: Mapping[str, Measure]) -> str:
    """The target that asks for what the line came to; empty where it came to nothing."""
    result = result_words(criterion, line, measures)
    if isinstance(criterion.rule, YesNo | Dated):
        return "Có" if line.share == 1 else ""
    return aim_words(result)


def aims_of(again: Again, steps: Iterable[Step]) -> list[str]:
    """The target of each step of the one scored unit; empty where figures are wanting and nobody knows yet."""
    return [_aim(again, step) if step.mark is not Mark.FIGURES else "" for step in steps]


def _aim(again: Again, step: Step) -> str:
    after, _ = supposing(again, {move.measure: move.then for move in step.moves})
    return aim_of(step.criterion, sheets(after.base)[0].criterion(step.criterion.code), again.measures)
