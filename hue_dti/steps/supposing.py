"""What if a unit's sums, or what is asked of it, were otherwise: scored again, nothing kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from hue_dti.catalogue.model import CriteriaSet, Criterion
from hue_dti.catalogue.rules import Count, Gate, Ratio, Rule
from hue_dti.observations.model import State
from hue_dti.scoring.again import Again
from hue_dti.scoring.model import Column
from hue_dti.scoring.sums import Term, reach
from hue_dti.steps.spread import changed

_PASSES = 3
"""A part may have to wait until its whole has grown, and a whole until its part has shrunk."""

Target = int | Fraction
"""A count that is asked for at least, or a share."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A sum that cannot be what was asked, and how far it can go; None where no figure of it belongs to the unit."""

    measure: str
    asked: int
    reached: int | None


def sum_of(again: Again, code: str) -> int | None:
    """The measure's sum of the one scored unit, as its criteria see it; None when no figure came."""
    term, at = _term(again, code)
    return int(term.values[at][0]) if term.known[0] else None


def supposing(again: Again, figures: Mapping[str, int]) -> tuple[Again, tuple[Reached, ...]]:
    """The one scored unit with these sums; those that could not be reached are told and left where they came to."""
    for _ in range(_PASSES):
        for code, value in figures.items():
            if sum_of(again, code) != value:
                again = _with(again, code, value)
    missed = [Reached(code, value, sum_of(again, code)) for code, value in figures.items() if sum_of(again, code) != value]
    return again, tuple(missed)


def with_targets(criteria_set: CriteriaSet, targets: Mapping[str, Target]) -> CriteriaSet:
    """The set asking otherwise in these criteria."""
    groups = tuple(
        replace(group, criteria=tuple(_asking(criterion, targets.get(criterion.code)) for criterion in group.criteria))
        for group in criteria_set.groups
    )
    return replace(criteria_set, groups=groups)


def target_of(rule: Rule) -> Target | None:
    """What a rule asks for as one number; None where it is not one."""
    match rule:
        case Count(at_least=at_least) | Gate(at_least=at_least):
            return at_least
        case Ratio(target=target):
            return target
        case _:
            return None


def _asking(criterion: Criterion, target: Target | None) -> Criterion:
    rule = criterion.rule
    match rule, target:
        case Count() | Gate(), int():
            return replace(criterion, rule=replace(rule, at_least=target))
        case Ratio(), Fraction():
            return replace(criterion, rule=replace(rule, target=target))
        case _:
            return criterion


def _with(again: Again, code: str, value: int) -> Again:
    """The measure's sum brought as near to the value as its whole and its parts allow; one that nobody gave begins at nothing."""
    if sum_of(again, code) is None:
        again = again.with_columns({code: _begun(again, code)})
    term, at = _term(again, code)
    if not bool(term.known[0]):
        return again
    return again.with_columns({code: changed(again, term, at, np.full(1, value), np.ones(1, np.bool_))})


def _begun(again: Again, code: str) -> Column:
    """Nothing, reported, on every unit that owes a figure and gave none, or the least that its parts allow."""
    column = again.column(code)
    owing = column.expected & ~column.present & (column.state != State.NOT_APPLICABLE) & (again.owner == 0)
    if reach(again.measures[code]).value == "none":
        owing &= np.arange(len(owing)) == again.base.spans.first[0]
    rows = np.flatnonzero(owing)
    least = np.zeros(len(rows), np.int64)
    for part in (part for part, whole in again.subsets if whole == code):
        if len(again.figures.both(part, code)) == 1:
            below = again.column(part)
            least = np.where(below.present[rows], np.maximum(least, below.value[rows]), least)
        elif bool(again.figures.one(part).known[0]):
            least[:1] = np.maximum(least[:1], again.figures.one(part).values[0][0])
    values, states = column.value.copy(), column.state.copy()
    values[rows], states[rows] = least, np.int8(State.REPORTED)
    return replace(column, value=values, state=states)


def _term(again: Again, code: str) -> tuple[Term, int]:
    """The sum in which a criterion uses the measure: with its whole where they are added in pairs, else by itself."""
    for term in _terms(again):
        if code in term.codes and len(term.codes) > 1 and bool(term.known[0]):
            return term, term.codes.index(code)
    return again.figures.one(code), 0


def _terms(again: Again) -> Iterator[Term]:
    for line in again.base.lines:
        yield from line.outcome.terms
