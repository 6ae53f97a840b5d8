"""The tables as SQLAlchemy sees them; what the database itself checks stands in migrations/."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Identity, Integer, LargeBinary, MetaData, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

metadata = MetaData()
_MOMENT = DateTime(timezone=True)
_Kind = TypeEngine[Any] | type[TypeEngine[Any]]


def _key(name: str, kind: _Kind = Text) -> Column[Any]:
    return Column(name, kind, primary_key=True)


def _must(name: str, kind: _Kind = Text) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _id() -> Column[int]:
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


org_unit = Table(
    "org_unit",
    metadata,
    _key("code"),
    _key("valid_from", Date),
    Column("valid_to", Date),
    _must("name"),
    _must("level"),
    Column("parent", Text),
    Column("located_in", Text),
)
unit_alias = Table(
    "unit_alias",
    metadata,
    _key("code"),
    _key("valid_from", Date),
    _key("source"),
    _key("position", SmallInteger),
    _must("alias"),
    _must("confirmed_by"),
    Column("confirmed_at", _MOMENT),
    Column("run_id", BigInteger),
)
unknown_unit_name = Table(
    "unknown_unit_name",
    metadata,
    _key("source"),
    _key("name"),
    Column("suggested", Text),
    _must("first_seen", _MOMENT),
    _must("last_seen", _MOMENT),
    Column("run_id", BigInteger),
)
dismissed_unit_name = Table(
    "dismissed_unit_name",
    metadata,
    _key("source"),
    _key("name"),
    _must("reason"),
    _must("dismissed_by"),
    _must("dismissed_at", _MOMENT),
)
pull_run = Table(
    "pull_run",
    metadata,
    _id(),
    _must("source"),
    _must("unit"),
    _must("period"),
    _must("started_at", _MOMENT),
    Column("finished_at", _MOMENT),
    Column("outcome", Text),
    _must("reason"),
    _must("requests", Integer),
    _must("observations", Integer),
    _must("faults", JSONB),
    Column("replays", BigInteger),
)
raw_answer = Table("raw_answer", metadata, _key("sha256"), _must("body", LargeBinary))
raw_request = Table(
    "raw_request",
    metadata,
    _id(),
    _must("run_id", BigInteger),
    _must("request"),
    _must("status", Integer),
    _must("content_type"),
    _must("fetched_at", _MOMENT),
    _must("sha256"),
)
origin = Table(
    "origin",
    metadata,
    _id(),
    _must("run_id", BigInteger),
    _must("source"),
    _must("request"),
    _must("fetched_at", _MOMENT),
    Column("raw_sha256", Text),
)


def _told(name: str) -> Table:
    """Figures as sources told them."""
    return Table(
        name,
        metadata,
        _id(),
        _must("origin_id", BigInteger),
        _must("unit"),
        _must("measure"),
        _must("period"),
        Column("value", BigInteger),
        _must("state", SmallInteger),
        _must("as_of", Date),
        _must("place"),
        _must("reason"),
    )


observation = _told("observation")
second_opinion = _told("second_opinion")
newest_observation = Table(
    "newest_observation", metadata, _key("period"), _key("unit"), _key("measure"), _must("observation_id", BigInteger)
)
change_reason = Table(
    "change_reason",
    metadata,
    _id(),
    _must("unit"),
    _must("measure"),
    _must("period"),
    _must("old_value", BigInteger),
    _must("new_value", BigInteger),
    _must("reason"),
    _must("given_by"),
    _must("given_at", _MOMENT),
)
difference_reason = Table(
    "difference_reason",
    metadata,
    _id(),
    _must("unit"),
    _must("measure"),
    _must("period"),
    _must("source"),
    _must("counted_value", BigInteger),
    _must("other_value", BigInteger),
    _must("reason"),
    _must("given_by"),
    _must("given_at", _MOMENT),
)
document_register = Table("document_register", metadata, _key("run_id", BigInteger), _must("unit"), _must("period"))
registered_document = Table(
    "registered_document",
    metadata,
    _key("run_id", BigInteger),
    _key("position", Integer),
    _must("unit"),
    _must("direction"),
    _must("number"),
    _must("issued_on", Date),
    _must("kind"),
    _must("title"),
    _must("issuer"),
    _must("criterion"),
    _must("note"),
    Column("raw_sha256", Text),
    _must("place"),
)
snapshot = Table(
    "snapshot",
    metadata,
    _key("sha256"),
    _must("unit"),
    _must("period"),
    _must("criteria_set"),
    _must("sequence", Integer),
    Column("previous_sha256", Text),
    Column("supersedes_sha256", Text),
    _must("reason"),
    _must("closed_at", _MOMENT),
    _must("closed_by"),
    _must("program_version"),
    _must("cutoff", Date),
    _must("bundle", LargeBinary),
)
snapshot_lower_unit = Table("snapshot_lower_unit", metadata, _key("unit"), _key("sha256"))
scheduled_run = Table(
    "scheduled_run",
    metadata,
    _key("job"),
    _key("due_at", _MOMENT),
    _must("kind"),
    _must("noted_at", _MOMENT),
    _must("queued", Integer),
)
unit_change = Table("unit_change", metadata, _must("number", BigInteger))
source_circuit = Table(
    "source_circuit",
    metadata,
    _key("source"),
    _must("failures", Integer),
    Column("rests_until", _MOMENT),
    _must("trying", Boolean),
)
heartbeat = Table("heartbeat", metadata, _key("name"), _must("at", _MOMENT))
stale_source = Table("stale_source", metadata, _key("unit"), _key("source"), Column("last_good_at", _MOMENT), _must("noted_at", _MOMENT))
article = Table(
    "article",
    metadata,
    _id(),
    _must("run_id", BigInteger),
    _must("source"),
    _must("key"),
    _must("identity"),
    _must("title"),
    _must("link"),
    Column("day", Date),
    _must("categories"),
    _must("measure"),
    Column("raw_sha256", Text),
)
article_assignment = Table(
    "article_assignment",
    metadata,
    _id(),
    _must("source"),
    _must("key"),
    _must("measure"),
    _must("said_by"),
    _must("reason"),
    _must("said_at", _MOMENT),
)
