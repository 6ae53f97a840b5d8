"""What other sources tell of a figure, beside the one that counts, and why the two differ.

Kept apart from `observation`, so that no query for figures that count can meet one.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE second_opinion (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            origin_id bigint NOT NULL REFERENCES origin,
            unit text NOT NULL,
            measure text NOT NULL,
            period text NOT NULL,
            value bigint,
            state smallint NOT NULL CHECK (state BETWEEN 1 AND 6),
            as_of date NOT NULL,
            place text NOT NULL,
            reason text NOT NULL,
            CHECK ((value IS NOT NULL) = (state <= 3))
        )""")
    op.execute("CREATE INDEX second_opinion_of ON second_opinion (period, unit, measure, id)")
    only_takes_new_rows("second_opinion")
    op.execute("""
        CREATE TABLE difference_reason (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            measure text NOT NULL,
            period text NOT NULL,
            source text NOT NULL,
            counted_value bigint NOT NULL,
            other_value bigint NOT NULL,
            reason text NOT NULL CHECK (reason <> ''),
            given_by text NOT NULL,
            given_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX difference_reason_of ON difference_reason (period, unit, measure, id DESC)")


def downgrade() -> None:
    op.execute("DROP TABLE difference_reason, second_opinion")
