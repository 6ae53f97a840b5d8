"""Closed quarters: written once, read for ever."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, fields

from sqlalchemy import Connection, Row, Select, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.snapshots.model import SnapshotHead
from hue_dti.storage.engine import aware
from hue_dti.storage.tables import snapshot, snapshot_lower_unit

_HEAD = tuple(snapshot.c[field.name] for field in fields(SnapshotHead))


def save(connection: Connection, head: SnapshotHead, bundle: bytes, lower_units: Collection[str]) -> bool:
    """Freeze a quarter and return True; the same snapshot again changes nothing, a fork of the unit's chain is refused by the database."""
    row = {name: nfc(value) if isinstance(value, str) else value for name, value in asdict(head).items()}
    row |= {"closed_at": aware(head.closed_at), "bundle": bundle}
    statement = upsert(snapshot).values(row).on_conflict_do_nothing(index_elements=["sha256"])
    if connection.execute(statement.returning(snapshot.c.sha256)).one_or_none() is None:
        return False
    rows = [{"sha256": head.sha256, "unit": nfc(unit)} for unit in lower_units]
    if rows:
        connection.execute(insert(snapshot_lower_unit), rows)
    return True


def newest_bundle(connection: Connection, unit: str, period: str) -> bytes | None:
    """The newest closed quarter of the unit."""
    closed = select(snapshot.c.bundle).where(snapshot.c.unit == unit, snapshot.c.period == period)
    return connection.execute(closed.order_by(snapshot.c.sequence.desc()).limit(1)).scalar_one_or_none()


def covering_bundle(connection: Connection, unit: str, period: str) -> bytes | None:
    """The newest closed quarter of a unit above that also scored this one."""
    below = select(snapshot.c.bundle).join(snapshot_lower_unit, snapshot_lower_unit.c.sha256 == snapshot.c.sha256)
    closed = below.where(snapshot_lower_unit.c.unit == unit, snapshot.c.period == period)
    return connection.execute(closed.order_by(snapshot.c.closed_at.desc(), snapshot.c.sequence.desc()).limit(1)).scalar_one_or_none()


def bundle(connection: Connection, sha256: str) -> bytes | None:
    """The bundle of this name."""
    return connection.execute(select(snapshot.c.bundle).where(snapshot.c.sha256 == sha256)).scalar_one_or_none()


def heads(connection: Connection, unit: str) -> tuple[SnapshotHead, ...]:
    """The unit's chain, oldest first."""
    return tuple(_head(row) for row in connection.execute(_of(unit).order_by(snapshot.c.sequence)))


def closed_units(connection: Connection) -> tuple[str, ...]:
    """The units that have closed quarters, by code."""
    return tuple(connection.execute(select(snapshot.c.unit).distinct().order_by(snapshot.c.unit)).scalars())


def newest_head(connection: Connection, unit: str) -> SnapshotHead | None:
    """The end of the unit's chain."""
    row = connection.execute(_of(unit).order_by(snapshot.c.sequence.desc()).limit(1)).one_or_none()
    return None if row is None else _head(row)


def newest_heads(connection: Connection) -> tuple[SnapshotHead, ...]:
    """The newest closing of each unit and period: newest period first, then by unit."""
    newest = select(*_HEAD).ext(distinct_on(snapshot.c.unit, snapshot.c.period))
    rows = connection.execute(newest.order_by(snapshot.c.unit, snapshot.c.period, snapshot.c.sequence.desc())).all()
    return tuple(sorted((_head(row) for row in rows), key=lambda head: (-head.cutoff.toordinal(), head.unit)))


def _of(unit: str) -> Select[tuple[object, ...]]:
    return select(*_HEAD).where(snapshot.c.unit == unit)


def _head(row: Row[tuple[object, ...]]) -> SnapshotHead:
    return SnapshotHead(**row._mapping)
