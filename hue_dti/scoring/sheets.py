"""From arrays to one score sheet per unit: exact fractions, names, lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from hue_dti.observations.model import State
from hue_dti.scoring.arrays import CriterionArrays, ScoreArrays
from hue_dti.scoring.model import Coverage, CriterionScore, GroupScore, PartScore, ScoreSheet, Status, TotalScore
from hue_dti.scoring.outcome import Outcome
from hue_dti.scoring.points import Counts
from hue_dti.scoring.shortfall import Lister
from hue_dti.scoring.sums import NEVER
from hue_dti.units.model import Tree


def sheets(arrays: ScoreArrays) -> tuple[ScoreSheet, ...]:
    """One sheet per scored unit, in tree order."""
    lister = Lister(arrays.tree)
    return tuple(_sheet(arrays, i, lister) for i in range(len(arrays.spans)))


def _sheet(arrays: ScoreArrays, i: int, lister: Lister) -> ScoreSheet:
    lines = tuple(_line(line, i, arrays.tree, lister) for line in arrays.lines)
    return ScoreSheet(
        unit=arrays.tree.units[int(arrays.spans.first[i])].code,
        period=str(arrays.period),
        criteria_set=arrays.criteria_set.code,
        as_of=arrays.as_of,
        criteria=lines,
        groups=tuple(_group(group.code, lines) for group in arrays.criteria_set.groups),
        total=_total(arrays, i, lines),
    )


def _line(line: CriterionArrays, i: int, tree: Tree, lister: Lister) -> CriterionScore:
    criterion, outcome = line.criterion, line.outcome
    spec = criterion.shortfall
    return CriterionScore(
        code=criterion.code,
        group=line.group,
        status=Status(int(line.status[i])),
        part=_printed(outcome, outcome.part, i),
        whole=_printed(outcome, outcome.whole, i),
        share=_share(outcome, i),
        points=int(line.points[i]),
        max_points=line.max_points,
        assumed=criterion.points_assumed,
        capped=bool(outcome.capped[i]),
        has_figures=bool(outcome.counted[i]),
        coverage=_coverage(line, i, tree),
        figures=_figures(line, i),
        gate_count=_gate_count(outcome, i),
        parts=_parts(line, i),
        shortfalls=() if spec is None else lister.shortfalls(spec, outcome, i),
        shows="missing" if spec is None else spec.shows,
        as_of=_oldest(outcome, i) if criterion.status.opened else None,
        states=_states(outcome, i) if criterion.status.opened else (),
    )


def _share(outcome: Outcome, i: int) -> Fraction | None:
    return Fraction(int(outcome.num[i]), int(outcome.den[i])) if outcome.known[i] else None


def _printed(outcome: Outcome, counts: Counts | None, i: int) -> int | None:
    return int(counts[i]) if counts is not None and outcome.shown[i] else None


def _gate_count(outcome: Outcome, i: int) -> int | None:
    opening = outcome.opening
    return int(opening.count[i]) if opening is not None and opening.known[i] else None


def _parts(line: CriterionArrays, i: int) -> tuple[PartScore, ...]:
    return tuple(
        PartScore(
            portion.name,
            _printed(portion.outcome, portion.outcome.part, i),
            _printed(portion.outcome, portion.outcome.whole, i),
            _share(portion.outcome, i),
            int(points[i]),
        )
        for portion, points in zip(line.outcome.portions, line.part_points, strict=True)
    )


def _coverage(line: CriterionArrays, i: int, tree: Tree) -> Coverage:
    covered = line.covered
    absent = tuple(tree.units[row].code for row in covered.absent(i))
    return Coverage(int(covered.have[i]), int(covered.expected[i]), absent)


def _figures(line: CriterionArrays, i: int) -> tuple[tuple[str, int | None], ...]:
    found: dict[str, int | None] = {}
    for term in line.outcome.terms:
        for code, values in zip(term.codes, term.values, strict=True):
            found.setdefault(code, int(values[i]) if term.known[i] else None)
    return tuple((code, found[code]) for code in dict.fromkeys(line.criterion.rule.measures()))


def _oldest(outcome: Outcome, i: int) -> date | None:
    day = min(int(term.oldest[i]) for term in outcome.terms)
    return None if day == NEVER else date.fromordinal(day)


def _states(outcome: Outcome, i: int) -> tuple[int, ...]:
    bits = 0
    for term in outcome.terms:
        bits |= int(term.state_bits[i])
    return tuple(int(state) for state in State if bits >> state & 1)


def _group(code: str, lines: Sequence[CriterionScore]) -> GroupScore:
    own = [line for line in lines if line.group == code]
    points, max_points = sum(line.points for line in own), sum(line.max_points for line in own)
    return GroupScore(code, *_tally(own), points, max_points)


def _tally(lines: Sequence[CriterionScore]) -> tuple[int, int, int, int, int]:
    found = [line.status for line in lines]
    return (
        found.count(Status.ACHIEVED),
        found.count(Status.IN_PROGRESS),
        found.count(Status.NOT_STARTED),
        found.count(Status.NOT_ACHIEVED),
        found.count(Status.NOT_APPLICABLE),
    )


def _total(arrays: ScoreArrays, i: int, lines: Sequence[CriterionScore]) -> TotalScore:
    stated = [line for line in lines if not line.assumed]
    points, excluded = int(arrays.points[i]), int(arrays.excluded[i])
    applicable = arrays.max_points - excluded
    achieved, in_progress, not_started, not_achieved, not_applicable = _tally(lines)
    return TotalScore(
        points=points,
        max_points=arrays.max_points,
        points_stated=sum(line.points for line in stated),
        max_points_stated=sum(line.max_points for line in stated),
        excluded=excluded,
        converted=Fraction(points * arrays.max_points, applicable) if applicable else None,
        achieved=achieved,
        in_progress=in_progress,
        not_started=not_started,
        not_achieved=not_achieved,
        not_applicable=not_applicable,
        expected_figures=int(arrays.expected_figures[i]),
        present_figures=int(arrays.present_figures[i]),
    )
