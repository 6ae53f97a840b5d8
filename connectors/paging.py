"""Walks through a list that comes in pages, and believes it only when its pages and totals agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connectors.fields import JSON, Unreadable, count, json_object, required, stated_day, text
from connectors.http import Answer, Asker
from hue_dti.collation import spelling
from hue_dti.observations.model import PullRequest, Reading, SourceFault


@dataclass(frozen=True, slots=True)
class PageKeys:
    """How a system spells its pages: the parameters it takes and the keys it answers with."""

    page_parameter: str
    page: str
    total: str
    rows: str
    as_of: str
    unit: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one page, with its position in the raw answer."""

    unit: str
    values: Mapping[str, Any]
    raw_sha256: str
    place: str


@dataclass(frozen=True, slots=True)
class Listing:
    """All rows of a list whose pages agree with each other, as of one date."""

    rows: tuple[Row, ...]
    as_of: date
    faults: tuple[SourceFault, ...]


def fetch_all(
    asker: Asker, path: str, params: Mapping[str, str], keys: PageKeys, request: PullRequest, now: Callable[[], datetime]
) -> Listing:
    """Ask page after page until the total the source states is reached.

    A page that repeats units, is empty too soon, changes the total or the date, or never ends raises SourceAnswerInvalid.
    """
    rows: list[Row] = []
    faults: list[SourceFault] = []
    stated: tuple[int, date] | None = None
    seen = 0
    most = asker.limits.max_pages
    for number in range(1, most + 1):
        answer = asker.get(path, {**params, keys.page_parameter: str(number)}, JSON)
        head = json_object(answer)
        listed = _checked_page(answer, head, keys, number)
        totals = (required(answer, head, keys.total, count), stated_day(answer, head.get(keys.as_of), request, now()))
        if stated is not None and totals != stated:
            raise answer.invalid(f"trang {number} có tổng số hoặc ngày số liệu khác trang trước", "lấy lại số liệu sau ít phút")
        stated = totals
        seen += len(listed)
        _read_rows(answer, listed, keys, rows, faults)
        if seen == stated[0]:
            _refuse_duplicates(answer, rows)
            return Listing(tuple(rows), stated[1], tuple(faults))
        if not listed or seen > stated[0]:
            raise answer.invalid(f"ghi tổng số {stated[0]} nhưng các trang có {seen} dòng", "báo cho đơn vị quản lý hệ thống")
    raise answer.invalid(f"quá {most} trang vẫn chưa hết", "báo cho đơn vị quản lý hệ thống, hoặc tăng 'max_pages'")


def readings_of(listing: Listing, measures: Mapping[str, str]) -> tuple[list[Reading], list[SourceFault]]:
    """One reading per row and key of `measures` (key in the answer → measure); null is no figure, a key no row has is a fault."""
    readings, faults = [], list(listing.faults)
    for key in measures:
        if listing.rows and not any(key in row.values for row in listing.rows):
            faults.append(SourceFault(listing.rows[0].place, f"không dòng nào có mục '{key}'; hệ thống có thể đã đổi tên mục"))
    for row in listing.rows:
        for key, measure in measures.items():
            place = f"{row.place}.{key}"
            if row.values.get(key) is None:
                continue
            try:
                value = count(row.values[key])
            except Unreadable as error:
                faults.append(SourceFault(place, f"{row.unit}: {error}; không dùng số này"))
            else:
                readings.append(Reading(row.unit, measure, value, listing.as_of, row.raw_sha256, place))
    return readings, faults


def _checked_page(answer: Answer, head: Mapping[str, Any], keys: PageKeys, number: int) -> list[Any]:
    if required(answer, head, keys.page, count) != number:
        raise answer.invalid(f"hỏi trang {number} nhưng nhận trang {head[keys.page]}", "báo cho đơn vị quản lý hệ thống")
    listed = head.get(keys.rows)
    if not isinstance(listed, list):
        raise answer.invalid(f"thiếu danh sách '{keys.rows}'", "báo cho đơn vị quản lý hệ thống")
    return listed


def _read_rows(answer: Answer, listed: list[Any], keys: PageKeys, rows: list[Row], faults: list[SourceFault]) -> None:
    for index, values in enumerate(listed):
        place = f"$.{keys.rows}[{index}]"
        try:
            rows.append(_row(values, keys.unit, answer.sha256, place))
        except Unreadable as error:
            faults.append(SourceFault(place, f"đơn vị {error}; bỏ qua dòng này"))


def _row(values: object, unit: str, raw_sha256: str, place: str) -> Row:
    if not isinstance(values, dict):
        raise Unreadable("không phải là một dòng số liệu")
    return Row(text(values.get(unit)), values, raw_sha256, place)


def _refuse_duplicates(answer: Answer, rows: list[Row]) -> None:
    times = Counter(spelling(row.unit) for row in rows)
    twice = sorted({row.unit for row in rows if times[spelling(row.unit)] > 1})
    if twice:
        raise answer.invalid(f"đơn vị có mặt hai lần: {', '.join(twice[:3])}", "báo cho đơn vị quản lý hệ thống")
