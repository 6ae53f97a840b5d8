"""What a criterion's figures would have to be for its next mark and for its full share, for all scored units at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np

from hue_dti.catalogue.model import Criterion
from hue_dti.catalogue.rules import Count, Dated, Gate, Inverse, Judged, Ratio, Rule, Steps, Uses, Weighted, YesNo
from hue_dti.scoring.kinds import DONE, WHOLE_PERCENT
from hue_dti.scoring.outcome import ones
from hue_dti.scoring.points import Bools, Counts, times
from hue_dti.scoring.sums import SummedFigures, Term
from hue_dti.steps.horizon import Horizon
from hue_dti.steps.model import Mark


@dataclass(frozen=True, eq=False)
class Want:
    """The sum that a measure would have to be: `then` is [t]; the measure is the one at `at` among the term's."""

    term: Term
    at: int
    then: Counts

    @property
    def measure(self) -> str:
        """The measure's code."""
        return self.term.codes[self.at]

    @property
    def now(self) -> Counts:
        """What the sum is."""
        return self.term.values[self.at]


@dataclass(frozen=True, eq=False)
class Aim:
    """What to reach and by which sums, where it makes sense at all: `where` is [t]."""

    criterion: Criterion
    mark: Mark
    wants: tuple[Want, ...]
    where: Bools


def aims_of(criterion: Criterion, figures: SummedFigures, horizon: Horizon) -> Iterator[Aim]:
    """Every mark above what the units have, the whole way up and the nearest rung; nothing for figures that did not come."""
    for aim in _aims(criterion.rule, criterion, figures, horizon):
        if bool(aim.where.any()):
            yield aim


def _aims(rule: Rule, criterion: Criterion, figures: SummedFigures, horizon: Horizon) -> Iterator[Aim]:
    match rule:
        case YesNo(measure=code):
            yield _up_to(criterion, figures.one(code), DONE)
        case Count(measure=code, at_least=at_least):
            yield _up_to(criterion, figures.one(code), at_least)
        case Steps(measure=code, rungs=rungs):
            top = max(rung.at_least for rung in rungs)
            for rung in rungs:
                yield replace(_up_to(criterion, figures.one(code), rung.at_least), mark=Mark.FULL if rung.at_least == top else Mark.RUNG)
        case Uses(functions=functions):
            for code in functions:
                yield _up_to(criterion, figures.one(code), 1)
        case Dated():
            yield _dated(rule, criterion, figures, horizon)
        case Ratio():
            yield _ratio(rule, criterion, figures)
        case Inverse():
            yield _inverse(rule, criterion, figures)
        case Gate():
            yield from _gate(rule, criterion, figures, horizon)
        case Weighted(parts=parts):
            for part in parts:
                yield from _aims(part.rule, criterion, figures, horizon)
        case Judged():
            return


def _up_to(criterion: Criterion, term: Term, least: int) -> Aim:
    then = np.full(len(term.spans), least)
    return Aim(criterion, Mark.FULL, (Want(term, 0, then),), np.asarray(term.known & (term.values[0] < least)))


def _dated(rule: Dated, criterion: Criterion, figures: SummedFigures, horizon: Horizon) -> Aim:
    term = figures.one(rule.measure)
    last = rule.by.in_year(horizon.counts_in.year)
    day: date = last if horizon.day <= last else horizon.by(criterion, ())
    then = np.full(len(term.spans), day.toordinal())
    return Aim(criterion, Mark.FULL, (Want(term, 0, then),), np.asarray(term.known & (term.values[0] == 0)))


def _ratio(rule: Ratio, criterion: Criterion, figures: SummedFigures) -> Aim:
    if rule.whole is None:
        part_term = whole_term = figures.one(rule.part)
        whole = ones(len(part_term.spans)) * WHOLE_PERCENT
    else:
        terms = figures.both(rule.part, rule.whole)
        part_term, whole_term = terms[0], terms[-1]
        whole = whole_term.values[-1]
    needed = _ceil(whole, rule.target)
    where = part_term.known & whole_term.known & np.asarray(part_term.values[0] < needed)
    return Aim(criterion, Mark.FULL, (Want(part_term, 0, needed),), where)


def _inverse(rule: Inverse, criterion: Criterion, figures: SummedFigures) -> Aim:
    terms = figures.both(rule.part, rule.whole)
    part = terms[0].values[0]
    where = terms[0].known & terms[-1].known & np.asarray(part > 0) & np.asarray(terms[-1].values[-1] > 0)
    return Aim(criterion, Mark.FULL, (Want(terms[0], 0, part * 0),), where)


def _gate(rule: Gate, criterion: Criterion, figures: SummedFigures, horizon: Horizon) -> Iterator[Aim]:
    opening = _up_to(criterion, figures.one(rule.measure), rule.at_least)
    yield replace(opening, mark=Mark.GATE)
    known = figures.one(rule.measure).known
    for inner in _aims(rule.then, criterion, figures, horizon):
        yield replace(inner, where=inner.where & known & ~opening.where)
        yield replace(inner, wants=(*opening.wants, *inner.wants), where=inner.where & opening.where)


def _ceil(whole: Counts, share: Fraction) -> Counts:
    """The least count that is this share of the whole."""
    needed: Counts = -(-times(whole, share.numerator) // share.denominator)
    return needed
