"""One line of the schedule: which job, when, for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hue_dti.periods import Period
from hue_dti.units.model import Level

DECLARED = "declared"
"""Written for `sources`: those of the province's sources file."""


@dataclass(frozen=True, slots=True)
class Cron:
    """Five fields as in a crontab, in local time; days of the week by their English names (mon … sun)."""

    minute: str
    hour: str
    day: str
    month: str
    weekday: str

    def __str__(self) -> str:
        return f"{self.minute} {self.hour} {self.day} {self.month} {self.weekday}"


@dataclass(frozen=True, slots=True)
class AtCutoff:
    """A time of the day after each quarter's cut-off, in local time."""

    hour: int
    minute: int

    def __str__(self) -> str:
        return f"at_cutoff {self.hour:02d}:{self.minute:02d}"


@dataclass(frozen=True, slots=True)
class BeforeCutoff:
    """A time of so many days before each quarter's cut-off, most days first, in local time; 0 is the day of the cut-off itself."""

    days: tuple[int, ...]
    hour: int
    minute: int

    def __str__(self) -> str:
        return f"before_cutoff {','.join(map(str, self.days))} {self.hour:02d}:{self.minute:02d}"


When = Cron | AtCutoff | BeforeCutoff


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the schedule.

    A job that `wants` a unit, period or source is queued once for every one of them: the units of `level` (only `units`, where any are
    named; with `hosting` only those that close a quarter of their own) and the `sources`, None meaning all that are declared; one that
    wants `units` is given several of them together. The period is the quarter cut off or about to be, or the one that runs on the day.
    """

    name: str
    job: str
    when: When
    wants: frozenset[str]
    level: Level | None = None
    units: tuple[str, ...] = ()
    sources: tuple[str, ...] | None = None
    arguments: Mapping[str, str] = field(default_factory=dict)
    hosting: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A moment at which an entry is due, the quarter whose cut-off is why, and how many days before it where that is why."""

    at: datetime
    period: Period | None = None
    days_before: int | None = None
