"""The second factor: the secret shared with a phone, the last step it was used in, hashes of codes for when the phone is lost."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE second_factor (
            login text PRIMARY KEY REFERENCES account,
            secret text NOT NULL,
            since timestamptz NOT NULL,
            last_step bigint NOT NULL
        )""")
    op.execute("""
        CREATE TABLE recovery_code (
            login text NOT NULL REFERENCES second_factor ON DELETE CASCADE,
            code_sha256 text NOT NULL,
            PRIMARY KEY (login, code_sha256)
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE recovery_code, second_factor")
