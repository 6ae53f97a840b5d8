"""Tables of events that change units, and of who stands above whom; the database's own checks stand in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, SmallInteger, Table, Text

from hue_dti.storage.columns import MOMENT, identity, key, metadata, must

unit_event = Table(
    "unit_event",
    metadata,
    key("number"),
    must("effective_on", Date),
    must("title"),
    must("resolution"),
    must("issued_on", Date),
    must("issuer"),
    must("source"),
    must("note"),
)
unit_event_change = Table(
    "unit_event_change",
    metadata,
    key("event"),
    key("position", Integer),
    must("change"),
    must("old_code"),
    must("old_name"),
    must("new_code"),
    must("new_name"),
    Column("level", Text),
    Column("parent", Text),
    Column("share_part", BigInteger),
    Column("share_whole", BigInteger),
    must("note"),
)
unit_event_step = Table(
    "unit_event_step",
    metadata,
    identity(),
    must("event"),
    must("step"),
    must("done_by"),
    must("done_at", MOMENT),
    must("reason"),
)
unit_closure = Table(
    "unit_closure",
    metadata,
    key("ancestor"),
    key("descendant"),
    must("depth", SmallInteger),
    key("valid_from", Date),
    Column("valid_to", Date),
)
