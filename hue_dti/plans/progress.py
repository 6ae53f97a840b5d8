"""How the obligations of a plan go on, month by month, and which of them are behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hue_dti.plans.model import PlanLine, PlanVersion


class Doing(StrEnum):
    """What the lead unit says of a month."""

    NOT_STARTED = "not_started"
    DOING = "doing"
    DONE = "done"
    LATE = "late"


DOING_WORDS = {
    Doing.NOT_STARTED: "chưa bắt đầu",
    Doing.DOING: "đang làm",
    Doing.DONE: "xong",
    Doing.LATE: "chậm",
}
"""As pages and papers say it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of an obligation for a month (its first day); of several for a month the last one counts."""

    line: str
    lead: str
    month: date
    doing: Doing
    words: str
    link: str
    by: str
    name: str
    post: str
    at: datetime
    number: int = 0
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """One line of a plan as one of its lead units has it, with what was told of it, oldest first."""

    version: PlanVersion
    line: PlanLine
    lead: str
    told: tuple[Told, ...] = ()

    @property
    def place(self) -> int:
        """Which of the line's lead units it is."""
        return self.line.lead.index(self.lead)

    @property
    def units(self) -> tuple[str, ...]:
        """The units whose people report on it."""
        return self.version.codes(self.lead)

    @property
    def due(self) -> date:
        """By when."""
        return self.version.due(self.line)

    @property
    def standing(self) -> Told | None:
        """What was told of the latest month."""
        return max(self.told, key=lambda each: (each.month, each.number), default=None)

    @property
    def doing(self) -> Doing:
        """How it stands; not begun while nobody said anything."""
        return self.standing.doing if self.standing else Doing.NOT_STARTED

    @property
    def subject(self) -> str:
        """What an alert about it is filed under."""
        key = self.version.key
        return f"{key.unit}/{key.framework}/{key.year}/{self.line.key}/{self.lead}"

    def is_behind(self, today: date) -> bool:
        """Whether the unit says it is late, or its day has passed and it is not done; what is given up never is."""
        if self.line.is_given_up or self.doing is Doing.DONE:
            return False
        return self.doing is Doing.LATE or today > self.due

    def owes(self, month: date) -> bool:
        """Whether nothing was told for the month, though it is of the plan's year and the line is neither done nor given up."""
        if self.line.is_given_up or self.doing is Doing.DONE or month.year != self.version.key.year:
            return False
        return all(each.month != month for each in self.told)


def obligations(version: PlanVersion, told: Iterable[Told]) -> tuple[Obligation, ...]:
    """Every obligation of the plan in its order."""
    known: dict[tuple[str, str], list[Told]] = {}
    for each in sorted(told, key=lambda one: (one.month, one.number)):
        known.setdefault((each.line, each.lead), []).append(each)
    return tuple(
        Obligation(version, line, lead, tuple(known.get((line.key, lead), ()))) for line in version.plan.lines for lead in line.lead
    )


def counts(of: Iterable[Obligation], today: date) -> Mapping[str, int]:
    """How many stand how; what is behind is counted there and not under how it stands."""
    found = {"behind": 0, "given_up": 0} | {each.value: 0 for each in Doing}
    for each in of:
        found["given_up" if each.line.is_given_up else "behind" if each.is_behind(today) else each.doing.value] += 1
    return found


def newest_by_month(told: Iterable[Told]) -> tuple[Told, ...]:
    """The word that counts for each month, oldest month first."""
    newest = {each.month: each for each in sorted(told, key=lambda one: one.number)}
    return tuple(newest[month] for month in sorted(newest))
