"""The job queue's own tables, types and functions, as Procrastinate 3.10 brings them.

Procrastinate's `apply_schema` fails when it runs twice, so the text is run here, in the migration's transaction. A newer
Procrastinate that changes its schema gets a migration of its own with the steps it ships.
"""

from importlib import resources

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    schema = (resources.files("procrastinate") / "sql" / "schema.sql").read_text(encoding="utf-8")
    # Straight to the driver: many statements at once, full of colons and percent signs that mean nothing to us.
    op.get_bind().connection.driver_connection.execute(schema)


def downgrade() -> None:
    op.execute("DROP TABLE procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs, procrastinate_workers CASCADE")
    op.execute("""
        DO $$
        DECLARE each record;
        BEGIN
            FOR each IN SELECT oid::regprocedure AS name FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, 'procrastinate_')
            LOOP
                EXECUTE 'DROP FUNCTION ' || each.name || ' CASCADE';
            END LOOP;
        END $$""")
    op.execute("DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status")
