"""Which sources are left in peace for a while because they failed several times running."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE source_circuit (
            source text PRIMARY KEY,
            failures integer NOT NULL CHECK (failures >= 0),
            rests_until timestamptz,
            trying boolean NOT NULL,
            CHECK (rests_until IS NOT NULL OR NOT trying)
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE source_circuit")
