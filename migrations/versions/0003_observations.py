"""Figures with their origins: an insert-only history, and beside it which figure is the newest.

The database itself keeps `newest_observation`, through a function of the owner's: the application cannot point it elsewhere.
So the current figures of a province are read in one pass however long the history has grown.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _figures()
    _newest()
    only_takes_new_rows("origin", "observation")


def downgrade() -> None:
    op.execute("DROP TABLE newest_observation, observation, origin")
    op.execute("DROP FUNCTION point_at_newest")


def _figures() -> None:
    op.execute("""
        CREATE TABLE origin (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            run_id bigint NOT NULL REFERENCES pull_run,
            source text NOT NULL,
            request text NOT NULL,
            fetched_at timestamptz NOT NULL,
            raw_sha256 text REFERENCES raw_answer,
            UNIQUE NULLS NOT DISTINCT (run_id, source, request, fetched_at, raw_sha256)
        )""")
    op.execute("""
        CREATE TABLE observation (
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
    op.execute("CREATE INDEX observation_history ON observation (unit, measure, id)")


def _newest() -> None:
    op.execute("""
        CREATE TABLE newest_observation (
            period text NOT NULL,
            unit text NOT NULL,
            measure text NOT NULL,
            observation_id bigint NOT NULL,
            PRIMARY KEY (period, unit, measure)
        )""")
    op.execute("""
        CREATE FUNCTION point_at_newest() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            INSERT INTO newest_observation AS known (period, unit, measure, observation_id)
            SELECT period, unit, measure, max(id) FROM fresh GROUP BY period, unit, measure ORDER BY period, unit, measure
            ON CONFLICT (period, unit, measure) DO UPDATE SET observation_id = greatest(known.observation_id, excluded.observation_id);
            RETURN NULL;
        END $$""")
    op.execute("REVOKE ALL ON FUNCTION point_at_newest() FROM PUBLIC")
    op.execute("""
        CREATE TRIGGER observation_becomes_newest AFTER INSERT ON observation
        REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION point_at_newest()""")
    op.execute("ALTER TABLE observation ENABLE ALWAYS TRIGGER observation_becomes_newest")
