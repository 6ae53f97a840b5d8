"""Tables of reports on their way; the database's own checks stand in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from hue_dti.storage.columns import MOMENT, key, metadata, must


def _edition() -> tuple[Column[str], Column[str], Column[int]]:
    return key("unit"), key("period"), key("edition", Integer)


def _person() -> tuple[Column[str], ...]:
    return must("by_login"), must("by_name"), must("by_post"), must("at", MOMENT)


report_text = Table(
    "report_text", metadata, *_edition(), key("number", Integer), must("own", JSONB), *_person(), Column("restored", Integer)
)
report_step = Table(
    "report_step",
    metadata,
    *_edition(),
    key("number", Integer),
    must("move"),
    must("after"),
    *_person(),
    must("reason"),
    must("version", Integer),
    Column("snapshot_sha256", Text),
    Column("signed_sha256", Text),
    must("recorded_by"),
)
report_issue = Table(
    "report_issue",
    metadata,
    *_edition(),
    must("number", Integer),
    must("symbol"),
    must("day", Date),
    must("authority"),
    must("acting_for"),
    must("post"),
    must("host_post"),
    must("signer"),
)
report_signed_file = Table(
    "report_signed_file", metadata, *_edition(), key("sha256"), must("name"), must("size", BigInteger), must("told"), *_person()
)
report_correction = Table(
    "report_correction",
    metadata,
    *_edition(),
    key("step", Integer),
    must("number"),
    must("day", Date),
    must("wrong"),
    must("right"),
    must("reason"),
    *_person(),
)
