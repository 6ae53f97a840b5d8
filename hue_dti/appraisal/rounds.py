"""An assessment round (đợt đánh giá): whom and what it assesses, between which days which word may be written, and who may write it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import may
from hue_dti.appraisal.model import Answer, AppraisalMark, Case, Signed, Stage, Workflow
from hue_dti.appraisal.moves import NOT_YOURS, OWN_FIGURES, Attempt
from hue_dti.appraisal.points import WRITTEN_IN, Words, may_word, words
from hue_dti.numerals import format_date


class Phase(StrEnum):
    """What a round goes through, in this order (appendix B of the ministry's report of 2021)."""

    ENTRY = "entry"
    APPRAISAL = "appraisal"
    EXPLANATION = "explanation"
    SETTLING = "settling"
    PUBLISHING = "publishing"


PHASE_WORDS = {
    Phase.ENTRY: "tự đánh giá",
    Phase.APPRAISAL: "thẩm định",
    Phase.EXPLANATION: "giải trình",
    Phase.SETTLING: "chốt điểm",
    Phase.PUBLISHING: "công bố",
}

OWN_APPRAISAL = "Bạn đã thẩm định điểm của đơn vị này trong đợt; điểm tự đánh giá phải do người khác ghi."

STAGE_PHASES: Mapping[Stage, Phase] = {
    Stage.APPRAISED: Phase.APPRAISAL,
    Stage.EXPLAINED: Phase.EXPLANATION,
    Stage.FINAL: Phase.SETTLING,
}
"""In which phase an appraiser's or a unit's word on a mark is written."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a phase, both inclusive."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day is in it."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Participant:
    """A unit that is assessed: a code of the unit list, or one of the round's own for a unit that is not in it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class RoundLine:
    """What is marked: a component or criterion, or a whole main index where the points of its components are not known."""

    code: str
    name: str
    group: str
    max_points: int


@dataclass(frozen=True, slots=True)
class Round:
    """A round as it stands; points are ten-thousandths. `host` is the unit whose people run it, `moved` how often its days were moved,
    `period` whose figures are offered for its marks, empty in rounds opened before that was asked.
    """

    code: str
    title: str
    outline: str
    host: str
    year: int
    units: tuple[Participant, ...]
    lines: tuple[RoundLine, ...]
    windows: Mapping[Phase, Window]
    by: Signed
    at: datetime
    moved: int = 0
    period: str = ""

    def unit(self, code: str) -> Participant | None:
        """The participant of this code."""
        return next((each for each in self.units if each.code == code), None)

    def line(self, code: str) -> RoundLine | None:
        """The line of this code."""
        return next((each for each in self.lines if each.code == code), None)

    @property
    def max_points(self) -> int:
        """What all lines come to."""
        return sum(line.max_points for line in self.lines)

    def phases_on(self, day: date) -> tuple[Phase, ...]:
        """The phases whose days hold this one."""
        return tuple(phase for phase in Phase if self.windows[phase].holds(day))

    def next_on(self, day: date) -> Phase | None:
        """The first phase still to come; None when the last has begun."""
        return next((phase for phase in Phase if self.windows[phase].first > day), None)


@dataclass(frozen=True, slots=True)
class Extension:
    """One unit given more time for one phase, to a day (inclusive); a later one takes its place."""

    unit: str
    phase: Phase
    until: date
    reason: str
    by: Signed
    at: datetime
    number: int = 0


@dataclass(frozen=True, slots=True)
class SelfMark:
    """What a unit gives itself on a line, with the result it rests on and a link to what proves it."""

    unit: str
    line: str
    points: int
    result: str
    link: str
    by: Signed
    at: datetime
    number: int = 0


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """One unit's marks in a round: its own (the newest of each line) and every word of appraisal and explanation."""

    round: Round
    unit: Participant
    own: Mapping[str, SelfMark] = field(default_factory=dict)
    marks: tuple[AppraisalMark, ...] = ()
    first: Mapping[str, date] = field(default_factory=dict)

    @property
    def words(self) -> Mapping[str, Words]:
        """The words on every line in printed order; a line the unit gave nothing starts at 0."""
        own = {line.code: self.own[line.code].points if line.code in self.own else 0 for line in self.round.lines}
        return words(own, self.marks)

    @property
    def missing(self) -> tuple[RoundLine, ...]:
        """The lines without a self-mark."""
        return tuple(line for line in self.round.lines if line.code not in self.own)

    @property
    def late(self) -> tuple[RoundLine, ...]:
        """The lines first marked after the days for it were over, under an extension."""
        last = self.round.windows[Phase.ENTRY].last
        return tuple(line for line in self.round.lines if self.first.get(line.code, last) > last)

    @property
    def self_points(self) -> int:
        """What the unit gives itself in all."""
        return sum(mark.points for mark in self.own.values())

    @property
    def points(self) -> int:
        """What counts now: the last word on each line."""
        return sum(each.points for each in self.words.values())

    @property
    def is_empty(self) -> bool:
        """Whether nobody gave the unit any mark at all."""
        return not self.own and not self.marks

    @property
    def unexplained(self) -> tuple[Words, ...]:
        """Lines with other points than the unit's own, on which neither the unit explained nor the appraiser had a last word."""
        return tuple(each for each in self.words.values() if each.waits)

    @property
    def entered_by(self) -> frozenset[str]:
        """Who gave the unit's own marks."""
        return frozenset(mark.by.login for mark in self.own.values())

    @property
    def appraised_by(self) -> frozenset[str]:
        """Who wrote an appraiser's word on any of them."""
        return frozenset(mark.by.login for mark in self.marks if mark.stage is not Stage.EXPLAINED)


def open_for(of: Round, phase: Phase, unit: str, today: date, extensions: Iterable[Extension]) -> Answer:
    """Whether the phase is open for the unit on that day, by its days or by an extension of this unit's."""
    window = of.windows[phase]
    if window.holds(today):
        return Answer(True)
    given = newest_extensions(extensions).get((unit, phase))
    if given is not None and window.first <= today <= given.until:
        return Answer(True, f"gia hạn đến {format_date(given.until)}: {given.reason}")
    days = f"từ {format_date(window.first)} đến hết {format_date(window.last)}"
    if today < window.first:
        return Answer(False, f"Chưa đến thời gian {PHASE_WORDS[phase]} ({days}).")
    return Answer(False, f"Đã hết thời gian {PHASE_WORDS[phase]} ({days}); cần thì xin gia hạn riêng cho đơn vị.")


def last_day(of: Round, phase: Phase, unit: str, extensions: Iterable[Extension]) -> date:
    """The last day of the phase for the unit, with its extension."""
    given = newest_extensions(extensions).get((unit, phase))
    last = of.windows[phase].last
    return max(last, given.until) if given is not None else last


def newest_extensions(extensions: Iterable[Extension]) -> dict[tuple[str, Phase], Extension]:
    """The extension that counts for each unit and phase."""
    return {(each.unit, each.phase): each for each in sorted(extensions, key=lambda one: one.at)}


def may_enter(sheet: UnitSheet, attempt: Attempt, extensions: Iterable[Extension]) -> Answer:
    """Whether the person may give the unit's own marks now."""
    if not may(attempt.actor, Act.ENTER, attempt.line):
        return Answer(False, NOT_YOURS)
    if attempt.actor.login in sheet.appraised_by:
        return Answer(False, OWN_APPRAISAL)
    return open_for(sheet.round, Phase.ENTRY, sheet.unit.code, attempt.today, extensions)


def may_mark(
    sheet: UnitSheet, line: RoundLine, stage: Stage, attempt: Attempt, points: int | None, extensions: Iterable[Extension]
) -> Answer:
    """Whether the person may write this word on the line now: the phase is open for the unit, and the moves of appraisals allow it."""
    state, act = WRITTEN_IN[stage]
    if not may(attempt.actor, act, attempt.line):
        return Answer(False, NOT_YOURS)
    opened = open_for(sheet.round, STAGE_PHASES[stage], sheet.unit.code, attempt.today, extensions)
    if not opened:
        return opened
    if stage is Stage.EXPLAINED and not sheet.words[line.code].differs:
        return Answer(False, "Điểm thẩm định bằng điểm tự đánh giá, không phải giải trình.")
    case = Case(sheet.unit.code, sheet.round.code, Workflow.APPRAISAL, state, version=attempt.version)
    return may_word(case, stage, attempt, points, line.max_points)


def may_run(of: Round, attempt: Attempt) -> Answer:
    """Whether the person runs the round: opens it, moves its days, gives one unit more time; `attempt.line` is the host's."""
    return Answer(True) if may(attempt.actor, Act.APPRAISE, attempt.line) else Answer(False, NOT_YOURS)


def may_publish(of: Round, attempt: Attempt, published: int, entered_by: Collection[str], extensions: Iterable[Extension]) -> Answer:
    """Whether the person may publish the result now; from the second time on with a reason, whenever its days have begun."""
    opened = open_for(of, Phase.PUBLISHING, of.host, attempt.today, extensions)
    again = published > 0 and attempt.today >= of.windows[Phase.PUBLISHING].first
    checks = (
        (not may(attempt.actor, Act.APPROVE, attempt.line), NOT_YOURS),
        (attempt.actor.login in entered_by, OWN_FIGURES),
        (not opened and not again, opened.why),
        (published > 0 and not attempt.reason.strip(), "Đã công bố trước đó; hãy ghi lý do công bố lại."),
    )
    return next((Answer(False, why) for wrong, why in checks if wrong), Answer(True))


def window_faults(windows: Mapping[Phase, Window]) -> str:
    """What is wrong with the days: each phase ends no earlier than it begins, and begins after the one before; empty when nothing is."""
    before: tuple[Phase, Window] | None = None
    for phase in Phase:
        window = windows.get(phase)
        if window is None:
            return f"Chưa ghi thời gian {PHASE_WORDS[phase]}."
        if window.last < window.first:
            return f"Thời gian {PHASE_WORDS[phase]} kết thúc {format_date(window.last)}, trước ngày bắt đầu {format_date(window.first)}."
        if before is not None and window.first <= before[1].last:
            words_of = (PHASE_WORDS[phase], format_date(window.first), PHASE_WORDS[before[0]], format_date(before[1].last))
            return "Thời gian {} bắt đầu {}, khi {} chưa xong ({}).".format(*words_of)
        before = (phase, window)
    return ""


def sheets_of(of: Round, own: Sequence[SelfMark], marks: Sequence[AppraisalMark], local: Mapping[int, date]) -> tuple[UnitSheet, ...]:
    """Every unit's sheet, in the round's order; `local` tells the day in Việt Nam on which a self-mark of that number was given."""
    by_unit: dict[str, dict[str, SelfMark]] = {}
    first: dict[str, dict[str, date]] = {}
    for mark in sorted(own, key=lambda each: each.number):
        by_unit.setdefault(mark.unit, {})[mark.line] = mark
        first.setdefault(mark.unit, {}).setdefault(mark.line, local[mark.number])
    words_of: dict[str, list[AppraisalMark]] = {}
    for each in marks:
        words_of.setdefault(each.unit, []).append(each)
    return tuple(
        UnitSheet(of, unit, by_unit.get(unit.code, {}), tuple(words_of.get(unit.code, ())), first.get(unit.code, {})) for unit in of.units
    )
