"""Tables of sending, review and appraisal; all take new rows only. The database's own checks stand in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, Table
from sqlalchemy.dialects.postgresql import JSONB

from hue_dti.storage.columns import MOMENT, identity, key, metadata, must

submission = Table(
    "submission",
    metadata,
    key("unit"),
    key("period"),
    key("workflow"),
    key("version", Integer),
    Column("previous", Integer),
    must("stood"),
    must("sent_before"),
    must("move"),
    must("state"),
    must("done_by"),
    must("name"),
    must("post"),
    must("done_at", MOMENT),
    must("reason"),
    Column("until", Date),
    must("sender"),
    must("code"),
    Column("told", JSONB(none_as_null=True)),
)
cell_mark = Table(
    "cell_mark",
    metadata,
    identity(),
    must("unit"),
    must("measure"),
    must("period"),
    must("verdict"),
    Column("value", BigInteger),
    must("raw_sha256"),
    must("entered_by"),
    must("reason"),
    must("done_by"),
    must("name"),
    must("post"),
    must("done_at", MOMENT),
    Column("follows", BigInteger),
    must("case_unit"),
    must("case_version", Integer),
)
cell_comment = Table(
    "cell_comment",
    metadata,
    identity(),
    must("unit"),
    must("measure"),
    must("period"),
    must("words"),
    must("done_by"),
    must("name"),
    must("post"),
    must("done_at", MOMENT),
)
lock_exception = Table(
    "lock_exception",
    metadata,
    identity(),
    must("unit"),
    must("period"),
    must("criterion"),
    must("until", Date),
    must("reason"),
    must("done_by"),
    must("name"),
    must("post"),
    must("done_at", MOMENT),
)
appraisal_mark = Table(
    "appraisal_mark",
    metadata,
    identity(),
    must("unit"),
    must("period"),
    must("criterion"),
    must("stage"),
    must("self_points", BigInteger),
    Column("points", BigInteger),
    must("reason"),
    must("done_by"),
    must("name"),
    must("post"),
    must("done_at", MOMENT),
    Column("follows", BigInteger),
    must("case_version", Integer),
)
