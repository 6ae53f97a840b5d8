"""Values that the province gives for what no unit tells: each stays, a later one names the one it replaces, no two replace the same."""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE provincial_value (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            client_id uuid NOT NULL UNIQUE,
            unit text NOT NULL,
            period text NOT NULL,
            framework text NOT NULL,
            code text NOT NULL,
            part bigint CHECK (part >= 0),
            whole bigint CHECK (whole > 0),
            max_points bigint CHECK (max_points > 0),
            result text NOT NULL,
            document text NOT NULL,
            evidence_id bigint REFERENCES evidence,
            reason text NOT NULL,
            replaces bigint UNIQUE REFERENCES provincial_value,
            given_by text NOT NULL CHECK (given_by <> ''),
            given_name text NOT NULL,
            given_at timestamptz NOT NULL,
            CHECK ((part IS NULL) = (whole IS NULL)),
            CHECK (part <= whole),
            CHECK (part IS NOT NULL OR (replaces IS NOT NULL AND reason <> '')),
            CHECK (part IS NULL OR document <> '')
        )""")
    op.execute("CREATE INDEX provincial_value_of ON provincial_value (unit, period, framework, code, id DESC)")
    op.execute("""
        CREATE UNIQUE INDEX provincial_value_begins_once ON provincial_value (unit, period, framework, code) WHERE replaces IS NULL""")
    only_takes_new_rows("provincial_value")


def downgrade() -> None:
    op.execute("DROP TABLE provincial_value")
