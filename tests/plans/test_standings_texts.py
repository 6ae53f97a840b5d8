"""The ranking tables beside a plan are kept as texts that read back as they were."""

from fractions import Fraction

import pytest

from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.errors import PlanRefused
from hue_dti.plans.excerpt import excerpt
from hue_dti.resources import folder
from hue_dti.rollup.model import INDEX, UnitValues
from hue_dti.services.plan_paper import standings_of_values

FRAMEWORK = load_frameworks(folder("criteria"))["province-922"]


def row(name, value):
    return UnitValues(name, {main.code: Fraction(value, 10) for main in FRAMEWORK.scored})


def test_names_with_quotation_marks_and_commas_read_back_and_stand_in_the_lists_given():
    rows, lists = [row('Tỉnh "A", mới', 5), row("B", 6)], ({'Vùng "một"': ['Tỉnh "A", mới', "B"]},)
    kept = standings_of_values(FRAMEWORK, 'Tỉnh "A", mới', 2021, rows, rows, official=lists)
    found = excerpt(FRAMEWORK, kept)
    assert (found.whole.rank, found.previous_rank, found.region, found.region_rank) == (2, 2, 'Vùng "một"', 2)


def test_a_year_published_by_its_index_alone_gives_no_tables():
    alone = [UnitValues("B", {}, {INDEX: Fraction(1, 2)})]
    with pytest.raises(PlanRefused, match="chỉ có DTI đã công bố"):
        standings_of_values(FRAMEWORK, "B", 2024, alone)
