"""Alert rules, what a rule finds when it looks, and the alerts that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    """What a rule watches."""

    STALE = "stale"  # a source without a good pull for too long
    FAILED = "failed"  # a source that failed so often in a row
    REFUSED = "refused"  # a source of whose newest answer so many places were refused
    JUMP = "jump"  # a measure far from where it was a period ago
    BEHIND = "behind"  # a measure's share below the straight line to its target


class Unsure(StrEnum):
    """What becomes of an open alert while there are no figures to judge it by."""

    KEEP = "keep"
    CLOSE = "close"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class SourceRule:
    """Watches sources: `stale` after `most` days without a good pull, `failed` from `most` failures in a row,
    `refused` from `most` refused places in the newest answer.
    """

    name: str
    kind: Kind
    sources: tuple[str, ...]
    most: int
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JumpRule:
    """Watches measures: `change` is the share of the last period's figure by which this period's may differ."""

    name: str
    measures: tuple[str, ...]
    change: Fraction
    no_figures: Unsure = Unsure.KEEP
    units: tuple[str, ...] = ()
    kind: Kind = Kind.JUMP


@dataclass(frozen=True, slots=True)
class BehindRule:
    """Watches the share part ÷ whole on its straight way from `start` on the first day to `target` on the last one."""

    name: str
    part: str
    whole: str
    target: Fraction
    begins: date
    by: date
    start: Fraction = Fraction(0)
    leeway: Fraction = Fraction(0)
    no_figures: Unsure = Unsure.KEEP
    units: tuple[str, ...] = ()
    kind: Kind = Kind.BEHIND

    def expected(self, day: date) -> Fraction:
        """The share due that day; the start's before the way begins, the target's after its end."""
        gone = Fraction((min(max(day, self.begins), self.by) - self.begins).days, (self.by - self.begins).days)
        return self.start + (self.target - self.start) * gone


Rule = SourceRule | JumpRule | BehindRule


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason for an alert; `subject` is the source or measure it is about, `seen_at` when the reason was seen last.

    `times` is how often it was seen since it began, None where nobody counts and each new sight adds one.
    """

    rule: str
    kind: Kind
    subject: str
    what: str
    seen_at: datetime
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules make of a unit: reasons for alerts, and (rule, subject) that cannot be judged and stay as they are."""

    findings: tuple[Finding, ...]
    unsure: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; open while `closed_at` is None. `acknowledged_by` and `acknowledgement` are empty until somebody takes it on."""

    id: int
    rule: str
    kind: Kind
    unit: str
    subject: str
    what: str
    opened_at: datetime
    last_seen: datetime
    count: int
    closed_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    acknowledgement: str

    @property
    def is_open(self) -> bool:
        """Whether the reason still stands."""
        return self.closed_at is None
