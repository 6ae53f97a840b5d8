"""Registers that persons keep: rows with every version, each change with its event and the figures counted from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.errors import EntryConflict
from hue_dti.storage.engine import aware, glance, transaction
from hue_dti.storage.entered_run import EnteredRun, keep_run
from hue_dti.storage.tables_registers import register_row, register_word
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

_TAKEN = "Dòng này vừa có người khác sửa hoặc rút; hãy tải lại trang, xem dòng mới rồi sửa lại nếu cần."


@dataclass(frozen=True, slots=True)
class Change:
    """One row as it is to be: new without `replaces`, else in place of that version; `withdrawn` takes it back with a reason."""

    client: UUID
    row: UUID
    content: dict[str, Any]
    replaces: int | None = None
    withdrawn: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A version of a row as kept."""

    number: int
    register: str
    unit: str
    row: UUID
    content: dict[str, Any]
    withdrawn: bool
    reason: str
    replaces: int | None
    by: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RegisterWord:
    """What somebody said of a unit's register for a period: that it is full, or still being written, which a reason may excuse."""

    register: str
    unit: str
    period: str
    full: bool
    reason: str
    by: str
    name: str
    at: datetime


class RegisterBook:
    """The book of registers; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rows(self, unit: str, register: str) -> tuple[RegisterRow, ...]:
        """The rows that stand, in the order they were first written."""
        with glance(self._engine) as connection:
            versions = _versions(connection, unit, register)
        replaced = {each.replaces for each in versions}
        first = {each.row: each.number for each in reversed(versions)}
        standing = [each for each in versions if each.number not in replaced and not each.withdrawn]
        return tuple(sorted(standing, key=lambda each: first[each.row]))

    def keepers(self, units: Collection[str]) -> frozenset[str]:
        """Those of the units that ever wrote a row in any register."""
        asked = select(register_row.c.unit).where(register_row.c.unit.in_([nfc(unit) for unit in units])).distinct()
        with glance(self._engine) as connection:
            return frozenset(connection.execute(asked).scalars())

    def history(self, unit: str, register: str) -> tuple[RegisterRow, ...]:
        """Every version of every row, oldest first."""
        with glance(self._engine) as connection:
            return _versions(connection, unit, register)

    def histories(self, units: Collection[str]) -> tuple[RegisterRow, ...]:
        """Every version of every row of all these units' registers, oldest first."""
        column = register_row.c
        with glance(self._engine) as connection:
            found = connection.execute(select(register_row).where(column.unit.in_([nfc(unit) for unit in units])).order_by(column.id))
            return tuple(map(_version, found))

    def say(self, given: RegisterWord, trail: Sequence[Event] = ()) -> None:
        """Keep a word on a register; it takes the place of the one before."""
        about = {"register": nfc(given.register), "unit": nfc(given.unit), "period": given.period, "is_full": given.full}
        told = {"reason": nfc(given.reason), "said_by": nfc(given.by), "name": nfc(given.name), "said_at": aware(given.at)}
        with transaction(self._engine) as connection:
            connection.execute(insert(register_word).values(about | told))
            record(connection, *trail)

    def words(self, units: Collection[str], period: str) -> dict[tuple[str, str], RegisterWord]:
        """The newest word on each register of these units for the period, by unit and register."""
        column = register_word.c
        asked = select(register_word).where(column.period == period, column.unit.in_([nfc(unit) for unit in units])).order_by(column.id)
        with glance(self._engine) as connection:
            found = connection.execute(asked).all()
        words = (
            RegisterWord(row.register, row.unit, row.period, row.is_full, row.reason, row.said_by, row.name, row.said_at) for row in found
        )
        return {(word.unit, word.register): word for word in words}

    def save(
        self,
        unit: str,
        register: str,
        changes: Sequence[Change],
        by: str,
        name: str,
        at: datetime,
        run: EnteredRun | None = None,
        trail: Sequence[Event] = (),
    ) -> bool:
        """Keep changes, all or none; False when they were all kept before. EntryConflict where another version came between."""
        told = {"register": nfc(register), "unit": nfc(unit), "entered_by": nfc(by), "entered_name": nfc(name), "entered_at": aware(at)}
        with transaction(self._engine) as connection:
            known = set(connection.execute(select(register_row.c.client_id).where(_clients(changes))).scalars())
            if changes and len(known) == len(changes):
                return False
            for change in changes:
                _keep(connection, change, told)
            keep_run(connection, run, at)
            record(connection, *trail)
        return True


def _clients(changes: Sequence[Change]) -> Any:
    return register_row.c.client_id.in_([change.client for change in changes])


def _keep(connection: Connection, change: Change, told: dict[str, Any]) -> None:
    if change.replaces is not None and connection.execute(select(1).where(*_is_it(change, told))).one_or_none() is None:
        raise EntryConflict(_TAKEN)
    row = {name: getattr(change, name) for name in ("row", "content", "withdrawn", "replaces")}
    row |= {"client_id": change.client, "reason": nfc(change.reason)}
    fresh = upsert(register_row).values(row | told).on_conflict_do_nothing().returning(register_row.c.id)
    if connection.execute(fresh).one_or_none() is None:
        raise EntryConflict(_TAKEN)


def _is_it(change: Change, told: dict[str, Any]) -> tuple[Any, ...]:
    """That what is replaced is a version of this very row, in this register of this unit."""
    column = register_row.c
    return column.id == change.replaces, column.row == change.row, column.unit == told["unit"], column.register == told["register"]


def _versions(connection: Connection, unit: str, register: str) -> tuple[RegisterRow, ...]:
    column = register_row.c
    found = select(register_row).where(column.unit == nfc(unit), column.register == nfc(register)).order_by(column.id)
    return tuple(map(_version, connection.execute(found)))


def _version(row: Row[Any]) -> RegisterRow:
    told = row._mapping
    return RegisterRow(
        told["id"],
        told["register"],
        told["unit"],
        told["row"],
        told["content"],
        told["withdrawn"],
        told["reason"],
        told["replaces"],
        told["entered_by"],
        told["entered_name"],
        told["entered_at"],
    )
