"""All figures of a tree as arrays, readable one by one: what is frozen and what scoring works on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np

from hue_dti.errors import SnapshotError
from hue_dti.observations.model import State
from hue_dti.scoring.model import Column, Frame
from hue_dti.snapshots.model import FrozenFigure, FrozenOrigin
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
class MeasureFigures:
    """One measure over all units of the tree: `records` and, at the same index, the place in the raw answer ("" where none)."""

    records: Records
    places: Sequence[str]

    @property
    def observed(self) -> bool:
        return bool((self.records["state"] > 0).any())


@dataclass(frozen=True, eq=False)
class FigureTable(Mapping[tuple[str, str], FrozenFigure]):
    """Figures by (unit, measure), kept as arrays and made into FrozenFigure only when asked for.

    `units` are the codes in the tree's order; `answers` and `reasons` are what the records' `origin` and `reason` point into.
    """

    units: tuple[str, ...]
    measures: Mapping[str, MeasureFigures]
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
        return sum(int(((f.records["state"] > 0) & (f.records["state"] <= State.CARRIED_OVER)).sum()) for f in self.measures.values())

    def frame(self, tree: Tree) -> Frame:
        """The figures as scoring reads them; `tree` is the one the table was made for."""
        return Frame(tree, {code: _column(figures.records) for code, figures in self.measures.items() if figures.observed})

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

    def _origin(self, row: int, place: str) -> FrozenOrigin:
        answer = self.answers[row]
        return FrozenOrigin(answer.source, answer.request, answer.fetched_at, answer.raw_sha256, place)


def _column(records: Records) -> Column:
    return Column(records["value"].astype(np.int64), records["state"].astype(np.int8), records["as_of"].astype(np.int32))


class TableBuilder:
    """Fills a FigureTable: first what is expected, then what came."""

    def __init__(self, units: Sequence[str]) -> None:
        self._units = tuple(units)
        self._at = {code: at for at, code in enumerate(self._units)}
        self._records: dict[str, Records] = {}
        self._places: dict[str, list[str]] = {}
        self._answers: dict[Answer, int] = {}
        self._reasons: dict[str, int] = {"": 0}

    def expect(self, measure: str, units: Sequence[int], state: State, reason: str = "") -> None:
        """Mark the units (indices in the tree) from which the measure is expected with the state they have until a figure comes."""
        records = self._of(measure)
        records["state"][units] = state
        records["reason"][units] = self._reason(reason)

    def put(self, figures: Iterable[FrozenFigure]) -> None:
        """Enter figures over what was expected; a figure of a unit outside the tree is left out."""
        for figure in figures:
            at = self._at.get(figure.unit)
            if at is None:
                continue
            if figure.state.has_value is (figure.value is None):
                raise SnapshotError(f"{figure.unit}, {figure.measure}: state {figure.state.slug} does not go with value {figure.value}")
            as_of = figure.as_of.toordinal() if figure.state.has_value and figure.as_of is not None else 0
            origin = self._answer(figure.origin) if figure.origin is not None else -1
            self._of(figure.measure)[at] = (figure.value or 0, as_of, origin, figure.state, self._reason(figure.reason), 0)
            self._places[figure.measure][at] = figure.origin.place if figure.origin is not None else ""

    def table(self) -> FigureTable:
        """The table, measures in alphabetical order and answers in order of source, time and hash."""
        order = sorted(self._answers, key=lambda answer: (answer.source, answer.fetched_at, answer.request, answer.raw_sha256))
        new_row = np.full(len(order) + 1, -1, dtype=np.int32)
        for row, answer in enumerate(order):
            new_row[self._answers[answer]] = row
        reasons = {text: row for row, text in enumerate(sorted(self._reasons))}
        new_reason = np.array([reasons[text] for text in self._reasons], dtype=np.uint16)
        measures = {}
        for code in sorted(self._records):
            records = self._records[code]
            records["origin"] = new_row[records["origin"]]
            records["reason"] = new_reason[records["reason"]]
            measures[code] = MeasureFigures(records, tuple(self._places[code]))
        return FigureTable(self._units, measures, tuple(order), tuple(reasons))

    def _of(self, measure: str) -> Records:
        if measure not in self._records:
            records = np.zeros(len(self._units), dtype=RECORD)
            records["origin"] = -1
            self._records[measure] = records
            self._places[measure] = [""] * len(self._units)
        return self._records[measure]

    def _answer(self, origin: FrozenOrigin) -> int:
        answer = Answer(origin.source, origin.request, origin.fetched_at, origin.raw_sha256)
        return self._answers.setdefault(answer, len(self._answers))

    def _reason(self, text: str) -> int:
        row = self._reasons.setdefault(text, len(self._reasons))
        if row >= MOST_REASONS:
            raise SnapshotError(f"Hơn {MOST_REASONS} lý do khác nhau trong một kỳ; hãy rút gọn lý do của các nguồn số liệu rồi chốt lại.")
        return row


def table_of(figures: Mapping[tuple[str, str], FrozenFigure], tree: Tree) -> FigureTable:
    """The figures as a table over the tree's units; a table already made for this tree is returned as it is."""
    codes = tuple(unit.code for unit in tree.units)
    if isinstance(figures, FigureTable) and figures.units == codes:
        return figures
    builder = TableBuilder(codes)
    builder.put(figures.values())
    return builder.table()
