"""Evidence: files by their hash, what looking at them and scanning them told, the pieces put beside criteria, what was taken back.

All of it is insert-only: the newest look and scan of a file count, a piece is taken back by a row of its own.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0020"
down_revision = "0019"

TABLES = ("evidence_file", "evidence_look", "evidence_scan", "evidence", "evidence_withdrawal")


def upgrade() -> None:
    _files()
    _pieces()
    only_takes_new_rows(*TABLES)


def downgrade() -> None:
    op.execute(f"DROP TABLE {', '.join(reversed(TABLES))}")


def _files() -> None:
    op.execute("""
        CREATE TABLE evidence_file (
            sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
            size bigint NOT NULL CHECK (size > 0),
            kept_at timestamptz NOT NULL
        )""")
    op.execute("""
        CREATE TABLE evidence_look (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            sha256 text NOT NULL REFERENCES evidence_file,
            told jsonb NOT NULL,
            looked_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX evidence_look_newest ON evidence_look (sha256, id DESC)")
    op.execute("""
        CREATE TABLE evidence_scan (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            sha256 text NOT NULL REFERENCES evidence_file,
            verdict text NOT NULL CHECK (verdict IN ('none', 'waiting', 'clean', 'infected')),
            scanned_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX evidence_scan_newest ON evidence_scan (sha256, id DESC)")


def _pieces() -> None:
    op.execute("""
        CREATE TABLE evidence (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            client_id uuid NOT NULL UNIQUE,
            unit text NOT NULL,
            period text NOT NULL,
            criterion text NOT NULL,
            proof text NOT NULL,
            form text NOT NULL CHECK (form IN ('file', 'link', 'explanation')),
            sha256 text REFERENCES evidence_file,
            name text NOT NULL,
            link text NOT NULL CHECK (link = '' OR link ~ '^https?://'),
            words text NOT NULL,
            number text NOT NULL,
            issued_on date,
            kind text NOT NULL,
            summary text NOT NULL,
            issuer text NOT NULL,
            direction text NOT NULL CHECK (direction IN ('', 'issued', 'received')),
            added_by text NOT NULL CHECK (added_by <> ''),
            added_name text NOT NULL,
            added_at timestamptz NOT NULL,
            CHECK ((form = 'file') = (sha256 IS NOT NULL)),
            CHECK ((form = 'link') = (link <> '')),
            CHECK (form <> 'explanation' OR words <> ''),
            CHECK ((issued_on IS NULL) = (number = '') AND (issued_on IS NULL) = (direction = ''))
        )""")
    op.execute("CREATE INDEX evidence_of_unit ON evidence (unit, period, id)")
    op.execute("CREATE INDEX evidence_of_file ON evidence (sha256) WHERE sha256 IS NOT NULL")
    op.execute("CREATE INDEX evidence_of_paper ON evidence (issued_on) WHERE issued_on IS NOT NULL")
    op.execute("""
        CREATE TABLE evidence_withdrawal (
            evidence_id bigint PRIMARY KEY REFERENCES evidence,
            withdrawn_by text NOT NULL CHECK (withdrawn_by <> ''),
            withdrawn_name text NOT NULL,
            reason text NOT NULL CHECK (reason <> ''),
            withdrawn_at timestamptz NOT NULL
        )""")
