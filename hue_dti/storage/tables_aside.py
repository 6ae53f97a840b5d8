"""Tables beside the figures: clock, board, alerts, profiles, base figures, reminders; the database's own checks stand in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from hue_dti.storage.columns import MOMENT, identity, key, letter, metadata, must

scheduled_run = Table(
    "scheduled_run",
    metadata,
    key("job"),
    key("due_at", MOMENT),
    must("kind"),
    must("noted_at", MOMENT),
    must("queued", Integer),
)
source_circuit = Table(
    "source_circuit",
    metadata,
    key("source"),
    must("failures", Integer),
    Column("rests_until", MOMENT),
    must("trying", Boolean),
)
heartbeat = Table("heartbeat", metadata, key("name"), must("at", MOMENT))
stale_source = Table("stale_source", metadata, key("unit"), key("source"), Column("last_good_at", MOMENT), must("noted_at", MOMENT))
alert = Table(
    "alert",
    metadata,
    identity(),
    must("rule"),
    must("kind"),
    must("unit"),
    must("subject"),
    must("what"),
    must("opened_at", MOMENT),
    must("last_seen", MOMENT),
    must("count", Integer),
    Column("closed_at", MOMENT),
    Column("acknowledged_at", MOMENT),
    must("acknowledged_by"),
    must("acknowledgement"),
)
source_trial = Table("source_trial", metadata, key("unit"), key("period"), key("source"), must("tried_at", MOMENT), must("told", JSONB))
unit_profile = Table(
    "unit_profile",
    metadata,
    identity(),
    must("unit"),
    must("valid_from", Date),
    must("address"),
    must("post"),
    must("email"),
    must("phone"),
    must("website"),
    must("leader_post"),
    Column("communes", Integer),
    Column("villages", Integer),
    Column("area_ha", Integer),
    must("source"),
    must("saved_by"),
    must("saved_at", MOMENT),
)
base_proposal = Table(
    "base_proposal",
    metadata,
    identity(),
    must("unit"),
    must("valid_from", Date),
    must("measure"),
    must("year", SmallInteger),
    must("value", BigInteger),
    must("as_of", Date),
    must("document"),
    must("reason"),
    must("proposed_by"),
    must("proposed_at", MOMENT),
)
base_decision = Table(
    "base_decision",
    metadata,
    identity(),
    must("verdict"),
    must("decided_by"),
    must("decided_at", MOMENT),
    must("reason"),
    must("effects", JSONB),
    Column("raw_sha256", Text),
)
base_settlement = Table(
    "base_settlement",
    metadata,
    key("proposal_id", BigInteger),
    must("decision_id", BigInteger),
    must("position", Integer),
    must("verdict"),
    must("decided_by"),
    must("unit"),
    must("valid_from", Date),
    must("measure"),
    must("year", SmallInteger),
    must("proposed_by"),
    Column("replaces", BigInteger),
    Column("old_value", BigInteger),
)
reminder = Table(
    "reminder",
    metadata,
    key("unit"),
    key("period"),
    key("days_before", SmallInteger),
    *letter(),
)
article = Table(
    "article",
    metadata,
    identity(),
    must("run_id", BigInteger),
    must("source"),
    must("key"),
    must("identity"),
    must("title"),
    must("link"),
    Column("day", Date),
    must("categories"),
    must("measure"),
    Column("raw_sha256", Text),
)
article_assignment = Table(
    "article_assignment",
    metadata,
    identity(),
    must("source"),
    must("key"),
    must("measure"),
    must("said_by"),
    must("reason"),
    must("said_at", MOMENT),
)
