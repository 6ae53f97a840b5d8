"""The letters that tell persons of a round of its moved days, and what became of each."""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE round_notice (
            round text NOT NULL REFERENCES assessment_round,
            cause text NOT NULL CHECK (cause ~ '^(moved|extended)-[0-9]+$'),
            login text NOT NULL CHECK (login <> ''),
            state text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'unclear', 'no_address')),
            repeated boolean NOT NULL,
            attempts integer NOT NULL,
            recipient text NOT NULL,
            reason text NOT NULL,
            noted_at timestamptz NOT NULL,
            PRIMARY KEY (round, cause, login)
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE round_notice")
