"""Places by total, group and criterion: exact values, ties, regions, too little data, classes; strong and weak sides."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.resources import folder
from hue_dti.scoring.engine import sheets
from hue_dti.standings.profile import profile
from hue_dti.standings.ranks import TOTAL, Member, at_level, keys_of, places
from hue_dti.standings.words import side_words
from hue_dti.units.model import Level
from tests.steps.conftest import made


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(folder("criteria"))


@pytest.fixture
def field(catalogue):
    again = made(catalogue, random.Random(11), 0.05).again(Level.COMMUNE)
    members = tuple(Member(sheet.unit, f"R{place % 2}", sheet) for place, sheet in enumerate(sheets(again.base)))
    return members, again.base.criteria_set


def test_every_key_ranks_by_exact_values_and_equals_share_a_place(field):
    members, criteria_set = field
    for key in keys_of(criteria_set):
        ranked = [place for place in places(members, criteria_set, key) if place.rank is not None]
        for place in ranked:
            assert place.rank == 1 + sum(other.value.share > place.value.share for other in ranked)
            near = [other for other in ranked if other.member.region == place.member.region]
            assert place.region_rank == 1 + sum(other.value.share > place.value.share for other in near)
            assert (place.ranked, place.region_ranked) == (len(ranked), len(near))


def test_two_values_that_print_alike_are_two_places(field):
    members, criteria_set = field
    first, second = members[0].sheet, members[1].sheet
    line, other = first.criteria[0], second.criteria[0]
    shares = Fraction(95144, 100_000), Fraction(951441, 1_000_000)
    told = [
        replace(each, criteria=(replace(old, share=share), *each.criteria[1:]))
        for each, old, share in ((first, line, shares[0]), (second, other, shares[1]))
    ]
    found = places([Member("A", "R", told[0]), Member("B", "R", told[1])], criteria_set, line.code)
    assert [(place.member.unit, place.rank) for place in found] == [("B", 1), ("A", 2)]


def test_a_unit_with_too_little_is_not_ranked_and_says_why(field):
    members, criteria_set = field
    poor = replace(members[0].sheet, total=replace(members[0].sheet.total, present_figures=1))
    last = places((replace(members[0], sheet=poor), *members[1:]), criteria_set)[-1]
    assert (last.rank, last.region_rank, last.rank_class) == (None, None, "")
    assert last.value.reason.startswith("mới có 1/")
    silent = replace(poor, criteria=tuple(replace(line, coverage=replace(line.coverage, have=0)) for line in poor.criteria))
    assert "số liệu của nhóm" in places((replace(members[0], sheet=silent), *members[1:]), criteria_set, "III")[-1].value.reason


def test_classes_follow_the_cut_points_of_the_set(field):
    members, criteria_set = field
    for place in places(members, criteria_set, TOTAL):
        if place.value.share is not None:
            reached = [each.name for each in criteria_set.classes if place.value.share >= each.at_least]
            assert place.rank_class == reached[0]
    assert criteria_set.class_of(Fraction(799, 1000)) == "Khá"
    assert criteria_set.class_of(Fraction(8, 10)) == "Tốt"


def test_agencies_are_ranked_by_what_is_counted_at_agencies(catalogue):
    derived = at_level(catalogue.sets["hue-district-2024"], catalogue.measures, Level.AGENCY)
    assert not derived.official
    assert {"I.10", "III.1", "VIII.4"} <= {each.code for each in derived.criteria}
    assert "III.2" not in {each.code for each in derived.criteria}
    assert at_level(catalogue.sets["hue-district-2024"], catalogue.measures, Level.VILLAGE) is None


def test_strong_is_high_in_rank_and_value_weak_is_below_half_or_the_mean(field):
    members, criteria_set = field
    for member in members:
        found = profile(members, criteria_set, member.unit)
        assert not {side.code for side in found.strong} & {side.code for side in found.weak}
        assert all(side.share >= Fraction(1, 2) for side in found.strong)
        assert all(side.share < max(Fraction(1, 2), side.mean) for side in found.weak)
        assert all(side.name in side_words(side) for side in found.sides)


def test_a_group_with_too_few_figures_is_among_the_sides_and_says_why_it_has_no_place(field):
    members, criteria_set = field
    alone = Member("A", "R", with_points(members[0].sheet, {"III": 0, "V": 1}))
    found = profile([alone], criteria_set, "A")
    assert {side.code for side in found.sides} >= {"III", "V"}
    assert found.weak[0].code == "III"
    assert "0,00% số điểm (chưa xếp hạng: mới có 0/" in side_words(found.weak[0])
    assert found.strong[0].code == "V"
    assert "trung bình" not in side_words(found.strong[0])


def with_points(sheet, shares):
    """The sheet with this share of their points in these groups, and hardly a figure."""
    hardly = {
        line.code: replace(line, points=line.max_points * shares[line.group], coverage=replace(line.coverage, have=0))
        for line in sheet.criteria
        if line.group in shares
    }
    return replace(sheet, criteria=tuple(hardly.get(line.code, line) for line in sheet.criteria))
