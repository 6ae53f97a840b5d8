"""Opening criteria several at once stays narrow, and what one act opened is told together."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hue_dti.accounts.model import Actor
from hue_dti.appraisal.model import LockException
from hue_dti.errors import ReviewRefused
from hue_dti.periods import Period
from hue_dti.services.doer import Doer
from hue_dti.services.locks import acts, meant, standing

NOON = datetime(2024, 9, 5, 5, 0, tzinfo=UTC)
BINH = Doer(Actor("binh", "Trần Thị Bình", "", ()), NOON)
UNTIL, PERIOD = date(2024, 9, 20), Period.parse("2024-Q3")


def asked(*places, until=UNTIL, reason="sai số hộ"):
    return meant(places, PERIOD, until, reason, BINH)


def test_one_act_opens_criteria_of_one_unit_or_one_criterion_of_units_and_never_both():
    assert [each.criterion for each in asked(("20161", "a/I.1"), ("20161", "a/I.2"))] == ["a/I.1", "a/I.2"]
    assert [each.unit for each in asked(("20161", "a/I.1"), ("20164", "a/I.1"))] == ["20161", "20164"]
    with pytest.raises(ReviewRefused, match="nhiều tiêu chí của một đơn vị, hoặc một tiêu chí của nhiều đơn vị"):
        asked(("20161", "a/I.1"), ("20164", "a/I.2"))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"until": None}, "ngày khóa lại"),
        ({"until": date(2024, 9, 4)}, "ngày khóa lại"),
        ({"until": UNTIL + timedelta(days=60)}, "chậm nhất 60 ngày"),
        ({"reason": " "}, "ghi lý do"),
    ],
)
def test_nothing_is_opened_without_a_reason_and_a_near_day(given, why):
    with pytest.raises(ReviewRefused, match=why):
        asked(("20161", "a/I.1"), **given)


def test_what_one_act_opened_stands_together_until_a_later_word_on_it():
    first = asked(("20161", "a/I.1"), ("20161", "a/I.2"))
    later = LockException("20161", str(PERIOD), "a/I.2", date(2024, 9, 6), "nhập xong", BINH.signed, NOON + timedelta(hours=1))
    assert acts(standing(first, UNTIL)) == (first,)
    assert acts(standing((*first, later), date(2024, 9, 6))) == ((later,), (first[0],))
    assert standing((*first, later), date(2024, 9, 7)) == (first[0],)
    assert [each.closes for each in (later, replace(later, until=date(2024, 9, 4)))] == [False, True]
