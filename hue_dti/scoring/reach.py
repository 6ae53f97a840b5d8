"""How far a unit's own figures are from a rule's full share: what to reach, and the points of a changed figure by scoring again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

import numpy as np

from hue_dti.catalogue.model import CriteriaSet, Criterion, Measure
from hue_dti.catalogue.rules import Count, Dated, Gate, Inverse, Judged, Ratio, Rule, Steps, Uses, Weighted, YesNo
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.scoring.arrays import score_arrays
from hue_dti.scoring.kinds import DONE, WHOLE_PERCENT
from hue_dti.scoring.model import Column, Frame

Known = Mapping[str, int]
"""A unit's own figures by measure; what is not there is absent."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that would be worth points: the measure, what it is and what it would be."""

    measure: str
    now: int
    then: int


@dataclass(frozen=True, slots=True)
class Scorer:
    """One criterion of one unit, to be scored again with other figures of one of the units below it (or its own)."""

    criteria_set: CriteriaSet
    measures: Mapping[str, Measure]
    frame: Frame
    period: Period
    as_of: date
    scored: str

    def points(self, criterion: Criterion, unit: str, figures: Known) -> int:
        """The criterion's points, in ten-thousandths, if the unit's figures were these; exact, by the rules of the whole."""
        group = self.criteria_set.group_of(criterion.code)
        alone = replace(self.criteria_set, groups=(replace(group, criteria=(criterion,)),))
        columns = {code: self.frame.columns[code] for code in dict.fromkeys(criterion.rule.measures())}
        at = self.frame.tree.index[unit]
        supposed = Frame(self.frame.tree, {**columns, **{code: _with(columns[code], at, value) for code, value in figures.items()}})
        measures = {code: self.measures[code] for code in columns}
        return int(score_arrays(alone, measures, supposed, self.period, self.as_of, {self.scored}).points[0])


def best(rule: Rule, known: Known, year: int) -> Known:
    """What the absent figures would have to be for the fullest share, beside those that are known."""
    return {code: value for code, value in _best(rule, known, year) if code not in known}


def best_together(rules: Iterable[tuple[Rule, Known]], year: int) -> Known:
    """One set of absent figures that is the fullest for all of these rules: what several of them share is the same in each."""
    each = list(rules)
    together: dict[str, int] = {}
    for rule, known in each:
        for code, value in best(rule, known, year).items():
            together[code] = max(together.get(code, 0), value)
    for rule, _ in each:
        for part, whole in _pairs(rule):
            if part in together and whole in together:
                together[part] = together[whole] = max(together[part], together[whole])
    return together


def goals(rule: Rule, known: Known, year: int) -> Iterator[Goal]:
    """The known figures that could be better, each with the value that would reach the rule's next mark."""
    for code, value in _next(rule, known, year):
        if code in known and value != known[code]:
            yield Goal(code, known[code], value)


def _pairs(rule: Rule) -> Iterator[tuple[str, str]]:
    match rule:
        case Ratio(part=part, whole=str() as whole):
            yield part, whole
        case Gate(then=inner):
            yield from _pairs(inner)
        case Weighted(parts=parts):
            for each in parts:
                yield from _pairs(each.rule)


def _best(rule: Rule, known: Known, year: int) -> Iterator[tuple[str, int]]:
    match rule:
        case YesNo(measure=code):
            yield code, DONE
        case Count(measure=code, at_least=at_least):
            yield code, at_least
        case Ratio(part=part, whole=None):
            yield part, WHOLE_PERCENT
        case Ratio(part=part, whole=str() as whole):
            base = known.get(whole, max(known.get(part, 1), 1))
            yield from ((whole, base), (part, base))
        case Inverse(part=part, whole=whole):
            yield from ((part, 0), (whole, max(known.get(part, 1), 1)))
        case Steps(measure=code, rungs=rungs):
            yield code, max(rung.at_least for rung in rungs)
        case Dated(measure=code, by=by):
            yield code, by.in_year(year).toordinal()
        case Gate(measure=code, at_least=at_least, then=inner):
            yield code, at_least
            yield from _best(inner, known, year)
        case Uses(functions=functions):
            yield from ((code, 1) for code in functions)
        case Weighted(parts=parts):
            for each in parts:
                yield from _best(each.rule, known, year)
        case Judged():
            return


def _next(rule: Rule, known: Known, year: int) -> Iterator[tuple[str, int]]:
    match rule:
        case Ratio(part=part, whole=whole, target=target):
            full = WHOLE_PERCENT if whole is None else known.get(whole)
            if full is not None:
                yield part, max(known.get(part, 0), ceil(full * target))
        case Inverse(part=part):
            yield part, 0
        case Steps(measure=code, rungs=rungs):
            yield code, min((rung.at_least for rung in rungs if rung.at_least > known.get(code, 0)), default=known.get(code, 0))
        case Gate(measure=code, at_least=at_least, then=inner):
            if known.get(code, 0) < at_least:
                yield code, at_least
            else:
                yield from _next(inner, known, year)
        case Count(measure=code, at_least=at_least):
            yield code, max(known.get(code, 0), at_least)
        case Dated(measure=code):
            if known.get(code) == 0:
                yield from _best(rule, known, year)
        case Uses():
            yield from ((code, 1) for code in rule.functions if known.get(code) == 0)
        case Weighted(parts=parts):
            for each in parts:
                yield from _next(each.rule, known, year)
        case _:
            yield from _best(rule, known, year)


def _with(column: Column, at: int, value: int) -> Column:
    """The column with a unit's figure as if it had been reported."""
    values, states, days = column.value.copy(), column.state.copy(), column.as_of.copy()
    values[at], states[at] = value, np.int8(State.REPORTED)
    return Column(values, states, days)
