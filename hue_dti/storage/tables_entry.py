"""Tables of typed figures and of the notes on pulled ones; the database's own checks stand in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text, Uuid

from hue_dti.storage.columns import MOMENT, identity, key, metadata, must

entry = Table(
    "entry",
    metadata,
    identity(),
    must("client_id", Uuid),
    must("unit"),
    must("measure"),
    must("period"),
    must("choice"),
    Column("value", BigInteger),
    must("reason"),
    Column("old_value", BigInteger),
    Column("compared", BigInteger),
    must("entered_by"),
    must("name"),
    must("post"),
    must("entered_at", MOMENT),
    must("sha256"),
    must("raw_sha256"),
    Column("replaces", Uuid),
)
figure_note = Table(
    "figure_note",
    metadata,
    identity(),
    must("unit"),
    must("measure"),
    must("period"),
    Column("value", BigInteger),
    must("source"),
    Column("raw_sha256", Text),
    must("note"),
    must("noted_by"),
    must("name"),
    must("post"),
    must("noted_at", MOMENT),
)
figure_note_answer = Table(
    "figure_note_answer",
    metadata,
    key("note_id", BigInteger),
    must("answer"),
    must("answered_by"),
    must("name"),
    must("answered_at", MOMENT),
)
