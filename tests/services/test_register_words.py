"""A word on a register is for the rows that stood when it was said; what is written later shows who and when."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from hue_dti.accounts.model import Actor
from hue_dti.observations.registers import MEETINGS
from hue_dti.periods import Period
from hue_dti.services.doer import Doer
from hue_dti.services.register_state import filling, say, states, unwritten
from hue_dti.storage.registers import Change

UNIT, Q2 = "483", Period.parse("2024-Q2")
NOON = datetime(2024, 6, 12, 5, 0, tzinfo=UTC)


@pytest.fixture
def book(storage):
    class Book:
        def write(self, minute, day="2024-02-05", **more):
            own = uuid4()
            change = Change(own, more.pop("row", own), {"day": day, "subject": "Họp"}, **more)
            storage.registers.save(UNIT, MEETINGS.slug, [change], "binh", "Trần Thị Bình", NOON + timedelta(minutes=minute))
            return storage.registers.history(UNIT, MEETINGS.slug)[-1]

        def call_full(self, minute, full=True, reason=""):
            return say(storage, Doer(Actor("an", "Lê Văn An", "", ()), NOON + timedelta(minutes=minute)), UNIT, Q2, MEETINGS, full, reason)

        @property
        def state(self):
            (found,) = states(storage, [UNIT], Q2)[UNIT]
            return found

    return Book()


def test_a_row_written_after_a_register_was_called_full_opens_it_again_and_says_whose_it_is(storage, book):
    book.write(0)
    assert book.call_full(1)
    assert book.state.full
    book.write(2)
    assert (book.state.full, book.state.word.full) == (False, True)
    assert book.state.since == "1 dòng ghi sau khi báo đủ, sau cùng Trần Thị Bình lúc 12:02 12/06/2024"
    assert filling(storage, [UNIT], Q2)[UNIT] == (book.state,)
    assert "Trần Thị Bình" in unwritten(storage, UNIT, Q2)
    assert book.call_full(3)
    assert book.state.full
    assert (book.call_full(4), unwritten(storage, UNIT, Q2)) == (False, "")


def test_a_row_changed_into_another_year_or_taken_back_counts_as_written_later_and_one_of_another_time_does_not(book):
    kept, gone = book.write(0), book.write(0)
    assert book.call_full(1)
    for other in ("2023-11-20", "2024-07-01"):
        book.write(2, day=other)
    assert book.state.full
    moved = book.write(3, day="2023-02-05", row=kept.row, replaces=kept.number)
    assert book.state.later == (moved,)
    back = book.write(4, row=gone.row, replaces=gone.number)
    book.write(5, row=gone.row, replaces=back.number, withdrawn=True, reason="ghi hai lần")
    book.write(6)
    assert book.state.since.startswith("3 dòng ghi sau khi báo đủ")


def test_with_a_reason_the_counts_go_on_whatever_is_written_later(storage, book):
    book.write(0)
    assert book.call_full(1, full=False, reason="chờ xã gửi")
    book.write(2)
    assert (book.state.explained, book.state.since, unwritten(storage, UNIT, Q2)) == ("chờ xã gửi", "", "")
    assert not book.call_full(3, full=False, reason="chờ xã gửi")
