"""What the clock has called, signs of life, and sources that have grown old.

One row of `scheduled_run` for each entry of the schedule and due time, written in the transaction that puts the jobs into the
queue: whoever comes second finds it there and leaves it. `first_seen` is where the counting of missed times begins.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE scheduled_run (
            job text NOT NULL,
            due_at timestamptz NOT NULL,
            kind text NOT NULL CHECK (kind IN ('first_seen', 'on_time', 'catch_up')),
            noted_at timestamptz NOT NULL,
            queued integer NOT NULL CHECK (queued >= 0),
            PRIMARY KEY (job, due_at)
        )""")
    op.execute("""
        CREATE TABLE heartbeat (
            name text PRIMARY KEY,
            at timestamptz NOT NULL
        )""")
    op.execute("""
        CREATE TABLE stale_source (
            unit text NOT NULL,
            source text NOT NULL,
            last_good_at timestamptz,
            noted_at timestamptz NOT NULL,
            PRIMARY KEY (unit, source)
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE stale_source, heartbeat, scheduled_run")
