"""A rank change is split by cause and the parts add up exactly; a unit's sheet says where its points are lost."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.resources import folder
from hue_dti.rollup.assess import assess
from hue_dti.rollup.model import UnitValues
from hue_dti.rollup.movement import RankMove, rank_moves
from hue_dti.rollup.unit_sheet import unit_sheet

PROVINCE = load_frameworks(folder("criteria"))["province-922"]


def of(**points):
    return {unit: Fraction(value) for unit, value in points.items()}


def test_each_cause_alone_is_told_as_that_cause():
    old = of(a=3, b=2, c=1)
    assert rank_moves(old, old, old)["b"] == RankMove(2, 2, 0, 0, 0, 0)
    risen = of(a=3, b=4, c=1)
    assert rank_moves(old, risen, risen)["b"] == RankMove(2, 1, own=1, others=0, rules=0, units=0)
    assert rank_moves(old, risen, risen)["a"] == RankMove(1, 2, own=0, others=-1, rules=0, units=0)
    fallen = of(a="3/2", b=2, c=1)
    assert rank_moves(old, fallen, fallen)["a"] == RankMove(1, 2, own=-1, others=0, rules=0, units=0)
    assert rank_moves(old, old, of(a=1, b=2, c=3))["c"] == RankMove(3, 1, own=0, others=0, rules=2, units=0)
    assert rank_moves(old, of(b=2, c=1), of(b=2, c=1))["b"] == RankMove(2, 1, own=0, others=0, rules=0, units=1)
    came = of(a=3, b=2, c=1, d=5)
    assert rank_moves(old, came, came)["a"] == RankMove(1, 2, own=0, others=0, rules=0, units=-1)


points = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 6).map(Fraction), max_size=10)


@given(points, points, st.lists(st.integers(0, 6).map(Fraction), min_size=10, max_size=10))
@settings(max_examples=60, deadline=None)
def test_the_parts_add_up_exactly_whoever_came_went_or_moved(old, new, same_rules):
    by_old_rules = dict(zip("abcdefghij", same_rules, strict=True))
    moves = rank_moves(old, by_old_rules, new)
    assert set(moves) == set(old) & set(new)
    for unit, move in moves.items():
        assert move.own + move.others + move.rules + move.units == move.places == move.before - move.after
        assert move.before == 1 + sum(value > old[unit] for value in old.values())
        assert move.after == 1 + sum(value > new[unit] for value in new.values())


def provinces(**shares):
    return [UnitValues(unit, dict.fromkeys((main.code for main in PROVINCE.scored), Fraction(share))) for unit, share in shares.items()]


def test_a_province_s_move_is_told_with_its_result():
    found = assess(PROVINCE, provinces(a="0.5", b="0.6", c="0.4"), provinces(a="0.5", b="0.3", d="0.2"))
    moves = {each.unit: each.move for each in found.results}
    assert moves == {
        "b": RankMove(2, 1, own=1, others=0, rules=0, units=0),
        "a": RankMove(1, 2, own=0, others=-1, rules=0, units=0),
        "c": None,
    }


def test_a_value_of_exactly_one_half_counts_as_reaching_the_halfway_mark():
    assert assess(PROVINCE, provinces(a="0.5", b="0.4999")).index.from_halfway == 1


def test_a_unit_s_sheet_says_what_it_is_strong_and_weak_in_and_where_points_are_lost():
    even = dict.fromkeys((main.code for main in PROVINCE.scored), Fraction(1, 2))
    found = assess(
        PROVINCE,
        [
            UnitValues("a", {**even, "workforce": Fraction(1, 4), "society": Fraction(2, 5)}),
            UnitValues("b", {**even, "awareness": Fraction(9, 10), "workforce": Fraction(1, 5)}),
        ],
    )
    sheet = unit_sheet(found, "a")
    assert sheet.result.index.rank == 2
    assert [line.main.code for line in sheet.strengths] == [
        "institutions",
        "infrastructure",
        "workforce",
        "security",
        "government",
        "economy",
    ]
    assert [(line.main.code, line.lost) for line in sheet.weaknesses] == [("society", 90), ("workforce", 75)]
    assert sum(line.points for line in sheet.lines) == sheet.result.index.value * 1000
    with pytest.raises(KeyError):
        unit_sheet(found, "c")
