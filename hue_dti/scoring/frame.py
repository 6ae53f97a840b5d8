"""Observations laid out as arrays: one row per unit of the tree in pre-order, one column per measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from hue_dti.catalogue.model import Measure
from hue_dti.errors import ScoringError
from hue_dti.observations.model import Observation, State
from hue_dti.scoring.model import Column, Frame
from hue_dti.scoring.points import INT64_MAX
from hue_dti.units.model import Tree


def frame_from(tree: Tree, measures: Mapping[str, Measure], observations: Iterable[Observation]) -> Frame:
    """Lay out one period's current observations over a tree.

    Every measure gets a column: MISSING where its level expects a figure and none came, state 0 at other levels.
    Observations of units outside the tree, of measures not asked for, or of levels where the measure is not observed
    do not enter. Raises ScoringError for a unit with two figures of one measure, and for a value that contradicts its
    state or is no count.
    """
    columns = {code: blank_column(tree, measure) for code, measure in measures.items()}
    seen: set[tuple[str, str]] = set()
    for observation in observations:
        row, column = tree.index.get(observation.unit), columns.get(observation.measure)
        if row is None or column is None or column.state[row] == 0:
            continue
        key = (observation.unit, observation.measure)
        if key in seen:
            raise ScoringError(f"{_where(observation)}: có hai số liệu cho cùng một kỳ; hãy chỉ giữ lại số mới nhất.")
        seen.add(key)
        _enter(column, row, observation)
    return Frame(tree, columns)


def blank_column(tree: Tree, measure: Measure) -> Column:
    """A column without any figure: MISSING at the measure's levels, 0 elsewhere."""
    at_level = np.fromiter((unit.level in measure.levels for unit in tree.units), dtype=np.bool_, count=len(tree))
    state: npt.NDArray[np.int8] = np.where(at_level, np.int8(State.MISSING), np.int8(0))
    return Column(np.zeros(len(tree), np.int64), state, np.zeros(len(tree), np.int32))


def _enter(column: Column, row: int, observation: Observation) -> None:
    column.state[row] = observation.state
    if not observation.state.has_value:
        return
    if observation.value is None or not 0 <= observation.value <= INT64_MAX:
        raise ScoringError(f"{_where(observation)}: giá trị {observation.value} không phải là số đếm được; hãy nhập một số không âm.")
    column.value[row] = observation.value
    column.as_of[row] = observation.as_of.toordinal()


def _where(observation: Observation) -> str:
    return f"Đơn vị {observation.unit}, số liệu {observation.measure}, kỳ {observation.period}"
