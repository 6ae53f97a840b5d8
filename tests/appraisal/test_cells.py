"""Words on single figures: who may say them, how long they hold, what they lock."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from hue_dti.accounts.model import Actor, Grant, Role
from hue_dti.appraisal.cells import holds, may_change, may_mark, open_until, standing_marks
from hue_dti.appraisal.model import Case, LockException, Mark, Signed, State, Verdict, Workflow
from hue_dti.appraisal.moves import Attempt

AT, TODAY = datetime(2024, 6, 10, tzinfo=UTC), date(2024, 6, 12)
BINH = Signed("binh", "Trần Thị Bình", "Phó Trưởng ban")
MARK = Mark("20161", "staff", "2024-Q2", Verdict.RETURNED, 12, "a" * 64, "can.bo", "thiếu thôn 3", BINH, AT, 1)
REVIEWERS = {Role.APPROVER, Role.MEMBER, Role.SECRETARY, Role.APPRAISER}


def case(state):
    return Case("20161", "2024-Q2", Workflow.FIGURES, state, 2, sender="nguoi.gui", until=date(2024, 6, 15))


def attempt(role, login="nguoi.xem", reason="sai"):
    return Attempt(Actor(login, "An", "", (Grant(role, "483"),)), ("20161", "483"), 2, TODAY, reason)


def test_figures_are_marked_only_under_review_and_only_by_the_listed_roles():
    allowed = {
        (state, verdict, role)
        for state, verdict, role in product(State, Verdict, Role)
        if may_mark(case(state), verdict, attempt(role), {"can.bo"})
    }
    returned = {(State.UNDER_REVIEW, verdict, role) for verdict in (Verdict.RETURNED, Verdict.CLEARED) for role in REVIEWERS}
    assert allowed == returned | {(State.UNDER_REVIEW, Verdict.APPROVED, Role.APPROVER)}


@pytest.mark.parametrize("login", ["can.bo", "nguoi.gui"])
def test_who_typed_or_sent_a_figure_never_approves_it(login):
    told = attempt(Role.APPROVER, login)
    assert "để người khác duyệt" in may_mark(case(State.UNDER_REVIEW), Verdict.APPROVED, told, {"can.bo"}).why


def test_a_figure_is_returned_only_with_a_reason():
    assert "lý do trả lại" in may_mark(case(State.UNDER_REVIEW), Verdict.RETURNED, attempt(Role.MEMBER, reason=" "), ()).why


def test_a_word_holds_for_the_very_figure_it_was_said_of():
    assert holds(MARK, 12, "a" * 64)
    assert not holds(MARK, 13, "a" * 64)
    assert not holds(MARK, 12, "b" * 64)
    assert not holds(None, 12, "a" * 64)


def test_the_newest_word_on_a_cell_stands_and_a_cleared_one_is_gone():
    cleared = replace(MARK, number=2, verdict=Verdict.CLEARED)
    approved = replace(MARK, number=3, verdict=Verdict.APPROVED)
    assert standing_marks([cleared, MARK]) == {}
    assert standing_marks([approved, cleared, MARK]) == {("20161", "staff"): approved}


@pytest.mark.parametrize("state", list(State))
def test_figures_are_open_before_sending_and_after_a_return_and_else_by_exception_only(state):
    answer = may_change(case(state), None, (), {"III.1"}, TODAY)
    assert answer.ok is (state in {State.DRAFT, State.WITHDRAWN, State.RETURNED})
    assert answer.ok or answer.why
    opened = LockException("20161", "2024-Q2", "III.1", TODAY, "sai số hộ", BINH, AT)
    assert may_change(case(state), None, [opened], {"III.1"}, TODAY)
    assert may_change(case(state), None, [opened], {"III.2"}, TODAY).ok is answer.ok
    assert may_change(case(state), None, [replace(opened, until=date(2024, 6, 11))], {"III.1"}, TODAY).ok is answer.ok


def test_in_a_returned_submission_what_was_approved_stays_locked_and_what_was_returned_says_why():
    approved = replace(MARK, verdict=Verdict.APPROVED)
    assert "Trần Thị Bình đã duyệt ô này" in may_change(case(State.RETURNED), approved, (), {"III.1"}, TODAY).why
    assert may_change(case(State.RETURNED), MARK, (), {"III.1"}, TODAY).why == "Trần Thị Bình trả lại: thiếu thôn 3"


def test_a_later_exception_takes_the_place_of_an_earlier_one():
    first = LockException("20161", "2024-Q2", "III.1", date(2024, 6, 30), "sai số hộ", BINH, AT)
    assert open_until([first], {"III.1"}, TODAY) == first
    assert open_until([first, replace(first, until=date(2024, 6, 11))], {"III.1"}, TODAY) is None
