"""Pulls and raw answers as the storage keeps them."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from hue_dti.errors import StorageError
from hue_dti.observations.model import SourceFault


def test_an_answer_is_there_for_others_before_the_pull_has_ended(storage, database, run, make):
    raw = make.answer()
    assert storage.raw_store(run).keep(raw) == raw.sha256
    with database.connect() as other:
        assert other.execute("SELECT body FROM raw_answer").fetchall() == [(raw.body,)]
        assert other.execute("SELECT outcome FROM pull_run").fetchall() == [(None,)]


def test_the_same_bytes_are_kept_once_and_every_request_is_noted(storage, database, run, make):
    store = storage.raw_store(run)
    for minute in range(3):
        store.keep(make.answer(at=make.at + timedelta(minutes=minute)))
    with database.connect() as other:
        assert other.execute("SELECT count(*) FROM raw_answer").fetchone() == (1,)
        assert other.execute("SELECT count(*) FROM raw_request").fetchone() == (3,)


def test_an_answer_comes_back_byte_for_byte_as_first_fetched(storage, run, make):
    raw = make.answer(bytes(range(256)))
    store = storage.raw_store(run)
    store.keep(raw)
    store.keep(make.answer(raw.body, at=make.at + timedelta(days=1), request="GET https://elsewhere.example/"))
    assert storage.raw_answer(raw.sha256) == raw


def test_a_hash_nobody_stored_gives_nothing(storage):
    assert storage.raw_answer("0" * 64) is None


def test_an_answer_under_a_wrong_hash_is_refused(storage, run, make):
    raw = make.answer()
    lying = type(raw)("f" * 64, raw.request, raw.status, raw.content_type, raw.fetched_at, raw.body)
    with pytest.raises(StorageError, match="fffff"):
        storage.raw_store(run).keep(lying)


def test_the_database_itself_refuses_a_body_that_is_not_its_hash(database):
    with database.connect() as connection, pytest.raises(Exception, match="raw_answer_check"):
        connection.execute("INSERT INTO raw_answer VALUES (%s, %s)", ("0" * 64, b"other"))


def test_many_threads_keep_the_same_answer_at_once(storage, database, run, make):
    store = storage.raw_store(run)
    threads = [threading.Thread(target=store.keep, args=(make.answer(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.connect() as other:
        assert other.execute("SELECT (SELECT count(*) FROM raw_answer), (SELECT count(*) FROM raw_request)").fetchone() == (1, 8)


def test_a_pull_ends_with_its_outcome_and_what_was_wrong(storage, run, make):
    later = make.at + timedelta(minutes=2)
    storage.finish_pull(run, "partial", "1 dòng không dùng được", 7, 40, [SourceFault("dòng 17", "số âm")], later)
    (pull,) = storage.last_pulls("483", make.period)
    assert (pull.id, pull.source, pull.outcome, pull.requests, pull.observations) == (run, "super_app", "partial", 7, 40)
    assert pull.faults == (SourceFault("dòng 17", "số âm"),)
    assert (pull.started_at, pull.finished_at) == (make.at, later)


def test_a_pull_that_was_killed_has_no_outcome(storage, run, make):
    (pull,) = storage.last_pulls("483", make.period)
    assert pull.outcome is None
    assert pull.finished_at is None


def test_a_pull_ends_only_once(storage, run, make):
    storage.finish_pull(run, "ok", "", 1, 1, (), make.at)
    with pytest.raises(StorageError, match="đã kết thúc"):
        storage.finish_pull(run, "failed", "", 1, 1, (), make.at)


def test_an_outcome_outside_the_three_is_refused(storage, run, make):
    with pytest.raises(StorageError, match="outcome"):
        storage.finish_pull(run, "perhaps", "", 1, 1, (), make.at)


def test_only_the_newest_pull_of_each_source_is_shown(storage, run, make):
    newer = storage.begin_pull("super_app", "483", make.period, make.at)
    other = storage.begin_pull("antivirus", "483", make.period, make.at)
    storage.begin_pull("super_app", "483", "2024-Q1", make.at)
    assert [(pull.source, pull.id) for pull in storage.last_pulls("483", make.period)] == [("antivirus", other), ("super_app", newer)]


def test_times_go_in_with_any_zone_and_come_out_in_utc(storage, make):
    in_hue = datetime(2024, 6, 10, 6, 0, tzinfo=timezone(timedelta(hours=7)))
    storage.begin_pull("super_app", "483", make.period, in_hue)
    (pull,) = storage.last_pulls("483", make.period)
    assert pull.started_at == in_hue
    assert pull.started_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(storage, make):
    with pytest.raises(ValueError, match="time zone"):
        storage.begin_pull("super_app", "483", make.period, datetime(2024, 6, 10, 6, 0))  # noqa: DTZ001 - the fault itself


def test_texts_are_kept_in_composed_form(storage, make):
    decomposed = "u\u031bng du\u0323ng"
    storage.note_unknown_name(decomposed, "Xa\u0303 Hu\u031bo\u031bng Xua\u0302n", "20179", make.at)
    (name,) = storage.unknown_names()
    assert (name.source, name.name) == ("ưng dụng", "Xã Hương Xuân")


def test_an_unknown_name_seen_again_keeps_its_first_day(storage, make):
    later = datetime(2024, 6, 20, tzinfo=UTC)
    storage.note_unknown_name("super_app", "Trường Tiểu học TTKT", None, make.at)
    storage.note_unknown_name("super_app", "Trường Tiểu học TTKT", "483.th.ttkt", later)
    (name,) = storage.unknown_names()
    assert (name.suggested, name.first_seen, name.last_seen) == ("483.th.ttkt", make.at, later)
