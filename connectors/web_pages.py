"""A unit's web site that offers neither feed nor sitemap: counts articles in the HTML pages of its categories.

Settings beside those of `connectors.http`:

- `category.<measure>`: address of the category's list below `base`, such as `?gd=27&cn=1132` or `vi-vn/Tin-tuc-su-kien`;
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
from dataclasses import dataclass, field
from datetime import date, datetime
from html.parser import HTMLParser
from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

from connectors.articles import Article, counted, merged
from connectors.fields import Unreadable, shown, window_of
from connectors.http import Answer, Asker
from connectors.web_sitemap import CATEGORY, category_faults
from hue_dti.collation import fold, nfc
from hue_dti.errors import NumeralError
from hue_dti.numerals import parse_date
from hue_dti.observations.model import Pulled, PullRequest, RawStore, SettingFault, SourceFault

HTML = frozenset({"text/html"})
IN_PATH = "path:"
_DAY = re.compile(r"(?<!\d)(\d{1,2}/\d{1,2}/\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(SA|CH)?)?(?!\d)")
_IDENTITY = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(slots=True)
class _Listed:
    """An article's link, and the text from it to the next article's."""

    identity: str
    words: list[str] = field(default_factory=list)


class WebPages:
    """Counts articles of the categories that the sources file names."""

    measures: tuple[str, ...] = ()
    """Whatever the sources file names."""
    settings = ("unit", "category.*", "identity", "page_parameter")

    def __init__(self, source: str = "web_pages") -> None:
        self.source = source

    @staticmethod
    def faults_of(settings: Mapping[str, str]) -> Iterator[SettingFault]:
        """What cannot work in the settings."""
        return category_faults(settings)

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
        readings = tuple(counted(request, answers, merged(listed), categories, faults))
        return Pulled(readings, faults=tuple(dict.fromkeys(faults)))


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
        page = list(_articles(answer, request.settings.get("identity", "tc"), fold(address), faults))
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


def _articles(answer: Answer, identity: str, category: str, faults: list[SourceFault]) -> Iterator[Article]:
    try:
        page = answer.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise answer.invalid("trang không phải bảng mã UTF-8", "báo cho đơn vị quản lý trang") from error
    reader = _Reader(answer.request.partition(" ")[2].partition(" ")[0], identity)
    reader.feed(page)
    reader.close()
    by_identity: dict[str, list[str]] = {}
    for listed in reader.listed:  # a picture and a title may lead to one article
        by_identity.setdefault(listed.identity, []).extend(listed.words)
    for known, words in by_identity.items():
        day = None
        try:
            day = printed_day(" ".join(words))
        except Unreadable as error:
            faults.append(SourceFault(f"tin {known}", f"{error}; bỏ qua tin này"))
        yield Article(known, day, frozenset({category}))


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


class _Reader(HTMLParser):
    """Gathers the links of articles on one host and the words after each."""

    def __init__(self, address: str, identity: str) -> None:
        super().__init__(convert_charrefs=True)
        self.listed: list[_Listed] = []
        self._address, self._identity = address, identity
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._hidden += 1
        if tag == "a":
            known = self._identity_of(dict(attrs).get("href") or "")
            if known is not None:
                self.listed.append(_Listed(known))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style") and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if self.listed and not self._hidden:
            self.listed[-1].words.append(data)

    def _identity_of(self, href: str) -> str | None:
        """`host/id` of an article's link; None for any other link, and for those to another host."""
        try:
            parts = urlsplit(urljoin(self._address, href.strip()))
            own = urlsplit(self._address)
        except ValueError:
            return None
        if (parts.hostname or "").lower() != (own.hostname or "").lower():
            return None
        if self._identity.startswith(IN_PATH):
            _, _, after = parts.path.partition(f"/{self._identity.removeprefix(IN_PATH)}/")
            known = after.partition("/")[0]
        else:
            known = parse_qs(parts.query).get(self._identity, [""])[0]
        return f"{parts.hostname}/{known}" if _IDENTITY.fullmatch(known) else None
