"""The array door: the same result without an object per unit, for a whole province."""

from __future__ import annotations

from datetime import date

import numpy as np

from hue_dti.catalogue.load import load_catalogue
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.scoring.engine import score, score_arrays
from hue_dti.scoring.frame import frame_from
from hue_dti.scoring.model import Frame, Status
from hue_dti.scoring.ranking import rank
from hue_dti.units.load import load_units
from hue_dti.units.tree import build_tree

DAY = date(2024, 6, 10)
QUARTER = Period.parse("2024-Q2")
CATALOGUE = load_catalogue(folder("criteria"))
TREE = build_tree(load_units(folder("criteria")), DAY, "46")
DISTRICTS = CATALOGUE.sets["hue-district-2024"]


def test_a_province_without_figures_is_scored_without_a_single_share_or_achievement():
    arrays = score_arrays(DISTRICTS, CATALOGUE.measures, frame_from(TREE, CATALOGUE.measures, []), QUARTER, DAY)
    assert [TREE.units[row].level for row in arrays.spans.first] == ["district"] * 9
    assert not arrays.points.any()
    assert not any(line.outcome.known.any() for line in arrays.lines)
    assert {int(status) for line in arrays.lines for status in line.status} == {Status.IN_PROGRESS, Status.NOT_STARTED}
    assert not arrays.present_figures.any()
    assert (arrays.expected_figures > 0).all()


def test_units_limits_the_pass_to_those_codes():
    frame = frame_from(TREE, CATALOGUE.measures, [])
    arrays = score_arrays(DISTRICTS, CATALOGUE.measures, frame, QUARTER, DAY, units={"483"})
    assert [TREE.units[row].code for row in arrays.spans.first] == ["483"]


def test_a_frame_without_a_measure_expects_its_figures_all_the_same():
    whole = score(DISTRICTS, CATALOGUE.measures, frame_from(TREE, CATALOGUE.measures, []), QUARTER, DAY)
    bare = score(DISTRICTS, CATALOGUE.measures, Frame(TREE, {}), QUARTER, DAY)
    assert bare == whole


def test_a_level_without_units_has_no_sheets_and_no_ranking():
    tree = build_tree(load_units(folder("criteria")), DAY, "20161")
    frame = frame_from(tree, CATALOGUE.measures, [])
    assert score(DISTRICTS, CATALOGUE.measures, frame, QUARTER, DAY) == ()
    assert rank((), DISTRICTS) == ()


def test_points_of_every_criterion_add_up_to_the_total_in_every_unit():
    arrays = score_arrays(DISTRICTS, CATALOGUE.measures, frame_from(TREE, CATALOGUE.measures, []), QUARTER, DAY)
    assert np.array_equal(np.add.reduce([line.points for line in arrays.lines]), arrays.points)
    assert arrays.max_points == 6_650_000
