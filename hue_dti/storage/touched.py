"""Which units' rows were touched since a moment, as the database itself tells it."""

from __future__ import annotations

from sqlalchemy import Engine

from hue_dti.storage.engine import glance

EVERYTHING = ""
"""What stands for every unit: the units themselves changed."""

ALERTS = "/alerts"
"""What stands for the alerts, all together."""

_NOW = "SELECT pg_current_snapshot()::text"
_SINCE = """
    SELECT pg_current_snapshot()::text, array(
        SELECT DISTINCT unit FROM touched
        WHERE xact >= pg_snapshot_xmin(%(moment)s::pg_snapshot)::text::bigint
          AND NOT pg_visible_in_snapshot(xact::text::xid8, %(moment)s::pg_snapshot))"""


def moment_now(engine: Engine) -> str:
    """The present moment: the transactions that have ended by now, and so one that was still under way is told of whenever it ends."""
    with glance(engine) as connection:
        return str(connection.exec_driver_sql(_NOW).scalar_one())


def touched_since(engine: Engine, moment: str) -> tuple[str, frozenset[str]]:
    """The present moment, and the units with a row that is visible now and was not at that moment."""
    with glance(engine) as connection:
        row = connection.exec_driver_sql(_SINCE, {"moment": moment}).one()
    return row[0], frozenset(row[1])
