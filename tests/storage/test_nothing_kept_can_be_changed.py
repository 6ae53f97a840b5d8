"""Every path by which somebody could change what must stay as it was."""

from datetime import date
from fractions import Fraction
from uuid import UUID

import psycopg
import pytest
from psycopg import errors

from hue_dti.appraisal.model import AppraisalMark, Case, Comment, LockException, Mark, Move, Signed, Stage, Verdict, Workflow
from hue_dti.evidence.model import Checked, Kind
from hue_dti.evidence.pieces import Draft, Form, Scan
from hue_dti.observations.base import Draft as BaseDraft
from hue_dti.observations.entered import Choice, Typed, Writer, record
from hue_dti.rollup.given import Given
from hue_dti.storage import roles
from hue_dti.storage.entries import Weighed
from hue_dti.storage.evidence import LookedAt
from hue_dti.storage.health import GUARDED
from hue_dti.storage.notes import FigureNote
from hue_dti.storage.registers import Change
from hue_dti.storage.reviews import Step
from hue_dti.trail.model import Event
from hue_dti.units.profile import UnitProfile
from tests.storage import reports

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
    "report_text": "own",
    "report_step": "reason",
    "report_issue": "number",
    "report_signed_file": "name",
    "report_correction": "wrong",
    "entry": "value",
    "figure_note": "note",
    "figure_note_answer": "answer",
    "provincial_value": "result",
    "audit_event": "reason",
    "submission": "reason",
    "cell_mark": "value",
    "cell_comment": "words",
    "lock_exception": "until",
    "appraisal_mark": "points",
}


@pytest.fixture
def filled(storage, database, run, make):
    """A database with a row in every table that only takes new rows."""
    raw = make.answer()
    storage.raw_store(run).keep(raw)
    storage.save_observations(run, [make.observation(raw)])
    storage.finish_pull(run, "ok", "", 1, 1, (), make.at, second=[make.observation(raw)])
    storage.save_snapshot(make.head(), b"bundle", ["20161"])
    storage.save_units([make.unit("483")])
    storage.profiles.save(UnitProfile("483", email="a@b.vn"), "Trần Thị Bình", make.at)
    storage.base.propose([BaseDraft("483", date(2020, 1, 1), "households", 2024, 7258, date(2023, 12, 31), "12/BC")], "Lê Văn An", make.at)
    storage.base.reject(storage.base.proposals(), "Trần Thị Bình", make.at, "sai")
    storage.provincial.give(Given(UUID(int=7), "46", "2024-Q2", "province-922", "3.4", Fraction(1), document="12/BC"), "an", "An", make.at)
    storage.articles.say("web_news", "a.example/1", "leader_news", "Thư ký", "tin về lãnh đạo", make.at)
    storage.trail.note(Event("name.confirmed", "an", "Lê Văn An", "483", "TTKT", "", "", "đúng tên cũ", make.at))
    reports.issued(storage, make.head().sha256, make.at)
    reports.corrected(storage, make.head().sha256, make.at)
    by = Writer("an", "Lê Văn An", "")
    number = storage.notes.add(FigureNote(0, "483", "shops", "2024-Q2", 5, "super_app", raw.sha256, "thiếu hai chợ", by, make.at))
    storage.notes.answer(number, "đã lấy lại", by, make.at)
    one = Typed(UUID(int=1), "483", "shops", "2024-Q2", Choice.VALUE, 5, "", "an")
    kept, event = record(one, by, make.at), Event("entry.saved", "an", "", "483", "shops", "", "5", "", make.at)
    storage.entries.save(one, by, make.at, "483", (), lambda *_: Weighed(make.observation(kept), kept, None, None, event))
    review(storage, raw, make)
    prove(storage, make)
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO article (run_id, source, key, identity, title, link, categories, measure) "
            "VALUES (%s, 's', 'k', 'i', 't', '', '', '')",
            (run,),
        )
        connection.execute("INSERT INTO document_register VALUES (%s, '483', '2024-Q2')", (run,))
        connection.execute(
            "INSERT INTO registered_document VALUES (%s, 0, '483', 'issued', '1', '2024-01-01', 'k', 't', 'i', '', '', NULL, '')", (run,)
        )
    return database


def review(storage, raw, make):
    """Figures sent and opened, one returned with a comment, a lock exception, an appraiser's mark."""
    hoa, binh, day = Signed("hoa", "Hồ Thị Hoa", "Cán bộ"), Signed("binh", "Trần Thị Bình", "Uỷ viên"), date(2024, 6, 30)
    sent = storage.reviews.move(Case("483", "2024-Q2", Workflow.FIGURES), Step(Move.SEND, hoa, make.at, code="A", told=[]))
    opened = storage.reviews.move(sent, Step(Move.OPEN, binh, make.at, until=day))
    cell = ("483", "staff_standardised", "2024-Q2")
    storage.reviews.mark(opened, [Mark(*cell, Verdict.RETURNED, 921, raw.sha256, "hoa", "sai", binh, make.at)])
    storage.reviews.comment(Comment(*cell, "Hỏi lại Phòng Nội vụ.", binh, make.at))
    storage.reviews.open_lock(LockException("483", "2024-Q2", "III.1", day, "sai số hộ", binh, make.at))
    begun = storage.reviews.move(Case("483", "2024-Q2", Workflow.APPRAISAL), Step(Move.BEGIN, binh, make.at))
    storage.appraisals.write(begun, [AppraisalMark("483", "2024-Q2", "III.1", Stage.APPRAISED, 9, 5, "thiếu văn bản", binh, make.at)])


def prove(storage, make):
    """A file put beside a criterion and taken back."""
    draft = Draft(UUID(int=2), "483", "2024-Q2", "I.1", "signed_file", Form.FILE, sha256="a" * 64, name="a.pdf")
    file = LookedAt("a" * 64, 5, Checked(Kind.PDF, 1), Scan.NONE)
    piece, _ = storage.evidence.add(draft, file, "an", "Lê Văn An", make.at, 100)
    storage.registers.save("483", "van-ban", [Change(UUID(int=3), UUID(int=4), {})], "an", "Lê Văn An", make.at)
    storage.evidence.withdraw(piece.number, "an", "Lê Văn An", "nhầm tệp", make.at)


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


def refusal(database, statement):
    """The kind of error with which the application's statement ends, None when it goes through."""
    with database.connect() as connection:
        try:
            connection.execute(statement)
        except psycopg.Error as error:
            return type(error)
    return None


@pytest.mark.parametrize("table", GUARDED)
def test_the_application_changes_nothing_by_any_path(filled, table):
    before = contents(filled)
    for name, statement in (changes(filled, table) | loosenings(table)).items():
        assert refusal(filled, statement) is errors.InsufficientPrivilege, name
    assert contents(filled) == before


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize("role", [roles.OWNER, "postgres"])
def test_even_the_owner_and_a_superuser_are_stopped_by_the_triggers(filled, table, role):
    before = contents(filled)
    for statement in (*changes(filled, table).values(), "TRUNCATE pull_run CASCADE"):
        with filled.connect(role) as connection, pytest.raises(errors.InsufficientPrivilege, match="only takes new rows"):
            connection.execute(statement)
    assert contents(filled) == before


@pytest.mark.parametrize("table", GUARDED)
def test_replica_mode_does_not_silence_the_triggers(filled, table):
    with filled.connect("postgres") as connection:
        connection.execute("SET session_replication_role = replica")
        with pytest.raises(errors.InsufficientPrivilege, match="only takes new rows"):
            connection.execute(changes(filled, table)["update"])


@pytest.mark.parametrize("table", GUARDED)
def test_copying_over_what_is_there_is_refused(filled, table):
    before = contents(filled)
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


def test_a_temporary_table_of_the_same_name_does_not_fool_the_database(filled, storage, run, make):
    with filled.connect() as connection:
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
