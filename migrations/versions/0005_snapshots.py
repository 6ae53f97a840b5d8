"""Closed quarters: insert-only, one unbroken chain for each unit.

A chain cannot fork (unique previous), skip (its sequence is its predecessor's plus one) or hang on another unit's.
A period is closed once for a set; whatever comes later names the snapshot it supersedes, once, with a reason.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE snapshot (
            sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
            unit text NOT NULL,
            period text NOT NULL,
            criteria_set text NOT NULL,
            sequence integer NOT NULL CHECK (sequence >= 1),
            previous_sha256 text,
            previous_sequence integer GENERATED ALWAYS AS (CASE WHEN sequence > 1 THEN sequence - 1 END) STORED,
            supersedes_sha256 text UNIQUE,
            reason text NOT NULL,
            closed_at timestamptz NOT NULL,
            closed_by text NOT NULL,
            program_version text NOT NULL,
            cutoff date NOT NULL,
            bundle bytea NOT NULL,
            UNIQUE (unit, sequence),
            UNIQUE (unit, sequence, sha256),
            UNIQUE (unit, period, sha256),
            UNIQUE NULLS NOT DISTINCT (unit, previous_sha256),
            FOREIGN KEY (unit, previous_sequence, previous_sha256) REFERENCES snapshot (unit, sequence, sha256),
            FOREIGN KEY (unit, period, supersedes_sha256) REFERENCES snapshot (unit, period, sha256),
            CHECK ((sequence = 1) = (previous_sha256 IS NULL)),
            CHECK (supersedes_sha256 IS NULL OR reason <> '')
        )""")
    op.execute("CREATE UNIQUE INDEX snapshot_first_of_period ON snapshot (unit, period, criteria_set) WHERE supersedes_sha256 IS NULL")
    op.execute("CREATE INDEX snapshot_period ON snapshot (unit, period, sequence DESC)")
    op.execute("""
        CREATE TABLE snapshot_lower_unit (
            sha256 text NOT NULL REFERENCES snapshot,
            unit text NOT NULL,
            PRIMARY KEY (unit, sha256)
        )""")
    only_takes_new_rows("snapshot", "snapshot_lower_unit")


def downgrade() -> None:
    op.execute("""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM snapshot) THEN
                RAISE EXCEPTION 'closed quarters would be lost: back the database up and restore it with the older program instead';
            END IF;
        END $$""")
    op.execute("DROP TABLE snapshot_lower_unit, snapshot")
