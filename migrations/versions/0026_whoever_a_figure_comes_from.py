"""Nobody approves a figure that comes from several hands, one of them their own."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.execute("ALTER TABLE cell_mark DROP CONSTRAINT who_enters_never_approves")
    op.execute("""
        ALTER TABLE cell_mark ADD CONSTRAINT who_enters_never_approves
        CHECK (verdict <> 'approved' OR done_by = '' OR done_by <> ALL (string_to_array(entered_by, ' ')))""")


def downgrade() -> None:
    op.execute("ALTER TABLE cell_mark DROP CONSTRAINT who_enters_never_approves")
    op.execute(
        "ALTER TABLE cell_mark ADD CONSTRAINT who_enters_never_approves CHECK (verdict <> 'approved' OR done_by <> entered_by) NOT VALID"
    )
