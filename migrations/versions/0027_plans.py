"""Improvement plans: every version stays, and every word of a lead unit on a month, a later one naming the one it follows."""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    _versions()
    _reports()
    only_takes_new_rows("plan_version", "plan_report")


def downgrade() -> None:
    op.execute("DROP TABLE plan_report")
    op.execute("DROP TABLE plan_version")


def _versions() -> None:
    op.execute("""
        CREATE TABLE plan_version (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            framework text NOT NULL,
            year smallint NOT NULL CHECK (year BETWEEN 2000 AND 2999),
            number integer NOT NULL CHECK (number > 0),
            title text NOT NULL CHECK (title <> ''),
            content jsonb NOT NULL,
            sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
            reason text NOT NULL CHECK (number = 1 OR reason <> ''),
            done_by text NOT NULL CHECK (done_by <> ''),
            name text NOT NULL,
            post text NOT NULL,
            done_at timestamptz NOT NULL,
            UNIQUE (unit, framework, year, number)
        )""")


def _reports() -> None:
    op.execute("""
        CREATE TABLE plan_report (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            framework text NOT NULL,
            year smallint NOT NULL,
            line text NOT NULL CHECK (line <> ''),
            lead text NOT NULL CHECK (lead <> ''),
            month date NOT NULL CHECK (extract(day FROM month) = 1),
            doing text NOT NULL CHECK (doing IN ('not_started', 'doing', 'done', 'late')),
            words text NOT NULL,
            link text NOT NULL,
            follows bigint UNIQUE REFERENCES plan_report,
            done_by text NOT NULL CHECK (done_by <> ''),
            name text NOT NULL,
            post text NOT NULL,
            done_at timestamptz NOT NULL
        )""")
    op.execute("""
        CREATE UNIQUE INDEX plan_report_begins_once ON plan_report (unit, framework, year, line, lead, month) WHERE follows IS NULL""")
