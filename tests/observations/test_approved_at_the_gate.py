"""At the gate an approved base figure is the measure: everything is held against it, what a source tells of it holds nothing back."""

import pytest

from hue_dti.observations.model import State
from tests.observations.gate import COMMUNE, OFFICE, known, reading, values


def test_a_part_within_the_approved_whole_passes_though_the_source_s_own_whole_is_smaller(admit):
    current = [known("staff", 10, source="district", state=State.REPORTED)]
    admission = admit(reading("staff_standardised", 21), current=current, source="super_app", approved={(OFFICE, "staff"): 30})
    assert values(admission) == {(OFFICE, "staff_standardised"): (21, State.MEASURED)}
    assert admission.faults == ()


def test_a_part_beyond_the_approved_whole_is_refused_though_the_source_s_own_whole_is_larger(admit):
    current = [known("staff", 40, source="district", state=State.REPORTED)]
    admission = admit(reading("staff_standardised", 21), current=current, source="super_app", approved={(OFFICE, "staff"): 20})
    assert values(admission) == {(OFFICE, "staff_standardised"): (None, State.MISSING)}
    assert "(21)" in admission.faults[0].what
    assert "(20)" in admission.faults[0].what


def test_what_a_source_tells_of_an_approved_whole_is_kept_beside_and_drops_no_part(admit):
    current = [known("staff_standardised", 21)]
    admission = admit(reading("staff", 5), current=current, source="district", approved={(OFFICE, "staff"): 30})
    assert values(admission) == {(OFFICE, "staff"): (5, State.REPORTED)}
    assert admission.faults == ()


def test_a_range_is_still_checked_of_what_a_source_tells_of_an_approved_figure(admit):
    admission = admit(reading("households", -1, unit=COMMUNE), source="district", approved={(COMMUNE, "households"): 30})
    assert values(admission) == {(COMMUNE, "households"): (None, State.MISSING)}


@pytest.mark.parametrize("approved", [{}, {(COMMUNE, "households"): 30}])
def test_another_unit_s_approved_figure_measures_nothing_here(admit, approved):
    current = [known("staff", 20, source="district", state=State.REPORTED)]
    admission = admit(reading("staff_standardised", 21), current=current, source="super_app", approved=approved)
    assert values(admission) == {(OFFICE, "staff_standardised"): (None, State.MISSING)}
