"""Where the past cannot be mended the next ones can still be done well: what comes until the deadline at the pace so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np

from hue_dti.catalogue.model import Criterion, FlowWindow, OverTime
from hue_dti.catalogue.rules import Gate, Inverse, Ratio, Rule, Weighted
from hue_dti.scoring.again import Again
from hue_dti.scoring.model import Column
from hue_dti.scoring.points import Bools, Counts
from hue_dti.scoring.sums import Term
from hue_dti.steps.horizon import Horizon
from hue_dti.steps.spread import laid


@dataclass(frozen=True, eq=False)
class Coming:
    """The new ones of each unit, all of them as the criterion asks: `more` is [t], `columns` are the figures with them.

    `measures` are the whole first and, where it counts what is good, the part; both grow by `more`, what was counted before stays.
    """

    term: Term
    measures: tuple[str, ...]
    more: Counts
    where: Bools
    columns: Mapping[str, Column]

    def now(self, code: str) -> Counts:
        """The sum of one of its measures as it is."""
        return self.term.values[self.term.codes.index(code)]


def coming_of(again: Again, criterion: Criterion, horizon: Horizon) -> Iterator[Coming]:
    """What new ones may do for a share whose part is `final`; nothing where the counts begin anew or the deadline has passed."""
    for rule, where in _shares(criterion.rule, again):
        part, whole = again.measures[rule.part], again.measures[rule.whole or rule.part]
        terms = again.figures.both(part.code, whole.code)
        flows = whole.over_time is OverTime.SUM and not whole.final
        if not part.final or not flows or len(terms) > 1 or horizon.why_not(criterion, (part, whole), new_ones=True):
            continue
        found = _coming(again, rule, terms[0], where, _pace(horizon, criterion, whole.window, horizon.by(criterion, (part, whole))))
        if bool(found.where.any()):
            yield found


def _shares(rule: Rule, again: Again) -> Iterator[tuple[Ratio | Inverse, Bools]]:
    """The shares of a rule that has a whole, and the units in which they earn anything."""
    match rule:
        case Ratio(whole=str()) | Inverse():
            yield rule, np.ones(len(again.base.spans), np.bool_)
        case Gate(measure=code, at_least=at_least, then=inner):
            term = again.figures.one(code)
            for share, where in _shares(inner, again):
                yield share, where & term.known & np.asarray(term.values[0] >= at_least)
        case Weighted(parts=parts):
            for each in parts:
                yield from _shares(each.rule, again)
        case _:
            return


def _pace(horizon: Horizon, criterion: Criterion, window: FlowWindow, last: date) -> Fraction:
    """The days left for each day gone since counting began."""
    begun = horizon.period.start if window is FlowWindow.PERIOD else date(horizon.period.year, 1, 1)
    return Fraction(max((last - horizon.day).days, 0), max((horizon.day - begun).days + 1, 1))


def _coming(again: Again, rule: Ratio | Inverse, term: Term, where: Bools, pace: Fraction) -> Coming:
    part, whole = (column.value.astype(np.int64) for column in term.columns)
    rooms = np.where(term.used, whole * pace.numerator // pace.denominator, 0)
    lacks = _lacks(rule, term)
    expected = again.base.spans.total(rooms)
    where = where & term.known & np.asarray(lacks > 0) & np.asarray(expected > 0)
    more = np.where(where, np.minimum(expected, lacks), 0).astype(np.int64)
    new = laid(again, more, term.used & (again.owner >= 0), (rooms,))
    columns = {term.codes[1]: replace(term.columns[1], value=whole + new)}
    if isinstance(rule, Ratio):
        columns[term.codes[0]] = replace(term.columns[0], value=part + new)
    return Coming(term, tuple(columns), more, where, columns)


def _lacks(rule: Ratio | Inverse, term: Term) -> Counts:
    """How many new good ones the full share takes; as many as there may be where the past keeps it out of reach."""
    part, whole = term.values
    endless = np.full(len(part), np.iinfo(np.int64).max // 2)
    if isinstance(rule, Inverse):
        return np.where(part > 0, endless, 0)
    target, left = rule.target, 1 - rule.target
    short = whole * target.numerator - part * target.denominator
    if not left:
        return np.where(short > 0, endless, 0)
    return np.where(short > 0, -(-short // left.numerator), 0)
