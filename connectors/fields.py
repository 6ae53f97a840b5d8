"""Reads single values out of a source's answer; a value that is not plainly what it should be is an error, never a figure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from connectors.http import Answer
from hue_dti.collation import nfc
from hue_dti.errors import NumeralError
from hue_dti.numerals import parse_date
from hue_dti.observations.model import PullRequest
from hue_dti.periods import LOCAL, Window

JSON = frozenset({"application/json"})
T = TypeVar("T")
V = TypeVar("V")
MOST = 2**63 - 1
LONGEST_NAME, LONGEST_TEXT = 200, 2000
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


class Unreadable(ValueError):
    """A value is not what its field promises; the message is Vietnamese and becomes a fault."""


@dataclass(frozen=True, slots=True)
class NoResult:
    """Stands in a spreadsheet's cell that holds an error, or a formula that nobody computed; no reader takes it for a value."""

    what: str

    def __str__(self) -> str:
        return self.what


def text(value: object, longest: int = LONGEST_NAME) -> str:
    """One line of NFC text without invisible characters; raise Unreadable when empty, too long or not text."""
    if isinstance(value, NoResult):
        raise Unreadable(value.what)
    if not isinstance(value, str):
        raise Unreadable(f"{shown(value)} không phải là chữ")
    line = " ".join(nfc(value.translate(_INVISIBLE)).split())
    if not line:
        raise Unreadable("để trống")
    if len(line) > longest or not line.isprintable():
        raise Unreadable(f"{shown(line)} quá dài hoặc có ký tự không in được")
    return line


def optional_text(value: object, longest: int = LONGEST_TEXT) -> str:
    """Like `text`, but an empty value is an empty text."""
    return "" if value is None or (isinstance(value, str) and not value.strip()) else text(value, longest)


def count(value: object) -> int:
    """A whole number from 0 on; text, fractions, yes/no and negative numbers raise Unreadable."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable(f"{shown(value)} không phải là số đếm")
    if not 0 <= value <= MOST:
        raise Unreadable(f"{shown(value)} là số âm hoặc quá lớn")
    return value


def optional_count(row: Mapping[str, Any], key: str) -> int | None:
    """A count, or None where the source says null; raise Unreadable where it does not name the key at all."""
    if key not in row:
        raise Unreadable(f"không có mục '{key}', hệ thống có thể đã đổi tên mục")
    return None if row[key] is None else count(row[key])


def day(value: object) -> date:
    """A date printed as dd/MM/yyyy or ISO; raise Unreadable otherwise."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return parse_date(text(value))
    except NumeralError as error:
        raise Unreadable(str(error)) from error


def legible(read: Callable[[T], V], value: T) -> V | None:
    """What can still be read of a row that as a whole cannot be; None where this cell is unreadable too."""
    try:
        return read(value)
    except Unreadable:
        return None


def shown(value: object) -> str:
    """A value as a fault quotes it: short, on one line."""
    quoted = " ".join(str(value).split())
    printable = "".join(sign if sign.isprintable() else "?" for sign in quoted)
    return f"'{printable[:40]}…'" if len(printable) > 40 else f"'{printable}'"


def json_object(answer: Answer) -> dict[str, Any]:
    """The answer as a JSON object; NaN, a key written twice, broken or other JSON raise SourceAnswerInvalid."""
    value = json_value(answer)
    if not isinstance(value, dict):
        raise answer.invalid("nội dung JSON không có dạng đã thỏa thuận", "báo cho đơn vị quản lý hệ thống")
    return value


def json_value(answer: Answer) -> Any:
    """The answer as JSON of any form; NaN, a key written twice or broken JSON raise SourceAnswerInvalid."""
    try:
        return json.loads(answer.body.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=once_each)
    except (ValueError, RecursionError) as error:
        raise answer.invalid("nội dung không phải là JSON đúng", "báo cho đơn vị quản lý hệ thống") from error


def required(answer: Answer, row: Mapping[str, Any], key: str, read: Callable[[object], T]) -> T:
    """A value without which the whole answer means nothing; raise SourceAnswerInvalid naming its key."""
    try:
        return read(row.get(key))
    except Unreadable as error:
        raise answer.invalid(f"mục '{key}' {error}", "báo cho đơn vị quản lý hệ thống") from error


def stated_day(answer: Answer, value: object, request: PullRequest, now: datetime) -> date:
    """The date the source states for its figures, the cut-off when it states none; a date to come is a lie."""
    if value is None:
        return request.cutoff
    try:
        stated = day(value)
    except Unreadable as error:
        raise answer.invalid(f"ngày số liệu {error}", "báo cho đơn vị quản lý hệ thống") from error
    if stated > now.astimezone(LOCAL).date():
        raise answer.invalid(f"ngày số liệu {stated:%d/%m/%Y} ở tương lai", "báo cho đơn vị quản lý hệ thống")
    return stated


def window_of(request: PullRequest, measure: str) -> Window:
    """The days whose events the measure counts; from 1 January to the cut-off when the caller names none."""
    return request.windows.get(measure) or request.calendar.year_to_date(request.period)


def folded_day(line: str) -> date | None:
    """The first date printed in a line such as 'Số liệu đến ngày 10/06/2024'."""
    found = re.search(r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{4}-\d{2}-\d{2}\b", line)
    if found is None:
        return None
    try:
        return parse_date(found[0])
    except NumeralError:
        return None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; ValueError for a key written twice, of which nobody knows which is right."""
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a key is written twice")
    return row
