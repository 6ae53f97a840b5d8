"""A report's editions as they are kept: text versions, steps of its way, the issue, signed files, corrections."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from hue_dti.reports.case import Move, State
from hue_dti.reports.issue import Issue
from hue_dti.reports.narrative import NOTHING, Narrative


@dataclass(frozen=True, slots=True)
class Person:
    """Who did something: login, and name and post as they were then; where the request came from and its number, while it lasts."""

    login: str
    name: str
    post: str
    address: str = field(default="", compare=False)
    request: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TextVersion:
    """The parts in own words as somebody saved them; `restored` is the version they were taken over from, None when typed."""

    number: int
    own: Narrative
    by: Person
    at: datetime
    restored: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One move: who made it, where it led, on which text version and snapshot, and why.

    An approval by a signed file names the leader who signed in `by`, without a login, and who recorded it in `recorded_by`.
    """

    number: int
    move: Move
    after: State
    by: Person
    at: datetime
    reason: str
    version: int
    snapshot_sha256: str
    signed_sha256: str = ""
    recorded_by: str = ""


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A signed PDF kept by its SHA-256; `told` is what looking at its signatures told."""

    sha256: str
    name: str
    size: int
    told: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """A mistake of form put right after issue (đính chính), on a paper with a number of its own."""

    number: str
    day: date
    wrong: str
    right: str
    reason: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Edition:
    """One report of a quarter on its way; edition 1, then those that replace an issued one. All lists oldest first."""

    number: int
    versions: tuple[TextVersion, ...] = ()
    steps: tuple[Step, ...] = ()
    issue: Issue | None = None
    files: tuple[SignedFile, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def state(self) -> State:
        """Where the edition stands."""
        return self.steps[-1].after if self.steps else State.DRAFT

    @property
    def newest(self) -> int:
        """The number of the newest text version; 0 while nobody has saved one."""
        return self.versions[-1].number if self.versions else 0

    def own(self, version: int) -> Narrative:
        """The own words of a version; none for version 0. KeyError for one that is not there."""
        if version == 0:
            return NOTHING
        return {each.number: each for each in self.versions}[version].own

    def last(self, *moves: Move) -> Step | None:
        """The newest step of these moves."""
        return next((step for step in reversed(self.steps) if step.move in moves), None)

    @property
    def submitted(self) -> Step | None:
        """The submission that stands: what was submitted and not taken back."""
        return self.last(Move.SUBMIT) if self.state is not State.DRAFT else None

    @property
    def reason(self) -> str:
        """Why this edition replaces the one before; empty for the first."""
        return self.steps[0].reason if self.steps and self.steps[0].move is Move.REPLACE else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands, in short: the edition, its state, the text version, who did what last and when, the number once issued."""

    unit: str
    period: str
    edition: int
    state: State
    version: int
    by: Person
    at: datetime
    issue: Issue | None = None


@dataclass(frozen=True, slots=True)
class ReportCase:
    """Everything kept of a unit's report of a period, oldest edition first; there is always one."""

    unit: str
    period: str
    editions: tuple[Edition, ...]

    @property
    def current(self) -> Edition:
        """The edition that is worked on, or the issued one that stands."""
        return self.editions[-1]

    @property
    def issued(self) -> Edition | None:
        """The newest issued edition: the report that is in force."""
        return next((each for each in reversed(self.editions) if each.issue is not None), None)

    @property
    def begun(self) -> bool:
        """Whether anybody did anything with it."""
        return len(self.editions) > 1 or bool(self.current.versions or self.current.steps)

    def edition(self, number: int) -> Edition:
        """The edition of this number; KeyError when there is none."""
        return {each.number: each for each in self.editions}[number]
