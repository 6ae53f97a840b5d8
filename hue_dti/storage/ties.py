"""Who stands above whom on which days, kept beside the units: one look instead of a walk up or down the tree."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, Date, bindparam, or_, select, text

from hue_dti.storage.tables_units import unit_closure

_FORGET = text("DELETE FROM unit_closure")
_TIE = text("""
    WITH RECURSIVE line AS (
        SELECT code AS ancestor, parent, code AS descendant, 0 AS depth, valid_from, coalesce(valid_to, 'infinity') AS valid_to
        FROM org_unit
        UNION ALL
        SELECT above.code, above.parent, line.descendant, line.depth + 1,
               greatest(line.valid_from, above.valid_from), least(line.valid_to, coalesce(above.valid_to, 'infinity'))
        FROM line JOIN org_unit AS above ON above.code = line.parent
            AND above.valid_from <= line.valid_to AND line.valid_from <= coalesce(above.valid_to, 'infinity')
        WHERE line.depth < :deepest)
    INSERT INTO unit_closure (ancestor, descendant, depth, valid_from, valid_to)
    SELECT ancestor, descendant, depth, valid_from, nullif(valid_to, 'infinity') FROM line ON CONFLICT DO NOTHING""")

_ROW, _DAY = unit_closure.c, bindparam("day", type_=Date)
_THAT_DAY = _ROW.valid_from <= _DAY, or_(_ROW.valid_to.is_(None), _ROW.valid_to >= _DAY)
_BELOW = select(_ROW.descendant).where(_ROW.ancestor == bindparam("code"), *_THAT_DAY).order_by(_ROW.depth, _ROW.descendant)
_ABOVE = select(_ROW.ancestor).where(_ROW.descendant == bindparam("code"), *_THAT_DAY).order_by(_ROW.depth)

DEEPEST = 20
"""Levels below the province; a ring of parents, which the checks of units refuse, ends here."""


def tie(connection: Connection) -> None:
    """Write all ties anew from the units as they stand in this transaction."""
    connection.execute(_FORGET)
    connection.execute(_TIE, {"deepest": DEEPEST})


def below(connection: Connection, code: str, day: date) -> tuple[str, ...]:
    """The codes of the unit and everything below it that day, nearest first."""
    return tuple(connection.execute(_BELOW, {"code": code, "day": day}).scalars())


def above(connection: Connection, code: str, day: date) -> tuple[str, ...]:
    """The codes of the unit and those above it that day, nearest first."""
    return tuple(connection.execute(_ABOVE, {"code": code, "day": day}).scalars())
