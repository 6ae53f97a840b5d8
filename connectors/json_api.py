"""Any system that answers in JSON, described by its sources file alone; expressions are JMESPath.

Settings beside those of `connectors.http`:

- `params.<name>`: parameters of the address; `{unit}` `{unit_name}` `{period}` `{year}` `{cutoff}` `{start}` `{end}` stand in them. With
  `{start}` or `{end}` the system is asked once for each span of days that its measures count;
- `dates` (`iso`, or `dmy`): how days are written in parameters;
- `rows`: the list of rows in an answer, or the one row (`@`, the whole answer); `unit`: the unit of a row, without it the unit asked for;
- `figures.<measure>`: the figure in a row; null is no figure. `kinds`: what figures are where they are no counts, `vneid=percent`;
- `total`: the number of rows of all pages as the answer states it; `as_of`: the day its figures are of (without it the cut-off);
- `keeps`: the names of the fields that may be kept, `don_vi tong`; with it every other value is blotted before the answer is stored (a
  citizen's name, a text), and met ones are a fault, so that the system's keeper hears of it;
- `pages.kind`: `number`, `offset` or `next`; `pages.parameter`, `pages.first` (1 for number, 0 for offset), `pages.size_parameter`,
  `pages.size`; `pages.next`: the address of the next page in an answer, null on the last.

Without a total a list of pages ends with an empty page. A total that the rows do not reach, or that changes on the way, a unit in two
rows, a page that comes twice or a figure that no row has refuses the answer or is a fault; nothing is ever a silent zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from connectors.cells import read
from connectors.fields import JSON, Unreadable, count, day, json_value, stated_day, text, window_of
from connectors.http import Answer, Asker
from connectors.json_settings import FIGURES, PLACE, kinds_of, path_in, setting_faults
from connectors.privacy import Keeping
from hue_dti.collation import spelling
from hue_dti.observations.model import Pulled, PullRequest, RawStore, Reading, SettingFault, SourceFault
from hue_dti.periods import Window


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
    settings = ("params.*", "dates", "rows", "unit", "figures.*", "kinds", "total", "as_of", "pages.*", "keeps")

    def __init__(self, source: str = "json_api") -> None:
        self.source = source

    @staticmethod
    def faults_of(settings: Mapping[str, str]) -> Iterator[SettingFault]:
        """What cannot work in the mapping."""
        return setting_faults(settings)

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """One reading per row and figure; raise SourceError when the list cannot be trusted."""
        keeping = Keeping(frozenset(request.settings.get("keeps", "").split()))
        asker = Asker(self.source, request.settings, store, now, clean=keeping.body if "keeps" in request.settings else bytes)
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
        if keeping.met:
            faults.append(
                SourceFault("câu trả lời", f"có mục không được giữ nên đã che: {keeping.words()}; hãy xin hệ thống chỉ trả số đếm")
            )
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
            place = path_in("$", settings.get("rows", "@")) + (f"[{index}]" if isinstance(rows, list) else "")
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
        return PLACE.sub(lambda found: words[found[1]], pattern)


def _readings(
    rows: list[_Row], measure: str, expression: str, settings: Mapping[str, str], stated: date, faults: list[SourceFault]
) -> Iterator[Reading]:
    kind = kinds_of(settings).get(measure, "count")
    values = [(row, _search(row.answer, expression, row.value)) for row in rows]
    if rows and all(value is None for _, value in values):
        faults.append(SourceFault(rows[0].place, f"không dòng nào có '{expression}' ({measure}); hệ thống có thể đã đổi tên mục"))
    for row, value in values:
        place = path_in(row.place, expression)
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
        return jmespath.compile(expression).search(value)
    except JMESPathError as error:
        raise answer.invalid(f"biểu thức '{expression}' không dùng được với câu trả lời này", "sửa biểu thức trong tệp nguồn") from error
