"""The audit trail in the hands of whoever owns its table: what the tamper proofs share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg

from hue_dti.trail.chain import BEFORE_ALL, link
from hue_dti.trail.model import Event, Hand

AT = datetime(2024, 6, 10, 1, 0, tzinfo=UTC)
GUARDS = ("audit_event_only_takes_new_rows", "audit_event_is_chained")


def events(count: int) -> Iterator[Event]:
    """Invented acts of ten people."""
    for number in range(count):
        hand = Hand(f"can.bo.{number % 10}", f"Cán bộ số {number % 10}", f"10.0.0.{number % 250}", f"{number:012x}")
        at = AT + timedelta(seconds=number)
        yield hand.did("entry.saved", at, unit="20161", subject=f"số liệu {number % 76}", old=str(number), new=str(number + 1))


@contextmanager
def as_owner(url: str) -> Iterator[psycopg.Connection]:
    """The table's owner, with its guards off while the block lasts."""
    with psycopg.connect(url) as owner:
        owner.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        yield owner
        for guard in GUARDS:
            owner.execute(f"ALTER TABLE audit_event ENABLE ALWAYS TRIGGER {guard}")


def rechain(owner: psycopg.Connection, first: int) -> None:
    """Compute the chain anew from an event on, as a careful forger does."""
    before = owner.execute("SELECT hash FROM audit_event WHERE seq < %s ORDER BY seq DESC LIMIT 1", (first,)).fetchone()
    prev, rows = before[0] if before else BEFORE_ALL, []
    for seq, body in owner.execute("SELECT seq, body FROM audit_event WHERE seq >= %s ORDER BY seq", (first,)).fetchall():
        own = link(prev, seq, body)
        rows.append((prev, own, seq))
        prev = own
    with owner.cursor() as cursor:
        cursor.executemany("UPDATE audit_event SET prev_hash = %s, hash = %s WHERE seq = %s", rows)
