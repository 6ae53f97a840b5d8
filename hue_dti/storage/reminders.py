"""Which reminders were sent, and what became of the others."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from hue_dti.collation import nfc
from hue_dti.storage import once
from hue_dti.storage.engine import transaction
from hue_dti.storage.tables_aside import reminder


@dataclass(frozen=True, slots=True)
class ReminderKey:
    """A reminder is sent once for each of these; `days_before` the cut-off, as the schedule names the day."""

    unit: str
    period: str
    days_before: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """What became of a reminder; `attempts` counts how often the mail server was spoken to.

    `repeated`: sent a second time because nobody knows whether it had gone out the first time.
    """

    key: ReminderKey
    state: str
    repeated: bool
    attempts: int
    recipient: str
    reason: str
    noted_at: datetime


class ReminderBook:
    """The reminders' page of the database; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, key: ReminderKey, recipient: str, at: datetime) -> bool:
        """Note that the reminder is about to be sent; False when it was sent, or may have been twice."""
        with transaction(self._engine) as connection:
            return once.begin(connection, reminder, _columns(key), recipient, at)

    def note(self, key: ReminderKey, state: str, reason: str, at: datetime) -> None:
        """Note what became of it; one that was sent stays sent."""
        with transaction(self._engine) as connection:
            once.note(connection, reminder, _columns(key), state, reason, at)

    def of(self, period: str) -> tuple[Reminder, ...]:
        """The reminders of a period, by unit, the longest before the cut-off first."""
        row = reminder.c
        asked = select(reminder).where(row.period == period).order_by(row.unit, row.days_before.desc())
        with transaction(self._engine) as connection:
            return tuple(_read(each) for each in connection.execute(asked))


def _columns(key: ReminderKey) -> once.Key:
    return {**asdict(key), "unit": nfc(key.unit)}


def _read(row: object) -> Reminder:
    told = dict(row._mapping)  # type: ignore[attr-defined]
    key = ReminderKey(told.pop("unit"), told.pop("period"), told.pop("days_before"))
    return Reminder(key, **told)
