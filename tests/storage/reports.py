"""A report taken through its way, as the storage keeps it."""

from __future__ import annotations

from datetime import date, datetime

from hue_dti.reports.case import Move, State
from hue_dti.reports.editions import Correction, Person, SignedFile, Step, TextVersion
from hue_dti.reports.issue import Issue, Signer
from hue_dti.storage import Storage
from hue_dti.trail.model import Event

UNIT, PERIOD = "483", "2024-Q2"
SECRETARY = Person("binh", "Trần Thị Bình", "Thư ký")
LEADER = Person("an", "Lê Văn An", "Phó Trưởng ban")
SIGNER = Signer("TM. BAN CHỈ ĐẠO", "KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "", "Lê Văn An")
ISSUE = Issue(12, "BC-BCĐ", date(2024, 6, 24), SIGNER)


def event(act: str, at: datetime) -> Event:
    """What is told of a change."""
    return Event(act, SECRETARY.login, SECRETARY.name, UNIT, "Báo cáo", "", "", "", at)


def text(number: int, at: datetime, **own: str) -> TextVersion:
    """A version by the secretary."""
    return TextVersion(number, own, SECRETARY, at)


def step(
    number: int, move: Move, after: State, sha256: str, at: datetime, version: int = 1, by: Person = SECRETARY, reason: str = ""
) -> Step:
    """A step on the first version."""
    return Step(number, move, after, by, at, reason, version, sha256)


def submitted(storage: Storage, sha256: str, at: datetime) -> None:
    """One version, saved and submitted."""
    storage.reports.save(UNIT, PERIOD, 1, text(1, at, causes="Nguồn chậm."), [event("report.saved", at)])
    storage.reports.move(UNIT, PERIOD, 1, [step(1, Move.SUBMIT, State.SUBMITTED, sha256, at)], trail=[event("report.submitted", at)])


def issued(storage: Storage, sha256: str, at: datetime) -> None:
    """The same, approved and issued with its signed file."""
    submitted(storage, sha256, at)
    steps = [
        step(2, Move.APPROVE, State.APPROVED, sha256, at, by=LEADER),
        step(3, Move.ISSUE, State.ISSUED, sha256, at),
    ]
    file = SignedFile("ab" * 32, "da-ky.pdf", 1000, "", SECRETARY, at)
    storage.reports.move(UNIT, PERIOD, 1, steps, ISSUE, file, trail=[event("report.issued", at)])


def corrected(storage: Storage, sha256: str, at: datetime) -> None:
    """An issued report, a mistake of form in it put right."""
    told = Correction("13/ĐC-BCĐ", date(2024, 6, 25), "Quý hai", "Quý II", "sai cách viết", SECRETARY, at)
    steps = [step(4, Move.CORRECT, State.ISSUED, sha256, at, reason=told.reason)]
    storage.reports.move(UNIT, PERIOD, 1, steps, correction=told, trail=[event("report.corrected", at)])
