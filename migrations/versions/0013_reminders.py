"""Which unit was reminded of what it owes: one row for each unit, period and number of days before the cut-off.

The row says `sending` before the mail server is spoken to. A row that still says so later was left by a crash: the reminder may have
gone out or not, so it is sent once more, with `repeated` set; if that is left in the dark as well, it is `unclear` and stays so.
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE reminder (
            unit text NOT NULL,
            period text NOT NULL,
            days_before smallint NOT NULL,
            state text NOT NULL CHECK (state IN ('sending', 'sent', 'failed', 'unclear', 'no_address', 'too_late')),
            repeated boolean NOT NULL,
            attempts integer NOT NULL,
            recipient text NOT NULL,
            reason text NOT NULL,
            noted_at timestamptz NOT NULL,
            PRIMARY KEY (unit, period, days_before)
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE reminder")
