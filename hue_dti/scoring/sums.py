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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

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


@dataclass(frozen=True, slots=True)
class Spans:
    """The subtrees of the scored units: rows first … end of the tree, end excluded; int64[t] each."""

    first: Indices
    end: Indices

    @classmethod
    def of(cls, tree: Tree, rows: Sequence[int]) -> Spans:
        """The subtrees under the given rows."""
        first = np.asarray(rows, np.int64)
        return cls(first, np.asarray(tree.end, np.int64)[first])

    def __len__(self) -> int:
        return len(self.first)

    def total(self, values: Counts) -> Counts:
        """Sum of values[n] over each subtree, exact: [t]."""
        wide = values if values.dtype != object and largest(values) * len(values) <= INT64_MAX else values.astype(object)
        prefix = np.zeros(len(wide) + 1, wide.dtype if wide.dtype == object else np.int64)
        np.cumsum(wide, out=prefix[1:])
        sums: Counts = prefix[self.end] - prefix[self.first]
        return sums

    def reduce(self, operation: np.ufunc, values: Counts) -> Counts:
        """`operation` (maximum, minimum, bitwise_or) over each subtree: [t]."""
        bounds = np.column_stack([self.first, self.end]).ravel()
        padded = np.append(values, values[:1])
        reduced: Counts = operation.reduceat(padded, bounds)[::2] if len(self) else values[:0]
        return reduced


@dataclass(frozen=True)
class Term:
    """Figures that are used together, for t scored units of a tree of n.

    used, due: bool[n], units whose figures enter, and from which they are expected. values: one Counts[t] per code.
    have, expected, excused: int64[t], numbers of units. `own`: nothing from below enters.
    """

    codes: tuple[str, ...]
    columns: tuple[Column, ...]
    spans: Spans
    own: bool
    used: Bools
    due: Bools
    values: tuple[Counts, ...]
    have: Counts
    expected: Counts
    excused: Counts

    @cached_property
    def known(self) -> Bools:
        """Where at least one figure came."""
        return np.asarray(self.have > 0)

    @cached_property
    def not_applicable(self) -> Bools:
        """Where no figure is expected because every one is declared not applicable."""
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


class Figures:
    """The figures of a frame, summed for the scored units; each sum is made once."""

    def __init__(self, frame: Frame, measures: Mapping[str, Measure], spans: Spans) -> None:
        self.tree = frame.tree
        self.spans = spans
        self._frame = frame
        self._measures = measures
        self._terms: dict[tuple[str, ...], Term] = {}

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

    def _term(self, codes: tuple[str, ...], over: OverUnits) -> Term:
        if codes not in self._terms:
            columns = tuple(self._column(code) for code in codes)
            self._terms[codes] = _add_up(codes, columns, self.spans, over)
        return self._terms[codes]

    def _column(self, code: str) -> Column:
        column = self._frame.columns.get(code)
        return blank_column(self.tree, self._measures[code]) if column is None else column


def reach(measure: Measure) -> OverUnits:
    """How a measure really adds up over units: only counts and amounts can be summed."""
    summable = measure.kind in (ValueKind.COUNT, ValueKind.AMOUNT)
    return measure.over_units if summable or measure.over_units is not OverUnits.SUM else OverUnits.NONE


def _add_up(codes: tuple[str, ...], columns: tuple[Column, ...], spans: Spans, over: OverUnits) -> Term:
    used = np.logical_and.reduce([column.present for column in columns])
    excused = np.logical_or.reduce([column.state == State.NOT_APPLICABLE for column in columns])
    due = np.logical_and.reduce([column.expected for column in columns]) & ~excused
    own = over is OverUnits.NONE

    def count(units: Bools) -> Counts:
        return units[spans.first].astype(np.int64) if own else spans.total(units.astype(np.int64))

    def value(column: Column) -> Counts:
        values: Counts = np.where(used, column.value, 0)
        if own:
            return values[spans.first]
        return spans.reduce(np.maximum, values) if over is OverUnits.MAX else spans.total(values)

    values = tuple(value(column) for column in columns)
    return Term(codes, columns, spans, own, used, due, values, count(used), count(due), count(excused))
