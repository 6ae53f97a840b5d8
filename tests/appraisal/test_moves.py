"""Every state × move × role: only what stands in this table succeeds, each refusal says why in Vietnamese."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from hue_dti.accounts.model import PUBLIC, Actor, Grant, Role
from hue_dti.appraisal.model import Case, Move, Signed, State, Workflow
from hue_dti.appraisal.moves import Attempt, leads_to, may_move

TODAY = date(2024, 6, 12)
SENDERS = {Role.OFFICER, Role.SECRETARY}
REVIEWERS = {Role.APPROVER, Role.MEMBER, Role.SECRETARY, Role.APPRAISER}
APPROVERS, APPRAISERS = {Role.APPROVER}, {Role.APPRAISER}

LISTED = {
    ("figures", "draft", "send"): ("sent", SENDERS),
    ("figures", "withdrawn", "send"): ("sent", SENDERS),
    ("figures", "returned", "send"): ("sent", SENDERS),
    ("figures", "sent", "withdraw"): ("withdrawn", SENDERS),
    ("figures", "sent", "open"): ("under_review", REVIEWERS),
    ("figures", "sent", "approve"): ("approved", APPROVERS),
    ("figures", "sent", "return"): ("returned", REVIEWERS),
    ("figures", "under_review", "approve"): ("approved", APPROVERS),
    ("figures", "under_review", "return"): ("returned", REVIEWERS),
    ("figures", "approved", "undo"): ("under_review", APPROVERS),
    ("figures", "returned", "undo"): ("under_review", REVIEWERS),
    ("appraisal", "draft", "begin"): ("appraising", APPRAISERS),
    ("appraisal", "appraising", "ask"): ("explaining", APPRAISERS),
    ("appraisal", "appraising", "settle"): ("settled", APPRAISERS),
    ("appraisal", "explaining", "settle"): ("settled", APPRAISERS),
}
TRIPLES = list(product(Workflow, State, Move, [*Role, None]))


def actor(role, login="nguoi.xem", unit="483"):
    return PUBLIC if role is None else Actor(login, "Lê Văn An", "Uỷ viên", (Grant(role, unit),))


def case(state=State.SENT, workflow=Workflow.FIGURES, **more):
    told = {"version": 3, "sender": "can.bo", "until": date(2024, 6, 15), "by": Signed("can.bo", "Hồ Thị Hoa", "Cán bộ")}
    return Case("20161", "2024-Q2", workflow, state, **{**told, "at": datetime(2024, 6, 10, tzinfo=UTC), **more})


def attempt(role, **more):
    told = {"line": ("20161", "483", "46"), "version": 3, "today": TODAY, "reason": "xem lại", "entered": {"can.bo"}}
    return Attempt(more.pop("who", actor(role)), **{**told, **more})


def test_of_all_states_moves_and_roles_only_the_listed_ones_succeed():
    wrong = []
    for workflow, state, move, role in TRIPLES:
        to, roles = LISTED.get((workflow.value, state.value, move.value), ("", set()))
        answer = may_move(case(state, workflow), move, attempt(role))
        if (
            answer.ok is not (role in roles)
            or (answer.ok and leads_to(case(state, workflow), move).value != to)
            or (not answer.ok and not answer.why)
        ):
            wrong.append((workflow, state, move, role))
    assert len(TRIPLES) == 2 * 9 * 9 * 10
    assert wrong == []


def test_a_grant_at_another_commune_moves_nothing():
    for workflow, state, move, role in TRIPLES:
        if role is not None:
            assert not may_move(case(state, workflow), move, attempt(role, who=actor(role, unit="20164")))


@pytest.mark.parametrize("login", ["can.bo", "nguoi.nhap"])
@pytest.mark.parametrize("state", [State.SENT, State.UNDER_REVIEW])
def test_who_sent_or_typed_never_approves_whatever_his_roles(login, state):
    everything = Actor(login, "Hồ Thị Hoa", "Cán bộ", tuple(Grant(role, "46") for role in Role))
    told = attempt(None, who=everything, entered={"nguoi.nhap"})
    assert may_move(case(state), Move.APPROVE, told).why.startswith("Bạn đã nhập hoặc gửi")
    assert may_move(case(state), Move.RETURN, told)


def test_the_sender_is_told_until_when_the_review_locks_and_may_withdraw_after_it():
    told = case(State.UNDER_REVIEW)
    assert may_move(told, Move.WITHDRAW, attempt(Role.OFFICER)).why == "Đang thẩm tra, khóa đến 15/06/2024."
    assert not may_move(told, Move.WITHDRAW, attempt(Role.OFFICER, today=date(2024, 6, 15)))
    assert may_move(told, Move.WITHDRAW, attempt(Role.OFFICER, today=date(2024, 6, 16)))
    assert may_move(told, Move.SEND, attempt(Role.OFFICER)).why == "Đang thẩm tra, khóa đến 15/06/2024."


def test_a_case_that_moved_since_it_was_seen_is_not_moved():
    assert "làm trước bạn" in may_move(case(), Move.APPROVE, attempt(Role.APPROVER, version=2)).why


@pytest.mark.parametrize(("state", "move"), [(State.SENT, Move.RETURN), (State.RETURNED, Move.UNDO), (State.APPROVED, Move.UNDO)])
def test_returning_and_undoing_take_a_reason(state, move):
    assert may_move(case(state), move, attempt(Role.APPROVER))
    assert "Chưa ghi lý do" in may_move(case(state), move, attempt(Role.APPROVER, reason="  ")).why


def test_figures_neither_move_nor_are_undone_once_the_level_above_has_acted():
    for state, move in ((State.APPROVED, Move.UNDO), (State.SENT, Move.APPROVE), (State.DRAFT, Move.SEND)):
        role = Role.OFFICER if move is Move.SEND else Role.APPROVER
        assert may_move(case(state), move, attempt(role, beyond="Quý này đã chốt.")).why == "Quý này đã chốt."
    begin = attempt(Role.APPRAISER, beyond="Quý này đã chốt.")
    assert may_move(case(State.DRAFT, Workflow.APPRAISAL), Move.BEGIN, begin)


def test_what_still_stands_against_it_keeps_from_approving_and_settling():
    told = attempt(Role.APPROVER, unsettled="Còn 2 số đang bị trả lại.")
    assert may_move(case(State.UNDER_REVIEW), Move.APPROVE, told).why == "Còn 2 số đang bị trả lại."
    assert may_move(case(State.UNDER_REVIEW), Move.RETURN, told)
