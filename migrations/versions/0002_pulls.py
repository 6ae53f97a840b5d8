"""Pulls, every request they made, and the answers as they came: kept before anybody reads them, never changed.

`refuse_change` guards every insert-only table. The triggers are ENABLE ALWAYS, so that session_replication_role does not
silence them, and stop the owner too; grants stop the application's role before it comes to that.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _guard()
    _pulls()
    _answers()
    only_takes_new_rows("raw_answer", "raw_request")


def downgrade() -> None:
    op.execute("DROP TABLE raw_request, raw_answer, pull_run")
    op.execute("DROP FUNCTION refuse_change")


def _guard() -> None:
    op.execute("""
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'table % only takes new rows: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'insufficient_privilege', HINT = 'Write a new row that names the old one.';
        END $$""")


def _pulls() -> None:
    op.execute("""
        CREATE TABLE pull_run (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            source text NOT NULL,
            unit text NOT NULL,
            period text NOT NULL,
            started_at timestamptz NOT NULL,
            finished_at timestamptz,
            outcome text CHECK (outcome IN ('ok', 'partial', 'failed')),
            reason text NOT NULL DEFAULT '',
            requests integer NOT NULL DEFAULT 0,
            observations integer NOT NULL DEFAULT 0,
            faults jsonb NOT NULL DEFAULT '[]',
            CHECK ((finished_at IS NULL) = (outcome IS NULL))
        )""")
    op.execute("CREATE INDEX pull_run_newest ON pull_run (unit, period, source, id DESC)")


def _answers() -> None:
    op.execute("""
        CREATE TABLE raw_answer (
            sha256 text PRIMARY KEY,
            body bytea NOT NULL,
            CHECK (sha256 = encode(sha256(body), 'hex'))
        )""")
    op.execute("""
        CREATE TABLE raw_request (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            run_id bigint NOT NULL REFERENCES pull_run,
            request text NOT NULL,
            status integer NOT NULL,
            content_type text NOT NULL,
            fetched_at timestamptz NOT NULL,
            sha256 text NOT NULL REFERENCES raw_answer
        )""")
    op.execute("CREATE INDEX raw_request_answer ON raw_request (sha256, id)")
