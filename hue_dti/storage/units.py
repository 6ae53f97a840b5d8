"""Organisational units kept in time, with the aliases of the unit files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, delete, insert, or_, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.storage.tables import org_unit, unit_alias, unit_change
from hue_dti.storage.ties import tie
from hue_dti.units.model import Level, OrgUnit

_DESCRIBES = ("valid_to", "name", "level", "parent", "located_in")

_CLOSE_THE_EARLIER = text("""
    UPDATE org_unit AS earlier SET valid_to = later.begins - 1
    FROM (SELECT code, valid_from, lead(valid_from) OVER (PARTITION BY code ORDER BY valid_from) AS begins FROM org_unit) AS later
    WHERE earlier.code = later.code AND earlier.valid_from = later.valid_from
      AND later.begins <= coalesce(earlier.valid_to, 'infinity')""")
_SHAPE = text("""
    SELECT md5(coalesce(string_agg(concat_ws('|', code, valid_from, valid_to, parent), E'\n' ORDER BY code, valid_from), ''))
    FROM org_unit""")
_TIED = text("SELECT EXISTS (SELECT FROM unit_closure)")


def save(connection: Connection, units: Iterable[OrgUnit]) -> None:
    """Insert new units and bring known ones, by (code, valid_from), to what is given; a later span closes the one before."""
    given = {(nfc(unit.code), unit.valid_from): unit for unit in units}
    if not given:
        return
    statement = upsert(org_unit)
    changed = or_(*(org_unit.c[name].is_distinct_from(statement.excluded[name]) for name in _DESCRIBES))
    statement = statement.on_conflict_do_update(
        index_elements=["code", "valid_from"], set_={name: statement.excluded[name] for name in _DESCRIBES}, where=changed
    )
    before = connection.execute(_SHAPE).scalar_one()
    connection.execute(statement, [_row(unit) for unit in given.values()])
    connection.execute(_CLOSE_THE_EARLIER)
    _save_aliases(connection, given)
    if connection.execute(_SHAPE).scalar_one() != before or not connection.execute(_TIED).scalar_one():
        tie(connection)


def _row(unit: OrgUnit) -> dict[str, object]:
    return {
        "code": nfc(unit.code),
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "name": nfc(unit.name),
        "level": str(unit.level),
        "parent": None if unit.parent is None else nfc(unit.parent),
        "located_in": None if unit.located_in is None else nfc(unit.located_in),
    }


def _save_aliases(connection: Connection, given: dict[tuple[str, date], OrgUnit]) -> None:
    known = _aliases(connection)
    wanted = {key: tuple(map(nfc, unit.aliases)) for key, unit in given.items()}
    stale = [key for key, aliases in wanted.items() if known.get(key, ()) != aliases]
    for code, valid_from in stale:
        connection.execute(
            delete(unit_alias).where(unit_alias.c.code == code, unit_alias.c.valid_from == valid_from, unit_alias.c.source == "")
        )
    rows = [
        {"code": key[0], "valid_from": key[1], "source": "", "position": position, "alias": alias, "confirmed_by": ""}
        for key in stale
        for position, alias in enumerate(wanted[key])
    ]
    if rows:
        connection.execute(insert(unit_alias), rows)


def _aliases(connection: Connection) -> dict[tuple[str, date], tuple[str, ...]]:
    """The aliases of the unit files; what a person confirmed for one source stands in `storage.names`."""
    found: dict[tuple[str, date], tuple[str, ...]] = defaultdict(tuple)
    of_files = select(unit_alias.c.code, unit_alias.c.valid_from, unit_alias.c.alias).where(unit_alias.c.source == "")
    for code, valid_from, alias in connection.execute(of_files.order_by(*unit_alias.primary_key)):
        found[code, valid_from] += (alias,)
    return found


def changes(connection: Connection) -> int:
    """How often the units and their aliases have changed; the same number, the same units."""
    return int(connection.execute(select(unit_change.c.number)).scalar_one())


def read_all(connection: Connection) -> tuple[OrgUnit, ...]:
    """Every unit of every time, by code and then by first day."""
    aliases = _aliases(connection)
    return tuple(
        OrgUnit(
            code=row.code,
            name=row.name,
            level=Level(row.level),
            parent=row.parent,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            located_in=row.located_in,
            aliases=aliases.get((row.code, row.valid_from), ()),
        )
        for row in connection.execute(select(org_unit).order_by(*org_unit.primary_key))
    )
