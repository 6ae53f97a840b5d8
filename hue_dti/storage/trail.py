"""The audit trail as it is kept: events join it, with the change they tell of, and nothing ever leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, func, insert, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from hue_dti.collation import nfc
from hue_dti.storage.engine import aware, driver, transaction
from hue_dti.storage.tables_trail import audit_event
from hue_dti.trail.chain import keepable
from hue_dti.trail.model import CLOSED, Event, Head, Kept, Selection

EVERYTHING = Selection()

_AT_ONCE = 5_000


def record(connection: Connection, *events: Event) -> None:
    """Add events in the caller's transaction, as its last statement: whoever comes next waits for its end.

    What cannot be recorded raises, and so undoes what the transaction has changed.
    """
    rows = [{**asdict(keepable(event)), "at": aware(event.at)} for event in events]
    if rows:
        connection.execute(insert(audit_event).inline(), rows)


def record_and_commit(connection: Connection, *events: Event) -> None:
    """The same with the transaction's end, sent at once: others wait for the trail no longer than the server itself takes for both."""
    below = driver(connection)
    try:
        with below.pipeline():
            record(connection, *events)
            connection.commit()
    except BaseException:
        if not below.closed:
            below.rollback()  # after a refused event the end was not even tried
        raise


class TrailBook:
    """The audit trail's page of the database; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, *events: Event) -> None:
        """Record what changed nothing else: a sign-in, a refusal, an export."""
        with transaction(self._engine) as connection:
            record(connection, *events)

    def head(self) -> Head | None:
        """The newest event's number and hash; None before the first."""
        newest = select(audit_event.c.seq, audit_event.c.hash).order_by(audit_event.c.seq.desc()).limit(1)
        with transaction(self._engine) as connection:
            row = connection.execute(newest).one_or_none()
            return None if row is None else Head(row.seq, row.hash)

    def at(self, seq: int) -> Head | None:
        """The head as it was when the trail had this many events; None where it has not."""
        told = select(audit_event.c.seq, audit_event.c.hash).where(audit_event.c.seq == seq)
        with transaction(self._engine) as connection:
            row = connection.execute(told).one_or_none()
            return None if row is None else Head(row.seq, row.hash)

    def closing(self, sha256: str) -> Head | None:
        """The event of the closing that froze this snapshot; None for one that was frozen before there was a trail."""
        row = audit_event.c
        told = select(row.seq, row.hash).where(row.act == CLOSED, row.new == sha256).order_by(row.seq).limit(1)
        with transaction(self._engine) as connection:
            found = connection.execute(told).one_or_none()
            return None if found is None else Head(found.seq, found.hash)

    def count(self, wanted: Selection = EVERYTHING) -> int:
        """How many events there are of those wanted."""
        with transaction(self._engine) as connection:
            return int(connection.execute(select(func.count()).select_from(audit_event).where(*_narrowed(wanted))).scalar_one())

    def page(self, wanted: Selection = EVERYTHING, before: int | None = None, most: int = 50) -> tuple[Kept, ...]:
        """The newest events of those wanted, newest first; with `before`, of those with smaller numbers."""
        older = [audit_event.c.seq < before] if before is not None else []
        asked = select(audit_event).where(*_narrowed(wanted), *older).order_by(audit_event.c.seq.desc()).limit(most)
        with transaction(self._engine) as connection:
            return tuple(map(_kept, connection.execute(asked)))

    def every(self, wanted: Selection = EVERYTHING) -> Iterator[Kept]:
        """The events wanted from the first on, read in pieces as of one moment."""
        asked: Select[Any] = select(audit_event).where(*_narrowed(wanted)).order_by(audit_event.c.seq)
        with transaction(self._engine) as connection, connection.execution_options(yield_per=_AT_ONCE).execute(asked) as rows:
            yield from map(_kept, rows)

    def actors(self) -> tuple[tuple[str, str], ...]:
        """Everybody who ever acted, as login and the name used last, by login."""
        row = audit_event.c
        asked = select(row.actor, row.name).ext(distinct_on(row.actor)).order_by(row.actor, row.seq.desc())
        with transaction(self._engine) as connection:
            return tuple((each.actor, each.name) for each in connection.execute(asked))


def _narrowed(wanted: Selection) -> list[ColumnElement[bool]]:
    row, narrowed = audit_event.c, []
    if wanted.since is not None:
        narrowed.append(row.at >= aware(wanted.since))
    if wanted.until is not None:
        narrowed.append(row.at < aware(wanted.until))
    if wanted.actor:
        narrowed.append(row.actor == nfc(wanted.actor))
    if wanted.units:
        narrowed.append(row.unit.in_([nfc(unit) for unit in wanted.units]))
    if wanted.acts:
        narrowed.append(or_(*(row.act.startswith(act, autoescape=True) if act.endswith(".") else row.act == act for act in wanted.acts)))
    if wanted.subject:
        narrowed.append(row.subject.contains(nfc(wanted.subject), autoescape=True))
    return narrowed


def _kept(row: Row[Any]) -> Kept:
    told: Any = tuple(row)  # in the table's order and not by name: a million rows are read in one go
    seq, at, act, actor, name, unit, subject, old, new, reason, address, request, body, prev, own = told
    return Kept(seq, Event(act, actor, name, unit, subject, old, new, reason, at, address, request), body, prev, own)
