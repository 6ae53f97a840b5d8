"""One thing that happened, as it is written for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

CLOSED = "quarter.closed"
"""The act whose event is the trail's head on the papers of a closed quarter; its `new` is the snapshot's hash."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: `act` is a stable name such as `entry.saved`; `actor` the login, empty for nobody known; `name` that person's own.

    `unit` is a unit's code, `subject` what it happened to, `old` and `new` what was and is, `reason` what the person gave.
    `address` is where the request came from, `request` its number in the log; `at` is aware.
    """

    act: str
    actor: str
    name: str
    unit: str
    subject: str
    old: str
    new: str
    reason: str
    at: datetime
    address: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose act it is and where it comes from: `actor` is a login, on the command line the name given there."""

    actor: str
    name: str
    address: str = ""
    request: str = ""

    def did(self, act: str, at: datetime, *, unit: str = "", subject: str = "", old: str = "", new: str = "", reason: str = "") -> Event:
        """The event that this act is."""
        return Event(act, self.actor, self.name, unit, subject, old, new, reason, at, self.address, self.request)


def hand_of(by: str, hand: Hand | None = None) -> Hand:
    """The hand that is known, else a hand of that name."""
    return hand if hand is not None else Hand(by.strip(), by.strip())


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at some moment, `seq` events long; `hash` may be the first letters only, as they stand on paper."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An event as it is kept: its number, the text that was hashed, the hash of the one before, its own."""

    seq: int
    event: Event
    body: str
    prev: str
    hash: str

    @property
    def head(self) -> Head:
        """The chain's end when this was its newest event."""
        return Head(self.seq, self.hash)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events are wanted; what is empty does not narrow. `acts` are whole names, or beginnings that end in a dot."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str = ""
    units: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    subject: str = ""
