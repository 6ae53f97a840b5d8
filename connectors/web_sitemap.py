"""A unit's web site that offers no feed but a sitemap: counts its articles by the folder of their address.

Settings beside those of `connectors.http`: `path` (default `sitemap.xml`); `category.<measure>`: the beginning of the path of that
category's articles, such as `/hoat-dong-lanh-dao/`; `review`: the beginning of the path of all articles, so that those of no category
wait for a person; `unit` (default: the unit asked for).

An article is known by its host and path and counts once. Its day is `news:publication_date` where the sitemap gives it, else `lastmod`.
An index of sitemaps is followed on the same host. An article without a readable day is a fault and withholds the count of its category.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from connectors.articles import CATEGORY, Article, counted, listing, merged
from connectors.fields import Unreadable, legible, optional_text, shown, text
from connectors.http import Answer, Asker
from hue_dti.collation import fold
from hue_dti.observations.model import Pulled, PullRequest, RawStore, SettingFault, SourceFault
from hue_dti.periods import LOCAL

XML = frozenset({"application/xml", "text/xml"})
LONGEST_ADDRESS = 1000


class WebSitemap:
    """Counts articles of the categories that the sources file names."""

    measures: tuple[str, ...] = ()
    """Whatever the sources file names."""
    settings = ("unit", "category.*", "review")

    def __init__(self, source: str = "web_sitemap") -> None:
        self.source = source

    @staticmethod
    def faults_of(settings: Mapping[str, str]) -> Iterator[SettingFault]:
        """What cannot work in the settings."""
        return category_faults(settings)

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """One reading per category; raise SourceError when an answer is not a sitemap."""
        asker = Asker(self.source, request.settings, store, now)
        faults: list[SourceFault] = []
        categories = {name.removeprefix(CATEGORY): path for name, path in request.settings.items() if name.startswith(CATEGORY)}
        first = asker.get(request.settings.get("path", "sitemap.xml"), {}, XML)
        beginnings = (*categories.values(), *filter(None, [request.settings.get("review")]))
        articles = merged(_listed(asker, first, beginnings, faults))
        readings = tuple(counted(request, dict.fromkeys(categories, first.sha256), articles, categories, faults))
        return Pulled(readings, faults=tuple(dict.fromkeys(faults)), articles=listing(request, articles, categories))


def category_faults(settings: Mapping[str, str]) -> Iterator[SettingFault]:
    """A site that is counted by category needs one."""
    if not any(name.startswith(CATEGORY) for name in settings):
        yield SettingFault("category", "chưa ghi chuyên mục nào", "hãy thêm bảng 'category', mỗi dòng 'số liệu: chuyên mục'")


def _listed(asker: Asker, first: Answer, beginnings: tuple[str, ...], faults: list[SourceFault]) -> Iterator[Article]:
    """The articles of the sitemap and of those it lists, each asked once."""
    waiting, seen = [first], {first.request}
    while waiting:
        answer = waiting.pop(0)
        for child in _root(answer):
            address = _text_of(child, "loc")
            if _name(child) == "sitemap" and address and f"GET {address}" not in seen:
                seen.add(f"GET {address}")
                if len(seen) > asker.limits.max_pages:
                    raise answer.invalid(f"quá {asker.limits.max_pages} sơ đồ trang", "tăng 'max_pages'")
                waiting.append(asker.follow(answer, address, XML))
            elif _name(child) == "url":
                yield from _article(answer, child, address, beginnings, faults)


def _root(answer: Answer) -> Element:
    try:
        root: Element = fromstring(answer.body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise answer.invalid("nội dung không phải là sơ đồ trang đúng", "báo cho đơn vị quản lý trang") from error
    if _name(root) not in ("urlset", "sitemapindex") or not len(root):
        raise answer.invalid("nội dung XML không phải là sơ đồ trang, hoặc trống", "báo cho đơn vị quản lý trang")
    return root


def _article(answer: Answer, child: Element, address: str, beginnings: tuple[str, ...], faults: list[SourceFault]) -> Iterator[Article]:
    """The article at an address of one of the categories; nothing for any other page."""
    try:
        parts = urlsplit(text(address, LONGEST_ADDRESS))
    except ValueError as error:
        what = str(error) if isinstance(error, Unreadable) else "không phải địa chỉ"
        faults.append(SourceFault(shown(address), f"{what}; bỏ qua mục này"))
        return
    category = next((each for each in beginnings if parts.path.startswith(each)), None)
    if category is not None:
        day = None
        try:
            day = _day(_text_of(child, "publication_date") or _text_of(child, "lastmod"))
        except Unreadable as error:
            faults.append(SourceFault(shown(address), f"{error}; bỏ qua mục này"))
        known = f"{(parts.hostname or '').lower()}{parts.path}"
        title = legible(optional_text, _text_of(child, "title")) or ""
        yield Article(known, day, frozenset({fold(category)}), known, title, address, (category,), answer.sha256)


def _day(printed: str) -> date:
    try:
        if len(printed) == len("2024-06-10"):
            return date.fromisoformat(printed)
        moment = datetime.fromisoformat(printed)
    except ValueError:
        raise Unreadable(f"ngày đăng {shown(printed)} không đọc được") from None
    if moment.tzinfo is None:
        raise Unreadable(f"ngày đăng {shown(printed)} không ghi múi giờ")
    return moment.astimezone(LOCAL).date()


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text_of(element: Element, name: str) -> str:
    return next(((each.text or "").strip() for each in element.iter() if _name(each) == name), "")
