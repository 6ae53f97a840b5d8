"""Rows of registers that persons keep: each version stays, a later one names the one it replaces, and no two replace the same."""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE register_row (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            client_id uuid NOT NULL UNIQUE,
            register text NOT NULL,
            unit text NOT NULL,
            row uuid NOT NULL,
            content jsonb NOT NULL,
            withdrawn boolean NOT NULL,
            reason text NOT NULL,
            replaces bigint UNIQUE REFERENCES register_row,
            entered_by text NOT NULL CHECK (entered_by <> ''),
            entered_name text NOT NULL,
            entered_at timestamptz NOT NULL,
            CHECK (NOT withdrawn OR (replaces IS NOT NULL AND reason <> ''))
        )""")
    op.execute("CREATE INDEX register_row_of_unit ON register_row (unit, register, id)")
    op.execute("CREATE UNIQUE INDEX register_row_begins_once ON register_row (row) WHERE replaces IS NULL")
    only_takes_new_rows("register_row")


def downgrade() -> None:
    op.execute("DROP TABLE register_row")
