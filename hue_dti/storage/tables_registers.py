"""The tables of registers' rows and of what is said of registers; what the database itself checks stands in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from hue_dti.storage.columns import MOMENT, identity, metadata, must

register_row = Table(
    "register_row",
    metadata,
    identity(),
    must("client_id", Uuid),
    must("register"),
    must("unit"),
    must("row", Uuid),
    must("content", JSONB),
    must("withdrawn", Boolean),
    must("reason"),
    Column("replaces", BigInteger),
    must("entered_by"),
    must("entered_name"),
    must("entered_at", MOMENT),
)
register_word = Table(
    "register_word",
    metadata,
    identity(),
    must("register"),
    must("unit"),
    must("period"),
    must("is_full", Boolean),
    must("reason"),
    must("said_by"),
    must("name"),
    must("said_at", MOMENT),
)
