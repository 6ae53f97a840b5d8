"""A unit's web site that offers neither feed nor sitemap: counts articles in the HTML pages of its categories.

Settings beside those of `connectors.http`:

- `category.<measure>`: address of the category's list below `base`, such as `?gd=27&cn=1132` or `vi-vn/Tin-tuc-su-kien`;
- `review`: address of a list of all articles, so that those of no category wait for a person;
- `list`: the element that holds the list, as `#id`, `.class`, `tag` or `tag.class`; without it links anywhere in a page count, also those
  of a side bar, which often have no date;
- `identity`: the parameter that knows an article (default `tc`), or `path:<part>` where the address has it as `/<part>/<id>`;
- `page_parameter`: how further pages are asked for (`page=2`, `page=3` …); without it there is one page;
- `unit` (default: the unit asked for).

An article is known by its host and id, whatever the rest of its address. Its day is the first date printed after its link and before the
next article's: `10/06/2024`, `22/11/2019 2:35:37 CH`; one without a readable day withholds the count of its category. Pages are asked for
until one has nothing new or is older than the first day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from urllib.parse import parse_qsl

from connectors.articles import CATEGORY, Article, counted, listing, merged
from connectors.fields import LONGEST_TEXT, Unreadable, legible, optional_text, shown, window_of
from connectors.html_lists import SELECTOR, Listed, ListReader
from connectors.http import Answer, Asker
from connectors.web_sitemap import category_faults
from hue_dti.collation import fold, nfc
from hue_dti.errors import NumeralError
from hue_dti.numerals import parse_date
from hue_dti.observations.model import Pulled, PullRequest, RawStore, SettingFault, SourceFault

HTML = frozenset({"text/html"})
_DAY = re.compile(r"(?<!\d)(\d{1,2}/\d{1,2}/\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(SA|CH)?)?(?!\d)")


class WebPages:
    """Counts articles of the categories that the sources file names."""

    measures: tuple[str, ...] = ()
    """Whatever the sources file names."""
    settings = ("unit", "category.*", "review", "list", "identity", "page_parameter")

    def __init__(self, source: str = "web_pages") -> None:
        self.source = source

    @staticmethod
    def faults_of(settings: Mapping[str, str]) -> Iterator[SettingFault]:
        """What cannot work in the settings."""
        yield from category_faults(settings)
        if "list" in settings and not (settings["list"] and SELECTOR.fullmatch(settings["list"])):
            yield SettingFault("list", f"là '{settings['list']}', không chỉ một phần của trang", "hãy viết như #id, .lop, ul hoặc div.lop")

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """One reading per category; raise SourceError when a page is no list of articles."""
        asker = Asker(self.source, request.settings, store, now)
        faults: list[SourceFault] = []
        listed: list[Article] = []
        answers: dict[str, str] = {}
        categories = {name.removeprefix(CATEGORY): address for name, address in request.settings.items() if name.startswith(CATEGORY)}
        for measure, address in categories.items():
            first, found = _category(asker, request, address, window_of(request, measure).start, faults)
            answers[measure] = first.sha256
            listed += found
        if request.settings.get("review"):
            earliest = min(window_of(request, measure).start for measure in categories)
            listed += _category(asker, request, request.settings["review"], earliest, faults)[1]
        articles = merged(listed)
        readings = tuple(counted(request, answers, articles, categories, faults))
        return Pulled(readings, faults=tuple(dict.fromkeys(faults)), articles=listing(request, articles, categories))


def _category(asker: Asker, request: PullRequest, address: str, start: date, faults: list[SourceFault]) -> tuple[Answer, list[Article]]:
    """The first page of a category and the articles of all its pages that are needed."""
    path, _, query = address.partition("?")
    parameter = request.settings.get("page_parameter", "")
    articles: list[Article] = []
    known: set[str] = set()
    first: Answer | None = None
    for number in range(1, asker.limits.max_pages + 1):
        params = dict(parse_qsl(query)) | ({parameter: str(number)} if parameter and number > 1 else {})
        answer = asker.get(path, params, HTML)
        first = first or answer
        page = list(_articles(answer, request.settings, address, faults))
        fresh = [each for each in page if each.identity not in known]
        articles += fresh
        known.update(each.identity for each in fresh)
        newest = max((each.day for each in fresh if each.day is not None), default=start)
        if not parameter or not fresh or newest < start:
            break
    else:
        raise answer.invalid(f"quá {asker.limits.max_pages} trang vẫn chưa hết", "tăng 'max_pages'")
    if not articles:
        raise first.invalid("không có tin nào đọc được", "kiểm tra địa chỉ chuyên mục và 'identity'")
    return first, articles


def _articles(answer: Answer, settings: Mapping[str, str], category: str, faults: list[SourceFault]) -> Iterator[Article]:
    """The articles of one page, each once: a picture and a title may lead to one article."""
    by_identity: dict[str, list[Listed]] = {}
    for listed in _read(answer, settings).listed:
        by_identity.setdefault(listed.identity, []).append(listed)
    for known, listings in by_identity.items():
        day = None
        try:
            day = printed_day(" ".join(word for each in listings for word in each.words))
        except Unreadable as error:
            faults.append(SourceFault(f"tin {known}", f"{error}; bỏ qua tin này"))
        title = next(filter(None, (_title(each) for each in listings)), "")
        yield Article(known, day, frozenset({fold(category)}), known, title, listings[0].link, (category,), answer.sha256)


def _read(answer: Answer, settings: Mapping[str, str]) -> ListReader:
    try:
        page = answer.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise answer.invalid("trang không phải bảng mã UTF-8", "báo cho đơn vị quản lý trang") from error
    reader = ListReader(answer.request.partition(" ")[2].partition(" ")[0], settings.get("identity", "tc"), settings.get("list", ""))
    reader.feed(page)
    reader.close()
    if not reader.met:
        raise answer.invalid(f"trang không có phần '{settings['list']}'", "kiểm tra 'list'; trang có thể đã đổi giao diện")
    return reader


def _title(listed: Listed) -> str:
    return legible(optional_text, " ".join(listed.title)[:LONGEST_TEXT]) or ""


def printed_day(words: str) -> date:
    """The first date in a text, `10/06/2024` or `22/11/2019 2:35:37 CH`; an hour that no clock has makes it unreadable."""
    found = _DAY.search(nfc(words))
    if found is None:
        raise Unreadable(f"không có ngày đăng trong {shown(words)}")
    hour, most = found[2], 12 if found[5] else 23
    if hour is not None and (int(hour) > most or (found[5] and int(hour) == 0) or int(found[3]) > 59 or int(found[4] or 0) > 59):
        raise Unreadable(f"giờ đăng {shown(found[0])} không có trên đồng hồ")
    try:
        return parse_date(found[1])
    except NumeralError as error:
        raise Unreadable(str(error)) from error
