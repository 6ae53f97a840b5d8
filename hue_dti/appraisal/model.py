"""What is sent, reviewed and appraised: cases, marks on single figures, lock exceptions, marks of an appraiser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hue_dti.periods import LOCAL

RETURNED_WORDS = "bị trả lại"
"""How the reason of a figure begins that the committee returned."""
UNAPPROVED_WORDS = "chưa được duyệt"
"""What the reason of a typed figure says that nobody approved."""


class Workflow(StrEnum):
    """What a unit's quarter goes through: its figures are approved by the committee, its scores appraised by the province."""

    FIGURES = "figures"
    APPRAISAL = "appraisal"


class State(StrEnum):
    """Where a case stands; the first six are of the figures, `draft` and the last three of the appraisal."""

    DRAFT = "draft"
    SENT = "sent"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    APPRAISING = "appraising"
    EXPLAINING = "explaining"
    SETTLED = "settled"


class Move(StrEnum):
    """What leads from one state to another."""

    SEND = "send"
    WITHDRAW = "withdraw"
    OPEN = "open"
    APPROVE = "approve"
    RETURN = "return"
    UNDO = "undo"
    BEGIN = "begin"
    ASK = "ask"
    SETTLE = "settle"


class Verdict(StrEnum):
    """What a reviewer says of one figure; `cleared` takes the word before it back."""

    APPROVED = "approved"
    RETURNED = "returned"
    CLEARED = "cleared"


class Stage(StrEnum):
    """Whose word on a criterion's points it is: the appraiser's, the unit's answer to it, the appraiser's last."""

    APPRAISED = "appraised"
    EXPLAINED = "explained"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something may be done, and if not, why and what would help, in Vietnamese."""

    ok: bool
    why: str = ""

    def __bool__(self) -> bool:
        return self.ok


@dataclass(frozen=True, slots=True)
class Signed:
    """Who did something, as rows keep it."""

    login: str
    name: str
    post: str


NOBODY = Signed("", "", "")


@dataclass(frozen=True, slots=True)
class Case:
    """(unit, period, workflow) as it stands: `version` counts the moves made, `by` and `at` tell of the last one.

    `sender` is the login that sent last, `code` that sending's receipt; `until` is the day to which a review locks or an explanation is
    awaited.
    """

    unit: str
    period: str
    workflow: Workflow
    state: State = State.DRAFT
    version: int = 0
    move: Move | None = None
    by: Signed = NOBODY
    at: datetime | None = None
    reason: str = ""
    until: date | None = None
    sender: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A reviewer's word on one figure: it holds for this very value (None: for having none) from this very answer, not for a later one.

    `entered_by` are the logins that the figure comes from, with a space between;
    `follows` the number of the mark on the same cell before it.
    """

    unit: str
    measure: str
    period: str
    verdict: Verdict
    value: int | None
    raw_sha256: str
    entered_by: str
    reason: str
    by: Signed
    at: datetime
    number: int = 0
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """Something said on a cell."""

    unit: str
    measure: str
    period: str
    text: str
    by: Signed
    at: datetime


@dataclass(frozen=True, slots=True)
class LockException:
    """One criterion of one unit and period opened again until a day (inclusive), with the reason; a later one takes its place.

    One that is over before it was given closes what stood there.
    """

    unit: str
    period: str
    criterion: str
    until: date
    reason: str
    by: Signed
    at: datetime

    @property
    def closes(self) -> bool:
        """Whether it was given to close an earlier one before its day."""
        return self.until < self.at.astimezone(LOCAL).date()


@dataclass(frozen=True, slots=True)
class AppraisalMark:
    """A word on a criterion's points (ten-thousandths): `points` is None for an explanation, `self_points` what the unit's figures give."""

    unit: str
    period: str
    criterion: str
    stage: Stage
    self_points: int
    points: int | None
    reason: str
    by: Signed
    at: datetime
    number: int = 0
    follows: int | None = None
