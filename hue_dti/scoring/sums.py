"""Figures added up the tree for many units at once: a subtree is one index range, so a sum is two look-ups.

**Which figures enter a sum.** A unit's figure of a measure is taken over the unit itself and everything below it, at
the levels where the measure is observed (a commune counts its own office's staff). Only present figures enter.
`over_units` says how: `sum` adds, `max` takes the largest, `none` takes the unit's own figure and nothing from below.
Percentages, dates, progress and appraisers' shares are never summed, whatever `over_units` says.

**Part and whole.** Where the two measures are observed at the same levels and both are summed, they are added in
pairs: a unit that lacks one of them leaves both sums, so a failed source cannot move the ratio by half a figure. Where
they live at different levels (a part per agency, a whole per district) there is nothing to pair and each is added for
itself; the sum is still marked partial when a figure is absent.

**Not applicable** figures leave the expected set; when nothing else is expected the whole term is not applicable.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from hue_dti.catalogue.model import Measure, OverUnits, ValueKind
from hue_dti.observations.model import State
from hue_dti.scoring.frame import blank_column
from hue_dti.scoring.model import Column, Frame
from hue_dti.scoring.points import INT64_MAX, Bools, Counts, largest
from hue_dti.units.model import Tree

Indices = npt.NDArray[np.int64]
NEVER = int(np.iinfo(np.int32).max)
"""As-of day of a term without figures."""
_NOT_APPLICABLE = np.int8(State.NOT_APPLICABLE)


@dataclass(frozen=True)
class Spans:
    """The subtrees of the scored units: rows first … end of the tree, end excluded; int64[t] each."""

    first: Indices
    end: Indices

    @classmethod
    def of(cls, tree: Tree, rows: Sequence[int] | Indices) -> Spans:
        """The subtrees under the given rows."""
        first = np.asarray(rows, np.int64)
        return cls(first, tree.ends.take(first))

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def alone(self) -> bool:
        """Whether none of the scored units has a unit below it: then every sum is the unit's own figure."""
        return bool((self.end - self.first == 1).all())

    def total(self, values: Counts) -> Counts:
        """Sum of values[n] over each subtree, exact: [t]."""
        if self.alone:
            return values.take(self.first)
        wide = values if values.dtype != object and largest(values) * len(values) <= INT64_MAX else values.astype(object)
        return self._between(wide, wide.dtype if wide.dtype == object else np.dtype(np.int64))

    def count(self, units: Bools) -> Counts:
        """How many of units[n] each subtree has: int64[t]."""
        return units.take(self.first).astype(np.int64) if self.alone else self._between(units, np.dtype(np.int64))

    def reduce(self, operation: np.ufunc, values: Counts) -> Counts:
        """`operation` (maximum, minimum, bitwise_or) over each subtree: [t]."""
        if self.alone:
            return values.take(self.first)
        bounds = np.column_stack([self.first, self.end]).ravel()
        padded = np.append(values, values[:1])
        reduced: Counts = operation.reduceat(padded, bounds)[::2]
        return reduced

    def _between(self, values: Counts, kind: np.dtype[Any]) -> Counts:
        prefix = np.zeros(len(values) + 1, kind)
        np.cumsum(values, out=prefix[1:])
        sums: Counts = prefix.take(self.end) - prefix.take(self.first)
        return sums


@dataclass(frozen=True)
class Term:
    """Figures that are used together, for t scored units of a tree of n; what nobody asks for is never added up.

    used, due, left: bool[n], units whose figures enter, from which they are expected, and of which one does not apply.
    values: one Counts[t] per code. have, expected, excused: int64[t], numbers of those units. `own`: nothing from below enters.
    """

    codes: tuple[str, ...]
    columns: tuple[Column, ...]
    spans: Spans
    over: OverUnits
    used: Bools
    due: Bools
    left: Bools

    @property
    def own(self) -> bool:
        """Whether only the unit's own figure counts."""
        return self.over is OverUnits.NONE

    @cached_property
    def values(self) -> tuple[Counts, ...]:
        """What the figures used come to, by code: [t] each."""
        if self._single:
            return tuple(np.where(self.own_used, column.value.take(self.spans.first), 0) for column in self.columns)
        return tuple(self._value(np.where(self.used, column.value, 0)) for column in self.columns)

    @cached_property
    def own_used(self) -> Bools:
        """`used` of the scored units themselves: bool[t]."""
        return self.used.take(self.spans.first)

    @cached_property
    def own_due(self) -> Bools:
        """`due` of the scored units themselves: bool[t]."""
        return self.due.take(self.spans.first)

    @cached_property
    def have(self) -> Counts:
        """How many units' figures are used: int64[t]."""
        return self.own_used.astype(np.int64) if self._single else self.spans.count(self.used)

    @cached_property
    def expected(self) -> Counts:
        """From how many units figures are expected: int64[t]."""
        return self.own_due.astype(np.int64) if self._single else self.spans.count(self.due)

    @cached_property
    def excused(self) -> Counts:
        """To how many units the figures do not apply: int64[t]."""
        return self.left.take(self.spans.first).astype(np.int64) if self._single else self.spans.count(self.left)

    @cached_property
    def known(self) -> Bools:
        """Where at least one figure came."""
        return self.own_used if self._single else np.asarray(self.have > 0)

    @cached_property
    def not_applicable(self) -> Bools:
        """Where no figure is expected because every one is declared not applicable."""
        if not self.left.any():
            return np.zeros(len(self.spans), np.bool_)
        return np.asarray((self.expected == 0) & (self.excused > 0))

    @cached_property
    def oldest(self) -> Counts:
        """The oldest as-of day among the figures used, NEVER without any: int[t]."""
        days = np.minimum.reduce([np.where(self.used, column.as_of, NEVER) for column in self.columns])
        return days[self.spans.first] if self.own else self.spans.reduce(np.minimum, days)

    @cached_property
    def state_bits(self) -> Counts:
        """Which states occur, as bits 1 << state: int64[t]."""
        bits = np.bitwise_or.reduce([np.left_shift(1, column.state.astype(np.int64)) for column in self.columns])
        return bits[self.spans.first] if self.own else self.spans.reduce(np.bitwise_or, bits)

    @property
    def _single(self) -> bool:
        """Whether there is nothing to add up: only the unit's own figure counts, or it has no units below."""
        return self.own or self.spans.alone

    def _value(self, values: Counts) -> Counts:
        return self.spans.reduce(np.maximum, values) if self.over is OverUnits.MAX else self.spans.total(values)


@dataclass(frozen=True, slots=True)
class Marks:
    """What one column's states say of every unit, bool[n] each: the figure came; it is owed; it does not apply."""

    used: Bools
    due: Bools
    left: Bools

    @classmethod
    def of(cls, column: Column) -> Marks:
        """The marks of a column."""
        left = column.state == _NOT_APPLICABLE
        return cls(column.present, column.expected & ~left, left)

    def __and__(self, other: Marks) -> Marks:
        """Both figures: used where both came, owed where both are, left where one does not apply."""
        left = self.left | other.left
        return Marks(self.used & other.used, self.due & other.due, left)


class SummedFigures:
    """The figures of a frame, summed for the scored units; each sum is made once."""

    def __init__(self, frame: Frame, measures: Mapping[str, Measure], spans: Spans) -> None:
        self.tree = frame.tree
        self.spans = spans
        self._frame = frame
        self._measures = measures
        self._terms: dict[tuple[str, ...], Term] = {}
        self._marks: dict[str, Marks] = {}

    def one(self, code: str) -> Term:
        """A measure by itself."""
        return self._term((code,), reach(self._measures[code]))

    def both(self, part: str, whole: str) -> tuple[Term, ...]:
        """Part and whole: one paired term, or two where the measures do not live at the same units."""
        measures = self._measures[part], self._measures[whole]
        reaches = {reach(measure) for measure in measures}
        same_units = set(measures[0].levels) == set(measures[1].levels)
        if same_units and len(reaches) == 1 and OverUnits.MAX not in reaches:
            return (self._term((part, whole), reaches.pop()),)
        return self.one(part), self.one(whole)

    def appears_otherwise(self, code: str, other: Column) -> bool:
        """Whether another column has figures where this one has none, or none where it has."""
        return not np.array_equal(self._column(code).state, other.state)

    def tallied(self, codes: Collection[str]) -> tuple[Counts, Counts]:
        """Of these measures together, how many figures are expected and how many came, each measure added up as `one` does: int64[t]."""
        below, own = (np.zeros((2, len(self.tree)), np.min_scalar_type(len(codes))) for _ in range(2))
        for code in codes:
            marks, summed = self._marked(code), own if reach(self._measures[code]) is OverUnits.NONE else below
            summed[0] += marks.due
            summed[1] += marks.used
        expected, have = (
            self.spans.total(summed.astype(np.int64)) + alone.take(self.spans.first) for summed, alone in zip(below, own, strict=True)
        )
        return expected, have

    def _term(self, codes: tuple[str, ...], over: OverUnits) -> Term:
        if codes not in self._terms:
            marks = functools.reduce(Marks.__and__, map(self._marked, codes))
            columns = tuple(self._column(code) for code in codes)
            self._terms[codes] = Term(codes, columns, self.spans, over, marks.used, marks.due, marks.left)
        return self._terms[codes]

    def _marked(self, code: str) -> Marks:
        if code not in self._marks:
            self._marks[code] = Marks.of(self._column(code))
        return self._marks[code]

    def _column(self, code: str) -> Column:
        column = self._frame.columns.get(code)
        return blank_column(self.tree, self._measures[code]) if column is None else column


def reach(measure: Measure) -> OverUnits:
    """How a measure really adds up over units: only counts and amounts can be summed."""
    summable = measure.kind in (ValueKind.COUNT, ValueKind.AMOUNT)
    return measure.over_units if summable or measure.over_units is not OverUnits.SUM else OverUnits.NONE
