"""A whole set over a whole tree as arrays: one pass per criterion for all units of the set's level."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from hue_dti.catalogue.model import CriteriaSet, Criterion, Measure
from hue_dti.periods import Period
from hue_dti.scoring.coverage import Covered, covered
from hue_dti.scoring.kinds import Setting, assess, unscored, weights
from hue_dti.scoring.model import Column, Frame
from hue_dti.scoring.outcome import Outcome
from hue_dti.scoring.points import Bools, Counts, Points, rounded, ten_thousandths, times
from hue_dti.scoring.status import Moment, Statuses, statuses
from hue_dti.scoring.sums import Spans, SummedFigures
from hue_dti.units.model import Tree


@dataclass(frozen=True)
class CriterionArrays:
    """One criterion for all scored units; arrays have one element per unit.

    points in ten-thousandths, max_points too; share = outcome.num ÷ outcome.den where outcome.known.
    excluded: the criterion leaves both sums. part_points: one array per part of a weighted rule.
    """

    criterion: Criterion
    group: str
    max_points: int
    outcome: Outcome
    points: Points
    part_points: tuple[Points, ...]
    status: Statuses
    excluded: Bools

    @cached_property
    def covered(self) -> Covered:
        """How much of the figures came; nothing is owed to a criterion that is not opened."""
        terms = self.outcome.terms
        return covered(terms if self.criterion.status.opened else (), terms[0].spans, len(terms[0].used))


@dataclass(frozen=True, slots=True)
class ScoreArrays:
    """A set's result for t units: `spans.first` are their rows in the tree.

    points, excluded: int64[t] totals in ten-thousandths; expected_figures, present_figures: int64[t] unit × measure
    pairs in the subtree over the opened criteria.
    """

    criteria_set: CriteriaSet
    tree: Tree
    spans: Spans
    period: Period
    as_of: date
    lines: tuple[CriterionArrays, ...]
    points: Points
    max_points: int
    excluded: Points
    expected_figures: Counts
    present_figures: Counts


def score_arrays(
    criteria_set: CriteriaSet,
    measures: Mapping[str, Measure],
    frame: Frame,
    period: Period,
    as_of: date,
    units: Collection[str] | None = None,
) -> ScoreArrays:
    """Score every unit of the set's level (or only those in `units`), without an object per unit.

    as_of is the last day whose events count; a deadline on that day has not passed, unless the year ends with it.
    Raises ScoringError where a declared subset exceeds its whole, or where max_points are finer than a ten-thousandth.
    """
    at_level = frame.tree.rows[criteria_set.level]
    wanted = at_level if units is None else [row for row in at_level.tolist() if frame.tree.units[row].code in units]
    spans = Spans.of(frame.tree, wanted)
    figures, moment = SummedFigures(frame, measures, spans), Moment(period, as_of)
    lines = tuple(
        _line(criterion, group.code, criteria_set, figures, moment) for group in criteria_set.groups for criterion in group.criteria
    )
    expected, present = _figure_counts(criteria_set, figures)
    return ScoreArrays(
        criteria_set,
        frame.tree,
        spans,
        period,
        as_of,
        lines,
        points=_sum_of([line.points for line in lines], len(spans)),
        max_points=sum(line.max_points for line in lines),
        excluded=_left_out(lines, len(spans)),
        expected_figures=expected,
        present_figures=present,
    )


def scored_again(base: ScoreArrays, measures: Mapping[str, Measure], before: Frame, columns: Mapping[str, Column]) -> ScoreArrays:
    """The same units on the same day with other columns for some measures; what does not use them is taken over as it is.

    `before` are the figures `base` was scored from. Raises ScoringError as `score_arrays` does.
    """
    frame = Frame(before.tree, {**before.columns, **columns})
    figures, moment = SummedFigures(frame, measures, base.spans), Moment(base.period, base.as_of)
    lines = tuple(
        line
        if columns.keys().isdisjoint(line.criterion.rule.measures())
        else _line(line.criterion, line.group, base.criteria_set, figures, moment)
        for line in base.lines
    )
    moved = [(old, new) for old, new in zip(base.lines, lines, strict=True) if old is not new]
    return replace(
        base,
        lines=lines,
        points=_sum_of([base.points, *(new.points - old.points for old, new in moved)], len(base.spans)),
        excluded=_sum_of(
            [base.excluded, *((new.excluded.astype(np.int64) - old.excluded) * new.max_points for old, new in moved)], len(base.spans)
        ),
        present_figures=base.present_figures + _more_present(base, SummedFigures(before, measures, base.spans), figures, columns),
    )


def _more_present(base: ScoreArrays, before: SummedFigures, now: SummedFigures, columns: Mapping[str, Column]) -> Counts:
    """How many more of the expected figures of opened criteria are there."""
    asked = {code for line in base.lines if line.criterion.status.opened for code in line.criterion.rule.measures()}
    changed = [code for code in sorted(asked & columns.keys()) if before.appears_otherwise(code, columns[code])]
    return _sum_of([now.one(code).have - before.one(code).have for code in changed], len(base.spans))


def _line(criterion: Criterion, group: str, criteria_set: CriteriaSet, figures: SummedFigures, moment: Moment) -> CriterionArrays:
    opened = criterion.status.opened
    setting = Setting(criterion.code, moment.period.year)
    outcome = assess(criterion.rule, figures, setting) if opened else unscored(criterion.rule, figures)
    max_points = ten_thousandths(criterion.max_points, criterion.code)
    points, part_points = _earned(max_points, outcome) if opened else (outcome.num, ())
    status = statuses(criterion, outcome, moment)
    leaves = outcome.not_applicable if opened else np.full(len(status), criteria_set.unopened_leave_the_maximum)
    return CriterionArrays(criterion, group, max_points, outcome, points, part_points, status, leaves)


def _earned(max_points: int, outcome: Outcome) -> tuple[Points, tuple[Points, ...]]:
    """Points, and those of each part: a weighted criterion earns the sum of its parts' own rounded points.

    Should the rounded parts exceed the maximum by a ten-thousandth, the last of them gives way.
    """
    if not outcome.portions:
        points = rounded(max_points, outcome.num, outcome.den)
        points *= outcome.known
        return points, ()
    shares, total = weights(outcome.portions)
    earned, parts = np.zeros(len(total), np.int64), []
    for share, portion in zip(shares, outcome.portions, strict=True):
        own = rounded(max_points, times(portion.outcome.num, share), times(portion.outcome.den, total))
        parts.append(np.minimum(np.where(portion.outcome.known, own, 0), max_points - earned))
        earned = earned + parts[-1]
    return earned, tuple(parts)


def _figure_counts(criteria_set: CriteriaSet, figures: SummedFigures) -> tuple[Counts, Counts]:
    opened = (criterion.rule for criterion in criteria_set.criteria if criterion.status.opened)
    return figures.tallied({code for rule in opened for code in rule.measures()})


def _left_out(lines: Iterable[CriterionArrays], size: int) -> Points:
    total = np.zeros(size, np.int64)
    for line in lines:
        if line.excluded.any():
            np.add(total, line.max_points, out=total, where=line.excluded)
    return total


def _sum_of(arrays: Iterable[Counts], size: int) -> Counts:
    total = np.zeros(size, np.int64)
    for array in arrays:
        total += array
    return total
