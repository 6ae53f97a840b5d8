"""Alerts as they are kept: at most one open for a rule, unit and subject; closed ones stay as history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.alerts.model import Alert, Finding, Kind, Verdict
from hue_dti.collation import nfc
from hue_dti.storage.engine import aware, glance, transaction
from hue_dti.storage.tables_aside import alert
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

_FREE = and_(alert.c.closed_at.is_(None), alert.c.acknowledged_at.is_(None))
"""Open, and nobody's."""


class AlertBook:
    """The alerts' page of the database; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def settle(self, unit: str, verdict: Verdict, at: datetime, about: Collection[str] | None = None) -> None:
        """Open or renew an alert for each finding of the unit; close those whose reason is gone, but for what nobody could judge.

        With `about`, only alerts on these subjects may be closed: the rest was not looked at.
        """
        with transaction(self._engine) as connection:
            for finding in verdict.findings:
                _note(connection, nfc(unit), finding, at)
            still = {(each.rule, each.subject) for each in verdict.findings} | verdict.unsure
            gone = [alert.c.unit == nfc(unit), alert.c.closed_at.is_(None), alert.c.last_seen <= aware(at)]
            if still:
                gone.append(tuple_(alert.c.rule, alert.c.subject).not_in(sorted((nfc(rule), nfc(subject)) for rule, subject in still)))
            if about is not None:
                gone.append(alert.c.subject.in_([nfc(each) for each in about]))
            connection.execute(update(alert).where(*gone).values(closed_at=aware(at)))

    def open(self) -> tuple[Alert, ...]:
        """The open alerts: those nobody has taken on first, and the newest first among them."""
        order = (alert.c.acknowledged_at.is_not(None), alert.c.opened_at.desc(), alert.c.id.desc())
        return self._read(alert.c.closed_at.is_(None), *order)

    def closed(self, most: int, of: Collection[str] | None = None) -> tuple[Alert, ...]:
        """The alerts that closed last, newest first; with `of`, those of these units."""
        over = alert.c.closed_at.is_not(None)
        return self._read(
            over if of is None else and_(over, alert.c.unit.in_(sorted(of))), alert.c.closed_at.desc(), alert.c.id.desc(), most=most
        )

    def find(self, number: int) -> Alert | None:
        """The alert of that number."""
        return next(iter(self._read(alert.c.id == number, alert.c.id)), None)

    def waiting(self) -> tuple[Alert, ...]:
        """The open alerts nobody has taken on, newest first."""
        return self._read(_FREE, alert.c.opened_at.desc(), alert.c.id.desc())

    def units(self) -> frozenset[str]:
        """The units that have open alerts."""
        with transaction(self._engine) as connection:
            return frozenset(connection.execute(select(alert.c.unit).where(alert.c.closed_at.is_(None)).distinct()).scalars())

    def acknowledge(self, numbers: Collection[int], by: str, reason: str, at: datetime, trail: Sequence[Event] = ()) -> frozenset[int]:
        """Take these alerts on; returns those that were open and nobody's. Nothing is recorded where there was none."""
        free = and_(alert.c.id.in_(numbers), _FREE)
        taken = update(alert).where(free).values(acknowledged_at=aware(at), acknowledged_by=nfc(by), acknowledgement=nfc(reason))
        with transaction(self._engine) as connection:
            found = frozenset(connection.execute(taken.returning(alert.c.id)).scalars())
            if found:
                record(connection, *trail)
            return found

    def _read(self, which: ColumnElement[bool], *order: ColumnElement[Any], most: int | None = None) -> tuple[Alert, ...]:
        with glance(self._engine) as connection:
            rows = connection.execute(select(alert).where(which).order_by(*order).limit(most)).mappings()
            return tuple(Alert(**{**row, "kind": Kind(row["kind"])}) for row in rows)


def _note(connection: Connection, unit: str, finding: Finding, at: datetime) -> None:
    """Open the alert, or let the open one grow: by what was counted, or by one where the sight is a new one."""
    seen = aware(finding.seen_at)
    fresh = upsert(alert).values(
        rule=nfc(finding.rule),
        kind=finding.kind.value,
        unit=unit,
        subject=nfc(finding.subject),
        what=nfc(finding.what),
        opened_at=min(seen, aware(at)),
        last_seen=seen,
        count=finding.times or 1,
    )
    grown = alert.c.count + case((fresh.excluded.last_seen > alert.c.last_seen, 1), else_=0) if finding.times is None else finding.times
    connection.execute(
        fresh.on_conflict_do_update(
            index_elements=["rule", "unit", "subject"],
            index_where=alert.c.closed_at.is_(None),
            set_={
                "what": fresh.excluded.what,
                "last_seen": func.greatest(alert.c.last_seen, fresh.excluded.last_seen),
                "count": func.greatest(alert.c.count, grown),
            },
        )
    )
