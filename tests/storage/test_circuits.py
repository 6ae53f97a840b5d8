"""A source that failed several times running rests, is tried by one call, and is asked again once it is good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from hue_dti.storage.circuit import Circuit, Patience
from tests.patience import until_so_many_wait

START = datetime(2024, 6, 10, 1, tzinfo=UTC)
REST = Patience().first_rest


def fail(storage, times, at=START):
    for _ in range(times):
        storage.circuits.failed("ioc", at)


def do_well(storage):
    storage.finish_pull(storage.begin_pull("ioc", "483", "2024-Q2", START), "partial", "", 1, 1, (), START)


def test_a_source_is_asked_until_it_has_failed_three_times_running(storage):
    fail(storage, 2)
    assert storage.circuits.rests_until("ioc", START) is None
    fail(storage, 1)
    assert storage.circuits.rests_until("ioc", START) == START + REST
    assert storage.circuits.rests_until("another", START) is None


def test_a_good_answer_in_between_begins_the_count_again(storage):
    fail(storage, 2)
    do_well(storage)
    fail(storage, 2)
    assert storage.circuits.rests_until("ioc", START) is None


def test_calls_under_way_when_the_rest_began_do_not_lengthen_it(storage):
    fail(storage, 20)
    assert storage.circuits.failing() == {"ioc": Circuit("ioc", 3, START + REST, False)}


def test_of_all_that_come_after_the_rest_one_tries(storage):
    fail(storage, 3)
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: storage.circuits.rests_until("ioc", START + REST), range(16)))
    assert answers.count(None) == 1
    assert set(answers) == {None, START + REST + Patience().look_again}


def test_a_try_that_failed_doubles_the_rest_up_to_the_longest(storage):
    at, rests = START, []
    fail(storage, 3)
    for _ in range(7):
        until = storage.circuits.failing()["ioc"].rests_until
        rests.append(until - at)
        assert storage.circuits.rests_until("ioc", until) is None
        at = until + timedelta(seconds=5)
        fail(storage, 1, at)
    assert [rest / REST for rest in rests] == [1, 2, 4, 8, 16, 30, 30]


def test_a_try_that_succeeded_opens_the_source_to_all(storage):
    fail(storage, 3)
    storage.circuits.rests_until("ioc", START + REST)
    do_well(storage)
    assert storage.circuits.failing() == {}
    assert storage.circuits.rests_until("ioc", START + REST) is None


def test_a_try_whose_worker_died_is_made_again_by_another(storage):
    fail(storage, 3)
    tried = START + REST
    assert storage.circuits.rests_until("ioc", tried) is None
    assert storage.circuits.rests_until("ioc", tried + Patience().trial) is None


@pytest.mark.parametrize("name", ["ioc", "Nguồn"])
def test_a_circuit_is_known_by_its_name_in_any_form(storage, name):
    for _ in range(3):
        storage.circuits.failed(name, START)
    assert storage.circuits.rests_until(name, START) is not None


def test_answers_read_again_are_no_sign_that_a_source_is_well(storage):
    asked = storage.begin_pull("ioc", "483", "2024-Q2", START)
    storage.finish_pull(asked, "failed", "", 1, 0, (), START)
    fail(storage, 3)
    storage.finish_pull(storage.begin_pull("ioc", "483", "2024-Q2", START, replays=asked), "ok", "", 1, 1, (), START)
    assert storage.circuits.rests_until("ioc", START) is not None


def test_only_one_at_a_time_is_at_a_matter(storage):
    order, inside = [], Event()

    def second():
        inside.wait()
        with storage.alone("xã 20179"):
            order.append("second")

    with ThreadPoolExecutor(1) as other:
        with storage.alone("xã 20179"):
            done = other.submit(second)
            inside.set()
            with pytest.raises(TimeoutError):
                done.result(0.5)
            with storage.alone("xã 20182"):
                order.append("first")
        done.result()
    assert order == ["first", "second"]


def test_who_waits_for_several_matters_never_waits_for_another_in_a_circle(storage, database):
    def at(*matters):
        with storage.sitting(matters):
            return True

    with ThreadPoolExecutor(2) as pool, database.connect() as watch:
        with storage.alone("xã 1"):
            first = pool.submit(at, "xã 1", "xã 2")
            until_so_many_wait(watch, 1)
            second = pool.submit(at, "xã 2", "xã 1")
            until_so_many_wait(watch, 2)
        assert first.result(60)
        assert second.result(60)
