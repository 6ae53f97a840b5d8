"""In which way the figures of a pull came: a source was asked, a file was handed in, or somebody entered them."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE pull_run ADD COLUMN way text NOT NULL DEFAULT 'asked',
            ADD CONSTRAINT pull_run_way CHECK (way IN ('asked', 'file', 'entered'))""")
    op.execute("""
        UPDATE pull_run SET way = 'file' WHERE EXISTS (SELECT FROM raw_request
            WHERE run_id = coalesce(pull_run.replays, pull_run.id) AND request ~* '^tệp .+\\.(csv|xlsx) do .+ nộp lúc .+$')""")
    op.execute("UPDATE pull_run SET way = 'entered' WHERE source = 'base_figures'")


def downgrade() -> None:
    op.execute("ALTER TABLE pull_run DROP COLUMN way")
