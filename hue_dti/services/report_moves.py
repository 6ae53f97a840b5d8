"""What persons do with a report: save its words, submit, take back, send back, approve, issue, correct, replace.

Each is one transaction with its event; whoever comes second is told (CaseChanged), whoever may not is told why (CaseRefused).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hue_dti.accounts.model import Act
from hue_dti.errors import CaseChanged, CaseRefused
from hue_dti.free_text import one_line
from hue_dti.numerals import format_moment
from hue_dti.periods import LOCAL, Period
from hue_dti.reports.case import Facts, Move, State, may_move
from hue_dti.reports.compared import PartChanged, compared
from hue_dti.reports.editions import Correction, Edition, Person, SignedFile, Step, TextVersion
from hue_dti.reports.issue import Issue, faults
from hue_dti.services.manuscript import Manuscript
from hue_dti.storage.reviews import Made
from hue_dti.trail.model import Event, Hand


@dataclass(frozen=True, slots=True)
class ReportHand:
    """Who does it, what the person may do at the unit, and when."""

    by: Person
    acts: frozenset[Act]
    at: datetime

    def did(self, act: str, work: Manuscript, old: str = "", new: str = "", reason: str = "") -> Event:
        """The event of a change to this report."""
        hand, subject = Hand(self.by.login, self.by.name, self.by.address, self.by.request), Period.parse(work.period).label
        return hand.did(act, self.at, unit=work.unit, subject=subject, old=old, new=new, reason=reason)


LONGEST_REASON = 500

_EVENTS = {
    Move.SUBMIT: "report.submitted",
    Move.WITHDRAW: "report.withdrawn",
    Move.RETURN: "report.returned",
    Move.APPROVE: "report.approved",
    Move.ISSUE: "report.issued",
    Move.FILE: "report.filed",
    Move.CORRECT: "report.corrected",
    Move.REPLACE: "report.replaced",
}


def save(work: Manuscript, typed: Mapping[str, str], expected: int, hand: ReportHand, restored: int | None = None) -> int:
    """Keep what was typed as the next version and return its number; words that say nothing new make no version.

    CaseRefused with the faults of the text, CaseChanged when a version came after `expected`.
    """
    edition = work.case.current
    _allowed(work, Move.SAVE, hand)
    own = work.desk.gathered(typed)
    if wrong := work.desk.faults(own):
        raise CaseRefused("Chưa lưu được: có chỗ cần sửa.", [(fault.part, fault.words) for fault in wrong])
    if edition.newest == expected and own == edition.own(expected):
        return expected
    version = TextVersion(expected + 1, own, hand.by, hand.at, restored)
    event = hand.did("report.saved", work, f"bản số {expected}" if expected else "", f"bản số {version.number}")
    work.storage.reports.save(work.unit, work.period, edition.number, version, [event])
    return version.number


def restore(work: Manuscript, number: int, expected: int, hand: ReportHand) -> int:
    """Take an earlier version over as the newest; its figures must still be there."""
    return save(work, work.case.current.own(number), expected, hand, restored=number)


def submit(work: Manuscript, version: int, hand: ReportHand) -> None:
    """Send a version to be signed (trình ký), bound to the frozen quarter it stands on."""
    edition = work.case.current
    filled = version not in range(edition.newest + 1) or not work.desk.faults(edition.own(version))
    _allowed(work, Move.SUBMIT, hand, filled=filled)
    if version != edition.newest:
        raise CaseChanged("Vừa có bản mới hơn được lưu; hãy xem lại rồi trình.")
    told = f"{f'bản số {version}' if version else 'lời của chương trình'}, bản chốt số liệu {work.snapshot.head.sha256[:12]}"
    step = _step(work, Move.SUBMIT, State.SUBMITTED, hand, len(edition.steps), "", version, work.snapshot.head.sha256)
    _move(work, [step], hand, new=told)


def go(work: Manuscript, move: Move, seen: int, hand: ReportHand, reason: str = "") -> None:
    """Approve, withdraw or send back what was submitted, as it stood `seen` steps ago at the latest."""
    why = _why(reason)
    after = _allowed(work, move, hand, reason=bool(why))
    _move(work, [_step(work, move, after, hand, seen, why)], hand, reason=why)


def issue(
    work: Manuscript,
    wanted: Issue,
    seen: int,
    hand: ReportHand,
    file: SignedFile | None = None,
    beside: Callable[[], Sequence[Made]] = tuple,
) -> None:
    """Issue what was submitted: number, day and signer are recorded for good.

    Without an approval in the program a signed file is needed; it is recorded as the approval of the leader who signed, and `beside` are
    the moves of the unit's figures that go with that.
    """
    _allowed(work, Move.ISSUE, hand, signed=file is not None)
    cutoff, today = work.snapshot.head.cutoff, hand.at.astimezone(LOCAL).date()
    if wrong := tuple(faults(wanted, cutoff, today)):
        raise CaseRefused(f"Chưa phát hành được: {wrong[0][1]}.", wrong)
    steps: list[Step] = []
    signed = file.sha256 if file is not None else ""
    approved: Sequence[Made] = ()
    if work.case.current.state is State.SUBMITTED:
        signer = wanted.signer
        leader = Person("", signer.name, signer.post)
        steps.append(_step(work, Move.APPROVE, State.APPROVED, hand, seen, "", signed=signed, by=leader, recorded_by=hand.by.login))
        approved = beside()
    steps.append(_step(work, Move.ISSUE, State.ISSUED, hand, seen + len(steps), "", signed=signed))
    _move(work, steps, hand, new=wanted.cited, wanted=wanted, file=file, beside=approved)


def attach(work: Manuscript, file: SignedFile, seen: int, hand: ReportHand) -> None:
    """Put the signed file beside a report that was issued before it was at hand."""
    after = _allowed(work, Move.FILE, hand, signed=True)
    if file.sha256 in {each.sha256 for each in work.case.current.files}:
        return
    _move(work, [_step(work, Move.FILE, after, hand, seen, "", signed=file.sha256)], hand, new=file.sha256, file=file)


def correct(work: Manuscript, number: str, day: date, wrong: str, right: str, seen: int, hand: ReportHand, reason: str) -> None:
    """Put a mistake of form right (đính chính); a figure is never put right like this."""
    reason = _why(reason)
    number, wrong, right = (one_line(text, "Nội dung đính chính", LONGEST_REASON, CaseRefused) for text in (number, wrong, right))
    after = _allowed(work, Move.CORRECT, hand, reason=bool(reason))
    said = {"number": number, "wrong": wrong, "right": right}
    if empty := [(field, "không để trống") for field, words in said.items() if not words.strip()]:
        raise CaseRefused("Chưa đính chính được: còn chỗ trống.", empty)
    if any(char.isdigit() for char in _spoken_of(wrong, right)):
        why = "đính chính chỉ sửa hình thức; chỗ này đổi con số, hãy lập báo cáo thay thế"
        raise CaseRefused(f"Chưa đính chính được: {why}.", [("right", why)])
    told = Correction(number.strip(), day, wrong.strip(), right.strip(), reason.strip(), hand.by, hand.at)
    step = _step(work, Move.CORRECT, after, hand, seen, reason.strip())
    _move(work, [step], hand, old=told.wrong, new=told.right, reason=told.reason, correction=told)


def replace(work: Manuscript, seen: int, hand: ReportHand, reason: str) -> None:
    """Begin the report that replaces the issued one (báo cáo thay thế), from its words."""
    edition, reason = work.case.current, _why(reason)
    _allowed(work, Move.REPLACE, hand, reason=bool(reason))
    if seen != len(edition.steps) or edition.issue is None:
        raise CaseChanged("Báo cáo vừa có người sửa hoặc chuyển bước khác; hãy xem lại rồi làm tiếp.")
    step = Step(1, Move.REPLACE, State.DRAFT, hand.by, hand.at, reason.strip(), 0, "")
    event = hand.did(_EVENTS[Move.REPLACE], work, edition.issue.cited, f"bản thay thế thứ {edition.number}", reason.strip())
    own = edition.own(edition.submitted.version) if edition.submitted else {}
    text = TextVersion(1, own, hand.by, hand.at) if own else None
    work.storage.reports.move(work.unit, work.period, edition.number + 1, [step], text=text, trail=[event])


def overtaken(work: Manuscript, typed: Mapping[str, str]) -> tuple[str, tuple[PartChanged, ...]]:
    """Who saved before somebody whose words are still only typed, and how those differ from what is kept now."""
    edition = work.case.current
    last = edition.versions[-1]
    parts = compared(work.desk.parts, last.own, work.desk.gathered(typed), work.desk.own)
    return f"{last.by.name} đã lưu bản số {last.number} lúc {format_moment(last.at)}", parts


def facts(work: Manuscript, by: Person, acts: frozenset[Act], **more: bool) -> Facts:
    """What decides on a move of this report by this person."""
    edition = work.case.current
    submitted = edition.submitted
    wrote = {each.by.login for each in edition.versions} | ({submitted.by.login} if submitted else set())
    return Facts(acts=acts, author=by.login in wrote, frozen=bool(work.snapshot.head.sha256), **more)


def _allowed(work: Manuscript, move: Move, hand: ReportHand, **more: bool) -> State:
    answer = may_move(work.case.current.state, move, facts(work, hand.by, hand.acts, **more))
    if not answer.ok:
        raise CaseRefused(answer.why)
    return answer.after


def _step(
    work: Manuscript,
    move: Move,
    after: State,
    hand: ReportHand,
    seen: int,
    reason: str,
    version: int | None = None,
    snapshot_sha256: str = "",
    signed: str = "",
    by: Person | None = None,
    recorded_by: str = "",
) -> Step:
    """The step after those that were seen; it stays with the version and the snapshot that were submitted."""
    stands = work.case.current.submitted
    if version is None and stands is not None:
        version, snapshot_sha256 = stands.version, stands.snapshot_sha256
    return Step(seen + 1, move, after, by or hand.by, hand.at, reason, version or 0, snapshot_sha256, signed, recorded_by)


def _move(
    work: Manuscript,
    steps: Sequence[Step],
    hand: ReportHand,
    old: str = "",
    new: str = "",
    reason: str = "",
    wanted: Issue | None = None,
    file: SignedFile | None = None,
    correction: Correction | None = None,
    beside: Sequence[Made] = (),
) -> None:
    edition: Edition = work.case.current
    event = hand.did(_EVENTS[steps[-1].move], work, old, new, reason)
    work.storage.reports.move(work.unit, work.period, edition.number, steps, wanted, file, correction, trail=[event], beside=beside)


def _why(reason: str) -> str:
    """The reason on one line; CaseRefused for one that may not stand there."""
    try:
        return one_line(reason, "Lý do", LONGEST_REASON, CaseRefused)
    except CaseRefused as refused:
        raise CaseRefused(str(refused), [("ly-do", str(refused))]) from None


def _spoken_of(wrong: str, right: str) -> str:
    """The characters in which the two differ."""
    return "".join(sorted(set(wrong.split()) ^ set(right.split())))
