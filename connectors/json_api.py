"""Any system that answers in JSON, described by its sources file alone; expressions are JMESPath.

Settings beside those of `connectors.http`:

- `params.<name>`: parameters of the address; `{unit}` `{unit_name}` `{period}` `{year}` `{cutoff}` `{start}` `{end}` stand in them. With
  `{start}` or `{end}` the system is asked once for each span of days that its measures count;
- `dates` (`iso`, or `dmy`): how days are written in parameters;
- `rows`: the list of rows in an answer, or the one row (`@`, the whole answer); `unit`: the unit of a row, without it the unit asked for;
- `figures.<measure>`: the figure in a row; null is no figure. `kinds`: what figures are where they are no counts, `vneid=percent`;
- `total`: the number of rows of all pages as the answer states it; `as_of`: the day its figures are of (without it the cut-off);
- `pages.kind`: `number`, `offset` or `next`; `pages.parameter`, `pages.first` (1 for number, 0 for offset), `pages.size_parameter`,
  `pages.size`; `pages.next`: the address of the next page in an answer, null on the last.

Without a total a list of pages ends with an empty page. A total that the rows do not reach, or that changes on the way, a unit in two
rows, a page that comes twice or a figure that no row has refuses the answer or is a fault; nothing is ever a silent zero.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from connectors.cells import KINDS, read
from connectors.fields import JSON, Unreadable, count, day, json_value, stated_day, text, window_of
from connectors.http import Answer, Asker
from hue_dti.collation import spelling
from hue_dti.observations.model import Pulled, PullRequest, RawStore, Reading, SettingFault, SourceFault
from hue_dti.periods import Window

PAGES = ("number", "offset", "next")
PLACES = ("unit", "unit_name", "period", "year", "cutoff", "start", "end")
EXPRESSIONS = ("rows", "unit", "total", "as_of", "pages.next")
FIGURES = "figures."
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class _Row:
    unit: str
    value: Any
    answer: Answer
    place: str


@dataclass(slots=True)
class _List:
    """What the pages of one list have brought so far."""

    rows: list[_Row]
    seen: int = 0
    stated: tuple[int | None, date] | None = None
    last: str = ""


class JsonApi:
    """Reads the figures that the sources file maps."""

    measures: tuple[str, ...] = ()
    """Whatever the sources file maps."""
    settings = ("params.*", "dates", "rows", "unit", "figures.*", "kinds", "total", "as_of", "pages.*")

    def __init__(self, source: str = "json_api") -> None:
        self.source = source

    @staticmethod
    def faults_of(settings: Mapping[str, str]) -> Iterator[SettingFault]:
        """What cannot work in the mapping."""
        return _setting_faults(settings)

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """One reading per row and figure; raise SourceError when the list cannot be trusted."""
        asker = Asker(self.source, request.settings, store, now)
        wanted = {name.removeprefix(FIGURES): found for name, found in request.settings.items() if name.startswith(FIGURES)}
        params = [value for name, value in request.settings.items() if name.startswith("params.")]
        by_window = any(place in value for value in params for place in ("{start}", "{end}"))
        groups: dict[Window | None, list[str]] = {}
        for measure in wanted:
            groups.setdefault(window_of(request, measure) if by_window else None, []).append(measure)
        readings: list[Reading] = []
        faults: list[SourceFault] = []
        for window, measures in groups.items():
            listed = _Walk(asker, request, window, now).all_pages(faults)
            stated = listed.stated[1] if listed.stated else request.cutoff
            for measure in measures:
                readings += _readings(listed.rows, measure, wanted[measure], request.settings, stated, faults)
        return Pulled(tuple(readings), faults=tuple(faults))


@dataclass(frozen=True, slots=True)
class _Walk:
    """One list of one span of days, page after page."""

    asker: Asker
    request: PullRequest
    window: Window | None
    now: Callable[[], datetime]

    def all_pages(self, faults: list[SourceFault]) -> _List:
        """The rows of every page; SourceAnswerInvalid when pages and totals do not agree."""
        listed = _List([])
        kind = self.request.settings.get("pages.kind", "")
        most = self.asker.limits.max_pages
        answer = self._first(0)
        for number in range(1, most + 1):
            found = self._read(answer, listed, faults)
            total = listed.stated[0] if listed.stated else None
            if (total is not None and listed.seen >= total) or not kind or (total is None and kind != "next" and not found):
                return self._finished(answer, listed, total)
            link = self._next_link(answer) if kind == "next" else ""
            if kind == "next" and link is None:
                return self._finished(answer, listed, total)
            if total is not None and not found:
                return self._finished(answer, listed, total)
            answer = self.asker.follow(answer, link, JSON) if link else self._first(number if kind == "number" else listed.seen)
        raise answer.invalid(f"quá {most} trang vẫn chưa hết", "báo cho đơn vị quản lý hệ thống, hoặc tăng 'max_pages'")

    def _first(self, past: int) -> Answer:
        """The page after `past` pages or rows, by parameters."""
        settings = self.request.settings
        params = {name.partition(".")[2]: self._filled(value) for name, value in settings.items() if name.startswith("params.")}
        kind = settings.get("pages.kind", "")
        if kind in ("number", "offset"):
            first = int(settings.get("pages.first", "1" if kind == "number" else "0"))
            params[settings["pages.parameter"]] = str(first + past)
        if settings.get("pages.size_parameter"):
            params[settings["pages.size_parameter"]] = settings["pages.size"]
        return self.asker.get(self._filled(settings.get("path", "")), params, JSON)

    def _read(self, answer: Answer, listed: _List, faults: list[SourceFault]) -> int:
        """Add one page's rows; how many it has."""
        head, settings = json_value(answer), self.request.settings
        if answer.sha256 == listed.last:
            raise answer.invalid("một trang trả về hai lần", "kiểm tra mục 'pages' của nguồn, hoặc báo cho đơn vị quản lý hệ thống")
        listed.last = answer.sha256
        total = _stated(answer, head, settings, "total", count)
        stated = (total, stated_day(answer, _stated(answer, head, settings, "as_of", day), self.request, self.now()))
        if listed.stated not in (None, stated):
            raise answer.invalid("có tổng số hoặc ngày số liệu khác trang trước", "lấy lại số liệu sau ít phút")
        listed.stated = stated
        rows = _search(answer, settings.get("rows", "@"), head)
        if not isinstance(rows, list | dict):
            raise answer.invalid(f"không có danh sách '{settings.get('rows', '@')}'", "sửa 'rows', hoặc báo cho đơn vị quản lý hệ thống")
        for index, value in enumerate(rows if isinstance(rows, list) else [rows]):
            place = f"{settings.get('rows', '@')}[{index}]" if isinstance(rows, list) else settings.get("rows", "@")
            try:
                unit = _unit(answer, settings, value) or self.request.unit.code
                listed.rows.append(_Row(unit, value, answer, place))
            except Unreadable as error:
                faults.append(SourceFault(place, f"đơn vị {error}; bỏ qua dòng này"))
        found = len(rows) if isinstance(rows, list) else 1
        listed.seen += found
        return found

    def _next_link(self, answer: Answer) -> str | None:
        link = _search(answer, self.request.settings["pages.next"], json_value(answer))
        if link is not None and not isinstance(link, str):
            raise answer.invalid("đường dẫn trang tiếp theo không phải là chữ", "sửa 'pages.next'")
        return link or None

    def _finished(self, answer: Answer, listed: _List, total: int | None) -> _List:
        if total is not None and listed.seen != total:
            raise answer.invalid(f"ghi tổng số {total} nhưng các trang có {listed.seen} dòng", "báo cho đơn vị quản lý hệ thống")
        times = Counter(spelling(row.unit) for row in listed.rows)
        twice = sorted({row.unit for row in listed.rows if times[spelling(row.unit)] > 1})
        if twice:
            raise answer.invalid(f"đơn vị có mặt hai lần: {', '.join(twice[:3])}", "báo cho đơn vị quản lý hệ thống")
        return listed

    def _filled(self, pattern: str) -> str:
        request, dmy = self.request, self.request.settings.get("dates") == "dmy"
        window = self.window or request.calendar.year_to_date(request.period)
        days = {"cutoff": request.cutoff, "start": window.start, "end": window.end}
        words = {
            **{name: f"{each:%d/%m/%Y}" if dmy else each.isoformat() for name, each in days.items()},
            "unit": request.unit.code,
            "unit_name": request.unit.name,
            "period": str(request.period),
            "year": str(request.cutoff.year),
        }
        return _PLACE.sub(lambda found: words[found[1]], pattern)


def _readings(
    rows: list[_Row], measure: str, expression: str, settings: Mapping[str, str], stated: date, faults: list[SourceFault]
) -> Iterator[Reading]:
    kind = _kinds(settings).get(measure, "count")
    values = [(row, _search(row.answer, expression, row.value)) for row in rows]
    if rows and all(value is None for _, value in values):
        faults.append(SourceFault(rows[0].place, f"không dòng nào có '{expression}' ({measure}); hệ thống có thể đã đổi tên mục"))
    for row, value in values:
        place = f"{row.place}.{expression}"
        if value is None:
            continue
        try:
            figure = count(value) if kind == "count" else read(kind, value)
        except Unreadable as error:
            faults.append(SourceFault(place, f"{row.unit}: {error}; không dùng số này"))
        else:
            yield Reading(row.unit, measure, figure, stated, row.answer.sha256, place)


def _unit(answer: Answer, settings: Mapping[str, str], row: Any) -> str | None:
    if "unit" not in settings:
        return None
    unit = _search(answer, settings["unit"], row)
    return text(str(unit) if isinstance(unit, int) and not isinstance(unit, bool) else unit)


def _stated(answer: Answer, head: Any, settings: Mapping[str, str], key: str, convert: Callable[[object], Any]) -> Any:
    """What the answer states under an expression; None where the source has no such expression."""
    if key not in settings:
        return None
    try:
        return convert(_search(answer, settings[key], head))
    except Unreadable as error:
        raise answer.invalid(f"'{settings[key]}' {error}", f"sửa '{key}', hoặc báo cho đơn vị quản lý hệ thống") from error


def _search(answer: Answer, expression: str, value: Any) -> Any:
    try:
        return _compiled(expression).search(value)
    except JMESPathError as error:
        raise answer.invalid(f"biểu thức '{expression}' không dùng được với câu trả lời này", "sửa biểu thức trong tệp nguồn") from error


def _compiled(expression: str) -> ParsedResult:
    return jmespath.compile(expression)


def _kinds(settings: Mapping[str, str]) -> dict[str, str]:
    return dict(pair.partition("=")[::2] for pair in settings.get("kinds", "").split())


def _setting_faults(settings: Mapping[str, str]) -> Iterator[SettingFault]:
    figures = [name for name in settings if name.startswith(FIGURES)]
    if not figures:
        yield SettingFault("figures", "chưa ghi số liệu nào", "hãy thêm bảng 'figures', mỗi dòng 'số liệu: biểu thức JMESPath'")
    for name in (*EXPRESSIONS, *figures):
        try:
            _compiled(settings.get(name, "@"))
        except JMESPathError:
            yield SettingFault(name, f"là '{settings[name]}', không phải biểu thức JMESPath", "hãy viết như du_lieu hoặc data.rows")
    for name, value in settings.items():
        unknown = [place for place in _PLACE.findall(value) if place not in PLACES] if name.startswith("params.") or name == "path" else []
        if unknown:
            yield SettingFault(name, f"có '{{{unknown[0]}}}', không có chỗ điền này", f"hãy dùng một trong: {', '.join(PLACES)}")
    for measure, kind in _kinds(settings).items():
        if kind not in KINDS or f"{FIGURES}{measure}" not in settings:
            yield SettingFault(
                "kinds", f"có '{measure}={kind}' không hiểu được", f"hãy viết số liệu của 'figures' và một trong: {', '.join(KINDS)}"
            )
    if settings.get("dates", "iso") not in ("iso", "dmy"):
        yield SettingFault("dates", f"là '{settings['dates']}'", "hãy viết iso (2024-06-10) hoặc dmy (10/06/2024)")
    yield from _page_faults(settings)


def _page_faults(settings: Mapping[str, str]) -> Iterator[SettingFault]:
    written = {name for name in settings if name.startswith("pages.")}
    kind = settings.get("pages.kind", "")
    known = {"pages.kind", "pages.parameter", "pages.first", "pages.size_parameter", "pages.size", "pages.next"}
    for name in sorted(written - known):
        yield SettingFault(name, "không phải là cài đặt của 'pages'", f"hãy viết một trong: {', '.join(sorted(known))}")
    if written and kind not in PAGES:
        yield SettingFault("pages.kind" if kind else "pages", f"có kind là '{kind}'", f"hãy viết kind là một trong: {', '.join(PAGES)}")
    needed = {"number": "pages.parameter", "offset": "pages.parameter", "next": "pages.next"}.get(kind)
    if needed and not settings.get(needed):
        yield SettingFault("pages", f"thiếu '{needed.partition('.')[2]}'", f"hãy thêm '{needed.partition('.')[2]}: …'")
    for name in ("pages.first", "pages.size"):
        if name in settings and not settings[name].isdecimal():
            yield SettingFault(name, f"là '{settings[name]}', không phải số nguyên", "hãy viết một số, chẳng hạn 100")
    if bool(settings.get("pages.size_parameter")) != bool(settings.get("pages.size")):
        yield SettingFault("pages", "chỉ có một trong hai 'size' và 'size_parameter'", "hãy ghi cả hai hoặc bỏ cả hai")
