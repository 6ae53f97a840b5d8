"""What a process keeps worked out is never older than the question, whoever wrote and in whatever order they ended."""

import threading

import psycopg
import pytest


class Counted:
    """Works a value out of the database and counts how often."""

    def __init__(self, storage, *units):
        self.storage, self.units, self.made = storage, units, 0

    def make(self):
        self.made += 1
        return len(self.storage.change_reasons("2024-Q2")), self.units

    def ask(self, key="k"):
        return self.storage.kept.value(key, self.make)


def say(connection, unit, value=1):
    """Tell a reason, as the smallest row of a unit."""
    connection.execute(
        "INSERT INTO change_reason (unit, measure, period, old_value, new_value, reason, given_by, given_at) "
        "VALUES (%s, 'shops', '2024-Q2', 0, %s, 'r', 'an', now())",
        (unit, value),
    )


@pytest.fixture
def other(database):
    """Somebody else who writes, each statement its own transaction."""
    with database.connect() as connection:
        yield connection


def test_a_value_is_worked_out_once_while_none_of_its_units_is_touched(storage, other):
    counted = Counted(storage, "483", "20161")
    assert [counted.ask(), counted.ask()] == [0, 0]
    say(other, "20164")
    counted.ask()
    assert counted.made == 1


def test_what_somebody_else_wrote_is_seen_at_the_next_question(storage, other):
    counted = Counted(storage, "483", "20161")
    counted.ask()
    say(other, "20161")
    assert (counted.ask(), counted.made) == (1, 2)


def test_what_was_being_written_while_a_value_was_worked_out_is_seen_when_it_ends(storage, database, other):
    counted = Counted(storage, "483")
    with psycopg.connect(database.app_url) as slow:
        say(slow, "483")  # the number of this row is lower than that of the next, and it shows up later
        say(other, "483")
        assert counted.ask() == 1
        slow.commit()
    assert counted.ask() == 2


def test_what_ended_while_a_value_was_worked_out_is_not_lost(storage, other):
    counted = Counted(storage, "483")

    def slowly():
        seen = counted.make()
        say(other, "483")
        storage.kept.value("other", lambda: (0, ()))  # somebody else is told of it meanwhile
        return seen

    assert storage.kept.value("k", slowly) == 0
    assert counted.ask() == 1


def test_a_change_of_the_units_themselves_lets_go_of_everything(storage, make):
    counted = Counted(storage, "483")
    counted.ask()
    storage.save_units([make.unit("999")])
    counted.ask()
    assert counted.made == 2


def test_what_was_taken_back_touches_nothing_and_two_who_write_do_not_wait_for_each_other(storage, database, other):
    counted = Counted(storage, "483")
    say(other, "483")
    counted.ask()
    with psycopg.connect(database.app_url) as first, psycopg.connect(database.app_url) as second:
        for connection in (first, second):
            connection.execute("SET lock_timeout = '2s'")
            say(connection, "483")
        first.rollback()
        second.rollback()
    counted.ask()
    assert counted.made == 1


def test_one_line_tells_of_a_unit_however_often_it_was_touched(other):
    for value in range(5):
        say(other, "483", value)
    assert other.execute("SELECT count(*) FROM touched WHERE unit = '483'").fetchone() == (1,)


def test_waiting_threads_take_what_one_of_them_worked_out(storage):
    begun, counted = threading.Barrier(4), Counted(storage, "483")

    def ask():
        begun.wait()
        counted.ask()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    begun.wait()
    for thread in threads:
        thread.join()
    assert counted.made == 1


def test_the_application_may_not_say_what_was_touched(other):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        other.execute("DELETE FROM touched")
