"""Published indices of whole years: each version stays, a later one says why it takes the place of the one before."""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE year_result (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            framework text NOT NULL CHECK (framework <> ''),
            year smallint NOT NULL CHECK (year BETWEEN 2000 AND 2200),
            number integer NOT NULL CHECK (number > 0),
            content text NOT NULL CHECK (content <> ''),
            decimal_sign text NOT NULL CHECK (decimal_sign IN ('dot', 'comma')),
            points boolean NOT NULL,
            document text NOT NULL CHECK (document <> ''),
            issued_on date NOT NULL,
            reason text NOT NULL,
            done_by text NOT NULL CHECK (done_by <> ''),
            name text NOT NULL,
            post text NOT NULL,
            done_at timestamptz NOT NULL,
            UNIQUE (framework, year, number),
            CHECK (number = 1 OR reason <> '')
        )""")
    only_takes_new_rows("year_result")


def downgrade() -> None:
    op.execute("DROP TABLE year_result")
