"""The board's own memory: alerts, and what sources answered when somebody tried them.

`alert_one_open` is what makes twenty failures one alert: a rule has at most one open alert for a unit and subject, whoever looks and
however often. `source_trial` holds the newest trial of a source only; no figure is ever read from it.
"""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE alert (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            rule text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('stale', 'failed', 'refused', 'jump', 'behind')),
            unit text NOT NULL,
            subject text NOT NULL,
            what text NOT NULL,
            opened_at timestamptz NOT NULL,
            last_seen timestamptz NOT NULL,
            count integer NOT NULL CHECK (count > 0),
            closed_at timestamptz,
            acknowledged_at timestamptz,
            acknowledged_by text NOT NULL DEFAULT '',
            acknowledgement text NOT NULL DEFAULT '',
            CHECK (last_seen >= opened_at),
            CHECK (closed_at >= opened_at),
            CHECK ((acknowledged_at IS NULL) = (acknowledged_by = '') AND (acknowledged_at IS NULL) = (acknowledgement = ''))
        )""")
    op.execute("CREATE UNIQUE INDEX alert_one_open ON alert (rule, unit, subject) WHERE closed_at IS NULL")
    op.execute("CREATE INDEX alert_closed ON alert (closed_at DESC, id DESC) WHERE closed_at IS NOT NULL")
    op.execute("""
        CREATE TABLE source_trial (
            unit text NOT NULL,
            period text NOT NULL,
            source text NOT NULL,
            tried_at timestamptz NOT NULL,
            told jsonb NOT NULL,
            PRIMARY KEY (unit, period, source)
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE source_trial, alert")
