"""Persons: their accounts, what they may do where, how they were invited, their sign-ins and what was tried at the door.

A login is never used again or renamed, for other tables name persons by it; a grant is ended, never taken away; of invitations and
sign-ins only hashes are kept.
"""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    _persons()
    _at_the_door()


def downgrade() -> None:
    op.execute("DROP TABLE sign_in_attempt, session, account_invitation, account_grant, account")


def _persons() -> None:
    op.execute("""
        CREATE TABLE account (
            login text PRIMARY KEY CHECK (login ~ '^[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]$'),
            name text NOT NULL CHECK (name <> ''),
            post text NOT NULL,
            email text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('person', 'demo')),
            password_hash text,
            created_by text NOT NULL,
            created_at timestamptz NOT NULL,
            disabled_by text NOT NULL DEFAULT '',
            disabled_at timestamptz
        )""")
    op.execute("""
        CREATE TABLE account_grant (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            login text NOT NULL REFERENCES account,
            role text NOT NULL,
            unit text NOT NULL,
            until date,
            granted_by text NOT NULL,
            granted_at timestamptz NOT NULL,
            ended_by text NOT NULL DEFAULT '',
            ended_at timestamptz
        )""")
    op.execute("CREATE UNIQUE INDEX account_grant_standing ON account_grant (login, role, unit) WHERE ended_at IS NULL")
    op.execute("""
        CREATE TABLE account_invitation (
            code_sha256 text PRIMARY KEY,
            login text REFERENCES account,
            made_by text NOT NULL,
            made_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            ended_at timestamptz
        )""")
    op.execute("CREATE INDEX account_invitation_open ON account_invitation (login) WHERE ended_at IS NULL")


def _at_the_door() -> None:
    op.execute("""
        CREATE TABLE session (
            id_sha256 text PRIMARY KEY,
            login text NOT NULL REFERENCES account,
            created_at timestamptz NOT NULL,
            last_seen timestamptz NOT NULL,
            ended_at timestamptz,
            why_ended text NOT NULL DEFAULT '',
            address text NOT NULL,
            browser text NOT NULL
        )""")
    op.execute("CREATE INDEX session_standing ON session (login) WHERE ended_at IS NULL")
    op.execute("""
        CREATE TABLE sign_in_attempt (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            login text NOT NULL,
            address text NOT NULL,
            at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX sign_in_attempt_login ON sign_in_attempt (login, at)")
    op.execute("CREATE INDEX sign_in_attempt_address ON sign_in_attempt (address, at)")
