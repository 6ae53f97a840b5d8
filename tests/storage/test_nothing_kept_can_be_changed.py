"""Every path by which somebody could change what must stay as it was."""

from datetime import date

import psycopg
import pytest
from psycopg import errors

from hue_dti.storage import open_storage, roles, unit_uses
from hue_dti.storage.columns import metadata
from hue_dti.storage.health import GUARDED
from hue_dti.units.events import Change, ChangeKind, Resolution, UnitEvent
from tests.conftest import TEMPLATE
from tests.storage.one_of_each import fill

TOUCHED = {
    "raw_answer": "body",
    "raw_request": "request",
    "origin": "source",
    "observation": "value",
    "second_opinion": "value",
    "document_register": "period",
    "registered_document": "title",
    "snapshot": "bundle",
    "snapshot_lower_unit": "unit",
    "unit_profile": "email",
    "base_proposal": "value",
    "base_decision": "reason",
    "base_settlement": "old_value",
    "article": "title",
    "article_assignment": "measure",
    "evidence_file": "size",
    "evidence_look": "told",
    "evidence_scan": "verdict",
    "evidence": "link",
    "evidence_withdrawal": "reason",
    "register_row": "reason",
    "register_word": "reason",
    "plan_version": "title",
    "plan_report": "words",
    "assessment_round": "host",
    "round_extension": "reason",
    "round_days": "reason",
    "round_self_mark": "result",
    "round_mark": "reason",
    "round_publication": "reason",
    "report_text": "own",
    "report_step": "reason",
    "report_issue": "number",
    "report_signed_file": "name",
    "report_correction": "wrong",
    "entry": "value",
    "figure_note": "note",
    "figure_note_answer": "answer",
    "provincial_value": "result",
    "year_result": "document",
    "audit_event": "reason",
    "submission": "reason",
    "cell_mark": "value",
    "cell_comment": "words",
    "lock_exception": "until",
    "appraisal_mark": "points",
    "unit_event_step": "reason",
}


@pytest.fixture(scope="module")
def filled(server, make):
    """A database with a row in every table that only takes new rows; a test leaves it as it was, or fails."""
    with server.temporary(TEMPLATE) as database:
        with open_storage(database.settings) as storage:
            fill(storage, database, make)
        yield database


def test_whatever_is_kept_of_a_unit_hangs_on_the_event_that_made_it(filled):
    with_units = {table.name for table in metadata.sorted_tables if {"unit", "host"} & set(table.c.keys())}
    named = {column.table.name for _, column, *_ in unit_uses.SINCE} | unit_uses.ASIDE.keys()
    named |= {table.name for _, table, *_ in (*unit_uses.IN_A_PERIOD, *unit_uses.FROM_THE_DAY, *unit_uses.INSIDE)}
    assert with_units == named
    changes = tuple(Change(ChangeKind.RENAME, code, code, code) for code in ("46", "483"))
    event = UnitEvent("2020-01", date(2020, 1, 1), "", Resolution("1/NQ", date(2019, 12, 1), ""), changes=changes)
    with open_storage(filled.settings) as storage:
        found = {use.what for use in storage.unit_events.uses(event)}
    kept = ((table, what) for what, table, *_ in (*unit_uses.IN_A_PERIOD, *unit_uses.INSIDE))
    since = ((column.table, what) for what, column, *_ in unit_uses.SINCE)
    assert {what for table, what in (*kept, *since) if table.name in TOUCHED} <= found


@pytest.fixture(scope="module")
def before(filled):
    """What stands there when nobody has tried anything yet."""
    return contents(filled)


def contents(database):
    with database.connect("postgres") as connection:
        return {table: connection.execute(f"SELECT {table}::text FROM {table} ORDER BY 1").fetchall() for table in GUARDED}


def columns(database, table, only_key=False):
    """The columns a row is written with, or its primary key, as SQL lists them."""
    found = """
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = %(table)s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND (NOT %(only_key)s
            OR attnum = ANY((SELECT conkey FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype = 'p')::int2[]))"""
    with database.connect("postgres") as connection:
        return connection.execute(found, {"table": table, "only_key": only_key}).fetchone()[0]


def changes(database, table):
    """Statements that change, replace or remove rows of the table."""
    key, every, touched = columns(database, table, only_key=True), columns(database, table), TOUCHED[table]
    again = f"INSERT INTO {table} ({every}) OVERRIDING SYSTEM VALUE SELECT {every} FROM {table}"
    matched = f"MERGE INTO {table} AS old USING {table} AS new ON old.{touched} = new.{touched} WHEN MATCHED THEN"
    return {
        "update": f"UPDATE {table} SET {touched} = {touched}",
        "update of no row": f"UPDATE {table} SET {touched} = {touched} WHERE false",
        "update from another": f"UPDATE {table} SET {touched} = {table}.{touched} FROM pull_run",
        "delete": f"DELETE FROM {table}",
        "delete using another": f"DELETE FROM {table} USING pull_run",
        "truncate": f"TRUNCATE {table} CASCADE",
        "on conflict update": f"{again} ON CONFLICT ({key}) DO UPDATE SET {touched} = excluded.{touched}",
        "merge update": f"{matched} UPDATE SET {touched} = new.{touched}",
        "merge delete": f"{matched} DELETE",
        "inside a query": f"WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone",
        "inside a block": f"DO $$ BEGIN UPDATE {table} SET {touched} = {touched}; END $$",
    }


def loosenings(table):
    """Statements that would make a change possible, with the change where it needs one."""
    update = f"UPDATE {table} SET {TOUCHED[table]} = {TOUCHED[table]}"
    return {
        "truncate a parent": "TRUNCATE pull_run CASCADE",
        "delete a parent": "DELETE FROM pull_run",
        "lock rows": f"SELECT * FROM {table} FOR UPDATE",
        "temporary view": f"CREATE TEMP VIEW v AS SELECT * FROM {table}; {update.replace(table, 'v')}",
        "view": f"CREATE VIEW public.v AS SELECT * FROM {table}",
        "rule": f"CREATE RULE r AS ON INSERT TO {table} DO ALSO DELETE FROM {table}",
        "trigger of one's own": f"CREATE TRIGGER t BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "alter": f"ALTER TABLE {table} ADD COLUMN more text",
        "rename": f"ALTER TABLE {table} RENAME TO gone",
        "disable trigger": f"ALTER TABLE {table} DISABLE TRIGGER {table}_only_takes_new_rows",
        "disable all triggers": f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        "drop trigger": f"DROP TRIGGER {table}_only_takes_new_rows ON {table}",
        "drop table": f"DROP TABLE {table} CASCADE",
        "drop function": "DROP FUNCTION refuse_change CASCADE",
        "replace function": "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "drop schema": "DROP SCHEMA public CASCADE",
        "replica role": f"SET session_replication_role = replica; {update}",
        "inherit": f"CREATE TABLE public.child () INHERITS ({table})",
        "become owner": f"SET ROLE {roles.OWNER}; {update}",
        "become superuser": f"SET ROLE postgres; {update}",
        "take ownership": f"ALTER TABLE {table} OWNER TO {roles.APP}",
        "grant oneself": f"GRANT ALL ON {table} TO {roles.APP}; {update}",
        "row security": f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        "copy from a program": f"COPY {table} FROM PROGRAM 'true'",
        "read the server's files": "SELECT pg_read_file('PG_VERSION')",
    }


def refusal(connection, statement):
    """The kind of error with which the statement ends and is taken back whole, None when it goes through."""
    try:
        connection.execute(statement)
    except psycopg.Error as error:
        return type(error)
    return None


@pytest.mark.parametrize("table", GUARDED)
def test_the_application_changes_nothing_by_any_path(filled, before, table):
    with filled.connect() as connection:
        for name, statement in (changes(filled, table) | loosenings(table)).items():
            assert refusal(connection, statement) is errors.InsufficientPrivilege, name
    assert contents(filled) == before


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize("role", [roles.OWNER, "postgres"])
def test_even_the_owner_and_a_superuser_are_stopped_by_the_triggers(filled, before, table, role):
    with filled.connect(role) as connection:
        for statement in (*changes(filled, table).values(), "TRUNCATE pull_run CASCADE"):
            with pytest.raises(errors.InsufficientPrivilege, match="only takes new rows"):
                connection.execute(statement)
    assert contents(filled) == before


@pytest.mark.parametrize("table", GUARDED)
def test_replica_mode_does_not_silence_the_triggers(filled, table):
    with filled.connect("postgres") as connection:
        connection.execute("SET session_replication_role = replica")
        with pytest.raises(errors.InsufficientPrivilege, match="only takes new rows"):
            connection.execute(changes(filled, table)["update"])


@pytest.mark.parametrize("table", GUARDED)
def test_copying_over_what_is_there_is_refused(filled, before, table):
    with filled.connect() as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} ({columns(filled, table)}) TO STDOUT") as copy:
            rows = b"".join(copy)
        refused = errors.InsufficientPrivilege if table == "audit_event" else (errors.UniqueViolation, errors.CheckViolation)
        with pytest.raises(refused):
            _copy_in(cursor, f"COPY {table} ({columns(filled, table)}) FROM STDIN", rows)
    assert contents(filled) == before


def _copy_in(cursor, statement, rows):
    with cursor.copy(statement) as copy:
        copy.write(rows)


def test_the_application_cannot_point_to_another_figure_as_the_newest(filled):
    forged = (
        "UPDATE newest_observation SET observation_id = 1",
        "INSERT INTO newest_observation VALUES ('2024-Q2', '483', 'staff', 1)",
        "DELETE FROM newest_observation",
        "SELECT point_at_newest()",
    )
    for statement in forged:
        with filled.connect() as connection, pytest.raises(psycopg.Error) as refused:
            connection.execute(statement)
        assert isinstance(refused.value, (errors.InsufficientPrivilege, errors.FeatureNotSupported, errors.InvalidFunctionDefinition))


def test_a_temporary_table_of_the_same_name_does_not_fool_the_database(storage, database, make):
    fill(storage, database, make)
    with database.connect() as connection:
        connection.execute("CREATE TEMP TABLE newest_observation (LIKE public.newest_observation INCLUDING ALL)")
        connection.execute(
            "INSERT INTO observation (origin_id, unit, measure, period, value, state, as_of, place, reason) "
            "SELECT origin_id, unit, measure, period, 5, 1, as_of, '', '' FROM observation"
        )
    assert [figure.value for figure in storage.observations(["483"], make.period)] == [5]


def test_the_application_owns_nothing_and_may_create_nothing(database):
    with database.connect() as connection:
        role = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication FROM pg_roles WHERE rolname = current_user"
        )
        assert role.fetchone() == (False,) * 5
        assert connection.execute("SELECT count(*) FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER')").fetchone() == (0,)
        for statement in (
            "CREATE TABLE public.mine ()",
            "CREATE SCHEMA mine",
            "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)
