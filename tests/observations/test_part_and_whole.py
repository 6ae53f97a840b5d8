"""Part and whole at the gate: which of the two is refused, which yields, and that no part is left above its whole."""

import pytest

from hue_dti.observations.intake import subsets
from hue_dti.observations.model import State
from tests.observations.gate import COMMUNE, DISTRICT, OFFICE, known, reading, values


def test_a_part_above_its_whole_is_missing_with_both_numbers_in_the_fault(admit):
    found = admit(reading("staff_standardised", 23), current=[known("staff", 22, source="district")])
    assert values(found) == {(OFFICE, "staff_standardised"): (None, State.MISSING)}
    assert "(23) lớn hơn" in found.faults[0].what
    assert "(22); hãy hỏi lại nguồn" in found.faults[0].what
    assert "22" not in found.observations[0].reason


def test_figures_are_said_as_an_official_writes_them(admit):
    spent = reading("budget_digital", 2_000_000_000, unit=DISTRICT)
    found = admit(spent, current=[known("budget", 1_950_000_000, unit=DISTRICT, source="nhập tay")], source="district")
    assert "(2.000.000.000 đồng) lớn hơn 'Tổng chi ngân sách huyện' (1.950.000.000 đồng)" in found.faults[0].what
    found = admit(reading("accounts_standardised", 1_301, unit=COMMUNE), reading("accounts", 1_300, unit=COMMUNE))
    assert "(1.301) lớn hơn 'Tài khoản Hue-S của người dân' (1.300)" in found.faults[0].what


def test_a_part_that_reaches_its_whole_passes(admit):
    found = admit(reading("staff_standardised", 22), current=[known("staff", 22, source="district")])
    assert values(found) == {(OFFICE, "staff_standardised"): (22, State.MEASURED)}


def test_a_whole_that_falls_below_a_known_part_of_another_source_is_refused(admit):
    found = admit(reading("staff", 20), current=[known("staff_standardised", 21)], source="district")
    assert values(found) == {(OFFICE, "staff"): (None, State.MISSING)}


def test_a_whole_falls_with_a_part_whose_source_is_still_to_come(admit):
    part = known("staff_standardised", 21)
    found = admit(reading("staff", 20), current=[part], source="district", to_come=["super_app"])
    assert values(found) == {(OFFICE, "staff"): (20, State.REPORTED), (OFFICE, "staff_standardised"): (None, State.MISSING)}
    assert found.faults == ()
    stale = next(each for each in found.observations if each.measure == "staff_standardised")
    assert stale.origin == part.origin
    assert "'Công chức, viên chức, người lao động'" in stale.reason


def test_a_part_still_to_come_that_lies_within_the_new_whole_stands(admit):
    found = admit(reading("staff", 20), current=[known("staff_standardised", 20)], source="district", to_come=["super_app"])
    assert values(found) == {(OFFICE, "staff"): (20, State.REPORTED)}


def test_what_a_person_typed_is_not_to_come_again_and_holds_the_whole(admit):
    typed = known("staff_standardised", 21, source="nhập tay", state=State.REPORTED)
    found = admit(reading("staff", 20), current=[typed], source="district", to_come=["super_app"])
    assert values(found) == {(OFFICE, "staff"): (None, State.MISSING)}


def test_a_whole_that_is_refused_takes_no_part_along(admit):
    before = [known("staff", 22, source="district"), known("staff_standardised", 21)]
    found = admit(reading("staff", -1), current=before, source="district", to_come=["super_app"])
    assert values(found) == {(OFFICE, "staff"): (22, State.CARRIED_OVER)}


def test_a_part_that_its_source_no_longer_gives_does_not_stand_above_the_new_whole(admit):
    before = [known("accounts", 1_113, unit=COMMUNE), known("accounts_standardised", 330, unit=COMMUNE)]
    found = admit(reading("accounts", 300, unit=COMMUNE), current=before)
    assert values(found) == {(COMMUNE, "accounts"): (300, State.MEASURED), (COMMUNE, "accounts_standardised"): (None, State.MISSING)}


def test_a_part_is_held_against_a_whole_that_its_source_no_longer_gives(admit):
    before = [known("accounts", 1_113, unit=COMMUNE), known("accounts_standardised", 330, unit=COMMUNE)]
    found = admit(reading("accounts_standardised", 1_114, unit=COMMUNE), current=before)
    assert values(found) == {(COMMUNE, "accounts_standardised"): (330, State.CARRIED_OVER)}


def test_part_and_whole_are_compared_within_one_unit_only(admit):
    found = admit(reading("staff_standardised", 23), current=[known("staff", 22, unit=COMMUNE, source="district")])
    assert values(found) == {(OFFICE, "staff_standardised"): (23, State.MEASURED)}


def test_a_part_that_is_no_declared_subset_may_exceed_its_whole(admit, catalogue):
    assert ("accounts_standardised", "households") not in subsets(catalogue)
    found = admit(reading("accounts_standardised", 900, unit=COMMUNE), current=[known("households", 500, unit=COMMUNE, source="district")])
    assert values(found) == {(COMMUNE, "accounts_standardised"): (900, State.MEASURED)}


@pytest.mark.parametrize("turned", [False, True])
def test_part_and_whole_that_both_shrink_in_one_pull_are_not_held_against_what_they_were(turned, admit):
    anew = [reading("accounts", 300, unit=COMMUNE), reading("accounts_standardised", 290, unit=COMMUNE)]
    before = [known("accounts", 1_113, unit=COMMUNE), known("accounts_standardised", 330, unit=COMMUNE)]
    found = admit(*(reversed(anew) if turned else anew), current=before)
    assert values(found) == {
        (COMMUNE, "accounts"): (300, State.MEASURED),
        (COMMUNE, "accounts_standardised"): (290, State.MEASURED),
    }
    assert found.faults == ()


def test_an_earlier_figure_that_contradicts_the_new_ones_is_not_carried_over(admit):
    before = [known("accounts", 1_113, unit=COMMUNE), known("accounts_standardised", 330, unit=COMMUNE)]
    found = admit(reading("accounts", 300, unit=COMMUNE), reading("accounts_standardised", 301, unit=COMMUNE), current=before)
    assert values(found) == {(COMMUNE, "accounts"): (300, State.MEASURED), (COMMUNE, "accounts_standardised"): (None, State.MISSING)}
