"""The table of values the province gives; what the database itself checks stands in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Uuid

from hue_dti.storage.columns import MOMENT, identity, metadata, must

provincial_value = Table(
    "provincial_value",
    metadata,
    identity(),
    must("client_id", Uuid),
    must("unit"),
    must("period"),
    must("framework"),
    must("code"),
    Column("part", BigInteger),
    Column("whole", BigInteger),
    Column("max_points", BigInteger),
    must("result"),
    must("document"),
    Column("evidence_id", BigInteger),
    must("reason"),
    Column("replaces", BigInteger),
    must("given_by"),
    must("given_name"),
    must("given_at", MOMENT),
)
