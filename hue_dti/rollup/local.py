"""Local counts → what feeds each component, for many provinces at once: sums of all units, never a mean of percentages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from hue_dti.catalogue.model import Measure
from hue_dti.catalogue.rollups import Feed, RollUpMap, Way
from hue_dti.observations.model import State
from hue_dti.scoring.model import Column, Coverage, Frame
from hue_dti.scoring.points import Bools, Counts
from hue_dti.scoring.sums import NEVER, Spans, SummedFigures, Term
from hue_dti.units.model import Tree

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Weight:
    """How much of a base figure stands behind the units that told: `covered` of `total`; `unknown` units expected have no base figure."""

    covered: int
    total: int
    unknown: int

    @property
    def share(self) -> Fraction | None:
        """The part covered, None without any base figure."""
        return Fraction(self.covered, self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class LocalFigure:
    """The summed counts of one feed in one unit's subtree; `part` of `whole`, both 0 where nothing came.

    `told` has, by state, how many units' parts entered the sum. `as_of` is the oldest day among them.
    """

    feed: Feed
    part: int
    whole: int
    coverage: Coverage
    weight: Weight | None
    told: Mapping[State, int]
    as_of: date | None

    @property
    def share(self) -> Fraction | None:
        """The result as a share of 1, cut at 1; None where no whole came."""
        if not self.whole:
            return None
        reached = Fraction(min(self.part, self.whole), self.whole)
        return 1 - reached if self.feed.way is Way.INVERSE else reached

    @property
    def capped(self) -> bool:
        """Whether more was counted than there can be."""
        return self.part > self.whole > 0

    @property
    def state(self) -> State:
        """MEASURED where machines told every part, REPORTED where a person told any, MISSING where nothing came."""
        if not self.coverage.have:
            return State.MISSING
        return State.REPORTED if self.told[State.REPORTED] else State.MEASURED


@dataclass(frozen=True, slots=True)
class FedArrays:
    """One feed over a tree of n units, added up for t of them.

    part, whole, have, expected: int64[t]. counted, base: int64[n], what each unit brings to part and whole. used, due: bool[n].
    states: int64[t] by State. weight, weight_total, unweighed: int64[t], None where the feed is not weighed. oldest: int[t].
    """

    feed: Feed
    spans: Spans
    part: Counts
    whole: Counts
    have: Counts
    expected: Counts
    counted: Counts
    base: Counts
    used: Bools
    due: Bools
    states: Mapping[State, Counts]
    weight: tuple[Counts, Counts, Counts] | None
    oldest: Counts

    def figure(self, tree: Tree, i: int) -> LocalFigure:
        """The i-th unit's figure, with the units that did not tell by code."""
        first, end = int(self.spans.first[i]), int(self.spans.end[i])
        absent = first + np.flatnonzero(self.due[first:end] & ~self.used[first:end])
        coverage = Coverage(int(self.have[i]), int(self.expected[i]), tuple(tree.units[row].code for row in absent.tolist()))
        weight = None if self.weight is None else Weight(*(int(each[i]) for each in self.weight))
        day = int(self.oldest[i])
        told = {state: int(counts[i]) for state, counts in self.states.items()}
        as_of = None if day == NEVER else date.fromordinal(day)
        return LocalFigure(self.feed, int(self.part[i]), int(self.whole[i]), coverage, weight, told, as_of)

    def below(self, spans: Spans) -> tuple[Counts, Counts]:
        """Part and whole added up for other units of the same tree."""
        return spans.total(self.counted), spans.total(self.base)


def threshold(feed: Feed, last_month: int) -> int:
    """How many a unit must have told by the end of a month of the year, rounded up."""
    return feed.at_least or -(-feed.in_a_year * last_month // _MONTHS)


def add_up(made: RollUpMap, measures: Mapping[str, Measure], frame: Frame, rows: Sequence[int], last_month: int) -> Mapping[str, FedArrays]:
    """Every feed of the map by component, added up for the units at these rows of the tree.

    A unit that lacks part or whole leaves both sums. `last_month` is the month the period ends with.
    """
    figures = SummedFigures(frame, measures, Spans.of(frame.tree, rows))
    return {feed.component: _fed(feed, figures, measures, last_month) for feed in made.feeds}


def _fed(feed: Feed, figures: SummedFigures, measures: Mapping[str, Measure], last_month: int) -> FedArrays:
    spans = figures.spans
    if feed.way is Way.UNITS:
        term = figures.one(feed.part)
        reached = term.used & (term.columns[0].value >= threshold(feed, last_month))
        counted, base = reached.astype(np.int64), term.used.astype(np.int64)
        part, whole = spans.total(counted), term.have
    else:
        (term,) = figures.both(feed.part, feed.whole)
        counted, base = (np.where(term.used, column.value, 0) for column in term.columns)
        part, whole = term.values
    return FedArrays(
        feed,
        spans,
        part,
        whole,
        term.have,
        term.expected,
        counted,
        base,
        term.used,
        term.due,
        _states(term, spans),
        _weight(feed, term, figures, measures) if feed.weigh else None,
        term.oldest,
    )


def _states(term: Term, spans: Spans) -> Mapping[State, Counts]:
    """How many used parts have each state that carries a value."""
    state = term.columns[0].state
    return {each: spans.total((term.used & (state == each)).astype(np.int64)) for each in State if each.has_value}


def _weight(feed: Feed, term: Term, figures: SummedFigures, measures: Mapping[str, Measure]) -> tuple[Counts, Counts, Counts]:
    """Covered, total and unknown weight: a unit's own base figure, or that of all below it where the base is counted lower."""
    column, spans = figures.one(feed.weigh).columns[0], figures.spans
    own = set(measures[feed.weigh].levels) == set(measures[feed.part].levels)
    value, present = _own(column) if own else _below(column, figures.tree)

    def total(units: Bools) -> Counts:
        return spans.total(np.where(units, value, 0))

    return total(term.used), total(term.due), spans.total((term.due & ~present).astype(np.int64))


def _own(column: Column) -> tuple[Counts, Bools]:
    return np.where(column.present, column.value, 0), column.present


def _below(column: Column, tree: Tree) -> tuple[Counts, Bools]:
    """Each unit's subtree: sum of what is there, and whether anything is."""
    every = Spans.of(tree, range(len(tree)))
    value, present = _own(column)
    return every.total(value), every.total(present.astype(np.int64)) > 0
