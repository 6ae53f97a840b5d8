"""Vietnamese numbers: written exactly, read without guessing."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hue_dti.numerals as room
from hue_dti.errors import NumeralError
from hue_dti.numerals import (
    decimal_text,
    format_amount,
    format_count,
    format_date,
    format_decimal,
    format_growth,
    format_moment,
    format_percent,
    format_points,
    parse_amount,
    parse_count,
    parse_date,
    parse_percent,
    parse_points,
    points_text,
    share_text,
)

ROUND_TRIPS = settings(max_examples=100, deadline=None)
"""A hundred times a hundred numbers."""


def hundred(most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, most), min_size=100, max_size=100)


@ROUND_TRIPS
@given(hundred(10**18 - 1))
def test_every_count_that_is_written_is_read_back(counts: list[int]) -> None:
    assert [parse_count(format_count(count)) for count in counts] == counts


@ROUND_TRIPS
@given(hundred(10**9))
def test_every_percentage_that_is_written_is_read_back(hundredths: list[int]) -> None:
    assert [parse_percent(format_percent(Fraction(each, 10_000))) for each in hundredths] == hundredths


@ROUND_TRIPS
@given(hundred(10_000_000 - 1))
def test_all_points_below_a_thousand_are_read_back(ten_thousandths: list[int]) -> None:
    assert [parse_points(format_points(each)) for each in ten_thousandths] == ten_thousandths


@given(st.integers(0, 10**18 - 1))
def test_every_amount_that_is_written_is_read_back(dong: int) -> None:
    assert parse_amount(format_amount(dong)) == dong


@given(st.dates())
def test_every_date_that_is_written_is_read_back(day: date) -> None:
    assert parse_date(format_date(day)) == day == parse_date(day.isoformat())


@given(st.text(alphabet="0123456789., %-\u00a0tỷđồng'", max_size=30) | st.text())
def test_a_reader_gives_a_number_or_says_what_to_write(text: str) -> None:
    for read in (parse_count, parse_percent, parse_points, parse_amount):
        assert _answer(read, text)


def _answer(read: Callable[[str], int], text: str) -> bool:
    try:
        return read(text) >= 0
    except NumeralError as refusal:
        return "hãy" in str(refusal).lower()


def test_a_mean_has_dots_between_thousands_and_no_idle_decimal() -> None:
    assert [format_decimal(each, 1) for each in (Fraction(15958, 10), Fraction(2, 3), 28, 1000)] == ["1.595,8", "0,7", "28", "1.000"]


def test_counts_have_dots_between_thousands() -> None:
    assert [format_count(count) for count in (0, 968, 1627, 1234567, -4466)] == ["0", "968", "1.627", "1.234.567", "-4.466"]


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [(921, 968, "95,14%"), (1627, 1663, "97,84%"), (64, 1214, "5,27%"), (3632, 7258, "50,04%"), (1, 1, "100,00%"), (0, 8, "0,00%")],
)
def test_the_quarter_s_percentages_are_printed_as_the_report_prints_them(part: int, whole: int, printed: str) -> None:
    assert format_percent(Fraction(part, whole)) == printed


def test_a_half_is_rounded_up_where_binary_fractions_would_round_down() -> None:
    assert format_percent(Fraction(2_675, 100_000)) == "2,68%"
    assert format_percent(Fraction(1_249, 10_000), 0) == "12%"
    assert format_percent(Fraction(1_005, 100_000)) == "1,01%"
    assert share_text(Fraction(5, 10_000_000)) == "0.000001"
    assert decimal_text(Fraction(-1, 8), 2) == "-0.13"
    assert decimal_text(Fraction(-1, 1000), 2) == "0.00"


def test_points_lose_idle_zeros_only() -> None:
    assert [format_points(points) for points in (95145, 100000, 100500, 0, 5_950_000)] == ["9,5145", "10", "10,05", "0", "595"]
    assert [points_text(points) for points in (95145, 100000, 100500, 0, 12_345_678)] == ["9.5145", "10", "10.05", "0", "1234.5678"]
    assert format_points(Fraction(95145), 2) == "9,51"
    assert format_points(Fraction(190_291, 2), 4) == "9,5146"


def test_a_share_for_machines_always_has_six_decimals() -> None:
    assert [share_text(Fraction(*share)) for share in ((921, 968), (1, 1), (0, 1), (2, 3))] == [
        "0.951446",
        "1.000000",
        "0.000000",
        "0.666667",
    ]


def test_a_moment_is_told_on_the_clock_of_viet_nam() -> None:
    assert format_moment(datetime(2024, 6, 9, 23, 0, tzinfo=UTC)) == "06:00 10/06/2024"
    with pytest.raises(ValueError, match="time zone"):
        format_moment(datetime(2024, 6, 9, 23, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("1627", 1627),
        ("1.627", 1627),
        ("1 627", 1627),
        ("1\u00a0627", 1627),
        ("1\u202f627 hồ sơ", 1627),
        (" \t1.627\n", 1627),
        ("'1.627", 1627),
        ("“1.627”;", 1627),
        ("\ufeff968 tài khoản", 968),
        ("968 TK", 968),
        ("0", 0),
        ("12.345.678", 12_345_678),
    ],
)
def test_counts_are_read_through_what_comes_along_when_pasting(typed: str, count: int) -> None:
    assert parse_count(typed) == count


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("97.8", "số lượng không có phần thập phân. Hãy"),
        ("1.62", "số lượng không có phần thập phân. Hãy"),
        ("0.978", "số lượng không có phần thập phân. Hãy"),
        ("1,627", "Ý bạn là 1.627?"),
        ("12,345,678", "Ý bạn là 12.345.678?"),
        ("1,500", "Ý bạn là 1.500? Hãy"),
        ("12,5", "số lượng không có phần thập phân"),
        ("1,627.5", "số lượng không có phần thập phân"),
        ("1.6.27", "Ý bạn là 1.627?"),
        ("16 27", "Ý bạn là 1.627?"),
        ("1 627.000", "số lượng không có phần thập phân"),
        ("007", "Ý bạn là 7?"),
        ("12%", "tỷ lệ phần trăm"),
        ("3 triệu", "không hiểu 'triệu'"),
        ("1e5", "không hiểu 'e5'"),
        ("12.", "không hiểu '.'"),
        ("-5", "dấu -"),
        ("−5", "dấu −"),
        ("", "trống"),
        ("\u00a0", "trống"),
        ("không", "không phải là số"),
        ("١٢", "không phải là số"),
        ("9" * 5000, "18 chữ số"),
    ],
)
def test_a_count_that_could_mean_two_things_is_refused_with_a_question(typed: str, question: str) -> None:
    with pytest.raises(NumeralError) as refusal:
        parse_count(typed)
    assert question in str(refusal.value)


@pytest.mark.parametrize(
    ("typed", "hundredths"), [("97,84%", 9784), ("97,8 %", 9780), ("82", 8200), ("82%", 8200), ("0,05", 5), ("1.250,00%", 125_000)]
)
def test_percentages_are_read_with_a_decimal_comma(typed: str, hundredths: int) -> None:
    assert parse_percent(typed) == hundredths


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("97.8", "Ý bạn là 97,8?"),
        ("97.84%", "Ý bạn là 97,84?"),
        ("1.250", "Ý bạn là 1,250?"),
        ("97,845", "quá 2 chữ số"),
        ("5 hồ sơ", "hồ sơ"),
    ],
)
def test_a_percentage_with_a_dot_is_asked_about(typed: str, question: str) -> None:
    with pytest.raises(NumeralError) as refusal:
        parse_percent(typed)
    assert question in str(refusal.value)


def test_points_are_read_with_a_decimal_comma_and_asked_about_with_a_dot() -> None:
    assert parse_points("9,5145") == 95145
    assert parse_points("10 điểm") == 100_000
    for doubtful in ("9.5", "9.514", "1.000", "9,51451", "10 %"):
        with pytest.raises(NumeralError):
            parse_points(doubtful)


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("1.150.000.000 đồng", 1_150_000_000),
        ("1,95 tỷ", 1_950_000_000),
        ("1,95 tỉ đồng", 1_950_000_000),
        ("312 tỷ đồng", 312_000_000_000),
        ("1.150 triệu", 1_150_000_000),
        ("350 nghìn đồng", 350_000),
        ("500000đ", 500_000),
        ("0", 0),
    ],
)
def test_amounts_are_read_in_the_unit_that_is_written(typed: str, dong: int) -> None:
    assert parse_amount(typed) == dong


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("1.95 tỷ", "Ý bạn là 1,95 tỷ?"),
        ("1,500 triệu", "Ý bạn là 1.500 triệu hay 1,5 triệu?"),
        ("12 usd", "không hiểu 'usd'"),
        ("0,5 đồng", "lẻ dưới một đồng"),
    ],
)
def test_an_amount_that_could_mean_two_things_is_refused(typed: str, question: str) -> None:
    with pytest.raises(NumeralError) as refusal:
        parse_amount(typed)
    assert question in str(refusal.value)


def test_dates_are_read_day_first_with_four_digits_of_the_year() -> None:
    assert parse_date("10/06/2024") == parse_date("10-6-2024") == parse_date("10.6.2024") == parse_date("2024-06-10") == date(2024, 6, 10)
    for doubtful in ("1/6/24", "31/02/2024", "2024-13-01", "10/6-2024", "tháng 6", "0000-01-01"):
        with pytest.raises(NumeralError, match="10/06/2024"):
            parse_date(doubtful)


def test_no_float_stands_in_the_room() -> None:
    tree = ast.parse(Path(room.__file__).read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in ("float", "round")]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)]


@pytest.mark.parametrize("text", ["1,5", "97%", "", "abc", "-3", "1" * 30, "12 xe"])
def test_what_is_wrong_and_what_to_write_can_be_told_apart(text):
    with pytest.raises(NumeralError) as refused:
        parse_count(text)
    what, remedy = refused.value.parts
    assert what
    assert not what.endswith((";", ",", "."))
    assert remedy.startswith("hãy ")
    assert not remedy.endswith(".")


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (100, 231, "+131,00%"),
        (100, 57, "−43,00%"),
        (100, 499, "+399,00%"),
        (100, 5000, "gấp 50 lần"),
        (2, 15, "gấp 7,5 lần"),
        (2, 12345, "gấp 6.172,5 lần"),
    ],
)
def test_a_change_is_told_as_a_share_until_times_say_more(before, now, said):
    assert format_growth(Fraction(now - before, before)) == said
