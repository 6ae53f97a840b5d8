"""Who stands above whom on which days, kept beside the units: one look instead of a walk up or down the tree."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Connection, or_, select, text

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

DEEPEST = 20
"""Levels below the province; a ring of parents, which the checks of units refuse, ends here."""


def tie(connection: Connection) -> None:
    """Write all ties anew from the units as they stand in this transaction."""
    connection.execute(_FORGET)
    connection.execute(_TIE, {"deepest": DEEPEST})


def below(connection: Connection, code: str, day: date) -> tuple[str, ...]:
    """The codes of the unit and everything below it that day, nearest first."""
    row = unit_closure.c
    found = select(row.descendant).where(row.ancestor == code, *_on(day)).order_by(row.depth, row.descendant)
    return tuple(connection.execute(found).scalars())


def above(connection: Connection, code: str, day: date) -> tuple[str, ...]:
    """The codes of the unit and those above it that day, nearest first."""
    row = unit_closure.c
    found = select(row.ancestor).where(row.descendant == code, *_on(day)).order_by(row.depth)
    return tuple(connection.execute(found).scalars())


def _on(day: date) -> tuple[ColumnElement[bool], ...]:
    row = unit_closure.c
    return row.valid_from <= day, or_(row.valid_to.is_(None), row.valid_to >= day)
