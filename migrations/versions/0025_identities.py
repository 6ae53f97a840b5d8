"""Who a person is at another organisation's door: the issuer's name and its subject, bound by an invitation."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE account_identity (
            issuer text NOT NULL,
            subject text NOT NULL,
            login text NOT NULL UNIQUE REFERENCES account,
            bound_at timestamptz NOT NULL,
            PRIMARY KEY (issuer, subject)
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE account_identity")
