"""General information of units: each telling is a row, the newest counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, insert, or_, select

from hue_dti.collation import nfc
from hue_dti.errors import UnknownUnit
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.tables import org_unit
from hue_dti.storage.tables_aside import unit_profile
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event
from hue_dti.units.model import OrgUnit
from hue_dti.units.profile import ProfileVersion, UnitProfile

_FIELDS = tuple(field.name for field in fields(UnitProfile))


class ProfileBook:
    """What units told of themselves; every method is one transaction and raises StorageError as `Storage` does.

    A unit is asked for by its code, which then means the last unit that bore it, or as an OrgUnit. What was told of another span of
    the code counts while the unit bears the same name: a new superior changes no mailbox, a merger does.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def newest(self, unit: str | OrgUnit) -> UnitProfile | None:
        """What was told last of the unit, None when nothing was."""
        versions = self.history(unit)
        return versions[-1].profile if versions else None

    def history(self, unit: str | OrgUnit) -> tuple[ProfileVersion, ...]:
        """Everything told of the unit, oldest first."""
        with transaction(self._engine) as connection:
            span = _span(connection, unit)
            return () if span is None else _history(connection, *span)

    def save(self, profile: UnitProfile, by: str, at: datetime, trail: Sequence[Event] = ()) -> bool:
        """Tell the unit's newest information; False, with nothing stored, when it is what was told before.

        Raises UnknownUnit for a code nobody bears.
        """
        told = _in_nfc(profile)
        with transaction(self._engine) as connection:
            span = _span(connection, told.unit)
            if span is None:
                raise UnknownUnit(f"Không có đơn vị mã '{told.unit}'; hãy ghi đúng mã trong danh mục đơn vị.")
            known = _history(connection, *span)
            if known and known[-1].profile == told:
                return False
            row = {**asdict(told), "valid_from": span[1], "saved_by": nfc(by), "saved_at": aware(at)}
            connection.execute(insert(unit_profile), row)
            record(connection, *trail)
            return True


def _span(connection: Connection, unit: str | OrgUnit) -> tuple[str, date, str] | None:
    """Code, first day and name of the unit meant."""
    if isinstance(unit, OrgUnit):
        return nfc(unit.code), unit.valid_from, nfc(unit.name)
    row = org_unit.c
    last = select(row.code, row.valid_from, row.name).where(row.code == nfc(unit)).order_by(row.valid_from.desc()).limit(1)
    found = connection.execute(last).one_or_none()
    return None if found is None else (found.code, found.valid_from, found.name)


def _history(connection: Connection, code: str, valid_from: date, name: str) -> tuple[ProfileVersion, ...]:
    told: Select[Any] = select(unit_profile).join(
        org_unit, (org_unit.c.code == unit_profile.c.unit) & (org_unit.c.valid_from == unit_profile.c.valid_from)
    )
    same = or_(unit_profile.c.valid_from == valid_from, org_unit.c.name == name)
    return tuple(map(_version, connection.execute(told.where(unit_profile.c.unit == code, same).order_by(unit_profile.c.id))))


def _version(row: Row[Any]) -> ProfileVersion:
    told = row._mapping
    return ProfileVersion(UnitProfile(**{name: told[name] for name in _FIELDS}), told["saved_by"], told["saved_at"])


def _in_nfc(profile: UnitProfile) -> UnitProfile:
    texts: dict[str, Any] = {name: nfc(value) for name, value in asdict(profile).items() if isinstance(value, str)}
    return replace(profile, **texts)
