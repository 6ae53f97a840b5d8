"""An appraiser's marks: self-score, his mark, the unit's explanation, his last word; who writes which, when a result is settled."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from hue_dti.accounts.model import Actor, Grant, Role
from hue_dti.appraisal.model import AppraisalMark, Case, Signed, Stage, State, Workflow
from hue_dti.appraisal.moves import Attempt
from hue_dti.appraisal.points import may_word, unsettled, words

AT, DUE = datetime(2024, 6, 10, tzinfo=UTC), date(2024, 6, 20)
BINH = Signed("binh", "Trần Thị Bình", "Chuyên viên")


def case(state):
    return Case("483", "2024-Q2", Workflow.APPRAISAL, state, 2, until=DUE if state is State.EXPLAINING else None)


def attempt(role, login="tham.dinh", today=DUE, reason="có căn cứ", entered=()):
    return Attempt(Actor(login, "An", "", (Grant(role, "46"),)), ("483", "46"), 2, today, reason, entered)


def said(stage, points, number=1, criterion="III.1"):
    return AppraisalMark("483", "2024-Q2", criterion, stage, 90_000, points, "thiếu văn bản", BINH, AT, number)


def test_each_word_is_written_in_its_state_by_its_role_only():
    allowed = {
        (state, stage, role)
        for state, stage, role in product(State, Stage, Role)
        if may_word(case(state), stage, attempt(role), None if stage is Stage.EXPLAINED else 50_000, 100_000)
    }
    assert allowed == {
        (State.APPRAISING, Stage.APPRAISED, Role.APPRAISER),
        (State.EXPLAINING, Stage.FINAL, Role.APPRAISER),
        (State.EXPLAINING, Stage.EXPLAINED, Role.OFFICER),
        (State.EXPLAINING, Stage.EXPLAINED, Role.SECRETARY),
    }


@pytest.mark.parametrize("points", [None, -1, 100_001])
def test_a_mark_lies_between_zero_and_the_criterion_s_most(points):
    assert "điểm tối đa" in may_word(case(State.APPRAISING), Stage.APPRAISED, attempt(Role.APPRAISER), points, 100_000).why
    assert may_word(case(State.APPRAISING), Stage.APPRAISED, attempt(Role.APPRAISER), 100_000, 100_000)


def test_the_appraiser_never_marks_what_he_typed_himself():
    told = attempt(Role.APPRAISER, entered={"tham.dinh"})
    assert "để người khác" in may_word(case(State.APPRAISING), Stage.APPRAISED, told, 1, 100_000).why


def test_an_explanation_comes_in_time_and_with_words():
    assert may_word(case(State.EXPLAINING), Stage.EXPLAINED, attempt(Role.OFFICER), None, 100_000)
    assert "hết hạn" in may_word(case(State.EXPLAINING), Stage.EXPLAINED, attempt(Role.OFFICER, today=date(2024, 6, 21)), None, 1).why
    assert "căn cứ" in may_word(case(State.EXPLAINING), Stage.EXPLAINED, attempt(Role.OFFICER, reason=""), None, 1).why


def test_both_marks_are_kept_and_the_last_word_of_the_appraiser_counts():
    marks = [said(Stage.APPRAISED, 50_000), said(Stage.EXPLAINED, None, 2), said(Stage.FINAL, 70_000, 3)]
    found = words({"III.1": 90_000, "III.2": 10_000}, marks)
    assert (found["III.1"].self_points, found["III.1"].appraised.points, found["III.1"].points) == (90_000, 50_000, 70_000)
    assert (found["III.2"].points, found["III.2"].differs) == (10_000, False)


def test_a_result_is_settled_once_all_that_differs_is_explained_or_the_time_for_it_is_over():
    waiting = words({"III.1": 90_000, "III.2": 1}, [said(Stage.APPRAISED, 50_000)]).values()
    assert "chưa giải trình III.1" in unsettled(case(State.APPRAISING), waiting, DUE)
    assert "chưa giải trình III.1" in unsettled(case(State.EXPLAINING), waiting, DUE)
    assert unsettled(case(State.EXPLAINING), waiting, date(2024, 6, 21)) == ""
    answered = words({"III.1": 90_000}, [said(Stage.APPRAISED, 50_000), said(Stage.EXPLAINED, None, 2)]).values()
    assert unsettled(case(State.EXPLAINING), answered, DUE) == ""
    assert unsettled(case(State.APPRAISING), words({"III.1": 1}, ()).values(), DUE) == ""
