"""The table of published indices of whole years; the database's own checks stand in migrations/."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Integer, SmallInteger, Table

from hue_dti.storage.columns import MOMENT, identity, metadata, must

year_result = Table(
    "year_result",
    metadata,
    identity(),
    must("framework"),
    must("year", SmallInteger),
    must("number", Integer),
    must("content"),
    must("decimal_sign"),
    must("points", Boolean),
    must("document"),
    must("issued_on", Date),
    must("reason"),
    must("done_by"),
    must("name"),
    must("post"),
    must("done_at", MOMENT),
)
