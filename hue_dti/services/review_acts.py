"""What people do with a unit's dossier: send, withdraw, open, approve, return, undo; and say a word on single figures."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from hue_dti.appraisal.cells import Key, may_mark
from hue_dti.appraisal.model import Answer, Case, Comment, Mark, Move, Verdict
from hue_dti.appraisal.moves import OWN_FIGURES, Attempt, leads_to, may_move
from hue_dti.errors import ReviewRefused
from hue_dti.free_text import one_line
from hue_dti.numerals import format_count, format_moment
from hue_dti.observations.intake import printed
from hue_dti.services.doer import Doer
from hue_dti.services.dossier import Cell, Dossier
from hue_dti.services.mended import unmended
from hue_dti.services.quarter import newest_of
from hue_dti.services.register_state import unwritten
from hue_dti.storage import Storage
from hue_dti.storage.reviews import Step
from hue_dti.trail.model import Event

REVIEW_DAYS = 5
"""How long a review keeps the sender's cells closed; after that he may withdraw."""

EVENTS = {
    Move.SEND: "submission.sent",
    Move.WITHDRAW: "submission.withdrawn",
    Move.OPEN: "submission.opened",
    Move.APPROVE: "submission.approved",
    Move.RETURN: "submission.returned",
    Move.UNDO: "submission.undone",
}
LONGEST_REASON = 500
NAMED = 3
"""How many figures a refusal names before it counts the others."""


def attempt(storage: Storage, dossier: Dossier, doer: Doer, line: Sequence[str], version: int, reason: str = "") -> Attempt:
    """What is true as the person tries; `version` is the case as the page showed it."""
    closed = closed_words(storage, dossier)
    returned = len(dossier.returned)
    left = f"Còn {format_count(returned)} số đang bị trả lại; hãy trả lại đơn vị, hoặc duyệt các số đó trước." if returned else ""
    return Attempt(doer.actor, line, version, doer.today, reason, dossier.entered_by, closed, left)


def closed_words(storage: Storage, dossier: Dossier) -> str:
    """When the dossier's quarter was closed; empty while it is open."""
    head = newest_of(storage, dossier.host.code, dossier.period)
    return f"{dossier.period.label} của {dossier.host.name} đã chốt lúc {format_moment(head.closed_at)}." if head is not None else ""


def may(storage: Storage, dossier: Dossier, move: Move, doer: Doer, line: Sequence[str]) -> Answer:
    """Whether the person may make the move as the dossier stands, a reason taken as given."""
    answer = may_move(dossier.case, move, attempt(storage, dossier, doer, line, dossier.case.version, "–"))
    return told_whose(answer, dossier, dossier.typed, doer)


def told_whose(answer: Answer, dossier: Dossier, cells: Iterable[Cell], doer: Doer) -> Answer:
    """The answer, with what the person did for the figures where that is why it is no."""
    own = dossier.own(doer.actor.login, cells)
    if answer.why != OWN_FIGURES or not own:
        return answer
    told = [f"{cell.measure.name}: {how}" for cell, how in own[:NAMED]]
    more = f"; và {format_count(len(own) - NAMED)} số nữa" if len(own) > NAMED else ""
    return Answer(False, f"{OWN_FIGURES} {'; '.join(told)}{more}.")


def make(
    storage: Storage,
    dossier: Dossier,
    move: Move,
    doer: Doer,
    line: Sequence[str],
    version: int,
    reason: str = "",
    seen: str = "",
    explained: Sequence[Comment] = (),
) -> Case:
    """Make the move with the words on figures that go with it; ReviewRefused says why not.

    `seen` are the figures as the page showed them, empty where none was shown; `explained` are the sender's words on returned figures
    that stay as they are.
    """
    said = one_line(reason, "Lý do", LONGEST_REASON, ReviewRefused)
    _must_be_seen(dossier, seen)
    answer = may_move(dossier.case, move, attempt(storage, dossier, doer, line, version, said))
    if not answer.ok:
        raise ReviewRefused(told_whose(answer, dossier, dossier.typed, doer).why)
    left = set(unmended(storage, dossier)) if move is Move.SEND else set()
    if left and {cell.key for cell in left} - {(each.unit, each.measure) for each in explained}:
        raise ReviewRefused("Còn ô bị trả lại chưa có số mới, minh chứng mới hay giải trình; hãy làm một trong ba cho từng ô dưới đây.")
    if move is Move.SEND and (why := unwritten(storage, dossier.unit.code, dossier.period)):
        raise ReviewRefused(why)
    marks = marks_with(storage, dossier, move, doer, said)
    events = [_event(dossier, move, doer, said, marks), *(_commented(dossier, each, doer) for each in explained)]
    return storage.reviews.move(dossier.case, _step(dossier, move, doer, said), marks, events, explained)


def marks_with(storage: Storage, dossier: Dossier, move: Move, doer: Doer, reason: str) -> tuple[Mark, ...]:
    """The words on figures that the move brings: it approves or returns what waits for a word, undoing takes its own words back."""
    match move:
        case Move.APPROVE:
            return marks_of(dossier, dossier.unapproved, Verdict.APPROVED, doer, "")
        case Move.RETURN if not dossier.returned:
            return marks_of(dossier, dossier.unapproved, Verdict.RETURNED, doer, reason)
        case Move.UNDO:
            mine = {mark.number for mark in storage.reviews.marked_by(dossier.case)}
            cells = [cell for cell in dossier.judged if cell.mark is not None and cell.mark.number in mine]
            return marks_of(dossier, cells, Verdict.CLEARED, doer, reason)
        case _:
            return ()


def marks_of(dossier: Dossier, cells: Iterable[Cell], verdict: Verdict, doer: Doer, reason: str) -> tuple[Mark, ...]:
    """The same word on each of these figures."""
    return tuple(
        Mark(
            unit=cell.unit.code,
            measure=cell.measure.code,
            period=str(dossier.period),
            verdict=verdict,
            value=cell.told.value,
            raw_sha256=cell.told.origin.raw_sha256,
            entered_by=" ".join(sorted(dossier.behind.get(cell.key, {}))),
            reason=reason,
            by=doer.signed,
            at=doer.at,
            follows=dossier.follows.get(cell.key),
        )
        for cell in cells
        if cell.told is not None
    )


def chosen(dossier: Dossier, keys: Collection[Key], verdict: Verdict) -> tuple[Cell, ...]:
    """The figures of these that the word would change; ReviewRefused where none is."""
    cells = [cell for cell in dossier.judged if cell.key in keys and (cell.mark is None or cell.mark.verdict is not verdict)]
    cells = [cell for cell in cells if verdict is not Verdict.CLEARED or cell.mark is not None]
    if not cells:
        raise ReviewRefused("Chưa chọn số nào; chỉ số do đơn vị nhập hoặc nộp bằng bảng mới duyệt hoặc trả lại được.")
    return tuple(cells)


def mark(
    storage: Storage,
    dossier: Dossier,
    keys: Collection[Key],
    verdict: Verdict,
    doer: Doer,
    line: Sequence[str],
    version: int,
    reason: str = "",
    seen: str = "",
) -> tuple[Cell, ...]:
    """Say a word on some figures, all or none, and tell which; `seen` as for `make`. ReviewRefused says why not."""
    said, cells = one_line(reason, "Lý do", LONGEST_REASON, ReviewRefused), chosen(dossier, keys, verdict)
    _must_be_seen(dossier, seen)
    tried = attempt(storage, dossier, doer, line, version, said)
    entered_by = {login for cell in cells for login in dossier.behind.get(cell.key, {})}
    answer = told_whose(may_mark(dossier.case, verdict, tried, entered_by), dossier, cells, doer)
    if not answer.ok or tried.beyond or version != dossier.case.version:
        raise ReviewRefused(answer.why or tried.beyond or "Vừa có người làm trước bạn; hãy xem lại rồi quyết định.")
    marks = marks_of(dossier, cells, verdict, doer, said)
    events = [doer.event(f"cell.{verdict}", cell.unit.code, _subject(dossier, cell), new=_words(cell), reason=said) for cell in cells]
    storage.reviews.mark(dossier.case, marks, events, dossier.newest_entry)
    return cells


def told(dossier: Dossier) -> list[dict[str, Any]]:
    """What is sent, figure by figure, as the receipt lists it for good."""
    return [
        {
            "unit": cell.unit.code,
            "unit_name": cell.unit.name,
            "measure": cell.measure.code,
            "name": cell.measure.name,
            "criteria": list(cell.criteria),
            "value": cell.told.value if cell.told else None,
            "words": _words(cell),
            "typed": cell.typed,
            "raw_sha256": cell.told.origin.raw_sha256 if cell.told else "",
        }
        for cell in dossier.cells
    ]


def receipt_code(dossier: Dossier, sent: Sequence[dict[str, Any]], doer: Doer) -> str:
    """Ten letters and digits over all that was sent, by whom and when: `7KQ2M-4XPD8`."""
    whole = [dossier.unit.code, str(dossier.period), dossier.case.version + 1, doer.actor.login, doer.at.isoformat(), sent]
    digest = hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).digest()
    letters = base64.b32encode(digest).decode()
    return f"{letters[:5]}-{letters[5:10]}"


def _step(dossier: Dossier, move: Move, doer: Doer, reason: str) -> Step:
    if move is Move.SEND:
        sent = told(dossier)
        return Step(move, doer.signed, doer.at, reason, None, receipt_code(dossier, sent, doer), sent, dossier.newest_entry)
    until = doer.today + timedelta(days=REVIEW_DAYS) if leads_to(dossier.case, move).value == "under_review" else None
    judges = move in {Move.APPROVE, Move.RETURN}
    return Step(move, doer.signed, doer.at, reason, until, typed=dossier.newest_entry if judges else None)


def _event(dossier: Dossier, move: Move, doer: Doer, reason: str, marks: Sequence[Mark]) -> Event:
    new = leads_to(dossier.case, move).value
    counted = f"{new}, {format_count(len(marks))} số liệu" if marks else new
    return doer.event(EVENTS[move], dossier.unit.code, str(dossier.period), dossier.case.state.value, counted, reason)


def _subject(dossier: Dossier, cell: Cell) -> str:
    return f"{cell.measure.name} ({cell.measure.code}), {dossier.period}"


def _words(cell: Cell) -> str:
    if cell.told is None:
        return cell.figure.reason or "chưa có"
    return printed(cell.measure, cell.told.value) if cell.told.value is not None else (cell.told.reason or "chưa có")


def _must_be_seen(dossier: Dossier, seen: str) -> None:
    if seen and seen != dossier.seen:
        raise ReviewRefused("Vừa có số mới, khác với số trên trang bạn xem; hãy xem lại rồi quyết định.")


def _commented(dossier: Dossier, said: Comment, doer: Doer) -> Event:
    cell = dossier.cell(said.unit, said.measure)
    return doer.event("cell.commented", said.unit, _subject(dossier, cell) if cell is not None else said.measure, new=said.text)
