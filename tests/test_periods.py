"""Periods as officials spell them, their days, and cut-offs that lose no event and count none twice."""

from datetime import date, timedelta

import pytest

from hue_dti.errors import PeriodError
from hue_dti.periods import Calendar, MonthDay, Period, PeriodKind, Window

HUE_2024 = Calendar((("Q1", MonthDay(3, 31)), ("Q2", MonthDay(6, 10)), ("Q3", MonthDay(9, 30)), ("Q4", MonthDay(12, 31))))


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2024-Q2", date(2024, 4, 1), date(2024, 6, 30), "Quý II năm 2024"),
        ("2024-H1", date(2024, 1, 1), date(2024, 6, 30), "6 tháng đầu năm 2024"),
        ("2024-H2", date(2024, 7, 1), date(2024, 12, 31), "6 tháng cuối năm 2024"),
        ("2024-9M", date(2024, 1, 1), date(2024, 9, 30), "9 tháng năm 2024"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "Tháng 2 năm 2024"),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "Năm 2024"),
    ],
)
def test_a_period_is_spelt_one_way_and_has_its_days_and_its_name(text, start, end, label):
    period = Period.parse(text)
    assert (str(period), period.start, period.end, period.label) == (text, start, end, label)


@pytest.mark.parametrize(
    "text",
    [
        "2024-Q5",
        "2024-Q0",
        "2024-13",
        "2024-00",
        "2024-H3",
        "24-Q2",
        "Q2/2024",
        "2024-6",
        "",
        "0000-Q1",
        "0001-Q1",
        "3000-Q1",
        "9999",
        "2024-Q2x",
    ],
)
def test_another_spelling_is_refused_with_the_right_one(text):
    with pytest.raises(PeriodError, match=r"2024-Q2|01 đến 12"):
        Period.parse(text)


def test_small_letters_and_spaces_around_do_not_matter():
    assert Period.parse(" 2024-q2 ") == Period(2024, PeriodKind.QUARTER, 2)


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("2024-Q4", "2025-Q1"),
        ("2024-H2", "2025-H1"),
        ("2024-12", "2025-01"),
        ("2024", "2025"),
        ("2024-9M", "2025-9M"),
        ("2024-Q1", "2024-Q2"),
    ],
)
def test_next_and_previous_step_over_the_end_of_a_year(text, following):
    assert str(Period.parse(text).next()) == following
    assert Period.parse(following).previous() == Period.parse(text)


def test_a_period_whose_cut_off_the_calendar_does_not_name_is_cut_off_at_its_end():
    assert Calendar().cutoff(Period.parse("2024-Q2")) == date(2024, 6, 30)


def test_quarters_touch_each_other_so_that_no_day_is_lost_or_counted_twice():
    period = Period.parse("2023-Q4")
    last = HUE_2024.window(period).end
    for _ in range(8):
        period = period.next()
        window = HUE_2024.window(period)
        assert window.start == last + timedelta(days=1)
        last = window.end
    assert HUE_2024.window(Period.parse("2024-Q2")) == Window(date(2024, 4, 1), date(2024, 6, 10))
    assert HUE_2024.window(Period.parse("2024-Q3")).start == date(2024, 6, 11)


@pytest.mark.parametrize(("text", "end"), [("2024-9M", date(2024, 9, 30)), ("2024", date(2024, 12, 31)), ("2024-H1", date(2024, 6, 30))])
def test_what_begins_with_the_year_does_not_reach_into_the_year_before(text, end):
    assert HUE_2024.window(Period.parse(text)) == Window(date(2024, 1, 1), end)


def test_nine_months_go_on_where_a_year_cut_off_early_ended():
    early = Calendar((("year", MonthDay(12, 15)),))
    assert early.window(Period.parse("2024-9M")).start == date(2023, 12, 16)


def test_the_year_to_date_begins_on_the_first_of_january():
    assert HUE_2024.year_to_date(Period.parse("2024-Q2")) == Window(date(2024, 1, 1), date(2024, 6, 10))


def test_both_ends_of_a_window_are_inside_and_nothing_but_days_is():
    window = Window(date(2024, 4, 1), date(2024, 6, 10))
    assert date(2024, 4, 1) in window
    assert date(2024, 6, 10) in window
    assert date(2024, 6, 11) not in window
    assert "2024-05-01" not in window


def test_the_29th_of_february_falls_back_in_other_years():
    assert MonthDay.parse("02-29").in_year(2023) == date(2023, 2, 28)
    assert MonthDay.parse("02-29").in_year(2024) == date(2024, 2, 29)


@pytest.mark.parametrize("text", ["2-3", "02-30", "13-01", "15/11", ""])
def test_a_day_that_no_year_has_is_refused(text):
    with pytest.raises(PeriodError):
        MonthDay.parse(text)
