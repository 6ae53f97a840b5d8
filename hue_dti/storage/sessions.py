"""Sign-ins that stand, and what was tried at the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from hue_dti.accounts.account import Session
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.tables_accounts import session, sign_in_attempt
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

KEPT = timedelta(days=90)
"""How long a sign-in that ended is remembered."""

SEEN_EVERY = timedelta(minutes=1)
"""A sign of life is written down no more often."""

_BROWSER = 200


@dataclass(frozen=True, slots=True)
class Tried:
    """How often somebody tried to come in within a while: as this login, and from this address."""

    login: int
    address: int
    first_login: datetime
    first_address: datetime


class SessionBook:
    """Every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, key: str, login: str, address: str, browser: str, at: datetime, trail: Sequence[Event] = ()) -> None:
        """Keep a sign-in by the hash of its number, and forget the failed tries of this login and sign-ins long over."""
        row = {"id_sha256": key, "login": login, "address": address, "browser": browser[:_BROWSER], "why_ended": ""}
        with transaction(self._engine) as connection:
            connection.execute(delete(session).where(session.c.login == login, session.c.ended_at < aware(at) - KEPT))
            connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.login == login))
            connection.execute(insert(session).values({**row, "created_at": aware(at), "last_seen": aware(at)}))
            record(connection, *trail)

    def standing(self, login: str) -> tuple[Session, ...]:
        """The person's sign-ins that nobody ended, the newest first."""
        asked = select(session).where(session.c.login == login, session.c.ended_at.is_(None)).order_by(session.c.last_seen.desc())
        with transaction(self._engine) as connection:
            return tuple(map(as_session, connection.execute(asked)))

    def seen(self, standing: Session, at: datetime) -> None:
        """Note a sign of life, unless one was noted just now."""
        if standing.last_seen >= aware(at) - SEEN_EVERY:
            return
        due = update(session).where(session.c.id_sha256 == standing.key, session.c.last_seen < aware(at) - SEEN_EVERY)
        with transaction(self._engine, awaited=False) as connection:
            connection.execute(due.values(last_seen=aware(at)))

    def end(self, key: str, why: str, at: datetime, login: str | None = None, trail: Sequence[Event] = ()) -> bool:
        """End a sign-in, of this login where one is named; False when it was over."""
        row = session.c
        which = [row.id_sha256 == key, row.ended_at.is_(None)] + ([row.login == login] if login is not None else [])
        with transaction(self._engine) as connection:
            ended = update(session).where(*which).values(ended_at=aware(at), why_ended=why).returning(row.id_sha256)
            found = connection.execute(ended).first() is not None
            record(connection, *(trail if found else ()))
            return found

    def tried(self, login: str, address: str, at: datetime, within: timedelta) -> Tried:
        """Note that somebody tries, and tell how often it was tried within that time, this once among them."""
        since, row = aware(at) - within, sign_in_attempt.c
        with transaction(self._engine) as connection:
            for matter in sorted((f"login {login}", f"address {address}")):  # those who try at once are counted one after the other
                connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"hue_dti sign-in {matter}"))))
            connection.execute(delete(sign_in_attempt).where((row.login == login) | (row.address == address), row.at <= since))
            connection.execute(insert(sign_in_attempt).values(login=login, address=address, at=aware(at)))
            counted = [
                connection.execute(select(func.count(), func.min(row.at)).where(column == name, row.at > since)).one()
                for column, name in ((row.login, login), (row.address, address))
            ]
        return Tried(counted[0][0], counted[1][0], counted[0][1] or at, counted[1][1] or at)


def end_all(connection: Connection, login: str, why: str, at: datetime, keep: str = "") -> None:
    """End every sign-in of the person but the one to keep, within a change that calls for it."""
    row = session.c
    standing = update(session).where(row.login == login, row.ended_at.is_(None), row.id_sha256 != keep)
    connection.execute(standing.values(ended_at=aware(at), why_ended=why))


def as_session(row: Any) -> Session:
    """The sign-in in a row of its table."""
    told = {name: getattr(row, name) for name in ("login", "created_at", "last_seen", "ended_at", "address", "browser")}
    return Session(key=row.id_sha256, **told)
