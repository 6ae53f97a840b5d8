"""Two hands in a round, held against requests at once: who gives a unit's own marks does not appraise them, in either order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from hue_dti.appraisal.model import Stage
from hue_dti.appraisal.moves import OWN_FIGURES
from hue_dti.appraisal.rounds import OWN_APPRAISAL
from hue_dti.errors import RoundRefused
from hue_dti.storage.tables_rounds import round_mark, round_self_mark


def other_hand(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Write alone at the unit's sheet; RoundRefused when the row's person stands on the other side of it."""
    sheet = f"round sheet {row['round']} {row['unit']}"
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(sheet, 0))))
    if table is round_self_mark and _appraised(connection, row):
        raise RoundRefused(OWN_APPRAISAL)
    if table is round_mark and row["stage"] != Stage.EXPLAINED.value and _entered(connection, row):
        raise RoundRefused(OWN_FIGURES)


def _appraised(connection: Connection, row: dict[str, Any]) -> bool:
    words = round_mark.c
    mine = select(words.id).where(*_sheet(round_mark, row), words.done_by == row["done_by"], words.stage != Stage.EXPLAINED.value)
    return connection.execute(mine.limit(1)).one_or_none() is not None


def _entered(connection: Connection, row: dict[str, Any]) -> bool:
    own = round_self_mark.c
    newest = select(own.done_by).ext(distinct_on(own.line)).where(*_sheet(round_self_mark, row)).order_by(own.line, own.id.desc())
    return row["done_by"] in connection.execute(newest).scalars().all()


def _sheet(table: Table, row: dict[str, Any]) -> tuple[ColumnElement[bool], ...]:
    return table.c.round == row["round"], table.c.unit == row["unit"]
