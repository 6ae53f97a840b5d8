"""The trail in the database: numbered, spelt and hashed there, in one line, with the change or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from psycopg import errors
from sqlalchemy import text

from hue_dti.errors import StorageError
from hue_dti.resources import folder
from hue_dti.storage import downgrade
from hue_dti.storage.engine import transaction
from hue_dti.storage.trail import record
from hue_dti.trail.chain import BEFORE_ALL, flaws
from hue_dti.trail.model import Event, Head, Selection

REVISION = next((folder("migrations") / "versions").glob("*_audit_events.py")).name[:4]

HOSTILE = "\"\\ \n\t\x01\x7f\u2028 {a: 1} \N{WHITE SMILING FACE}\U0001f600 {} đường dẫn %s '; DROP TABLE audit_event;--"


@pytest.fixture
def told(make):
    """Builds an event."""
    return lambda act="entry.saved", **more: Event(
        **{
            "act": act,
            "actor": "an",
            "name": "Lê Văn An",
            "unit": "20161",
            "subject": "III.1",
            "old": "1",
            "new": "2",
            "reason": "",
            "at": make.at,
            **more,
        }
    )


def test_events_are_numbered_and_chained_from_the_first_on(storage, told):
    assert storage.trail.head() is None
    storage.trail.note(told(), told("entry.saved", new="3"))
    storage.trail.note(told("submission.sent"))
    first, second, third = storage.trail.every()
    assert [each.seq for each in (first, second, third)] == [1, 2, 3]
    assert (first.prev, second.prev, third.prev) == (BEFORE_ALL, first.hash, second.hash)
    assert storage.trail.head() == Head(3, third.hash)
    assert list(flaws(storage.trail.every(), [third.head])) == []


def test_the_database_spells_an_event_as_the_program_does(storage, told, make):
    odd = told("odd.act", name=HOSTILE, unit="", reason=HOSTILE, at=make.at + timedelta(microseconds=7), address="2001:db8::1")
    storage.trail.note(odd, replace(odd, at=make.at.replace(year=987)))
    assert list(flaws(storage.trail.every())) == []
    assert next(storage.trail.every()).event == odd


def test_events_of_many_threads_make_one_chain(storage, told):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: storage.trail.note(told(new=str(number))), range(80)))
    chain = list(storage.trail.every())
    assert [each.seq for each in chain] == list(range(1, 81))
    assert list(flaws(chain)) == []


def test_an_event_goes_with_the_change_it_tells_of(storage, told):
    def change_nothing_in_the_end():
        with transaction(storage._engine) as connection:
            record(connection, told())
            connection.execute(text("SELECT 1 / 0"))

    with pytest.raises(StorageError):
        change_nothing_in_the_end()
    storage.trail.note(told())
    assert [each.seq for each in storage.trail.every()] == [1]


@pytest.mark.parametrize("column", ["seq", "body", "prev_hash", "hash"])
def test_the_application_cannot_choose_what_the_chain_is_made_of(storage, told, database, column):
    storage.trail.note(told())
    values = "at, act, actor, name, unit, subject, old, new, reason, address, request"
    with database.connect() as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(f"INSERT INTO audit_event ({column}, {values}) SELECT {column}, {values} FROM audit_event")


def test_a_temporary_table_of_the_same_name_does_not_fool_the_chain(storage, told, database):
    storage.trail.note(told())
    with database.connect() as connection:
        connection.execute("CREATE TEMP TABLE audit_event (LIKE public.audit_event)")
        connection.execute(
            "INSERT INTO public.audit_event (at, act, actor, name, unit, subject, old, new, reason, address, request) "
            "VALUES (now(), 'a', '', '', '', '', '', '', '', '', '')"
        )
    assert [each.seq for each in storage.trail.every()] == [1, 2]
    assert list(flaws(storage.trail.every())) == []


def test_a_trail_with_events_is_not_taken_down(storage, told, database):
    storage.trail.note(told())
    with pytest.raises(StorageError, match="audit trail would be lost"):
        downgrade(database.settings, f"{int(REVISION) - 1:04d}")
    assert storage.trail.count() == 1


def test_pages_come_newest_first_and_go_on_where_the_last_one_ended(storage, told):
    storage.trail.note(*(told(new=str(number)) for number in range(7)))
    first = storage.trail.page(most=3)
    assert [each.seq for each in first] == [7, 6, 5]
    assert [each.seq for each in storage.trail.page(before=first[-1].seq, most=3)] == [4, 3, 2]


@pytest.mark.parametrize(
    ("wanted", "seqs"),
    [
        (Selection(), [4, 3, 2, 1]),
        (Selection(actor="bình"), [2]),
        (Selection(units=("483", "20164")), [3]),
        (Selection(acts=("account.",)), [4, 2]),
        (Selection(acts=("account.signed_in", "entry.saved")), [3, 2, 1]),
        (Selection(acts=("ac_ount.",)), []),
        (Selection(subject="%"), [4]),
        (Selection(subject="II.1"), [3, 2, 1]),
        (Selection(acts=("account.",), actor="an"), [4]),
    ],
)
def test_a_selection_narrows_what_is_read(storage, told, wanted, seqs):
    storage.trail.note(told(), told("account.signed_in", actor="bình"), told(unit="483"), told("account.signed_out", subject="100% số"))
    assert [each.seq for each in storage.trail.page(wanted)] == seqs
    assert storage.trail.count(wanted) == len(seqs)


def test_a_selection_narrows_by_time(storage, told, make):
    storage.trail.note(*(told(at=make.at + timedelta(days=day)) for day in range(3)))
    since, until = make.at + timedelta(days=1), make.at + timedelta(days=2)
    assert [each.seq for each in storage.trail.every(Selection(since=since, until=until))] == [2]


def test_everybody_who_acted_is_told_with_the_name_used_last(storage, told):
    storage.trail.note(told(), told(actor="bình", name="Trần Bình"), told(name="Lê An"))
    assert storage.trail.actors() == (("an", "Lê An"), ("bình", "Trần Bình"))
