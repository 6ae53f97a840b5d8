"""The table of registers' rows; what the database itself checks stands in migrations/."""

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
