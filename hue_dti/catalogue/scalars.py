"""Text → value by what the schema wants; each function returns the value, or what is wrong and what to write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from fractions import Fraction

from hue_dti.errors import PeriodError
from hue_dti.periods import MonthDay

_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.([0-9]{1,12}))?")
_SHARE = re.compile(r"(-?[0-9]{1,6}(?:\.[0-9]{1,12})?)(%?)|(-?[0-9]{1,9})/([0-9]{1,9})")
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a text is not the value wanted, and what to write instead."""

    what: str
    remedy: str


def to_points(text: str) -> Fraction | Wrong:
    """A number of points above zero with at most 4 decimals."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return Wrong(f"là '{text}', không phải số điểm", "hãy viết một số, chẳng hạn 10 hoặc 7.5")
    points = Fraction(text)
    if points <= 0:
        return Wrong(f"là '{text}', điểm phải lớn hơn 0", "hãy viết số điểm dương, chẳng hạn 10")
    if match[1] and len(match[1]) > 4:
        return Wrong(f"là '{text}', có quá 4 chữ số lẻ", "hãy viết nhiều nhất 4 chữ số sau dấu chấm")
    return points


def to_share(text: str) -> Fraction | Wrong:
    """A share from 0 to 1, written `50%`, `1/2` or `0.5`."""
    match = _SHARE.fullmatch(text)
    if match is None or match[4] == "0" * len(match[4] or " "):
        return Wrong(f"là '{text}', không phải tỷ lệ", "hãy viết như 50%, 1/2 hoặc 0.5")
    share = Fraction(match[1]) / (100 if match[2] else 1) if match[1] else Fraction(int(match[3]), int(match[4]))
    if not 0 <= share <= 1:
        return Wrong(f"là '{text}', ngoài khoảng 0% đến 100%", "hãy viết tỷ lệ từ 0% đến 100%, chẳng hạn 65%")
    return share


def to_count(text: str) -> int | Wrong:
    """A whole number from 1."""
    if _WHOLE.fullmatch(text) is None:
        return Wrong(f"là '{text}', không phải số nguyên", "hãy viết một số nguyên không có dấu ngăn, chẳng hạn 24")
    if int(text) < 1:
        return Wrong(f"là '{text}', phải từ 1 trở lên", "hãy viết một số nguyên dương, chẳng hạn 24")
    return int(text)


def to_truth(text: str) -> bool | Wrong:
    """`true` or `false`, in these words."""
    if text not in ("true", "false"):
        return Wrong(f"là '{text}'", "hãy viết true hoặc false")
    return text == "true"


def to_date(text: str) -> date | Wrong:
    """A day written year-month-day."""
    if _ISO.fullmatch(text) is None:
        return Wrong(f"là '{text}', không đúng cách viết ngày", "hãy viết năm-tháng-ngày, chẳng hạn 2024-04-04")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Wrong(f"là '{text}', lịch không có ngày này", "hãy sửa ngày, chẳng hạn 2024-04-04")


def to_month_day(text: str) -> MonthDay | Wrong:
    """A day of every year written `MM-DD`."""
    try:
        return MonthDay.parse(text)
    except PeriodError:
        return Wrong(f"là '{text}', không phải ngày trong năm", "hãy viết tháng-ngày, chẳng hạn 11-15")


def nearest(word: str, known: tuple[str, ...] | list[str]) -> str:
    """What to write instead of an unknown word: the nearest known one, else the known ones."""
    close = get_close_matches(word, known, n=1, cutoff=0.6) or [name for name in known if name.lower() == word.lower()]
    if close:
        return f"hãy viết '{close[0]}'"
    if not known:
        return "hãy khai báo trước khi dùng"
    more = ", …" if len(known) > _MOST_NAMED else ""
    return f"hãy viết một trong: {', '.join(known[:_MOST_NAMED])}{more}"
