"""Names that a person placed or put aside, pulls read again from their stored answers, reasons of great changes.

A confirmed name stands in `unit_alias` beside the aliases of the unit files (source ''); the newest confirmation of a name counts.
"""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("ALTER TABLE unit_alias ADD COLUMN source text NOT NULL DEFAULT '', ADD COLUMN confirmed_by text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE unit_alias ADD COLUMN confirmed_at timestamptz, ADD COLUMN run_id bigint REFERENCES pull_run")
    op.execute("ALTER TABLE unit_alias ADD CHECK ((source = '') = (confirmed_at IS NULL))")
    op.execute("ALTER TABLE unit_alias DROP CONSTRAINT unit_alias_pkey, ADD PRIMARY KEY (code, valid_from, source, position)")
    op.execute("ALTER TABLE unit_alias ALTER COLUMN source DROP DEFAULT, ALTER COLUMN confirmed_by DROP DEFAULT")
    op.execute("ALTER TABLE pull_run ADD COLUMN replays bigint REFERENCES pull_run")
    op.execute("ALTER TABLE unknown_unit_name ADD COLUMN run_id bigint REFERENCES pull_run")
    op.execute("CREATE INDEX raw_request_run ON raw_request (run_id, id)")
    op.execute("""
        CREATE TABLE dismissed_unit_name (
            source text NOT NULL,
            name text NOT NULL,
            reason text NOT NULL CHECK (reason <> ''),
            dismissed_by text NOT NULL,
            dismissed_at timestamptz NOT NULL,
            PRIMARY KEY (source, name)
        )""")
    op.execute("""
        CREATE TABLE change_reason (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            measure text NOT NULL,
            period text NOT NULL,
            old_value bigint NOT NULL,
            new_value bigint NOT NULL,
            reason text NOT NULL CHECK (reason <> ''),
            given_by text NOT NULL,
            given_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX change_reason_of ON change_reason (period, unit, measure, id DESC)")


def downgrade() -> None:
    op.execute("DROP TABLE change_reason, dismissed_unit_name")
    op.execute("DROP INDEX raw_request_run")
    op.execute("ALTER TABLE unknown_unit_name DROP COLUMN run_id")
    op.execute("ALTER TABLE pull_run DROP COLUMN replays")
    op.execute("DELETE FROM unit_alias WHERE source <> ''")
    op.execute("ALTER TABLE unit_alias DROP CONSTRAINT unit_alias_pkey")
    for column in ("source", "confirmed_by", "confirmed_at", "run_id"):
        op.execute(f"ALTER TABLE unit_alias DROP COLUMN {column}")
    op.execute("ALTER TABLE unit_alias ADD PRIMARY KEY (code, valid_from, position)")
