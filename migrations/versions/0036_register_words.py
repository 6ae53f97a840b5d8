"""What persons say of a register for a period: that it is full, or still being written; every word stays, the newest counts."""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE register_word (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            register text NOT NULL,
            unit text NOT NULL,
            period text NOT NULL,
            is_full boolean NOT NULL,
            reason text NOT NULL,
            said_by text NOT NULL CHECK (said_by <> ''),
            name text NOT NULL,
            said_at timestamptz NOT NULL,
            CHECK (NOT is_full OR reason = '')
        )""")
    op.execute("CREATE INDEX register_word_of_unit ON register_word (period, unit, id)")
    only_takes_new_rows("register_word")


def downgrade() -> None:
    op.execute("DROP TABLE register_word")
