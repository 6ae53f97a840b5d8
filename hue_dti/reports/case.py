"""The way of a report from draft to issue (dự thảo, trình ký, duyệt, phát hành): which move leads where, for whom, on what condition.

All of it stands in the table `WAYS`; `may_move` is the one place that answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hue_dti.accounts.model import Act


class State(StrEnum):
    """Where an edition of the report stands; the next edition replaces an issued one."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"


class Move(StrEnum):
    """What a person does with it. REPLACE opens the next edition; FILE and CORRECT add to an issued one."""

    SAVE = "save"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    APPROVE = "approve"
    ISSUE = "issue"
    FILE = "file"
    CORRECT = "correct"
    REPLACE = "replace"


STATE_WORDS = {
    State.DRAFT: "đang soạn",
    State.SUBMITTED: "đang trình ký",
    State.APPROVED: "đã duyệt, chờ phát hành",
    State.ISSUED: "đã phát hành",
}
MOVE_WORDS = {
    Move.SAVE: "lưu lời báo cáo",
    Move.SUBMIT: "trình ký",
    Move.WITHDRAW: "rút về sửa",
    Move.RETURN: "trả lại",
    Move.APPROVE: "duyệt",
    Move.ISSUE: "phát hành",
    Move.FILE: "kèm bản đã ký",
    Move.CORRECT: "đính chính",
    Move.REPLACE: "lập báo cáo thay thế",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides beside the state: the acts the person has at the unit, and how the report stands.

    `author` when the person saved or submitted this text; `frozen` when the figures are those of a closed quarter; `filled` when every
    named figure is there; `signed` when a signed file comes with the move; `reason` when one is given.
    """

    acts: frozenset[Act]
    author: bool = False
    frozen: bool = True
    filled: bool = True
    signed: bool = False
    reason: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it may be done, where it leads, and why not."""

    ok: bool
    after: State
    why: str = ""


class Condition(StrEnum):
    """What a move asks for beside the right to make it."""

    FROZEN = "frozen"
    FILLED = "filled"
    NOT_AUTHOR = "not_author"
    SIGNED = "signed"
    REASON = "reason"


_MET: Mapping[Condition, tuple[Callable[[Facts], bool], str]] = {
    Condition.FROZEN: (
        lambda facts: facts.frozen,
        "số liệu của kỳ chưa chốt; hãy chốt số liệu trước, bản trình ký chỉ lập trên số đã chốt",
    ),
    Condition.FILLED: (lambda facts: facts.filled, "có số liệu nêu trong lời báo cáo mà bản chốt không có; hãy sửa các chỗ được chỉ ra"),
    Condition.NOT_AUTHOR: (lambda facts: not facts.author, "người soạn hoặc trình không tự duyệt; hãy để người khác có quyền ký duyệt"),
    Condition.SIGNED: (lambda facts: facts.signed, "báo cáo chưa được duyệt; hãy chờ lãnh đạo duyệt hoặc kèm bản PDF lãnh đạo đã ký"),
    Condition.REASON: (lambda facts: facts.reason, "hãy ghi lý do"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """Who may make a move (any of the acts), where it leads, and on what conditions."""

    by: frozenset[Act]
    after: State
    conditions: tuple[Condition, ...] = ()


_EDITOR = frozenset({Act.EDIT_REPORT})
_LEADER = frozenset({Act.ISSUE_REPORT})
_EITHER = _EDITOR | _LEADER
_REASON = (Condition.REASON,)

WAYS: Mapping[tuple[State, Move], Way] = {
    (State.DRAFT, Move.SAVE): Way(_EDITOR, State.DRAFT),
    (State.DRAFT, Move.SUBMIT): Way(_EDITOR, State.SUBMITTED, (Condition.FROZEN, Condition.FILLED)),
    (State.SUBMITTED, Move.WITHDRAW): Way(_EDITOR, State.DRAFT, _REASON),
    (State.SUBMITTED, Move.RETURN): Way(_LEADER, State.DRAFT, _REASON),
    (State.SUBMITTED, Move.APPROVE): Way(_LEADER, State.APPROVED, (Condition.NOT_AUTHOR,)),
    (State.SUBMITTED, Move.ISSUE): Way(_EITHER, State.ISSUED, (Condition.SIGNED,)),
    (State.APPROVED, Move.WITHDRAW): Way(_EDITOR, State.DRAFT, _REASON),
    (State.APPROVED, Move.RETURN): Way(_LEADER, State.DRAFT, _REASON),
    (State.APPROVED, Move.ISSUE): Way(_EITHER, State.ISSUED),
    (State.ISSUED, Move.FILE): Way(_EDITOR, State.ISSUED, (Condition.SIGNED,)),
    (State.ISSUED, Move.CORRECT): Way(_EDITOR, State.ISSUED, _REASON),
    (State.ISSUED, Move.REPLACE): Way(_EDITOR, State.DRAFT, _REASON),
}

_INSTEAD = {
    (State.DRAFT, Move.ISSUE): "hãy trình ký trước",
    (State.DRAFT, Move.APPROVE): "hãy trình ký trước",
    (State.DRAFT, Move.RETURN): "báo cáo còn ở người soạn",
    (State.DRAFT, Move.WITHDRAW): "báo cáo còn ở người soạn",
    (State.SUBMITTED, Move.SAVE): "hãy rút về sửa trước",
    (State.APPROVED, Move.SAVE): "hãy rút về sửa trước",
    (State.SUBMITTED, Move.SUBMIT): "báo cáo đang chờ ký",
    (State.APPROVED, Move.SUBMIT): "báo cáo đang chờ phát hành",
    (State.APPROVED, Move.APPROVE): "đã có người duyệt",
}
_AFTER_ISSUE = "nội dung sai thì lập báo cáo thay thế, sai hình thức thì đính chính"
_NOT_YET = "chỉ làm được với báo cáo đã phát hành"


def may_move(state: State, move: Move, facts: Facts) -> Answer:
    """Whether a person may make the move now; the answer says why not, in Vietnamese and with what to do instead."""
    way = WAYS.get((state, move))
    if way is None:
        usual = _AFTER_ISSUE if state is State.ISSUED else _NOT_YET
        instead = _INSTEAD.get((state, move), usual)
        return Answer(False, state, f"Không {MOVE_WORDS[move]} được khi báo cáo {STATE_WORDS[state]}: {instead}.")
    if not way.by & facts.acts:
        return Answer(False, state, f"Bạn không có quyền {MOVE_WORDS[move]} báo cáo của đơn vị này.")
    for condition in way.conditions:
        met, why = _MET[condition]
        if not met(facts):
            return Answer(False, state, f"Chưa {MOVE_WORDS[move]} được: {why}.")
    return Answer(True, way.after)
