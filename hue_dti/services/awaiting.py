"""What waits for one person of the committee: units that sent, returned figures that were mended, explanations due, reports to sign."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from hue_dti.accounts.model import Act
from hue_dti.appraisal.cells import holds, standing_marks
from hue_dti.appraisal.model import Case, State, Verdict
from hue_dti.appraisal.points import words
from hue_dti.catalogue.model import Catalogue
from hue_dti.periods import LOCAL, Period
from hue_dti.reports.case import State as ReportState
from hue_dti.services.hosts import host_in, line_of
from hue_dti.snapshots.model import SnapshotHead
from hue_dti.storage import Storage
from hue_dti.units.lines import spans_of
from hue_dti.units.model import Level, OrgUnit

May = Callable[[Act, str, date], bool]
"""Whether the person may do this to the unit of this code, as it stood that day."""

_OF_LATE = timedelta(days=90)
"""How long after a quarter's closing its report is asked for."""


class What(StrEnum):
    """What is to be done, in the order it is shown."""

    EXPLAIN = "explain"
    MENDED = "mended"
    SIGN = "sign"
    ISSUE = "issue"
    WRITE = "write"
    APPROVE = "approve"
    OPEN = "open"
    REVIEW = "review"
    APPRAISE = "appraise"


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that waits: at which unit and quarter, since when and through whom, until when where there is a day.

    `mended` are the figures that the unit changed after they were returned, `back` those it has still to change; `count` are the
    criteria to explain.
    """

    what: What
    unit: OrgUnit
    period: Period
    since: datetime | None
    by: str
    until: date | None = None
    under_review: bool = False
    mended: int = 0
    back: int = 0
    count: int = 0


def awaiting(storage: Storage, catalogue: Catalogue, login: str, today: date, may: May) -> tuple[Awaited, ...]:
    """What waits for the person, by kind and then the longest first."""
    asking = _Asking(storage, catalogue, storage.units(), storage.newest_heads(), login, today, may)
    found = [*asking.figures(), *asking.appraisals(), *asking.reports()]
    kinds = list(What)
    return tuple(sorted(found, key=lambda each: (kinds.index(each.what), each.since.timestamp() if each.since else 0.0)))


@dataclass(frozen=True)
class _Asking:
    """Who asks, and what is read for the answer."""

    storage: Storage
    catalogue: Catalogue
    units: tuple[OrgUnit, ...]
    heads: Sequence[SnapshotHead]
    login: str
    today: date
    may: May

    def figures(self) -> Iterator[Awaited]:
        """Units whose figures lie with the committee; nothing of a quarter that was closed, where nobody judges them any more."""
        for case in self.storage.reviews.standing((State.SENT, State.UNDER_REVIEW)):
            unit, period = self._unit(case.unit, case.period), Period.parse(case.period)
            what = self._judged(case, period)
            if unit is None or what is None or self._is_closed(unit, period):
                continue
            under_review = case.state is State.UNDER_REVIEW
            mended, back = self._returned(case, period) if under_review else (0, 0)
            yield Awaited(What.MENDED if mended else what, unit, period, case.at, case.by.name, case.until, under_review, mended, back)

    def appraisals(self) -> Iterator[Awaited]:
        """Points that a unit may still explain, and appraisals under way."""
        for case in self.storage.reviews.standing((State.APPRAISING, State.EXPLAINING)):
            unit, period = self._unit(case.unit, case.period), Period.parse(case.period)
            if unit is None:
                continue
            if case.state is State.EXPLAINING and self.may(Act.SEND, unit.code, period.end):
                open_still = case.until is None or self.today <= case.until
                count = self._unexplained(case) if open_still else 0
                if count:
                    yield Awaited(What.EXPLAIN, unit, period, case.at, case.by.name, case.until, count=count)
            elif self.may(Act.APPRAISE, unit.code, period.end):
                yield Awaited(What.APPRAISE, unit, period, case.at, case.by.name, case.until)

    def reports(self) -> Iterator[Awaited]:
        """Reports submitted for signing, those to give a number, and quarters closed of late whose report nobody submitted."""
        begun = set()
        for each in self.storage.reports.standing():
            unit, period = self._unit(each.unit, each.period), Period.parse(each.period)
            if each.state is not ReportState.DRAFT:
                begun.add((each.unit, each.period))
            if each.state is ReportState.SUBMITTED and unit is not None and self.may(Act.ISSUE_REPORT, unit.code, period.end):
                yield Awaited(What.SIGN, unit, period, each.at, each.by.name)
            if each.state is ReportState.APPROVED and unit is not None and self.may(Act.EDIT_REPORT, unit.code, period.end):
                yield Awaited(What.ISSUE, unit, period, each.at, each.by.name)
        for head in self.heads:
            unit, period = self._unit(head.unit, head.period), Period.parse(head.period)
            late = self.today - head.closed_at.astimezone(LOCAL).date() > _OF_LATE
            if unit is not None and not late and (head.unit, head.period) not in begun and self._writes(unit, period.end):
                yield Awaited(What.WRITE, unit, period, head.closed_at, head.closed_by)

    def _writes(self, unit: OrgUnit, day: date) -> bool:
        """Whether it falls to the person to write the unit's report: not to one who could write that of the unit above it."""
        above = unit.parent is not None and self.may(Act.EDIT_REPORT, unit.parent, day)
        return self.may(Act.EDIT_REPORT, unit.code, day) and not above

    def _unit(self, code: str, period: str) -> OrgUnit | None:
        day = Period.parse(period).end
        return next((each for each in spans_of(self.units).get(code, ()) if each.exists_on(day)), None)

    def _judged(self, case: Case, period: Period) -> What | None:
        """What the person may do with what was sent; who sent it does not approve it."""
        if self.may(Act.APPROVE, case.unit, period.end) and case.sender != self.login:
            return What.APPROVE
        if self.may(Act.REVIEW, case.unit, period.end):
            return What.OPEN if case.state is State.SENT else What.REVIEW
        return None

    def _is_closed(self, unit: OrgUnit, period: Period) -> bool:
        host = host_in(self.catalogue, line_of(self.units, unit.code, period.end), period.end)
        return host is None or (host.code, str(period)) in self._closed

    @cached_property
    def _closed(self) -> frozenset[tuple[str, str]]:
        return frozenset((head.unit, head.period) for head in self.heads)

    def _returned(self, case: Case, period: Period) -> tuple[int, int]:
        """How many of the unit's returned figures were changed since, and how many stand as they were."""
        codes = [case.unit, *self._villages(case.unit, period.end)]
        said = [
            mark for mark in standing_marks(self.storage.reviews.marks(codes, case.period)).values() if mark.verdict is Verdict.RETURNED
        ]
        told = {(each.unit, each.measure): each for each in self.storage.observations(codes, period)} if said else {}
        figures = [(mark, told.get((mark.unit, mark.measure))) for mark in said]
        back = sum(each is not None and holds(mark, each.value, each.origin.raw_sha256) for mark, each in figures)
        return len(said) - back, back

    def _villages(self, code: str, day: date) -> list[str]:
        return [each.code for each in self.units if each.parent == code and each.level is Level.VILLAGE and each.exists_on(day)]

    def _unexplained(self, case: Case) -> int:
        """How many criteria wait for the unit's word."""
        marks = self.storage.appraisals.marks(case.unit, case.period)
        return sum(each.waits for each in words({mark.criterion: mark.self_points for mark in marks}, marks).values())
