"""Sending, review and appraisal: moves of cases, words on single figures, comments, lock exceptions, an appraiser's marks; insert-only.

The database itself holds that a case is a chain without a fork (of two who move it at once one is refused), that only listed moves are
made, and that nobody approves what he sent or typed. What leads where stands in hue_dti.appraisal.moves too; a test compares them.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0017"
down_revision = "0016"

TABLES = ("submission", "cell_mark", "cell_comment", "lock_exception", "appraisal_mark")

MOVES = """
    ('figures', 'draft', 'send', 'sent'),
    ('figures', 'withdrawn', 'send', 'sent'),
    ('figures', 'returned', 'send', 'sent'),
    ('figures', 'sent', 'withdraw', 'withdrawn'),
    ('figures', 'under_review', 'withdraw', 'withdrawn'),
    ('figures', 'sent', 'open', 'under_review'),
    ('figures', 'sent', 'approve', 'approved'),
    ('figures', 'under_review', 'approve', 'approved'),
    ('figures', 'sent', 'return', 'returned'),
    ('figures', 'under_review', 'return', 'returned'),
    ('figures', 'approved', 'undo', 'under_review'),
    ('figures', 'returned', 'undo', 'under_review'),
    ('appraisal', 'draft', 'begin', 'appraising'),
    ('appraisal', 'appraising', 'ask', 'explaining'),
    ('appraisal', 'appraising', 'settle', 'settled'),
    ('appraisal', 'explaining', 'settle', 'settled')"""

SIGNED = """
            done_by text NOT NULL CHECK (btrim(done_by) <> ''),
            name text NOT NULL,
            post text NOT NULL,
            done_at timestamptz NOT NULL"""


def upgrade() -> None:
    _submissions()
    _marks()
    _words()
    _appraisal()
    only_takes_new_rows(*TABLES)


def downgrade() -> None:
    op.execute(f"DROP TABLE {', '.join(reversed(TABLES))}")


def _submissions() -> None:
    op.execute(f"""
        CREATE TABLE submission (
            unit text NOT NULL,
            period text NOT NULL,
            workflow text NOT NULL,
            version integer NOT NULL,
            previous integer,
            stood text NOT NULL,
            sent_before text NOT NULL,
            move text NOT NULL,
            state text NOT NULL,
            {SIGNED},
            reason text NOT NULL,
            until date,
            sender text NOT NULL,
            code text NOT NULL,
            told jsonb,
            PRIMARY KEY (unit, period, workflow, version),
            UNIQUE (unit, period, workflow, version, state, sender),
            FOREIGN KEY (unit, period, workflow, previous, stood, sent_before)
                REFERENCES submission (unit, period, workflow, version, state, sender),
            CHECK (version = coalesce(previous, 0) + 1),
            CHECK (previous IS NOT NULL OR (stood = 'draft' AND sent_before = '')),
            CHECK (sender = CASE move WHEN 'send' THEN done_by ELSE sent_before END),
            CHECK (move NOT IN ('return', 'undo') OR btrim(reason) <> ''),
            CHECK ((move = 'send') <= (told IS NOT NULL AND code <> '')),
            CONSTRAINT only_listed_moves CHECK ((workflow, stood, move, state) IN ({MOVES})),
            CONSTRAINT who_sends_never_approves CHECK (move NOT IN ('approve', 'begin', 'ask', 'settle') OR done_by <> sent_before)
        )""")
    op.execute("CREATE INDEX submission_period ON submission (period, workflow, unit, version DESC)")


def _marks() -> None:
    op.execute(f"""
        CREATE TABLE cell_mark (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            measure text NOT NULL,
            period text NOT NULL,
            verdict text NOT NULL CHECK (verdict IN ('approved', 'returned', 'cleared')),
            value bigint,
            raw_sha256 text NOT NULL REFERENCES raw_answer,
            entered_by text NOT NULL,
            reason text NOT NULL CHECK (verdict <> 'returned' OR btrim(reason) <> ''),
            {SIGNED},
            follows bigint,
            case_unit text NOT NULL,
            case_version integer NOT NULL,
            UNIQUE (id, unit, measure, period),
            UNIQUE NULLS NOT DISTINCT (unit, period, measure, follows),
            FOREIGN KEY (follows, unit, measure, period) REFERENCES cell_mark (id, unit, measure, period),
            CONSTRAINT who_enters_never_approves CHECK (verdict <> 'approved' OR done_by <> entered_by)
        )""")


def _words() -> None:
    op.execute(f"""
        CREATE TABLE cell_comment (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            measure text NOT NULL,
            period text NOT NULL,
            words text NOT NULL CHECK (btrim(words) <> ''),
            {SIGNED}
        )""")
    op.execute("CREATE INDEX cell_comment_cell ON cell_comment (unit, period, measure, id)")
    op.execute(f"""
        CREATE TABLE lock_exception (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            period text NOT NULL,
            criterion text NOT NULL,
            until date NOT NULL,
            reason text NOT NULL CHECK (btrim(reason) <> ''),
            {SIGNED}
        )""")
    op.execute("CREATE INDEX lock_exception_unit ON lock_exception (period, unit, id)")


def _appraisal() -> None:
    op.execute(f"""
        CREATE TABLE appraisal_mark (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            period text NOT NULL,
            criterion text NOT NULL,
            stage text NOT NULL CHECK (stage IN ('appraised', 'explained', 'final')),
            self_points bigint NOT NULL,
            points bigint CHECK (points >= 0),
            reason text NOT NULL CHECK (btrim(reason) <> ''),
            {SIGNED},
            follows bigint,
            case_version integer NOT NULL,
            UNIQUE (id, unit, criterion, period),
            UNIQUE NULLS NOT DISTINCT (unit, period, criterion, follows),
            FOREIGN KEY (follows, unit, criterion, period) REFERENCES appraisal_mark (id, unit, criterion, period),
            CHECK ((stage = 'explained') = (points IS NULL))
        )""")
