"""General information of units: an insert-only history, the newest counts.

A code is given to another unit after a merger, so what was told belongs to the code and the span of time it was told for.
"""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE unit_profile (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            valid_from date NOT NULL,
            address text NOT NULL,
            post text NOT NULL,
            email text NOT NULL CHECK (email !~ '[[:space:][:cntrl:],;<>]'),
            phone text NOT NULL,
            website text NOT NULL,
            leader_post text NOT NULL,
            communes integer CHECK (communes >= 0),
            villages integer CHECK (villages >= 0),
            area_ha integer CHECK (area_ha >= 0),
            source text NOT NULL,
            saved_by text NOT NULL CHECK (saved_by <> ''),
            saved_at timestamptz NOT NULL,
            FOREIGN KEY (unit, valid_from) REFERENCES org_unit (code, valid_from)
        )""")
    op.execute("CREATE INDEX unit_profile_history ON unit_profile (unit, id)")
    for table in ("unit_profile",):
        op.execute(f"""
            CREATE TRIGGER {table}_only_takes_new_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""")
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_only_takes_new_rows")


def downgrade() -> None:
    op.execute("DROP TABLE unit_profile")
