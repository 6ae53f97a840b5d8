"""The appraisal of a closed quarter: the appraiser's marks beside the self-score, the unit's explanations, the settled result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from hue_dti.appraisal.model import Answer, AppraisalMark, Case, Move, Stage, State, Workflow
from hue_dti.appraisal.moves import Attempt, may_move
from hue_dti.appraisal.points import Words, may_word, unsettled, words
from hue_dti.catalogue.model import CriteriaSet
from hue_dti.errors import ReviewRefused
from hue_dti.free_text import one_line
from hue_dti.numerals import format_points
from hue_dti.periods import Period
from hue_dti.scoring.model import ScoreSheet
from hue_dti.services.behind import Behind
from hue_dti.services.doer import Doer
from hue_dti.services.quarter import catalogue_of, frozen, newest_of
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import Storage
from hue_dti.storage.reviews import Step
from hue_dti.units.model import OrgUnit

EXPLAIN_DAYS, MOST_DAYS = 10, 60
LONGEST_REASON = 1000

EVENTS = {Move.BEGIN: "appraisal.begun", Move.ASK: "appraisal.asked", Move.SETTLE: "appraisal.settled"}
WORDED = {Stage.APPRAISED: "appraisal.marked", Stage.EXPLAINED: "appraisal.explained", Stage.FINAL: "appraisal.decided"}


@dataclass(frozen=True)
class UnitAppraisal:
    """A unit's appraisal as it stands, over the sheet of the closed quarter that it was begun on (the newest while it is not begun)."""

    unit: OrgUnit
    period: Period
    case: Case
    snapshot: Snapshot
    sheet: ScoreSheet
    criteria: CriteriaSet
    marks: tuple[AppraisalMark, ...]
    entered: frozenset[str]

    @cached_property
    def words(self) -> Mapping[str, Words]:
        """Every word on every criterion, in printed order."""
        return words({line.code: line.points for line in self.sheet.criteria}, self.marks)

    @property
    def points(self) -> int:
        """What the unit has by the words as they stand."""
        return sum(each.points for each in self.words.values())

    @property
    def differing(self) -> tuple[Words, ...]:
        """Criteria whose appraised points are not those the unit gave itself."""
        return tuple(each for each in self.words.values() if each.differs)

    def attempt(self, doer: Doer, line: Sequence[str], version: int, reason: str = "") -> Attempt:
        """What is true as the person tries."""
        left = unsettled(self.case, self.words.values(), doer.today)
        return Attempt(doer.actor, line, version, doer.today, reason, self.entered, "", left)

    def may(self, move: Move, doer: Doer, line: Sequence[str]) -> Answer:
        """Whether the person may make the move now."""
        return may_move(self.case, move, self.attempt(doer, line, self.case.version))

    def may_word(self, stage: Stage, criterion: str, doer: Doer, line: Sequence[str]) -> Answer:
        """Whether the person may write this word now, whatever the points and the reason."""
        return may_word(self.case, stage, self.attempt(doer, line, self.case.version, "–"), 0, self.sheet.criterion(criterion).max_points)


def round_of(storage: Storage, unit: OrgUnit, host: OrgUnit, period: Period) -> UnitAppraisal | None:
    """The unit's appraisal; None while its quarter is not closed, and for a unit that was not scored."""
    case = storage.reviews.case(unit.code, str(period), Workflow.APPRAISAL)
    head = newest_of(storage, host.code, period)
    if head is None:
        return None
    begun = storage.reviews.history(unit.code, str(period), Workflow.APPRAISAL)
    snapshot = frozen(storage, begun[0].told["snapshot"] if begun else head.sha256)
    sheet = next((each for each in (snapshot.sheet, *snapshot.lower) if each.unit == unit.code), None)
    if sheet is None:
        return None
    codes = [each.code for each in snapshot.tree.under(unit.code)]
    typed = {each.typed.login for each in storage.entries.newest(codes, str(period))} | Behind(storage, period).everybody(codes)
    senders = {each.sender for each in storage.reviews.cases(codes, str(period)).values()}
    marks = storage.appraisals.marks(unit.code, str(period))
    criteria = catalogue_of(snapshot).sets[sheet.criteria_set]
    return UnitAppraisal(unit, period, case, snapshot, sheet, criteria, marks, frozenset((typed | senders) - {""}))


def move(
    storage: Storage, mine: UnitAppraisal, what: Move, doer: Doer, line: Sequence[str], version: int, until: date | None = None
) -> Case:
    """Begin, ask for explanations until a day, settle; ReviewRefused says why not."""
    answer = may_move(mine.case, what, mine.attempt(doer, line, version))
    if not answer.ok:
        raise ReviewRefused(answer.why)
    due = until or doer.today + timedelta(days=EXPLAIN_DAYS)
    if what is Move.ASK and not doer.today < due <= doer.today + timedelta(days=MOST_DAYS):
        raise ReviewRefused(f"Hạn giải trình phải từ ngày mai và chậm nhất {MOST_DAYS} ngày nữa.")
    step = Step(what, doer.signed, doer.at, "", due if what is Move.ASK else None, told=_told(mine, what))
    new = format_points(mine.points) if what is Move.SETTLE else (due.isoformat() if what is Move.ASK else "")
    event = doer.event(EVENTS[what], mine.unit.code, str(mine.period), mine.case.state.value, new)
    return storage.reviews.move(mine.case, step, (), [event])


def write(
    storage: Storage,
    mine: UnitAppraisal,
    criterion: str,
    stage: Stage,
    points: int | None,
    reason: str,
    doer: Doer,
    line: Sequence[str],
    version: int,
) -> None:
    """Write a word on a criterion; ReviewRefused says why not."""
    said, own = one_line(reason, "Lý do", LONGEST_REASON, ReviewRefused), mine.sheet.criterion(criterion)
    answer = may_word(mine.case, stage, mine.attempt(doer, line, version, said), points, own.max_points)
    if not answer.ok or version != mine.case.version:
        raise ReviewRefused(answer.why or "Vừa có người làm trước bạn; hãy xem lại rồi quyết định.")
    follows = max((each.number for each in mine.marks if each.criterion == criterion), default=None)
    mark = AppraisalMark(
        mine.unit.code, str(mine.period), criterion, stage, own.points, points, said, doer.signed, doer.at, follows=follows
    )
    old = format_points(mine.words[criterion].points)
    new = format_points(points) if points is not None else ""
    event = doer.event(WORDED[stage], mine.unit.code, f"{criterion}, {mine.period}", old, new, said)
    storage.appraisals.write(mine.case, [mark], [event])


def _told(mine: UnitAppraisal, what: Move) -> dict[str, Any] | None:
    """What goes with the move for good: the snapshot it begins on, the whole result where it ends."""
    if what is Move.BEGIN:
        return {"snapshot": mine.snapshot.head.sha256}
    if what is not Move.SETTLE:
        return None
    rows = [
        {"criterion": code, "self": each.self_points, "appraised": each.appraised.points if each.appraised else None, "final": each.points}
        for code, each in mine.words.items()
    ]
    return {"snapshot": mine.snapshot.head.sha256, "points": mine.points, "self_points": mine.sheet.total.points, "criteria": rows}


def settled(storage: Storage, unit: OrgUnit, host: OrgUnit, period: Period) -> UnitAppraisal | None:
    """The unit's appraisal once it is settled."""
    found = round_of(storage, unit, host, period)
    return found if found is not None and found.case.state is State.SETTLED else None
