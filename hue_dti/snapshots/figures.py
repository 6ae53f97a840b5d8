"""All figures of a tree as arrays, readable one by one: what is frozen and what scoring works on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from hue_dti.errors import SnapshotError
from hue_dti.observations.model import Origin, State
from hue_dti.scoring.model import Column, Frame, with_value
from hue_dti.snapshots.model import FrozenFigure
from hue_dti.snapshots.records import RECORD, Records
from hue_dti.units.model import Tree

MOST_REASONS = 1 << 16


@dataclass(frozen=True, slots=True)
class Answer:
    """One raw answer that figures were read from; the place inside it belongs to the figure."""

    source: str
    request: str
    fetched_at: datetime
    raw_sha256: str


@dataclass(frozen=True, eq=False)
class MeasureRecords:
    """One measure over all units of the tree: `records` and, at the same index, the place in the raw answer ("" where none)."""

    records: Records
    places: Sequence[str]


@dataclass(frozen=True, eq=False)
class FigureTable(Mapping[tuple[str, str], FrozenFigure]):
    """Figures by (unit, measure), kept as arrays and made into FrozenFigure only when asked for.

    `units` are the codes in the tree's order; `answers` and `reasons` are what the records' `origin` and `reason` point into.
    """

    units: tuple[str, ...]
    measures: Mapping[str, MeasureRecords]
    answers: tuple[Answer, ...]
    reasons: tuple[str, ...]

    @cached_property
    def _index(self) -> dict[str, int]:
        return {code: at for at, code in enumerate(self.units)}

    def __getitem__(self, key: tuple[str, str]) -> FrozenFigure:
        unit, measure = key
        at = self._index[unit]
        if not self.measures[measure].records["state"][at]:
            raise KeyError(key)
        return self._figure(measure, at)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for measure, figures in self.measures.items():
            for at in np.flatnonzero(figures.records["state"]).tolist():
                yield self.units[at], measure

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(figures.records["state"])) for figures in self.measures.values())

    @property
    def present(self) -> int:
        """How many figures carry a value."""
        return sum(int(with_value(figures.records["state"]).sum()) for figures in self.measures.values())

    def frame(self, tree: Tree, measures: Iterable[str]) -> Frame:
        """The figures as scoring reads them: a column for each of the measures, without state where none was expected."""
        nothing = MeasureRecords(np.zeros(len(tree), dtype=RECORD), ())
        return Frame(tree, {code: _column(self.measures.get(code, nothing).records) for code in measures})

    def _figure(self, measure: str, at: int) -> FrozenFigure:
        figures = self.measures[measure]
        value, as_of, origin, code, reason, _ = figures.records[at].item()
        state = State(code)
        return FrozenFigure(
            self.units[at],
            measure,
            value if state.has_value else None,
            state,
            date.fromordinal(as_of) if as_of else None,
            self._origin(origin, figures.places[at]) if origin >= 0 else None,
            self.reasons[reason],
        )

    def _origin(self, row: int, place: str) -> Origin:
        answer = self.answers[row]
        return Origin(answer.source, answer.request, answer.fetched_at, answer.raw_sha256, place)


def _column(records: Records) -> Column:
    return Column(records["value"].astype(np.int64), records["state"].astype(np.int8), records["as_of"].astype(np.int32))


class TableBuilder:
    """Fills a FigureTable: first what is expected, then what came."""

    def __init__(self, units: Sequence[str]) -> None:
        self._units = tuple(units)
        self._measures: dict[str, tuple[Records, list[str]]] = {}
        self._answers: dict[Answer, int] = {}
        self._reasons: dict[str, int] = {"": 0}

    def expect(self, measure: str, units: npt.NDArray[np.bool_], state: State, reason: str = "") -> None:
        """Give the marked units (one element per unit of the tree) the state the measure has there until a figure comes."""
        records, _ = self._of(measure)
        records["state"][units] = state
        records["reason"][units] = self._reason(reason)

    def put(
        self,
        measure: str,
        at: npt.NDArray[np.int32],
        value: npt.NDArray[np.int64],
        state: npt.NDArray[np.int8],
        as_of: npt.NDArray[np.int32],
        answer: npt.NDArray[np.int32],
        place: Sequence[str],
        reason: Sequence[str],
    ) -> None:
        """Enter k figures of a measure over what was expected, the same index in every argument.

        at: indices in the tree; value and as_of (ordinal day) count only where the state has a value;
        answer: rows from `answers`, -1 where none.
        """
        records, places = self._of(measure)
        has_value = with_value(state)
        entered = np.zeros(len(at), dtype=RECORD)
        entered["value"], entered["as_of"] = np.where(has_value, value, 0), np.where(has_value, as_of, 0)
        entered["origin"], entered["state"] = answer, state
        entered["reason"] = np.fromiter(map(self._reason, reason), dtype=np.uint16, count=len(at))
        records[at] = entered
        for row, text in zip(at.tolist(), place, strict=True):
            places[row] = text

    def answers(self, given: Iterable[Answer]) -> npt.NDArray[np.int32]:
        """The rows of these answers in the table of answers (int32, one element for each given)."""
        return np.array([self._answers.setdefault(answer, len(self._answers)) for answer in given], dtype=np.int32)

    def table(self) -> FigureTable:
        """The table: measures, answers and reasons each in a fixed order, whatever order they came in."""
        answers = sorted(self._answers, key=lambda each: (each.source, each.fetched_at, each.request, each.raw_sha256))
        new_answer = _renumbering(self._answers, answers, np.int32)
        reasons = sorted(self._reasons)
        new_reason = _renumbering(self._reasons, reasons, np.uint16)
        measures = {}
        for code, (records, places) in sorted(self._measures.items()):
            records["origin"] = new_answer[records["origin"]]
            records["reason"] = new_reason[records["reason"]]
            measures[code] = MeasureRecords(records, tuple(places))
        return FigureTable(self._units, measures, tuple(answers), tuple(reasons))

    def _of(self, measure: str) -> tuple[Records, list[str]]:
        if measure not in self._measures:
            records = np.zeros(len(self._units), dtype=RECORD)
            records["origin"] = -1
            self._measures[measure] = records, [""] * len(self._units)
        return self._measures[measure]

    def _reason(self, text: str) -> int:
        row = self._reasons.setdefault(text, len(self._reasons))
        if row >= MOST_REASONS:
            raise SnapshotError(f"Hơn {MOST_REASONS} lý do khác nhau trong một kỳ; hãy rút gọn lý do của các nguồn số liệu rồi chốt lại.")
        return row


def _renumbering(old: Mapping[Any, int], ordered: Sequence[Any], kind: type[np.integer[Any]]) -> npt.NDArray[Any]:
    """new[old number] for things given their place in `ordered`; the last element answers for -1, none."""
    new = np.full(len(ordered) + 1, -1).astype(kind)
    for number, thing in enumerate(ordered):
        new[old[thing]] = number
    return new


def table_of(figures: Mapping[tuple[str, str], FrozenFigure], tree: Tree) -> FigureTable:
    """The figures as a table over the tree's units; a table already made for this tree is returned as it is."""
    codes = tuple(unit.code for unit in tree.units)
    if isinstance(figures, FigureTable) and figures.units == codes:
        return figures
    builder, at = TableBuilder(codes), {code: row for row, code in enumerate(codes)}
    by_measure: dict[str, list[FrozenFigure]] = {}
    for figure in figures.values():
        if figure.state.has_value is (figure.value is None):
            raise SnapshotError(f"{figure.unit}, {figure.measure}: state {figure.state.slug} does not go with value {figure.value}")
        by_measure.setdefault(figure.measure, []).append(figure)
    for measure, known in by_measure.items():
        builder.put(
            measure,
            np.array([at[figure.unit] for figure in known], dtype=np.int32),
            np.array([figure.value or 0 for figure in known], dtype=np.int64),
            np.array([figure.state for figure in known], dtype=np.int8),
            np.array([figure.as_of.toordinal() if figure.as_of is not None else 0 for figure in known], dtype=np.int32),
            np.array([_row(builder, figure.origin) for figure in known], dtype=np.int32),
            [figure.origin.place if figure.origin is not None else "" for figure in known],
            [figure.reason for figure in known],
        )
    return builder.table()


def _row(builder: TableBuilder, origin: Origin | None) -> int:
    if origin is None:
        return -1
    return int(builder.answers([Answer(origin.source, origin.request, origin.fetched_at, origin.raw_sha256)])[0])
