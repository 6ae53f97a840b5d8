"""Figures at the gate: a value, its state, and where it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Protocol, runtime_checkable

from hue_dti.periods import Calendar, Period, Window
from hue_dti.units.model import OrgUnit

NO_MEASURE = "none"
"""What an article counts for that counts for nothing."""


class State(IntEnum):
    """What a figure is; only the first three carry a value, and none of the others is ever read as zero."""

    MEASURED = 1
    REPORTED = 2
    CARRIED_OVER = 3
    SOURCE_FAILED = 4
    MISSING = 5
    NOT_APPLICABLE = 6

    @property
    def has_value(self) -> bool:
        return self <= State.CARRIED_OVER

    @property
    def slug(self) -> str:
        """The English spelling used in JSON: `measured`, `source_failed` …"""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure came from: `place` is its position in the raw answer (`$.data[3].standardised`, `dòng 17`, `Trang!C5`)."""

    source: str
    request: str
    fetched_at: datetime
    raw_sha256: str
    place: str


@dataclass(frozen=True, slots=True)
class Observation:
    """unit × measure × period: value (integer in the measure's unit, None without one), state, as-of date, origin."""

    unit: str
    measure: str
    period: Period
    value: int | None
    state: State
    as_of: date
    origin: Origin
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredDocument:
    """A row of the register of issued and received documents; `criterion` names what it proves, if anything."""

    unit: str
    direction: str  # "issued" or "received"
    number: str
    issued_on: date
    kind: str
    title: str
    issuer: str
    criterion: str = ""
    note: str = ""
    raw_sha256: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure as a source prints it: the unit by code or by name, not yet resolved.

    `place` is its position in the raw answer whose hash is `raw_sha256`.
    """

    unit: str
    measure: str
    value: int | None
    as_of: date
    raw_sha256: str
    place: str
    state: State = State.MEASURED
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A source's answer as it came, stored before anybody reads it."""

    sha256: str
    request: str  # method and address without secrets
    status: int
    content_type: str
    fetched_at: datetime
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SourceFault:
    """Something a source got wrong: where in its answer, and what; `raw_sha256` is the answer's, empty where nobody said which."""

    place: str
    what: str
    raw_sha256: str = ""


@dataclass(frozen=True, slots=True)
class SettingFault:
    """A setting that a connector cannot work with: its key as the sources file writes it, what is wrong, what to write instead."""

    key: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article as a web site lists it: known for ever by `key` (host and id), in a figure's place by `identity`.

    `measure` is what the site's categories count it for, NO_MEASURE where they say that it counts for nothing, empty where a person has
    to say.
    """

    key: str
    identity: str
    title: str
    link: str
    day: date | None
    categories: str
    measure: str
    raw_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Pulled:
    """All a connector brought home in one pull; `documents` is None where the source keeps no register, empty where that is empty."""

    readings: tuple[Reading, ...]
    documents: tuple[RegisteredDocument, ...] | None = None
    faults: tuple[SourceFault, ...] = ()
    articles: tuple[ListedArticle, ...] = ()


class RawStore(Protocol):
    """Keeps answers; called before parsing."""

    def keep(self, answer: RawAnswer) -> str:
        """Store the answer durably and return its SHA-256."""


@runtime_checkable
class RecordedAnswers(RawStore, Protocol):
    """A raw store of an earlier pull: a connector given one takes its answers from here and asks nobody."""

    def asked(self) -> tuple[str, ...]:
        """The requests that have an answer here, in the order they were asked."""

    def recorded(self, request: str) -> RawAnswer:
        """The answer this request (`GET https://…`) got then; raise SourceAnswerInvalid when it was not asked."""


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What a connector is asked for: the unit whose subtree is wanted, the period, and the windows of its measures.

    `settings` are the source's own (base address, token, …). `windows[measure]` are the days a flow counts. `assigned` leads an article's
    key to the measure that a person counts it for, NO_MEASURE for none.
    """

    unit: OrgUnit
    units: Sequence[OrgUnit]
    period: Period
    calendar: Calendar
    cutoff: date
    windows: Mapping[str, Window]
    settings: Mapping[str, str]
    assigned: Mapping[str, str] = field(default_factory=dict)


class Connector(Protocol):
    """One outside system; found by the entry-point group `hue_dti.connectors`.

    A connector may have four more things, which the sources file is read with: `settings`, the keys it takes beside those that all
    share (`figures.*` for any key below `figures`); `asks_over_http = False` where it needs no `base`; and the static methods
    `faults_of(settings) -> Iterable[SettingFault]` and `only_handed_in(settings) -> bool`, true where the clock is not to ask.
    """

    source: str
    """The code of the source in the catalogue."""

    measures: tuple[str, ...]
    """The measures it brings."""

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """Ask the source (of RecordedAnswers: read what the store has of it); raise SourceError when no answer may be trusted."""


@runtime_checkable
class ReadsFiles(Protocol):
    """A connector that also reads a file which a person hands in."""

    def read_file(self, request: PullRequest, kept: RawAnswer, name: str, now: Callable[[], datetime]) -> Pulled:
        """What the kept file of this name tells; raise SourceError when it is not the declared table."""
