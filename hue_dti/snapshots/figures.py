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
from hue_dti.observations.model import Observation, Origin, State
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

    def frame(self, tree: Tree, measures: Iterable[str]) -> Frame:
        """The figures as scoring reads them: a column for each of the measures, without state where none was expected."""
        nothing = MeasureFigures(np.zeros(len(tree), dtype=RECORD), ())
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
        self._expected: dict[str, Records] = {}
        self._came: dict[str, tuple[list[int], list[tuple[int, ...]], list[str]]] = {}
        self._answers: dict[tuple[str, str, datetime, str], int] = {}
        self._reasons: dict[str, int] = {"": 0}

    def expect(self, measure: str, units: npt.NDArray[np.bool_], state: State, reason: str = "") -> None:
        """Give the marked units (one element per unit of the tree) the state the measure has there until a figure comes."""
        records = self._expected.setdefault(measure, self._blank())
        records["state"][units] = state
        records["reason"][units] = self._reason(reason)

    def put(self, figures: Iterable[Observation | FrozenFigure]) -> None:
        """Enter figures over what was expected; a figure of a unit outside the tree is left out."""
        for figure in figures:
            at = self._at.get(figure.unit)
            if at is None:
                continue
            has_value, origin = figure.state.has_value, figure.origin
            if has_value is (figure.value is None):
                raise SnapshotError(f"{figure.unit}, {figure.measure}: state {figure.state.slug} does not go with value {figure.value}")
            as_of = figure.as_of.toordinal() if has_value and figure.as_of is not None else 0
            rows, records, places = self._came.setdefault(figure.measure, ([], [], []))
            rows.append(at)
            records.append((figure.value or 0, as_of, self._answer(origin), figure.state.value, self._reason(figure.reason), 0))
            places.append(origin.place if origin is not None else "")

    def table(self) -> FigureTable:
        """The table: measures, answers and reasons each in a fixed order, whatever order they came in."""
        answers = sorted(self._answers, key=lambda each: (each[0], each[2], each[1], each[3]))
        new_answer = _renumbering(self._answers, answers, np.int32)
        reasons = sorted(self._reasons)
        new_reason = _renumbering(self._reasons, reasons, np.uint16)
        measures = {}
        for code in sorted(self._expected.keys() | self._came.keys()):
            figures = self._entered(code)
            figures.records["origin"] = new_answer[figures.records["origin"]]
            figures.records["reason"] = new_reason[figures.records["reason"]]
            measures[code] = figures
        return FigureTable(self._units, measures, tuple(Answer(*each) for each in answers), tuple(reasons))

    def _entered(self, code: str) -> MeasureFigures:
        records = self._expected[code].copy() if code in self._expected else self._blank()
        rows, came, where = self._came.get(code, ([], [], []))
        records[rows] = np.array(came, dtype=RECORD)
        places = [""] * len(self._units)
        for at, place in zip(rows, where, strict=True):
            places[at] = place
        return MeasureFigures(records, tuple(places))

    def _blank(self) -> Records:
        records = np.zeros(len(self._units), dtype=RECORD)
        records["origin"] = -1
        return records

    def _answer(self, origin: Origin | FrozenOrigin | None) -> int:
        if origin is None:
            return -1
        return self._answers.setdefault((origin.source, origin.request, origin.fetched_at, origin.raw_sha256), len(self._answers))

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
    builder = TableBuilder(codes)
    builder.put(figures.values())
    return builder.table()
