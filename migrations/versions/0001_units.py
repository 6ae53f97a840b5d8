"""Organisational units in time, their other names, and names that nobody could place."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE org_unit (
            code text NOT NULL,
            valid_from date NOT NULL,
            valid_to date,
            name text NOT NULL,
            level text NOT NULL,
            parent text,
            located_in text,
            PRIMARY KEY (code, valid_from),
            CHECK (valid_to >= valid_from)
        )""")
    op.execute("""
        CREATE TABLE unit_alias (
            code text NOT NULL,
            valid_from date NOT NULL,
            position smallint NOT NULL,
            alias text NOT NULL,
            PRIMARY KEY (code, valid_from, position),
            FOREIGN KEY (code, valid_from) REFERENCES org_unit
        )""")
    op.execute("""
        CREATE TABLE unknown_unit_name (
            source text NOT NULL,
            name text NOT NULL,
            suggested text,
            first_seen timestamptz NOT NULL,
            last_seen timestamptz NOT NULL,
            PRIMARY KEY (source, name)
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE unknown_unit_name, unit_alias, org_unit")
