"""The way of a report: every state × move × role, each allowed one written down here, every other refused with why."""

import itertools

import pytest

from hue_dti.accounts.model import Act, Role
from hue_dti.accounts.rights import ALLOWED
from hue_dti.reports.case import Facts, Move, State, may_move

SECRETARY, APPROVER = Role.SECRETARY, Role.APPROVER
OPEN = {
    (State.DRAFT, Move.SAVE, SECRETARY): State.DRAFT,
    (State.DRAFT, Move.SUBMIT, SECRETARY): State.SUBMITTED,
    (State.SUBMITTED, Move.WITHDRAW, SECRETARY): State.DRAFT,
    (State.SUBMITTED, Move.RETURN, APPROVER): State.DRAFT,
    (State.SUBMITTED, Move.APPROVE, APPROVER): State.APPROVED,
    (State.SUBMITTED, Move.ISSUE, SECRETARY): State.ISSUED,
    (State.SUBMITTED, Move.ISSUE, APPROVER): State.ISSUED,
    (State.APPROVED, Move.WITHDRAW, SECRETARY): State.DRAFT,
    (State.APPROVED, Move.RETURN, APPROVER): State.DRAFT,
    (State.APPROVED, Move.ISSUE, SECRETARY): State.ISSUED,
    (State.APPROVED, Move.ISSUE, APPROVER): State.ISSUED,
    (State.ISSUED, Move.FILE, SECRETARY): State.ISSUED,
    (State.ISSUED, Move.CORRECT, SECRETARY): State.ISSUED,
    (State.ISSUED, Move.REPLACE, SECRETARY): State.DRAFT,
}


def test_every_state_move_and_role_is_allowed_as_written_and_else_refused_with_why():
    for state, move, role in itertools.product(State, Move, Role):
        answer = may_move(state, move, Facts(acts=ALLOWED[role], signed=True))
        assert answer.ok == ((state, move, role) in OPEN), (state, move, role)
        assert answer.after == OPEN.get((state, move, role), state)
        assert answer.ok or answer.why.endswith("."), (state, move, role)
    assert not any(may_move(state, move, Facts(acts=frozenset(), signed=True)).ok for state in State for move in Move)


@pytest.mark.parametrize(
    ("state", "move", "lacking", "why"),
    [
        (State.DRAFT, Move.SUBMIT, {"frozen": False}, "chưa chốt"),
        (State.DRAFT, Move.SUBMIT, {"filled": False}, "bản chốt không có"),
        (State.SUBMITTED, Move.APPROVE, {"author": True}, "không tự duyệt"),
        (State.SUBMITTED, Move.ISSUE, {"signed": False}, "bản PDF lãnh đạo đã ký"),
        (State.SUBMITTED, Move.RETURN, {"reason": False}, "lý do"),
        (State.APPROVED, Move.WITHDRAW, {"reason": False}, "lý do"),
        (State.ISSUED, Move.REPLACE, {"reason": False}, "lý do"),
        (State.ISSUED, Move.CORRECT, {"reason": False}, "lý do"),
    ],
)
def test_a_move_asks_for_more_than_the_right_to_make_it(state, move, lacking, why):
    acts = frozenset({Act.EDIT_REPORT, Act.ISSUE_REPORT})
    assert may_move(state, move, Facts(acts, signed=True)).ok
    assert why in may_move(state, move, Facts(**{"acts": acts, "signed": True, **lacking})).why


def test_what_comes_in_the_wrong_order_is_told_what_to_do_instead():
    acts = frozenset(Act)
    assert "hãy trình ký trước" in may_move(State.DRAFT, Move.ISSUE, Facts(acts)).why
    assert "hãy rút về sửa trước" in may_move(State.SUBMITTED, Move.SAVE, Facts(acts)).why
    assert "lập báo cáo thay thế" in may_move(State.ISSUED, Move.ISSUE, Facts(acts)).why
    assert "lập báo cáo thay thế" in may_move(State.ISSUED, Move.SAVE, Facts(acts)).why
