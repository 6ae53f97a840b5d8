"""Articles of units' web sites as they were listed, and what persons said they count for; both kept as they came, never changed.

A new row of `article` is written only where the newest one of its key says something else; of several words on one the newest counts.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0014"
down_revision = "0013"

TABLES = ("article", "article_assignment")


def upgrade() -> None:
    op.execute("""
        CREATE TABLE article (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            run_id bigint NOT NULL REFERENCES pull_run,
            source text NOT NULL,
            key text NOT NULL,
            identity text NOT NULL,
            title text NOT NULL,
            link text NOT NULL,
            day date,
            categories text NOT NULL,
            measure text NOT NULL,
            raw_sha256 text REFERENCES raw_answer
        )""")
    op.execute("CREATE INDEX article_newest ON article (source, key, id DESC)")
    op.execute("CREATE INDEX article_unsorted ON article (source, key) WHERE measure = ''")
    op.execute("""
        CREATE TABLE article_assignment (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            source text NOT NULL,
            key text NOT NULL,
            measure text NOT NULL CHECK (measure <> ''),
            said_by text NOT NULL CHECK (said_by <> ''),
            reason text NOT NULL CHECK (reason <> ''),
            said_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX article_assignment_newest ON article_assignment (source, key, id DESC)")
    only_takes_new_rows(*TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE article_assignment, article")
