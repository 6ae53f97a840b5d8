"""The job queue: in the caller's transaction, on our roles, and nobody's work is lost when a worker dies."""

import hashlib
import threading
from datetime import UTC, datetime
from importlib import resources

import psycopg
import pytest

from hue_dti.errors import SettingError, StorageError
from hue_dti.storage import Deferred, Pace, downgrade, upgrade, work

OURS = """
    SELECT count(*) FROM (
        SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
        UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace) AS known
    WHERE name ~ '^_?procrastinate'"""

KNOWN_SCHEMA = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"


def queued(database):
    with database.connect() as connection:
        return connection.execute("SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id").fetchall()


def leave_in_the_hands_of_the_dead(database, attempts=0):
    """As a worker leaves its job that was killed 11 seconds ago."""
    with database.connect() as connection:
        worker = connection.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '11 seconds') RETURNING id"
        ).fetchone()[0]
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s", (worker, attempts))


def test_a_job_is_called_by_name_with_its_arguments_and_then_leaves_the_queue(storage, database):
    called = []
    storage.defer(Deferred("count", {"unit": "483", "name": "Nam Đông"}), Deferred("count", {"unit": "490"}))
    work(storage, {"count": lambda **arguments: called.append(arguments)}, until_empty=True)
    assert sorted(called, key=len) == [{"unit": "490"}, {"unit": "483", "name": "Nam Đông"}]
    assert queued(database) == []


def test_what_is_queued_with_a_snapshot_is_there_with_it_and_never_without(storage, database, make):
    storage.save_snapshot(make.head(), b"bundle", then=[Deferred("report")])
    with pytest.raises(StorageError):
        storage.save_snapshot(make.head(number=3), b"bundle", then=[Deferred("report")])
    storage.save_snapshot(make.head(), b"bundle", then=[Deferred("report")])
    assert queued(database) == [("report", "todo", 0)]


def test_a_snapshot_is_not_stored_when_its_job_cannot_be_queued(storage, database, make):
    with pytest.raises(StorageError):
        storage.save_snapshot(make.head(), b"bundle", then=[Deferred("x" * 200)])
    assert storage.newest_head("483") is None
    assert queued(database) == []


def test_the_job_of_a_worker_that_died_is_done_by_the_next(storage, database):
    called = []
    storage.defer(Deferred("count"))
    leave_in_the_hands_of_the_dead(database)
    work(storage, {"count": lambda: called.append(1)}, until_empty=True)
    assert called == [1]


def test_a_job_that_keeps_costing_its_worker_s_life_is_given_up_as_failed(storage, database):
    storage.defer(Deferred("count"))
    leave_in_the_hands_of_the_dead(database, attempts=Pace().most_attempts)
    work(storage, {"count": lambda: None}, until_empty=True)
    assert queued(database) == [("count", "failed", Pace().most_attempts + 1)]


def test_the_job_of_a_living_worker_is_left_to_it(storage, database):
    storage.defer(Deferred("count"))
    leave_in_the_hands_of_the_dead(database)
    with database.connect() as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
    work(storage, {"count": lambda: None}, until_empty=True)
    assert queued(database) == [("count", "doing", 0)]


def test_a_job_that_met_a_database_fault_waits_to_come_again_and_any_other_fault_stays_failed(storage, database):
    def fall_over(fault):
        raise fault

    jobs = {"away": lambda: fall_over(StorageError("away")), "wrong": lambda: fall_over(SettingError("wrong"))}
    storage.defer(Deferred("away"), Deferred("wrong"), Deferred("not_installed"))
    work(storage, jobs, until_empty=True)
    assert queued(database) == [("away", "todo", 1), ("wrong", "failed", 1), ("not_installed", "failed", 1)]


def test_the_same_job_with_the_same_arguments_never_runs_twice_at_a_time(storage):
    running, overlapped, others = threading.Lock(), [], threading.Barrier(2, timeout=60)

    def same():
        overlapped.append(not running.acquire(blocking=False))
        running.release()

    storage.defer(*[Deferred("same")] * 6, Deferred("other", {"n": "1"}), Deferred("other", {"n": "2"}))
    work(storage, {"same": same, "other": lambda n: others.wait() and None}, until_empty=True)
    assert overlapped == [False] * 6


def test_the_queue_s_tables_go_and_come_again_without_a_rest(empty_database):
    upgrade(empty_database.settings)
    with empty_database.connect("postgres") as connection:
        there = connection.execute(OURS).fetchone()[0]
        downgrade(empty_database.settings, "0005")
        assert connection.execute(OURS).fetchone()[0] == 0
        upgrade(empty_database.settings)
        assert connection.execute(OURS).fetchone()[0] == there > 20


def test_the_queue_s_library_still_brings_the_schema_that_the_migration_was_written_for():
    schema = (resources.files("procrastinate") / "sql" / "schema.sql").read_bytes()
    assert hashlib.sha256(schema).hexdigest() == KNOWN_SCHEMA, "a newer schema wants a migration of its own, then the new hash here"


def test_the_application_s_role_may_use_the_queue_and_not_change_it(database):
    with database.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("ALTER TABLE procrastinate_jobs ADD COLUMN mine text")
    with database.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("TRUNCATE procrastinate_events")


def test_a_queue_that_cannot_be_reached_is_said_so(server):
    from hue_dti.storage.engine import make_engine, parse_url
    from hue_dti.storage.facade import Storage

    nowhere = Storage(make_engine(parse_url("postgresql://nobody@127.0.0.1:1/none", "DATABASE_URL")))
    with pytest.raises(StorageError, match="hue-dti doctor"):
        nowhere.defer(Deferred("count"))


def test_a_job_for_later_waits_for_its_moment_and_whoever_asks_for_it_meanwhile_gets_one_that_does_not(storage, database):
    later = Deferred("ask", {"unit": "483"}, {"rests": "1"}, at=datetime(2030, 1, 1, tzinfo=UTC))
    called = []
    storage.defer(later)
    work(storage, {"ask": lambda **arguments: called.append(arguments)}, until_empty=True)
    assert called == []
    storage.board.queue_once(Deferred("ask", {"unit": "483"}, {"anyway": "1"}, 1))
    work(storage, {"ask": lambda **arguments: called.append(arguments)}, until_empty=True)
    assert called == [{"unit": "483", "anyway": "1"}]
    assert [status for _, status, _ in queued(database)] == ["todo"]


def test_a_job_that_waits_is_done_as_the_last_who_asked_wants_it(storage):
    called = []
    storage.defer(Deferred("ask", {"unit": "490"}), Deferred("ask", {"unit": "483"}, {"unless_good_h": "12"}))
    asked = storage.board.queue_once(Deferred("ask", {"unit": "483"}, {"anyway": "1"}, 1))
    assert asked.before
    work(storage, {"ask": lambda **arguments: called.append(arguments)}, Pace(jobs_at_once=1), until_empty=True)
    assert called == [{"unit": "483", "unless_good_h": "12", "anyway": "1"}, {"unit": "490"}]


def test_a_job_behind_another_for_later_is_left_and_the_worker_goes_home(storage, database):
    storage.defer(Deferred("ask", {"unit": "483"}, at=datetime(2030, 1, 1, tzinfo=UTC)), Deferred("ask", {"unit": "483"}))
    at_work = threading.Thread(target=work, args=(storage, {"ask": lambda **_: None}), kwargs={"until_empty": True}, daemon=True)
    at_work.start()
    at_work.join(60)
    assert not at_work.is_alive()
    assert [status for _, status, _ in queued(database)] == ["todo", "todo"]
