"""The parts of a change of rank add up to it, whatever changed."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hue_dti.standings.change import changes
from hue_dti.standings.ranks import Value
from hue_dti.standings.words import move_words

UNITS = st.sampled_from("ABCDEFGH")
SHARES = st.one_of(st.none(), st.integers(0, 4).map(lambda n: Fraction(n, 4)))
FIELDS = st.dictionaries(UNITS, SHARES.map(lambda share: Value(share, "" if share is not None else "thiếu số liệu")), min_size=1)


def rank_in(field, unit):
    shares = {each: value.share for each, value in field.items() if value.share is not None}
    return 1 + sum(share > shares[unit] for share in shares.values()) if unit in shares else None


@given(old=FIELDS, same=FIELDS, new=FIELDS)
def test_the_parts_add_up_to_the_whole_change_between_the_ranks_that_were_printed(old, same, new):
    found = changes(old, same, new)
    for unit, move in found.moves.items():
        assert (move.before, move.after) == (rank_in(old, unit), rank_in(new, unit))
        assert move.own + move.others + move.rules + move.units == move.before - move.after == move.places
    ranked_then = {unit for unit in old if old[unit].share is not None}
    ranked_now = {unit for unit in new if new[unit].share is not None}
    assert set(found.moves) == ranked_then & ranked_now
    assert set(found.new) == ranked_now - ranked_then
    assert set(found.gone) == ranked_then - ranked_now


@given(old=FIELDS, new=FIELDS)
def test_without_other_rules_or_units_nothing_is_put_down_to_them(old, new):
    kept = {unit: value for unit, value in new.items() if unit in old and old[unit].share is not None and value.share is not None}
    found = changes({unit: old[unit] for unit in kept}, kept, kept)
    assert all((move.rules, move.units) == (0, 0) for move in found.moves.values())


def test_a_unit_goes_on_under_its_new_code():
    old = {"A": Value(Fraction(1, 2)), "B": Value(Fraction(1, 4))}
    new = {"A2": Value(Fraction(1, 4)), "B": Value(Fraction(1, 2))}
    found = changes(old, new, new, followed_by={"A": "A2"})
    assert found.moves["A2"].places == -1
    assert (found.new, found.gone) == ((), ())
    assert move_words(found.moves["A2"]) == "giảm 1 bậc: các đơn vị khác −1"
