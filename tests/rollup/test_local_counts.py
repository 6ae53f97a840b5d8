"""The provincial figure comes from summed counts of all units: exact, whole, in any order, with what is missing said."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from hue_dti.observations.model import State
from hue_dti.rollup.local import threshold
from hue_dti.rollup.losses import losses, units_of
from hue_dti.scoring.sums import Spans
from tests.rollup.local_counts import FRAMEWORK, MADE, added_up, units

COMMUNES = [unit.code for unit in units() if unit.code[1:]]
COUNTS = st.one_of(st.none(), st.integers(0, 10**6))
FIGURES = st.fixed_dictionaries({code: st.tuples(COUNTS, COUNTS) for code in COMMUNES})
EXAMPLES = settings(max_examples=60, deadline=None)
FIBRE = FRAMEWORK.components[[each.code for each in FRAMEWORK.components].index("3.3")]


def fibre(by_commune):
    """Figures of component 3.3 from commune → (with fibre, households), None where one is missing."""
    parts = {code: part for code, (part, _) in by_commune.items() if part is not None}
    wholes = {code: whole for code, (_, whole) in by_commune.items() if whole is not None}
    return {"households_broadband": parts, "households": wholes}


def test_a_province_by_hand():
    told = {"A1": (90, 100), "A2": (10, 300), "B1": (50, 100), "B2": (0, 0), "C1": (200, 500)}
    feds, tree = added_up(fibre(told))
    figure = feds["3.3"].figure(tree, 0)
    assert (figure.part, figure.whole, figure.share) == (350, 1000, Fraction(35, 100))  # the mean of the four rates would be 45,8%
    assert (figure.coverage.have, figure.coverage.expected, figure.coverage.absent) == (5, 9, ("A3", "B3", "C2", "C3"))
    assert (figure.weight.covered, figure.weight.total, figure.weight.unknown) == (1000, 1000, 4)
    by_unit = units_of(tree, feds["3.3"], figure, FIBRE, [tree.index[code] for code in "ABC"])
    assert [(each.unit.code, each.missing, each.gain, each.points) for each in by_unit] == [
        ("A", 300, Fraction(3, 10), 3),
        ("C", 300, Fraction(3, 10), 3),
        ("B", 50, Fraction(1, 20), Fraction(1, 2)),
    ]
    assert [
        (each.unit.code, each.points) for each in losses(tree, feds, {"3.3": figure}, FRAMEWORK, [tree.index[code] for code in "ABC"])
    ] == [
        ("A", 3),
        ("C", 3),
        ("B", Fraction(1, 2)),
    ]


@EXAMPLES
@given(FIGURES)
def test_the_sums_of_parts_equal_the_whole_and_gains_are_what_is_missing(told):
    feds, tree = added_up(fibre(told))
    fed, figure = feds["3.3"], feds["3.3"].figure(tree, 0)
    rows = [tree.index[code] for code in "ABC"]
    parts, wholes = fed.below(Spans.of(tree, rows))
    assert (int(parts.sum()), int(wholes.sum())) == (figure.part, figure.whole)
    both = {code: pair for code, pair in told.items() if None not in pair}
    assert (figure.part, figure.whole) == (sum(part for part, _ in both.values()), sum(whole for _, whole in both.values()))
    assert figure.coverage.have == len(both)
    assert set(figure.coverage.absent) == set(told) - set(both)
    for each in units_of(tree, fed, figure, FIBRE, rows):
        after = min(Fraction(figure.part + each.missing, figure.whole), Fraction(1)) if figure.whole else 0
        assert each.gain == after - (figure.share or 0)


@EXAMPLES
@given(FIGURES, st.sampled_from(COMMUNES))
def test_a_unit_left_out_changes_coverage_and_leaves_both_sums(told, gone):
    without = {**told, gone: (told[gone][0], None)}
    (before, after) = (added_up(fibre(each))[0]["3.3"] for each in (told, without))
    there = None not in told[gone]
    assert int(before.have[0] - after.have[0]) == there
    assert int(before.expected[0]) == int(after.expected[0]) == len(COMMUNES)
    assert int(before.part[0] - after.part[0]) == (told[gone][0] if there else 0)
    assert int(before.whole[0] - after.whole[0]) == (told[gone][1] if there else 0)


@EXAMPLES
@given(FIGURES, st.randoms())
def test_the_order_of_units_does_not_matter(told, chance):
    mixed = units()
    chance.shuffle(mixed)
    (one, tree), (other, other_tree) = added_up(fibre(told)), added_up(fibre(told), mixed)
    assert one["3.3"].figure(tree, 0) == other["3.3"].figure(other_tree, 0)


@EXAMPLES
@given(FIGURES)
def test_many_provinces_at_once_are_each_alone(told):
    feds, tree = added_up(fibre(told), rows=(1, 5, 9))
    for i, code in enumerate("ABC"):
        (alone, own) = added_up(fibre(told), rows=(tree.index[code],))
        assert feds["3.3"].figure(tree, i) == alone["3.3"].figure(own, 0)


def test_missing_is_never_zero_and_zero_is_never_missing():
    feds, tree = added_up({})
    assert (feds["3.3"].figure(tree, 0).share, feds["3.3"].figure(tree, 0).state) == (None, State.MISSING)
    feds, tree = added_up(fibre({"A1": (0, 10)}))
    assert (feds["3.3"].figure(tree, 0).share, feds["3.3"].figure(tree, 0).state) == (0, State.MEASURED)


def test_one_typed_part_makes_the_figure_a_reported_one_and_an_approved_base_does_not():
    figures = {
        "households_broadband": {"A1": 1, "A2": (1, State.CARRIED_OVER)},
        "households": {"A1": (2, State.REPORTED), "A2": (2, State.REPORTED)},
    }
    feds, tree = added_up(figures)
    figure = feds["3.3"].figure(tree, 0)
    assert (figure.state, figure.told[State.MEASURED], figure.told[State.CARRIED_OVER]) == (State.MEASURED, 1, 1)
    figures["households_broadband"]["A1"] = (1, State.REPORTED)
    feds, tree = added_up(figures)
    assert feds["3.3"].figure(tree, 0).state == State.REPORTED


def test_units_that_reach_a_year_s_number_are_counted_by_the_months_gone():
    weekly = MADE.feed("1.10")
    assert [threshold(weekly, month) for month in (1, 3, 6, 12)] == [5, 13, 26, 52]
    feds, tree = added_up({"radio_bulletins": {"A": 26, "B": 25}})
    figure = feds["1.10"].figure(tree, 0)
    assert (figure.part, figure.whole, figure.coverage.absent) == (1, 2, ("C",))


def test_an_inverse_counts_what_is_not_wrong_and_gains_by_fewer():
    feds, tree = added_up({"reflections": {"A": 10, "B": 10}, "reflections_dissatisfied": {"A": 4, "B": 0}})
    figure = feds["8.8.3"].figure(tree, 0)
    part = FRAMEWORK.components[-1].parts[2]
    assert figure.share == Fraction(16, 20)
    assert [(each.unit.code, each.missing, each.gain) for each in units_of(tree, feds["8.8.3"], figure, part, [1, 5])] == [
        ("A", 4, Fraction(4, 20)),
        ("B", 0, 0),
    ]


def test_a_target_below_the_whole_is_what_a_unit_has_to_reach():
    feds, tree = added_up({"citizens_trained": {"A1": 10, "A2": 50}, "residents": {"A1": 101, "A2": 50}})
    figure = feds["8.5"].figure(tree, 0)
    component = next(each for each in FRAMEWORK.components if each.code == "8.5")
    (a, *_) = units_of(tree, feds["8.5"], figure, component, [tree.index["A1"], tree.index["A2"]])
    assert (a.unit.code, a.missing) == ("A1", 61)  # 70% of 101 is 70,7: 71 persons
    assert a.gain == min(Fraction(121, 151) / Fraction(7, 10), 1) - Fraction(60, 151) / Fraction(7, 10)
    assert a.points is None  # nobody knows the maximum


def test_the_weight_of_a_district_s_count_is_that_of_its_communes():
    feds, tree = added_up({"applications": {"A": 10}, "applications_online": {"A": 5}, "residents": {"A1": 7, "A2": 8, "B1": 30}})
    weight = feds["6.12"].figure(tree, 0).weight
    assert (weight.covered, weight.total, weight.unknown, weight.share) == (15, 45, 1, Fraction(1, 3))
