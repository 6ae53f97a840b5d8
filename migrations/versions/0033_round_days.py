"""The days of a round as they were moved, each time all of them with the reason; every row stays."""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE round_days (
            round text NOT NULL REFERENCES assessment_round,
            number integer NOT NULL CHECK (number > 0),
            windows jsonb NOT NULL,
            reason text NOT NULL CHECK (reason <> ''),
            done_by text NOT NULL CHECK (done_by <> ''),
            name text NOT NULL,
            post text NOT NULL,
            done_at timestamptz NOT NULL,
            PRIMARY KEY (round, number)
        )""")
    only_takes_new_rows("round_days")


def downgrade() -> None:
    op.execute("DROP TABLE round_days")
