"""The tables of units, figures and snapshots as SQLAlchemy sees them; what the database itself checks stands in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, LargeBinary, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from hue_dti.storage.columns import MOMENT, identity, key, metadata, must

org_unit = Table(
    "org_unit",
    metadata,
    key("code"),
    key("valid_from", Date),
    Column("valid_to", Date),
    must("name"),
    must("level"),
    Column("parent", Text),
    Column("located_in", Text),
)
unit_alias = Table(
    "unit_alias",
    metadata,
    key("code"),
    key("valid_from", Date),
    key("source"),
    key("position", SmallInteger),
    must("alias"),
    must("confirmed_by"),
    Column("confirmed_at", MOMENT),
    Column("run_id", BigInteger),
)
unit_change = Table("unit_change", metadata, must("number", BigInteger))
touched = Table("touched", metadata, key("xact", BigInteger), key("unit"))
unknown_unit_name = Table(
    "unknown_unit_name",
    metadata,
    key("source"),
    key("name"),
    Column("suggested", Text),
    must("first_seen", MOMENT),
    must("last_seen", MOMENT),
    Column("run_id", BigInteger),
)
dismissed_unit_name = Table(
    "dismissed_unit_name",
    metadata,
    key("source"),
    key("name"),
    must("reason"),
    must("dismissed_by"),
    must("dismissed_at", MOMENT),
)
pull_run = Table(
    "pull_run",
    metadata,
    identity(),
    must("source"),
    must("unit"),
    must("period"),
    must("started_at", MOMENT),
    Column("finished_at", MOMENT),
    Column("outcome", Text),
    must("reason"),
    must("requests", Integer),
    must("observations", Integer),
    must("faults", JSONB),
    Column("replays", BigInteger),
    must("way"),
)
raw_answer = Table("raw_answer", metadata, key("sha256"), must("body", LargeBinary))
raw_request = Table(
    "raw_request",
    metadata,
    identity(),
    must("run_id", BigInteger),
    must("request"),
    must("status", Integer),
    must("content_type"),
    must("fetched_at", MOMENT),
    must("sha256"),
)
origin = Table(
    "origin",
    metadata,
    identity(),
    must("run_id", BigInteger),
    must("source"),
    must("request"),
    must("fetched_at", MOMENT),
    Column("raw_sha256", Text),
)


def _told(name: str) -> Table:
    """Figures as sources told them."""
    return Table(
        name,
        metadata,
        identity(),
        must("origin_id", BigInteger),
        must("unit"),
        must("measure"),
        must("period"),
        Column("value", BigInteger),
        must("state", SmallInteger),
        must("as_of", Date),
        must("place"),
        must("reason"),
    )


observation = _told("observation")
second_opinion = _told("second_opinion")
newest_observation = Table("newest_observation", metadata, key("period"), key("unit"), key("measure"), must("observation_id", BigInteger))
change_reason = Table(
    "change_reason",
    metadata,
    identity(),
    must("unit"),
    must("measure"),
    must("period"),
    must("old_value", BigInteger),
    must("new_value", BigInteger),
    must("reason"),
    must("given_by"),
    must("given_at", MOMENT),
)
difference_reason = Table(
    "difference_reason",
    metadata,
    identity(),
    must("unit"),
    must("measure"),
    must("period"),
    must("source"),
    must("counted_value", BigInteger),
    must("other_value", BigInteger),
    must("reason"),
    must("given_by"),
    must("given_at", MOMENT),
)
document_register = Table("document_register", metadata, key("run_id", BigInteger), must("unit"), must("period"))
registered_document = Table(
    "registered_document",
    metadata,
    key("run_id", BigInteger),
    key("position", Integer),
    must("unit"),
    must("direction"),
    must("number"),
    must("issued_on", Date),
    must("kind"),
    must("title"),
    must("issuer"),
    must("criterion"),
    must("note"),
    Column("raw_sha256", Text),
    must("place"),
)
snapshot = Table(
    "snapshot",
    metadata,
    key("sha256"),
    must("unit"),
    must("period"),
    must("criteria_set"),
    must("sequence", Integer),
    Column("previous_sha256", Text),
    Column("supersedes_sha256", Text),
    must("reason"),
    must("closed_at", MOMENT),
    must("closed_by"),
    must("program_version"),
    must("cutoff", Date),
    must("bundle", LargeBinary),
)
snapshot_lower_unit = Table("snapshot_lower_unit", metadata, key("unit"), key("sha256"))
