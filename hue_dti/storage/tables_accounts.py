"""Tables of persons and their sign-ins; the database's own checks stand in migrations/."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Table, Text

from hue_dti.storage.columns import MOMENT, identity, key, metadata, must

account = Table(
    "account",
    metadata,
    key("login"),
    must("name"),
    must("post"),
    must("email"),
    must("kind"),
    Column("password_hash", Text),
    must("created_by"),
    must("created_at", MOMENT),
    must("disabled_by"),
    Column("disabled_at", MOMENT),
)
account_grant = Table(
    "account_grant",
    metadata,
    identity(),
    must("login"),
    must("role"),
    must("unit"),
    Column("until", Date),
    must("granted_by"),
    must("granted_at", MOMENT),
    must("ended_by"),
    Column("ended_at", MOMENT),
)
account_invitation = Table(
    "account_invitation",
    metadata,
    key("code_sha256"),
    Column("login", Text),
    must("made_by"),
    must("made_at", MOMENT),
    must("expires_at", MOMENT),
    Column("ended_at", MOMENT),
)
session = Table(
    "session",
    metadata,
    key("id_sha256"),
    must("login"),
    must("created_at", MOMENT),
    must("last_seen", MOMENT),
    Column("ended_at", MOMENT),
    must("why_ended"),
    must("address"),
    must("browser"),
)
sign_in_attempt = Table("sign_in_attempt", metadata, identity(), must("login"), must("address"), must("at", MOMENT))
criterion_assignment = Table(
    "criterion_assignment",
    metadata,
    identity(),
    must("unit"),
    must("criteria_set"),
    must("criterion"),
    must("responsible"),
    must("login"),
    must("assigned_by"),
    must("assigned_at", MOMENT),
    must("ended_by"),
    Column("ended_at", MOMENT),
)
second_factor = Table("second_factor", metadata, key("login"), must("secret"), must("since", MOMENT), must("last_step", BigInteger))
recovery_code = Table("recovery_code", metadata, key("login"), key("code_sha256"))
account_identity = Table("account_identity", metadata, key("issuer"), key("subject"), must("login"), must("bound_at", MOMENT))
