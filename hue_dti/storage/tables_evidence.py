"""The tables of evidence; what the database itself checks stands in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from hue_dti.storage.columns import MOMENT, identity, key, metadata, must

evidence_file = Table("evidence_file", metadata, key("sha256"), must("size", BigInteger), must("kept_at", MOMENT))
evidence_look = Table("evidence_look", metadata, identity(), must("sha256"), must("told", JSONB), must("looked_at", MOMENT))
evidence_scan = Table("evidence_scan", metadata, identity(), must("sha256"), must("verdict"), must("scanned_at", MOMENT))
evidence = Table(
    "evidence",
    metadata,
    identity(),
    must("client_id", Uuid),
    must("unit"),
    must("period"),
    must("criterion"),
    must("proof"),
    must("form"),
    Column("sha256", Text),
    must("name"),
    must("link"),
    must("words"),
    must("number"),
    Column("issued_on", Date),
    must("kind"),
    must("summary"),
    must("issuer"),
    must("direction"),
    must("added_by"),
    must("added_name"),
    must("added_at", MOMENT),
)
evidence_withdrawal = Table(
    "evidence_withdrawal",
    metadata,
    key("evidence_id", BigInteger),
    must("withdrawn_by"),
    must("withdrawn_name"),
    must("reason"),
    must("withdrawn_at", MOMENT),
)
