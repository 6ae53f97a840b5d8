"""Reports on their way: own words by version, steps, issues, signed files, corrections; all of it insert-only.

The database itself holds that versions and steps are numbered without a gap, that words are saved only while a report is a draft, that a
step is one of those that exist and follows from the state before, and so that nothing of an issued report changes: after issue only a
signed file, a correction, or the next edition may come. The tables' order is kept by `lock_report`, which makes changes of one report
wait for each other. A restore brings rows back as they were, without asking again.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0019"
down_revision = "0018"

TABLES = ("report_text", "report_step", "report_issue", "report_signed_file", "report_correction")
WAYS = (
    "draft submit submitted",
    "submitted withdraw draft",
    "submitted return draft",
    "submitted approve approved",
    "submitted issue issued",
    "approved withdraw draft",
    "approved return draft",
    "approved issue issued",
    "issued file issued",
    "issued correct issued",
)
"""State, move, state after; `replace` begins an edition and stands apart."""

_EDITION = """
            unit text NOT NULL,
            period text NOT NULL,
            edition integer NOT NULL CHECK (edition >= 1),"""
_PERSON = """
            by_login text NOT NULL,
            by_name text NOT NULL CHECK (by_name <> ''),
            by_post text NOT NULL,
            at timestamptz NOT NULL"""


def upgrade() -> None:
    _tables()
    _files_and_corrections()
    _order()
    only_takes_new_rows(*TABLES)


def downgrade() -> None:
    op.execute("""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM report_text) OR EXISTS (SELECT FROM report_step) THEN
                RAISE EXCEPTION 'words of reports would be lost: back the database up and restore it with the older program instead';
            END IF;
        END $$""")
    op.execute(f"DROP TABLE {', '.join(reversed(TABLES))}")
    op.execute("DROP FUNCTION report_text_in_order, report_step_in_order, report_issue_in_order, report_state, lock_report")


def _tables() -> None:
    op.execute(f"""
        CREATE TABLE report_text ({_EDITION}
            number integer NOT NULL CHECK (number >= 1),
            own jsonb NOT NULL CHECK (jsonb_typeof(own) = 'object'),{_PERSON},
            restored integer,
            PRIMARY KEY (unit, period, edition, number)
        )""")
    op.execute(f"""
        CREATE TABLE report_step ({_EDITION}
            number integer NOT NULL CHECK (number >= 1),
            move text NOT NULL,
            after text NOT NULL,{_PERSON},
            reason text NOT NULL,
            version integer NOT NULL CHECK (version >= 0),
            snapshot_sha256 text REFERENCES snapshot (sha256),
            signed_sha256 text CHECK (signed_sha256 ~ '^[0-9a-f]{{64}}$'),
            recorded_by text NOT NULL,
            PRIMARY KEY (unit, period, edition, number),
            CHECK (snapshot_sha256 IS NOT NULL OR move = 'replace'),
            CHECK (reason <> '' OR move NOT IN ('withdraw', 'return', 'correct', 'replace'))
        )""")
    op.execute(f"""
        CREATE TABLE report_issue ({_EDITION}
            number integer NOT NULL CHECK (number >= 1),
            symbol text NOT NULL CHECK (symbol <> ''),
            day date NOT NULL,
            authority text NOT NULL,
            acting_for text NOT NULL,
            post text NOT NULL,
            host_post text NOT NULL,
            signer text NOT NULL CHECK (signer <> ''),
            PRIMARY KEY (unit, period, edition)
        )""")
    op.execute("CREATE UNIQUE INDEX report_issue_number ON report_issue (unit, symbol, (extract(year FROM day)), number)")


def _files_and_corrections() -> None:
    op.execute(f"""
        CREATE TABLE report_signed_file ({_EDITION}
            sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{{64}}$'),
            name text NOT NULL,
            size bigint NOT NULL CHECK (size > 0),
            told text NOT NULL,{_PERSON},
            PRIMARY KEY (unit, period, edition, sha256)
        )""")
    op.execute(f"""
        CREATE TABLE report_correction ({_EDITION}
            step integer NOT NULL,
            number text NOT NULL CHECK (number <> ''),
            day date NOT NULL,
            wrong text NOT NULL CHECK (wrong <> ''),
            "right" text NOT NULL CHECK ("right" <> ''),
            reason text NOT NULL CHECK (reason <> ''),{_PERSON},
            PRIMARY KEY (unit, period, edition, step)
        )""")


def _order() -> None:
    _where_a_report_stands()
    _texts_in_order()
    _steps_in_order()
    _papers_in_order()
    for table, function in (
        ("report_text", "report_text_in_order"),
        ("report_step", "report_step_in_order"),
        ("report_issue", "report_issue_in_order"),
        ("report_signed_file", "report_issue_in_order"),
        ("report_correction", "report_issue_in_order"),
    ):
        op.execute(f"CREATE TRIGGER {table}_in_order BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()")


def _where_a_report_stands() -> None:
    op.execute("""
        CREATE FUNCTION lock_report(unit text, period text) RETURNS void LANGUAGE sql AS $$
            SELECT pg_advisory_xact_lock(hashtextextended('hue_dti report ' || unit || ' ' || period, 0))
        $$""")
    op.execute("""
        CREATE FUNCTION report_state(report_unit text, report_period text, report_edition integer) RETURNS text
        LANGUAGE sql VOLATILE SET search_path = public, pg_temp AS $$
            SELECT coalesce((
                SELECT after FROM report_step WHERE unit = report_unit AND period = report_period AND edition = report_edition
                ORDER BY number DESC LIMIT 1), CASE WHEN report_edition = 1 THEN 'draft' ELSE '' END)
        $$""")


def _texts_in_order() -> None:
    op.execute("""
        CREATE FUNCTION report_text_in_order() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            PERFORM lock_report(NEW.unit, NEW.period);
            IF report_state(NEW.unit, NEW.period, NEW.edition) <> 'draft' THEN
                RAISE EXCEPTION 'the report is no draft any more' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.number <> 1 + (SELECT count(*) FROM report_text AS held
                    WHERE (held.unit, held.period, held.edition) = (NEW.unit, NEW.period, NEW.edition)) THEN
                RAISE EXCEPTION 'another version came first' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$""")


def _steps_in_order() -> None:
    known = ", ".join(f"'{way}'" for way in WAYS)
    op.execute(f"""
        CREATE FUNCTION report_step_in_order() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        DECLARE
            before text;
        BEGIN
            PERFORM lock_report(NEW.unit, NEW.period);
            before := report_state(NEW.unit, NEW.period, NEW.edition);
            IF NEW.number <> 1 + (SELECT count(*) FROM report_step AS held
                    WHERE (held.unit, held.period, held.edition) = (NEW.unit, NEW.period, NEW.edition)) THEN
                RAISE EXCEPTION 'another step came first' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.move = 'replace' THEN
                IF NEW.after <> 'draft' OR before <> '' OR report_state(NEW.unit, NEW.period, NEW.edition - 1) <> 'issued' THEN
                    RAISE EXCEPTION 'only an issued report is replaced, and once' USING ERRCODE = 'check_violation';
                END IF;
            ELSIF concat_ws(' ', before, NEW.move, NEW.after) NOT IN ({known}) THEN
                RAISE EXCEPTION 'no way leads from % by % to %', before, NEW.move, NEW.after USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$""")  # noqa: S608 - the ways above


def _papers_in_order() -> None:
    op.execute("""
        CREATE FUNCTION report_issue_in_order() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            PERFORM lock_report(NEW.unit, NEW.period);
            IF report_state(NEW.unit, NEW.period, NEW.edition) <> 'issued' THEN
                RAISE EXCEPTION 'the report is not issued' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$""")
