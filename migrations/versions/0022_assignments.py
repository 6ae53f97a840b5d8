"""Which unit or person answers for which criterion of a unit's set; of a criterion one word stands, those before are kept as ended."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE criterion_assignment (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            criteria_set text NOT NULL,
            criterion text NOT NULL,
            responsible text NOT NULL CHECK (responsible <> ''),
            login text NOT NULL,
            assigned_by text NOT NULL,
            assigned_at timestamptz NOT NULL,
            ended_by text NOT NULL DEFAULT '',
            ended_at timestamptz
        )""")
    op.execute("""
        CREATE UNIQUE INDEX criterion_assignment_standing ON criterion_assignment (unit, criteria_set, criterion)
        WHERE ended_at IS NULL""")
    op.execute("CREATE INDEX criterion_assignment_login ON criterion_assignment (login) WHERE ended_at IS NULL AND login <> ''")


def downgrade() -> None:
    op.execute("DROP TABLE criterion_assignment")
