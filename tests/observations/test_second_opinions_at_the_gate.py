"""What a source tells beside the one that counts passes the same gate, held against no other figure."""

from dataclasses import replace

from hue_dti.observations.intake import Gatekeeper
from hue_dti.observations.model import Pulled, State
from hue_dti.observations.opinions import apart, beside
from tests.observations.gate import ANSWER, CUTOFF, OFFICE, Q2, reading, values


def with_second(catalogue, *codes):
    measures = {code: replace(each, also_from=("meetings",)) if code in codes else each for code, each in catalogue.measures.items()}
    return replace(catalogue, measures=measures)


def test_a_part_above_its_whole_is_an_opinion_to_look_at(catalogue, names):
    compared = beside(with_second(catalogue, "staff", "staff_standardised"), "meetings")
    gate = Gatekeeper(compared, "meetings", Q2, CUTOFF, names.resolve, (), {ANSWER.sha256: ANSWER})
    found = gate.admit(Pulled((reading("staff", 20), reading("staff_standardised", 21))))
    assert found.faults == ()
    assert {key: value for key, (value, state) in values(found).items() if state.has_value} == {
        (OFFICE, "staff"): 20,
        (OFFICE, "staff_standardised"): 21,
    }


def test_a_number_told_twice_or_out_of_range_is_no_opinion(catalogue, names):
    compared = beside(with_second(catalogue, "staff", "staff_standardised"), "meetings")
    gate = Gatekeeper(compared, "meetings", Q2, CUTOFF, names.resolve, (), {ANSWER.sha256: ANSWER})
    found = gate.admit(Pulled((reading("staff", -1), reading("staff_standardised", 21), reading("staff_standardised", 21))))
    assert len(found.faults) == 2
    assert values(found) == {(OFFICE, "staff"): (None, State.MISSING), (OFFICE, "staff_standardised"): (None, State.MISSING)}


def test_readings_that_count_and_readings_that_are_compared_are_told_apart(catalogue):
    known = with_second(catalogue, "staff")
    brought = Pulled((reading("staff", 20), reading("team_conferences", 1), reading("nobody_knows", 2)))
    counting, others = apart(brought, known, "meetings")
    assert [each.measure for each in counting.readings] == ["team_conferences", "nobody_knows"]
    assert [each.measure for each in others.readings] == ["staff"]
