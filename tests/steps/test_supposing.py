"""What is supposed is scored like any figures; what cannot be is told."""

from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hue_dti.catalogue.model import ValueKind
from hue_dti.scoring.arrays import score_arrays
from hue_dti.steps.supposing import sum_of, supposing, target_of, with_targets
from hue_dti.units.model import Level


@settings(max_examples=5, deadline=None)
@example(seed=73277, values=[389, 0, 0, 0])
@given(seed=st.integers(0, 10**6), values=st.lists(st.integers(0, 2000), min_size=4, max_size=4))
def test_supposed_sums_score_as_if_they_had_been_reported(world, seed, values):
    again = world(seed, 0.2).again(Level.DISTRICT, "D")
    counted = [code for code, measure in again.measures.items() if measure.kind is ValueKind.COUNT]
    asked = dict(zip(sorted(counted)[seed % 40 :][:4], values, strict=True))
    then, missed = supposing(again, asked)
    base = again.base
    fresh = score_arrays(base.criteria_set, again.measures, then.frame, base.period, base.as_of, {"D"})
    assert fresh.points[0] == then.base.points[0]
    assert all(sum_of(then, code) == value for code, value in asked.items() if code not in {each.measure for each in missed})


def test_a_part_does_not_pass_its_whole_unless_the_whole_grows_too(world):
    again = world(5, 0.0).again(Level.COMMUNE, "X1")
    most = sum_of(again, "staff")
    _, missed = supposing(again, {"staff_readers": most + 10})
    assert [(each.measure, each.reached) for each in missed] == [("staff_readers", most)]
    then, missed = supposing(again, {"staff_readers": most + 10, "staff": most + 10})
    assert missed == ()
    assert sum_of(then, "staff_readers") == most + 10


def test_a_figure_that_did_not_come_is_not_supposed_over_its_whole_nor_below_its_part(world):
    again = world(413763, 0.2).again(Level.DISTRICT, "D")
    assert sum_of(again, "applications_online") is None
    then, missed = supposing(again, {"applications": 0, "applications_checked": 0, "applications_online": 1})
    assert "applications_online" in {each.measure for each in missed}
    assert sum_of(then, "applications_online") <= sum_of(then, "applications")


def test_another_target_is_asked_of_the_criterion_alone(world):
    criteria_set = world(5).catalogue.sets["hue-district-2024"]
    asking = with_targets(criteria_set, {"III.1": Fraction(1, 2), "I.4": 12})
    assert target_of(asking.criterion("III.1").rule) == Fraction(1, 2)
    assert target_of(asking.criterion("I.4").rule) == 12
    changed = [each.code for each, other in zip(criteria_set.criteria, asking.criteria, strict=True) if each != other]
    assert changed == ["I.4", "III.1"]
