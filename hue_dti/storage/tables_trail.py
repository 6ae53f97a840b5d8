"""The audit trail's table; what numbers and chains its rows stands in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, FetchedValue, Table, Text

from hue_dti.storage.columns import MOMENT, metadata, must

audit_event = Table(
    "audit_event",
    metadata,
    Column("seq", BigInteger, FetchedValue(), primary_key=True),
    must("at", MOMENT),
    must("act"),
    must("actor"),
    must("name"),
    must("unit"),
    must("subject"),
    must("old"),
    must("new"),
    must("reason"),
    must("address"),
    must("request"),
    Column("body", Text, FetchedValue(), nullable=False),
    Column("prev_hash", Text, FetchedValue(), nullable=False),
    Column("hash", Text, FetchedValue(), nullable=False),
)
