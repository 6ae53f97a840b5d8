"""Events that change units: what they order, when they were applied or taken back, and who stands above whom on which days.

An event may be told anew as long as it is not applied; what was done with it takes new rows only. The ties of units are written anew
whenever units change.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows
from hue_dti.storage.touching import tells_of_every_unit

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    _events()
    _steps()
    _ties()
    only_takes_new_rows("unit_event_step")
    tells_of_every_unit("unit_event", "unit_event_change", "unit_event_step")


def downgrade() -> None:
    op.execute("DROP TABLE unit_closure, unit_event_step, unit_event_change, unit_event")


def _events() -> None:
    op.execute("""
        CREATE TABLE unit_event (
            number text PRIMARY KEY CHECK (number ~ '^[0-9]{4}-[0-9]{2}$'),
            effective_on date NOT NULL,
            title text NOT NULL CHECK (title <> ''),
            resolution text NOT NULL CHECK (resolution <> ''),
            issued_on date NOT NULL CHECK (issued_on <= effective_on),
            issuer text NOT NULL CHECK (issuer <> ''),
            source text NOT NULL,
            note text NOT NULL
        )""")
    op.execute("""
        CREATE TABLE unit_event_change (
            event text NOT NULL REFERENCES unit_event,
            position integer NOT NULL CHECK (position >= 0),
            change text NOT NULL CHECK (change IN ('merge', 'split', 'rename', 'move', 'end')),
            old_code text NOT NULL CHECK (old_code <> ''),
            old_name text NOT NULL,
            new_code text NOT NULL,
            new_name text NOT NULL,
            level text,
            parent text,
            share_part bigint CHECK (share_part >= 0),
            share_whole bigint CHECK (share_whole > 0),
            note text NOT NULL,
            PRIMARY KEY (event, position),
            CHECK ((change = 'end') = (new_code = '')),
            CHECK ((share_part IS NULL) = (share_whole IS NULL)),
            CHECK (share_part <= share_whole)
        )""")


def _steps() -> None:
    op.execute("""
        CREATE TABLE unit_event_step (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            event text NOT NULL REFERENCES unit_event,
            step text NOT NULL CHECK (step IN ('applied', 'reverted')),
            done_by text NOT NULL CHECK (done_by <> ''),
            done_at timestamptz NOT NULL,
            reason text NOT NULL,
            CHECK (step = 'applied' OR reason <> '')
        )""")


def _ties() -> None:
    op.execute("""
        CREATE TABLE unit_closure (
            ancestor text NOT NULL,
            descendant text NOT NULL,
            depth smallint NOT NULL CHECK (depth >= 0),
            valid_from date NOT NULL,
            valid_to date,
            PRIMARY KEY (ancestor, descendant, valid_from),
            CHECK (valid_to >= valid_from)
        )""")
    op.execute("CREATE INDEX unit_closure_upwards ON unit_closure (descendant, valid_from)")
