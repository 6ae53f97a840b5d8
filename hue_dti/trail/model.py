"""One thing that happened, as it is written for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
