"""Assessment rounds: marked within their days, published as frozen results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from hue_dti.appraisal.model import AppraisalMark, Stage
from hue_dti.appraisal.moves import Attempt
from hue_dti.appraisal.rounds import (
    PHASE_WORDS,
    STAGE_PHASES,
    Extension,
    Phase,
    Round,
    RoundLine,
    SelfMark,
    UnitSheet,
    may_enter,
    may_mark,
    may_publish,
    may_run,
    sheets_of,
)
from hue_dti.catalogue.frameworks import Framework
from hue_dti.errors import RoundRefused
from hue_dti.free_text import one_line
from hue_dti.numerals import format_date, format_points
from hue_dti.periods import LOCAL
from hue_dti.rollup.rounds import Publication, RoundResult, freeze, results, thaw
from hue_dti.services.doer import Doer
from hue_dti.services.plans import web_link
from hue_dti.services.round_post import readers
from hue_dti.storage import Storage
from hue_dti.trail.model import Event

LONGEST_REASON, LONGEST_RESULT = 1000, 300
MOST_EXTENSION = timedelta(days=60)


@dataclass(frozen=True)
class RoundDesk:
    """A round with everything kept of it."""

    round: Round
    sheets: tuple[UnitSheet, ...]
    extensions: tuple[Extension, ...]
    publications: tuple[Publication, ...]
    framework: Framework | None

    @cached_property
    def results(self) -> tuple[RoundResult, ...]:
        """The result as the marks stand now."""
        return results(self.round, self.sheets, self.framework)

    def sheet(self, code: str) -> UnitSheet | None:
        """One unit's sheet."""
        return next((each for each in self.sheets if each.unit.code == code), None)

    @property
    def entered_by(self) -> frozenset[str]:
        """Everybody who gave a unit's own marks."""
        return frozenset(login for sheet in self.sheets for login in sheet.entered_by)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody writes on a line: points (ten-thousandths, None for an explanation), and the result or the reason."""

    line: str
    points: int | None
    words: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """What a unit is to give itself: its sheet, the lines, its line of rights, and what is told in the trail."""

    sheet: UnitSheet
    given: Sequence[Given]
    line: Sequence[str]
    why: str = ""


def desk_of(storage: Storage, found: Round, frameworks: Mapping[str, Framework]) -> RoundDesk:
    """The round with all its marks."""
    own = storage.rounds.self_marks(found.code)
    days = {mark.number: mark.at.astimezone(LOCAL).date() for mark in own}
    sheets = sheets_of(found, own, storage.rounds.marks(found.code), days)
    extensions, publications = storage.rounds.extensions(found.code), storage.rounds.publications(found.code)
    return RoundDesk(found, sheets, extensions, publications, frameworks.get(found.outline))


def extend(storage: Storage, desk: RoundDesk, unit: str, phase: Phase, until: date, reason: str, doer: Doer, line: Sequence[str]) -> None:
    """Give one unit more time for one phase (the host itself for publishing); RoundRefused says why not."""
    answer = may_run(desk.round, Attempt(doer.actor, line, 0, doer.today))
    known = desk.round.unit(unit) is not None or (phase is Phase.PUBLISHING and unit == desk.round.host)
    last = max(desk.round.windows[phase].last, doer.today)
    checks = (
        (not answer, answer.why),
        (not known, "Đơn vị này không có trong đợt đánh giá."),
        (until < doer.today, f"Gia hạn phải đến hôm nay hoặc sau, không phải {format_date(until)}."),
        (until <= desk.round.windows[phase].last, f"Ngày {format_date(until)} vẫn trong thời gian chung; không cần gia hạn."),
        (until - last > MOST_EXTENSION, f"Gia hạn nhiều nhất {MOST_EXTENSION.days} ngày."),
    )
    for wrong, why in checks:
        if wrong:
            raise RoundRefused(why)
    why = said(reason, "lý do gia hạn", LONGEST_REASON)
    event = doer.event("round.extended", unit, f"{desk.round.title}, {PHASE_WORDS[phase]}", new=until.isoformat(), reason=why)
    given = Extension(unit, phase, until, why, doer.signed, doer.at)
    storage.rounds.extend(desk.round.code, given, [event], readers(storage, desk.round, [phase], [unit], doer.today))


def enter(
    storage: Storage, desk: RoundDesk, sheet: UnitSheet, given: Sequence[Given], doer: Doer, line: Sequence[str], why: str = ""
) -> int:
    """Keep the unit's own marks that are new or changed, all or none, and return how many; RoundRefused names the line.

    `why` is told in the trail.
    """
    return enter_units(storage, desk, [Entered(sheet, given, line, why)], doer)


def enter_units(storage: Storage, desk: RoundDesk, entered: Sequence[Entered], doer: Doer) -> int:
    """The same for several units at once, all or none; a unit without a changed line is passed over."""
    marks: list[SelfMark] = []
    follows: list[int | None] = []
    events: list[Event] = []
    for each in entered:
        sheet = each.sheet
        answer = may_enter(sheet, Attempt(doer.actor, each.line, 0, doer.today), desk.extensions)
        if not answer:
            raise RoundRefused(answer.why if len(entered) == 1 else f"{sheet.unit.name}: {answer.why}")
        made = [mark for given in each.given if (mark := _self_mark(sheet, given, doer)) is not None]
        marks += made
        follows += [sheet.own[mark.line].number if mark.line in sheet.own else None for mark in made]
        events += [_entered(desk, sheet, made, doer, each.why)] if made else []
    if not marks:
        raise RoundRefused("Không có dòng nào đổi; hãy ghi điểm rồi lưu.")
    storage.rounds.enter(desk.round.code, marks, follows, events, desk.round.moved)
    return len(marks)


def _entered(desk: RoundDesk, sheet: UnitSheet, marks: Sequence[SelfMark], doer: Doer, why: str) -> Event:
    """What the trail tells of a unit's own marks: its points before and after."""
    before = sheet.self_points
    after = before + sum(mark.points - (sheet.own[mark.line].points if mark.line in sheet.own else 0) for mark in marks)
    old, new = (f"{format_points(points)}/{format_points(desk.round.max_points)} điểm" for points in (before, after))
    subject = f"{desk.round.title}, tự đánh giá {_lines(mark.line for mark in marks)}"
    return doer.event("round.marked", sheet.unit.code, subject, old, new, why)


def mark(storage: Storage, desk: RoundDesk, sheet: UnitSheet, stage: Stage, given: Sequence[Given], doer: Doer, line: Sequence[str]) -> int:
    """Keep words on a unit's marks, all or none, and return how many; RoundRefused names the line."""
    return mark_units(storage, desk, stage, [(sheet, given, line)], doer)


def mark_units(
    storage: Storage, desk: RoundDesk, stage: Stage, sheets: Sequence[tuple[UnitSheet, Sequence[Given], Sequence[str]]], doer: Doer
) -> int:
    """The same for several units at once, each with what is written on it and its line of rights."""
    made: list[AppraisalMark] = []
    events: list[Event] = []
    for sheet, given, line in sheets:
        words = [_word(desk, sheet, stage, each, doer, line) for each in given]
        subject = f"{desk.round.title}, {PHASE_WORDS[STAGE_PHASES[stage]]} {_lines(each.criterion for each in words)}"
        new = "; ".join(f"{each.criterion}: {format_points(each.points)}" for each in words if each.points is not None)
        why = "; ".join(each.reason for each in words)[:LONGEST_REASON]
        events.append(doer.event("round.marked", sheet.unit.code, subject, "", new, why))
        made += words
    if not made:
        raise RoundRefused("Chưa ghi dòng nào; hãy ghi điểm hoặc lời rồi lưu.")
    storage.rounds.mark(desk.round.code, made, events, desk.round.moved)
    return len(made)


def publish(storage: Storage, desk: RoundDesk, reason: str, doer: Doer, line: Sequence[str]) -> Publication:
    """Freeze the result as it stands now and publish it; RoundRefused says why not."""
    why = one_line(reason, "Lý do", LONGEST_REASON, RoundRefused)
    number = len(desk.publications) + 1
    attempt = Attempt(doer.actor, line, 0, doer.today, why)
    answer = may_publish(desk.round, attempt, number - 1, desk.entered_by, desk.extensions)
    if not answer:
        raise RoundRefused(answer.why)
    digest, bundle = freeze(desk.round, desk.sheets, desk.framework, number, why)
    by = doer.signed
    if desk.publications and not changed_since(storage, desk):
        raise RoundRefused("Kết quả không đổi từ lần công bố trước; không có gì để công bố lại.")
    made = Publication(desk.round.code, number, digest, why, by.login, by.name, by.post, doer.at)
    old = desk.publications[-1].sha256 if desk.publications else ""
    event = doer.event("round.published", desk.round.host, f"{desk.round.title}, lần {number}", old, digest, why)
    storage.rounds.publish(made, bundle, by, [event], desk.round.moved)
    return made


def published(storage: Storage, code: str, number: int) -> Mapping[str, Any] | None:
    """A published result as it was frozen; SnapshotTampered when it no longer is."""
    bundle = storage.rounds.bundle(code, number)
    return thaw(bundle) if bundle is not None else None


def changed_since(storage: Storage, desk: RoundDesk) -> int:
    """How many marks differ from the last published result; 0 while nothing was published."""
    if not desk.publications:
        return 0
    told = published(storage, desk.round.code, desk.publications[-1].number) or {}
    now = ((sheet.unit.code, code, words.points) for sheet in desk.sheets for code, words in sheet.words.items())
    return sum(points != told["marks"][unit][code]["points"] for unit, code, points in now)


def _word(desk: RoundDesk, sheet: UnitSheet, stage: Stage, given: Given, doer: Doer, line: Sequence[str]) -> AppraisalMark:
    """What is written on one line as it is to be kept."""
    of = _line(desk.round, given.line)
    why = one_line(given.words, f"{of.code}: lời ghi", LONGEST_REASON, RoundRefused)
    attempt = Attempt(doer.actor, line, 0, doer.today, why, sheet.entered_by)
    answer = may_mark(sheet, of, stage, attempt, given.points, desk.extensions)
    if not answer:
        raise RoundRefused(f"{of.code}: {answer.why}")
    follows = max((mark.number for mark in sheet.marks if mark.criterion == of.code), default=None)
    said_of = (sheet.unit.code, desk.round.code, of.code, stage, sheet.words[of.code].self_points)
    return AppraisalMark(*said_of, given.points, why, doer.signed, doer.at, follows=follows)


def _self_mark(sheet: UnitSheet, given: Given, doer: Doer) -> SelfMark | None:
    """The mark as it is to be kept; None where it says what stands already."""
    line = _line(sheet.round, given.line)
    if given.points is None or not 0 <= given.points <= line.max_points:
        raise RoundRefused(f"{line.code}: điểm phải từ 0 đến {format_points(line.max_points)}.")
    result, link = one_line(given.words, f"{line.code}: kết quả", LONGEST_RESULT, RoundRefused), web_link(given.link)
    old = sheet.own.get(line.code)
    if old is not None and (old.points, old.result, old.link) == (given.points, result, link):
        return None
    return SelfMark(sheet.unit.code, line.code, given.points, result, link, doer.signed, doer.at)


def _line(of: Round, code: str) -> RoundLine:
    found = of.line(code)
    if found is None:
        raise RoundRefused(f"Đợt đánh giá không có dòng điểm '{code}'.")
    return found


def _lines(codes: Iterable[str]) -> str:
    told = list(codes)
    return ", ".join(told) if len(told) <= 6 else f"{len(told)} dòng"


def said(text: str, what: str, longest: int) -> str:
    """The words on one line; RoundRefused for none, for too many, and for signs nobody can read."""
    words = one_line(text, what.capitalize(), longest, RoundRefused)
    if not words:
        raise RoundRefused(f"Chưa ghi {what}.")
    return words
