"""Which move leads where, by which right; the one function that says whether a person may make it now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hue_dti.accounts.model import Act, Actor
from hue_dti.accounts.rights import may
from hue_dti.appraisal.model import Answer, Case, Move, State, Workflow
from hue_dti.numerals import format_date

_F, _A = Workflow.FIGURES, Workflow.APPRAISAL

MOVES: Mapping[tuple[Workflow, State, Move], tuple[State, Act]] = {
    (_F, State.DRAFT, Move.SEND): (State.SENT, Act.SEND),
    (_F, State.WITHDRAWN, Move.SEND): (State.SENT, Act.SEND),
    (_F, State.RETURNED, Move.SEND): (State.SENT, Act.SEND),
    (_F, State.SENT, Move.WITHDRAW): (State.WITHDRAWN, Act.SEND),
    (_F, State.UNDER_REVIEW, Move.WITHDRAW): (State.WITHDRAWN, Act.SEND),
    (_F, State.SENT, Move.OPEN): (State.UNDER_REVIEW, Act.REVIEW),
    (_F, State.SENT, Move.APPROVE): (State.APPROVED, Act.APPROVE),
    (_F, State.UNDER_REVIEW, Move.APPROVE): (State.APPROVED, Act.APPROVE),
    (_F, State.SENT, Move.RETURN): (State.RETURNED, Act.REVIEW),
    (_F, State.UNDER_REVIEW, Move.RETURN): (State.RETURNED, Act.REVIEW),
    (_F, State.APPROVED, Move.UNDO): (State.UNDER_REVIEW, Act.APPROVE),
    (_F, State.RETURNED, Move.UNDO): (State.UNDER_REVIEW, Act.REVIEW),
    (_A, State.DRAFT, Move.BEGIN): (State.APPRAISING, Act.APPRAISE),
    (_A, State.APPRAISING, Move.ASK): (State.EXPLAINING, Act.APPRAISE),
    (_A, State.APPRAISING, Move.SETTLE): (State.SETTLED, Act.APPRAISE),
    (_A, State.EXPLAINING, Move.SETTLE): (State.SETTLED, Act.APPRAISE),
}
"""(workflow, state, move) → the state it leads to and the right it takes; what is not here nobody may do."""

REASONED = frozenset({Move.RETURN, Move.UNDO})
NEVER_OWN = frozenset({Move.APPROVE, Move.BEGIN, Move.ASK, Move.SETTLE})

_STANDS = {
    State.DRAFT: "Chưa gửi.",
    State.WITHDRAWN: "Đã rút lại, chưa gửi lại.",
    State.RETURNED: "Đã trả lại, đang chờ đơn vị sửa và gửi lại.",
    State.APPROVED: "Đã được duyệt; muốn sửa số nào hãy xin mở khóa tiêu chí đó.",
    State.APPRAISING: "Đang thẩm định.",
    State.SETTLED: "Đã có kết quả thẩm định cuối cùng, không sửa được nữa.",
}
NOT_YOURS = "Vai trò của bạn không được làm việc này ở đơn vị này."
OWN_FIGURES = "Bạn đã nhập hoặc gửi số liệu này nên không được tự duyệt; hãy để người khác duyệt."
CHANGED_MEANWHILE = "Vừa có người làm trước bạn; hãy xem lại rồi quyết định."


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who wants to make a move, and what is true as they do.

    `line` are the codes from the unit up to the province; `version` is the case as the person saw it; `entered` the logins that typed
    figures of it. `beyond` is what the level above did already (the quarter is closed), after which figures move no more; `unsettled` is
    what still stands against it.
    """

    actor: Actor
    line: Sequence[str]
    version: int
    today: date
    reason: str = ""
    entered: Collection[str] = field(default=frozenset())
    beyond: str = ""
    unsettled: str = ""


def may_move(case: Case, move: Move, attempt: Attempt) -> Answer:
    """Whether the person may make the move now."""
    found = MOVES.get((case.workflow, case.state, move))
    if found is None:
        return Answer(False, stands(case))
    checks = (
        (not may(attempt.actor, found[1], attempt.line), NOT_YOURS),
        (attempt.version != case.version, CHANGED_MEANWHILE),
        (move in NEVER_OWN and is_own(case, attempt), OWN_FIGURES),
        (move in REASONED and not attempt.reason.strip(), "Chưa ghi lý do; hãy viết một dòng để người nhận biết cần làm gì."),
        (case.state is State.UNDER_REVIEW and move is Move.WITHDRAW and not _lapsed(case, attempt.today), stands(case)),
        (case.workflow is _F and bool(attempt.beyond), attempt.beyond),
        (move in {Move.APPROVE, Move.SETTLE} and bool(attempt.unsettled), attempt.unsettled),
    )
    return next((Answer(False, why) for wrong, why in checks if wrong), Answer(True))


def leads_to(case: Case, move: Move) -> State:
    """The state after the move; KeyError where there is no such move."""
    return MOVES[case.workflow, case.state, move][0]


def is_own(case: Case, attempt: Attempt) -> bool:
    """Whether the person typed or sent what is to be judged."""
    return attempt.actor.login in {*attempt.entered, case.sender} - {""}


def stands(case: Case) -> str:
    """How the case stands, in the words of why a move is not open."""
    until = f", khóa đến {format_date(case.until)}" if case.until else ""
    match case.state:
        case State.SENT:
            return "Đã gửi; muốn sửa hãy rút lại trước khi có người mở."
        case State.UNDER_REVIEW:
            return f"Đang thẩm tra{until}."
        case State.EXPLAINING:
            return f"Đang chờ đơn vị giải trình{until.replace('khóa đến', 'hạn')}."
        case _:
            return _STANDS[case.state]


def _lapsed(case: Case, today: date) -> bool:
    """Whether the review's time is over."""
    return case.until is not None and today > case.until
