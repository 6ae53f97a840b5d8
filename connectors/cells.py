"""Reads one spreadsheet cell as the kind of figure its column promises; what could mean two things is refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction

from connectors.fields import MOST, NoResult, Unreadable, count, day, shown
from hue_dti.collation import fold
from hue_dti.errors import NumeralError
from hue_dti.numerals import parse_amount, parse_count, parse_percent

Cell = int | float | str | bool | date | datetime | time | timedelta | NoResult | None

KINDS = ("count", "amount", "percent", "date", "progress")
_PROGRESS = {
    0: ("chưa", "không", "chưa thực hiện", "chưa có"),
    1: ("đang", "đang thực hiện", "đang triển khai", "đang triển khai thực hiện"),
    2: ("xong", "đã xong", "có", "đạt", "hoàn thành", "đã hoàn thành", "đã thực hiện"),
}
_PROGRESS_WORDS = {fold(word): value for value, words in _PROGRESS.items() for word in words}
_MONEY_WORDS = {"đồng": 1, "nghìn đồng": 10**3, "triệu đồng": 10**6, "tỷ đồng": 10**9}
_MONEY = {fold(word): factor for word, factor in _MONEY_WORDS.items()}


def is_empty(cell: Cell) -> bool:
    """Whether nothing stands in the cell; a zero or a dash is something."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def read(kind: str, cell: Cell, unit: str = "") -> int:
    """The figure in the measure's own unit (đồng, hundredths of a percent, ordinal day, 0/1/2); raise Unreadable when unsure.

    `unit` is the unit the column's head prints, such as `tỷ đồng`; only amounts written as plain numbers need one.
    """
    if isinstance(cell, NoResult):
        raise Unreadable(cell.what)
    try:
        return {"count": _count, "percent": _percent, "progress": _progress}[kind](cell) if kind in _PLAIN else _dated(kind, cell, unit)
    except NumeralError as error:
        raise Unreadable(str(error)) from error


_PLAIN = ("count", "percent", "progress")


def _dated(kind: str, cell: Cell, unit: str) -> int:
    if kind == "amount":
        return _amount(cell, unit)
    if kind == "date":
        return day(cell).toordinal()
    raise Unreadable(f"không biết loại số liệu '{kind}'; hãy ghi một trong: {', '.join(KINDS)}")


def _count(cell: Cell) -> int:
    return parse_count(cell) if isinstance(cell, str) else count(_whole(cell))


def _percent(cell: Cell) -> int:
    """A number up to 1 may be a share or a percentage, so it must be written as text."""
    if isinstance(cell, str):
        hundredths = parse_percent(cell)
    else:
        number = _exact(cell)
        if 0 < number <= 1:
            raise Unreadable(f"{shown(cell)} có thể là {shown(cell)}% hay là tỷ lệ; hãy ghi bằng chữ, như '82%'")
        if (number * 100).denominator != 1:
            raise Unreadable(f"{shown(cell)} có quá hai chữ số thập phân; hãy làm tròn")
        hundredths = int(number * 100)
    if not 0 <= hundredths <= 10_000:
        raise Unreadable(f"{shown(cell)} ngoài khoảng 0% đến 100%")
    return hundredths


def _progress(cell: Cell) -> int:
    word = fold(cell) if isinstance(cell, str) else ""
    if word not in _PROGRESS_WORDS:
        raise Unreadable(f"{shown(cell)} không phải tiến độ; hãy ghi 'chưa', 'đang' hoặc 'xong'")
    return _PROGRESS_WORDS[word]


def _amount(cell: Cell, unit: str) -> int:
    if isinstance(cell, str):
        return parse_amount(cell if fold(unit) not in _MONEY or any(sign.isalpha() for sign in cell) else f"{cell} {unit}")
    if fold(unit) not in _MONEY:
        raise Unreadable(f"{shown(cell)} không ghi đơn vị tiền; hãy ghi ở tiêu đề cột: {', '.join(_MONEY_WORDS)}")
    dong = _exact(cell) * _MONEY[fold(unit)]
    if dong.denominator != 1 or not 0 <= dong <= MOST:
        raise Unreadable(f"{shown(cell)} {unit} là số âm, quá lớn hoặc lẻ dưới một đồng")
    return dong.numerator


def _whole(cell: Cell) -> object:
    """A spreadsheet stores every number as a float; one without a fraction is a whole number."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _exact(cell: Cell) -> Fraction:
    """The decimal number a person typed, exactly; the shortest spelling of a float is what was typed."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise Unreadable(f"{shown(cell)} không phải là số")
    try:
        return Fraction(repr(cell))
    except ValueError:
        raise Unreadable(f"{shown(cell)} không phải là số") from None
