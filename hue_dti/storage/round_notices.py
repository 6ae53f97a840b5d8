"""Which letters told whom that a round's days moved: queued with the change itself, each noted as it goes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, insert, select

from hue_dti.collation import nfc
from hue_dti.storage import once
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.queue import Deferred, defer
from hue_dti.storage.tables_rounds import round_notice

JOB = "tell_round"
"""The job that sends one letter."""

MOVED, EXTENDED = "moved", "extended"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is to be told: the login, and the address as it is now."""

    login: str
    email: str


@dataclass(frozen=True, slots=True)
class NoticeKey:
    """A letter goes out once for each of these; `cause` is what happened to the round's days: `moved-2`, `extended-17`."""

    round: str
    cause: str
    login: str


def announce(connection: Connection, code: str, cause: str, people: Iterable[Addressee], at: datetime) -> None:
    """Note each letter as waiting and queue it, within the caller's transaction."""
    rows = [
        {**asdict(NoticeKey(code, cause, each.login)), "state": once.WAITING, "recipient": nfc(each.email), "noted_at": aware(at)}
        for each in people
    ]
    if rows:
        connection.execute(insert(round_notice), [{**row, "repeated": False, "attempts": 0, "reason": ""} for row in rows])
        defer(connection, [Deferred(JOB, {name: str(row[name]) for name in ("round", "cause", "login")}) for row in rows])


class NoticeBook:
    """The letters' page of the database; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, key: NoticeKey, recipient: str, at: datetime) -> bool:
        """Note that the letter is about to be sent; False when it was sent, or may have been twice."""
        with transaction(self._engine) as connection:
            return once.begin(connection, round_notice, asdict(key), recipient, at)

    def note(self, key: NoticeKey, state: str, reason: str, at: datetime) -> None:
        """Note what became of it; one that was sent stays sent."""
        with transaction(self._engine) as connection:
            once.note(connection, round_notice, asdict(key), state, reason, at)

    def tally(self, code: str) -> Mapping[str, Mapping[str, int]]:
        """How many letters of a round stand how, by cause and state."""
        row = round_notice.c
        counted = select(row.cause, row.state, func.count()).where(row.round == code).group_by(row.cause, row.state)
        found: dict[str, dict[str, int]] = {}
        with transaction(self._engine) as connection:
            for cause, state, count in connection.execute(counted):
                found.setdefault(cause, {})[state] = int(count)
        return found

    def reasons(self, code: str) -> tuple[str, ...]:
        """Why letters of a round did not go out, each reason once."""
        row = round_notice.c
        asked = select(row.reason).distinct().where(row.round == code, row.reason != "").order_by(row.reason)
        with transaction(self._engine) as connection:
            return tuple(connection.execute(asked).scalars())
