"""Letters that go out once: noted before and after they are handed over, so that a crash costs at most one repeat, and it shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.storage.engine import aware

SENDING, SENT, FAILED, UNCLEAR, NO_ADDRESS, TOO_LATE = "sending", "sent", "failed", "unclear", "no_address", "too_late"
WAITING = "waiting"
"""Nobody has begun to send it."""

Key = Mapping[str, Any]
"""The columns by which a table knows a letter, with their values."""


def begin(connection: Connection, table: Table, key: Key, recipient: str, at: datetime) -> bool:
    """Note that the letter is about to be sent; False when it was sent, or may have been twice."""
    known = locked(connection, table, key)
    if known is not None and (known.state in {SENT, UNCLEAR} or (known.state == SENDING and known.repeated)):
        if known.state == SENDING:
            write(connection, table, key, state=UNCLEAR, noted_at=aware(at))
        return False
    repeated = known is not None and (known.repeated or known.state == SENDING)
    attempts = 1 if known is None else known.attempts + 1
    told = {"repeated": repeated, "attempts": attempts, "recipient": nfc(recipient), "reason": "", "noted_at": aware(at)}
    write(connection, table, key, state=SENDING, **told)
    return True


def note(connection: Connection, table: Table, key: Key, state: str, reason: str, at: datetime) -> None:
    """Note what became of it; one that was sent stays sent."""
    known = locked(connection, table, key)
    if known is None or known.state != SENT:
        write(connection, table, key, state=state, reason=nfc(reason), noted_at=aware(at))


def locked(connection: Connection, table: Table, key: Key) -> Row[Any] | None:
    """The letter as it stands, held until the transaction ends."""
    wanted = (table.c[name] == value for name, value in key.items())
    return connection.execute(select(table).where(*wanted).with_for_update()).one_or_none()


def write(connection: Connection, table: Table, key: Key, **told: object) -> None:
    """Change what is noted, or note it first."""
    fresh = {"repeated": False, "attempts": 0, "recipient": "", "reason": "", **told}
    statement = upsert(table).values(**key, **fresh)
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=told))
