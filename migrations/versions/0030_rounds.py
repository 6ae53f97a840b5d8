"""Assessment rounds: what a unit gives itself, what is said of it, more time for one unit, published results; every row stays."""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0030"
down_revision = "0029"

PERSON = """
            done_by text NOT NULL CHECK (done_by <> ''),
            name text NOT NULL,
            post text NOT NULL,
            done_at timestamptz NOT NULL"""
TABLES = ("assessment_round", "round_extension", "round_self_mark", "round_mark", "round_publication")


def upgrade() -> None:
    _rounds()
    _marks()
    _publications()
    only_takes_new_rows(*TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")


def _rounds() -> None:
    op.execute(f"""
        CREATE TABLE assessment_round (
            code text PRIMARY KEY CHECK (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
            host text NOT NULL,
            content jsonb NOT NULL,{PERSON}
        )""")
    op.execute(f"""
        CREATE TABLE round_extension (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            round text NOT NULL REFERENCES assessment_round,
            unit text NOT NULL,
            phase text NOT NULL CHECK (phase IN ('entry', 'appraisal', 'explanation', 'settling', 'publishing')),
            until date NOT NULL,
            reason text NOT NULL CHECK (reason <> ''),{PERSON}
        )""")


def _marks() -> None:
    op.execute(f"""
        CREATE TABLE round_self_mark (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            round text NOT NULL REFERENCES assessment_round,
            unit text NOT NULL,
            line text NOT NULL,
            points bigint NOT NULL CHECK (points >= 0),
            result text NOT NULL,
            link text NOT NULL,
            follows bigint UNIQUE REFERENCES round_self_mark,{PERSON}
        )""")
    op.execute("CREATE UNIQUE INDEX round_self_mark_begins_once ON round_self_mark (round, unit, line) WHERE follows IS NULL")
    op.execute(f"""
        CREATE TABLE round_mark (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            round text NOT NULL REFERENCES assessment_round,
            unit text NOT NULL,
            line text NOT NULL,
            stage text NOT NULL CHECK (stage IN ('appraised', 'explained', 'final')),
            self_points bigint NOT NULL,
            points bigint CHECK (points >= 0),
            reason text NOT NULL CHECK (reason <> ''),
            follows bigint UNIQUE REFERENCES round_mark,{PERSON},
            CHECK ((stage = 'explained') = (points IS NULL))
        )""")
    op.execute("CREATE UNIQUE INDEX round_mark_begins_once ON round_mark (round, unit, line) WHERE follows IS NULL")


def _publications() -> None:
    op.execute(f"""
        CREATE TABLE round_publication (
            round text NOT NULL REFERENCES assessment_round,
            number integer NOT NULL CHECK (number > 0),
            sha256 text NOT NULL,
            bundle bytea NOT NULL CHECK (octet_length(bundle) > 72),
            reason text NOT NULL CHECK (number = 1 OR reason <> ''),{PERSON},
            PRIMARY KEY (round, number),
            CHECK (sha256 = encode(sha256(substr(bundle, 1, octet_length(bundle) - 72)), 'hex'))
        )""")
