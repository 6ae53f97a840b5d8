"""Which reminders were sent, and what became of the others."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.tables_aside import reminder

SENDING, SENT, FAILED, UNCLEAR, NO_ADDRESS, TOO_LATE = "sending", "sent", "failed", "unclear", "no_address", "too_late"


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
            known = _locked(connection, key)
            if known is not None and (known.state in {SENT, UNCLEAR} or (known.state == SENDING and known.repeated)):
                if known.state == SENDING:
                    _write(connection, key, state=UNCLEAR, noted_at=aware(at))
                return False
            repeated = known is not None and (known.repeated or known.state == SENDING)
            attempts = 1 if known is None else known.attempts + 1
            _write(
                connection,
                key,
                state=SENDING,
                repeated=repeated,
                attempts=attempts,
                recipient=nfc(recipient),
                reason="",
                noted_at=aware(at),
            )
            return True

    def note(self, key: ReminderKey, state: str, reason: str, at: datetime) -> None:
        """Note what became of it; one that was sent stays sent."""
        with transaction(self._engine) as connection:
            known = _locked(connection, key)
            if known is None or known.state != SENT:
                _write(connection, key, state=state, reason=nfc(reason), noted_at=aware(at))

    def of(self, period: str) -> tuple[Reminder, ...]:
        """The reminders of a period, by unit, the longest before the cut-off first."""
        row = reminder.c
        asked = select(reminder).where(row.period == period).order_by(row.unit, row.days_before.desc())
        with transaction(self._engine) as connection:
            return tuple(_read(each) for each in connection.execute(asked))


def _locked(connection: Connection, key: ReminderKey) -> Reminder | None:
    row = reminder.c
    wanted = (row.unit == nfc(key.unit), row.period == key.period, row.days_before == key.days_before)
    found = connection.execute(select(reminder).where(*wanted).with_for_update()).one_or_none()
    return None if found is None else _read(found)


def _write(connection: Connection, key: ReminderKey, **told: object) -> None:
    fresh = {"repeated": False, "attempts": 0, "recipient": "", "reason": "", **told}
    statement = upsert(reminder).values(**{**asdict(key), "unit": nfc(key.unit)}, **fresh)
    connection.execute(statement.on_conflict_do_update(index_elements=["unit", "period", "days_before"], set_=told))


def _read(row: object) -> Reminder:
    told = dict(row._mapping)  # type: ignore[attr-defined]
    key = ReminderKey(told.pop("unit"), told.pop("period"), told.pop("days_before"))
    return Reminder(key, **told)
