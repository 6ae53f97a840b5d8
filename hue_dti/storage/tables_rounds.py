"""Tables of assessment rounds; the database's own checks stand in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, LargeBinary, Table
from sqlalchemy.dialects.postgresql import JSONB

from hue_dti.storage.columns import MOMENT, identity, key, letter, metadata, must


def _person() -> tuple[Column[str], ...]:
    return must("done_by"), must("name"), must("post"), must("done_at", MOMENT)


assessment_round = Table("assessment_round", metadata, key("code"), must("host"), must("content", JSONB), *_person())
round_extension = Table(
    "round_extension",
    metadata,
    identity(),
    must("round"),
    must("unit"),
    must("phase"),
    must("until", Date),
    must("reason"),
    *_person(),
)
round_days = Table("round_days", metadata, key("round"), key("number", Integer), must("windows", JSONB), must("reason"), *_person())
round_self_mark = Table(
    "round_self_mark",
    metadata,
    identity(),
    must("round"),
    must("unit"),
    must("line"),
    must("points", BigInteger),
    must("result"),
    must("link"),
    Column("follows", BigInteger),
    *_person(),
)
round_mark = Table(
    "round_mark",
    metadata,
    identity(),
    must("round"),
    must("unit"),
    must("line"),
    must("stage"),
    must("self_points", BigInteger),
    Column("points", BigInteger),
    must("reason"),
    Column("follows", BigInteger),
    *_person(),
)
round_publication = Table(
    "round_publication",
    metadata,
    key("round"),
    key("number", Integer),
    must("sha256"),
    must("bundle", LargeBinary),
    must("reason"),
    *_person(),
)
round_notice = Table(
    "round_notice",
    metadata,
    key("round"),
    key("cause"),
    key("login"),
    *letter(),
)
