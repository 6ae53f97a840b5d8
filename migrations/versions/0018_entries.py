"""Figures that persons typed, one row each time a cell is saved, and what they noted on figures that machines pulled.

The number that a page gives an entry is unique for ever: the same one sent again is the same entry.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0018"
down_revision = "0017"

TABLES = ("entry", "figure_note", "figure_note_answer")


def upgrade() -> None:
    _entries()
    _notes()
    only_takes_new_rows(*TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE figure_note_answer, figure_note, entry")


def _entries() -> None:
    op.execute("""
        CREATE TABLE entry (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            client_id uuid NOT NULL UNIQUE,
            unit text NOT NULL,
            measure text NOT NULL,
            period text NOT NULL,
            choice text NOT NULL CHECK (choice IN ('value', 'none_occurred', 'not_yet', 'no_data')),
            value bigint,
            reason text NOT NULL,
            old_value bigint,
            compared bigint,
            entered_by text NOT NULL CHECK (entered_by <> ''),
            name text NOT NULL,
            post text NOT NULL,
            entered_at timestamptz NOT NULL,
            sha256 text NOT NULL,
            raw_sha256 text NOT NULL REFERENCES raw_answer,
            replaces uuid REFERENCES entry (client_id),
            CHECK ((value IS NOT NULL) = (choice IN ('value', 'none_occurred'))),
            CHECK (choice <> 'none_occurred' OR value = 0)
        )""")
    op.execute("CREATE INDEX entry_of ON entry (unit, period, measure, id DESC)")


def _notes() -> None:
    op.execute("""
        CREATE TABLE figure_note (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            measure text NOT NULL,
            period text NOT NULL,
            value bigint,
            source text NOT NULL,
            raw_sha256 text REFERENCES raw_answer,
            note text NOT NULL CHECK (note <> ''),
            noted_by text NOT NULL CHECK (noted_by <> ''),
            name text NOT NULL,
            post text NOT NULL,
            noted_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX figure_note_of ON figure_note (unit, period, id DESC)")
    op.execute("""
        CREATE TABLE figure_note_answer (
            note_id bigint PRIMARY KEY REFERENCES figure_note,
            answer text NOT NULL CHECK (answer <> ''),
            answered_by text NOT NULL CHECK (answered_by <> ''),
            name text NOT NULL,
            answered_at timestamptz NOT NULL
        )""")
