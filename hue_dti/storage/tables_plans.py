"""Tables of improvement plans; the database's own checks stand in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, SmallInteger, Table
from sqlalchemy.dialects.postgresql import JSONB

from hue_dti.storage.columns import MOMENT, identity, metadata, must


def _plan() -> tuple[Column[str], Column[str], Column[int]]:
    return must("unit"), must("framework"), must("year", SmallInteger)


def _person() -> tuple[Column[str], ...]:
    return must("done_by"), must("name"), must("post"), must("done_at", MOMENT)


plan_version = Table(
    "plan_version",
    metadata,
    identity(),
    *_plan(),
    must("number", Integer),
    must("title"),
    must("content", JSONB),
    must("sha256"),
    must("reason"),
    *_person(),
)
plan_report = Table(
    "plan_report",
    metadata,
    identity(),
    *_plan(),
    must("line"),
    must("lead"),
    must("month", Date),
    must("doing"),
    must("words"),
    must("link"),
    Column("follows", BigInteger),
    *_person(),
)
