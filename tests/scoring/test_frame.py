"""Figures laid out over a tree: what enters, what does not, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from hue_dti.catalogue.model import Measure, OverTime, OverUnits, ValueKind
from hue_dti.errors import ScoringError
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.periods import Period
from hue_dti.scoring.frame import frame_from
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree

DAY = date(2024, 6, 10)
TREE = build_tree(
    [
        OrgUnit("D", "Huyện", Level.DISTRICT, None, DAY),
        OrgUnit("A", "Xã A", Level.COMMUNE, "D", DAY),
        OrgUnit("B", "Xã B", Level.COMMUNE, "D", DAY),
    ],
    DAY,
)
HOUSEHOLDS = Measure("households", "", "", ValueKind.COUNT, (Level.COMMUNE,), OverUnits.SUM, OverTime.LAST, "")


def figure(unit, value, state=State.MEASURED, measure="households"):
    origin = Origin("", "", datetime(2024, 6, 10, tzinfo=UTC), "", "")
    return Observation(unit, measure, Period.parse("2024-Q2"), value, state, DAY, origin)


def column(*figures):
    return frame_from(TREE, {"households": HOUSEHOLDS}, figures).columns["households"]


def test_a_unit_whose_figure_did_not_come_is_missing_and_other_levels_expect_none():
    found = column(figure("A", 7))
    assert found.state.tolist() == [0, State.MEASURED, State.MISSING]
    assert found.value.tolist() == [0, 7, 0]
    assert found.as_of.tolist() == [0, DAY.toordinal(), 0]
    assert (found.value.dtype, found.state.dtype, found.as_of.dtype) == (np.int64, np.int8, np.int32)


def test_a_failed_source_keeps_its_state_and_no_value():
    found = column(figure("A", None, State.SOURCE_FAILED))
    assert found.state.tolist()[1] == State.SOURCE_FAILED
    assert not found.present.any()


def test_a_measure_nobody_reported_still_has_its_column():
    assert column().state.tolist() == [0, State.MISSING, State.MISSING]


def test_figures_of_other_units_levels_and_measures_do_not_enter():
    found = column(figure("elsewhere", 7), figure("D", 7), figure("A", 7, measure="residents"))
    assert found.state.tolist() == [0, State.MISSING, State.MISSING]


@pytest.mark.parametrize("value", [None, -1, 2**63])
def test_a_measured_figure_without_a_count_is_refused_by_name(value):
    with pytest.raises(ScoringError, match=r"Đơn vị A, số liệu households, kỳ 2024-Q2"):
        column(figure("A", value))


def test_two_figures_of_one_unit_and_measure_are_refused():
    with pytest.raises(ScoringError, match="hai số liệu"):
        column(figure("A", 7), figure("A", 8))
