"""Next steps for other programs: points as decimal texts, counts as integers, days as ISO."""

from __future__ import annotations

from collections.abc import Mapping

from hue_dti.catalogue.model import Measure
from hue_dti.numerals import points_text
from hue_dti.steps.model import NextSteps, Step
from hue_dti.steps.words import sentence


def shown(found: NextSteps, measures: Mapping[str, Measure]) -> dict[str, object]:
    """All of it; `path` stands on top of one another, `steps` each by itself."""
    before = found.rank
    chained: list[dict[str, object]] = []
    for step in found.path:
        chained.append(_step(step, measures, before))
        before = step.rank
    return {
        "unit": found.unit,
        "points": points_text(found.points),
        "max_points": points_text(found.max_points),
        "rank": found.rank,
        "ranked": found.ranked,
        "counts_in": str(found.counts_in),
        "until": found.until.isoformat(),
        "steps": [_step(step, measures, found.rank) for step in found.steps],
        "path": chained,
        "not_proposed": [
            {"criterion": each.criterion.code, "points": points_text(each.points), "reason": each.reason} for each in found.lost
        ],
    }


def _step(step: Step, measures: Mapping[str, Measure], rank: int | None) -> dict[str, object]:
    return {
        "criterion": step.criterion.code,
        "mark": step.mark.value,
        "moves": [{"measure": move.measure, "now": move.now, "then": None if move.now is None else move.then} for move in step.moves],
        "gain": points_text(step.gain),
        "points": points_text(step.points),
        "rank": step.rank,
        "until": step.until.isoformat(),
        "also": list(step.also),
        "sentence": sentence(step, measures, rank),
    }
