"""How an obligation stands: by the newest word, the plan's year, and its day; what is given up owes nothing."""

from datetime import UTC, date, datetime

import pytest

from hue_dti.plans.model import Plan, PlanKey, PlanLine, PlanVersion, Target, TargetKind
from hue_dti.plans.progress import Doing, Told, counts, obligations

AT = datetime(2024, 5, 2, 3, 0, tzinfo=UTC)
AIM = Target("100%", TargetKind.WORDS)
DUE = date(2024, 6, 30)
LINE = PlanLine("1", "", "Ban hành quy chế", "", AIM, "I.1", ("Sở A", "Sở B"), due=DUE)
DEFERRED = PlanLine("2", "", "Đặt trạm", "", AIM, "I.2", ("Sở A",), due=DUE, deferral="hết kinh phí")
VERSION = PlanVersion(PlanKey("46", "dti", 2024), 1, "Kế hoạch", Plan("dti", (LINE, DEFERRED)), "", "a", "A", "", AT)


def word(month: int, doing: Doing, number: int, line: PlanLine = LINE, lead: str = "Sở A") -> Told:
    return Told(line.key, lead, date(2024, month, 1), doing, "lời", "", "a", "A", "", AT, number)


def first(*told: Told):
    return obligations(VERSION, told)[0]


def test_each_lead_unit_has_its_own_obligation_and_only_what_was_told_of_it():
    found = obligations(VERSION, [word(4, Doing.DONE, 1, lead="Sở B")])
    assert [(each.line.code, each.lead, each.doing) for each in found] == [
        ("I.1", "Sở A", Doing.NOT_STARTED),
        ("I.1", "Sở B", Doing.DONE),
        ("I.2", "Sở A", Doing.NOT_STARTED),
    ]


def test_the_word_of_the_latest_month_counts_and_in_a_month_the_newest():
    assert first(word(4, Doing.LATE, 3), word(5, Doing.DONE, 1)).doing is Doing.DONE
    assert first(word(4, Doing.LATE, 1), word(4, Doing.DONE, 2)).doing is Doing.DONE


@pytest.mark.parametrize(
    ("told", "day", "behind"),
    [
        ((), DUE, False),
        ((), date(2024, 7, 1), True),
        ((word(4, Doing.DONE, 1),), date(2024, 7, 1), False),
        ((word(4, Doing.LATE, 1),), date(2024, 4, 2), True),
    ],
)
def test_behind_is_who_says_so_or_is_not_done_the_day_after(told, day, behind):
    assert first(*told).is_behind(day) is behind


def test_what_is_given_up_is_never_behind_and_owes_no_word():
    given_up = obligations(VERSION, [word(4, Doing.LATE, 1, DEFERRED)])[2]
    assert not given_up.is_behind(date(2025, 1, 1))
    assert not given_up.owes(date(2024, 5, 1))


def test_a_word_is_owed_for_each_month_of_the_plan_s_year_until_it_is_done():
    told = first(word(4, Doing.LATE, 1))
    assert [told.owes(date(2024, month, 1)) for month in (3, 4, 5)] == [True, False, True]
    assert not told.owes(date(2025, 1, 1))
    assert not first(word(4, Doing.DONE, 1)).owes(date(2024, 5, 1))


def test_each_obligation_is_counted_once_and_what_is_behind_there():
    told = [word(4, Doing.LATE, 1), word(4, Doing.DONE, 2, lead="Sở B")]
    counted = counts(obligations(VERSION, told), date(2024, 5, 1))
    assert {name: number for name, number in counted.items() if number} == {"behind": 1, "done": 1, "given_up": 1}
