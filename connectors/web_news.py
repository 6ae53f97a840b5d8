"""A unit's web site: counts its articles by category from the RSS feed.

Settings beside those of `connectors.http`: `path` (default `rss/tin-tuc.xml`); `unit` (default: the unit asked for);
`category.leader_news` (`Hoạt động của lãnh đạo`) and `category.unit_news` (`Hoạt động của đơn vị`); `ignored`: categories, separated by
`;`, that count for nothing.

An article is known by its guid (else its link) and counts once, however often and under however many categories it is listed: as
leaders' activity if any listing says so, unless a person said otherwise; one of no known category waits for a person. Its day is its
pubDate on the clock of Việt Nam; one whose day cannot be read withholds the count of its category. A feed that does not reach back before
the first day asked for may have dropped older articles: that is a fault, beside the count of those that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from connectors.articles import CATEGORIES, Article, counted, listing, merged
from connectors.fields import Unreadable, legible, optional_text, shown, text
from connectors.http import Answer, Asker
from hue_dti.collation import fold
from hue_dti.observations.model import Pulled, PullRequest, RawStore, SourceFault
from hue_dti.periods import LOCAL

RSS = frozenset({"application/rss+xml", "application/xml", "text/xml"})


class WebNews:
    """Counts articles on leaders' and on the unit's activity."""

    measures = tuple(CATEGORIES)
    settings = ("unit", "category.*", "ignored")

    def __init__(self, source: str = "web_news") -> None:
        self.source = source

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """One reading per category without undated articles; raise SourceError when the answer is not a feed."""
        asker = Asker(self.source, request.settings, store, now)
        answer = asker.get(request.settings.get("path", "rss/tin-tuc.xml"), {}, RSS)
        faults: list[SourceFault] = []
        articles = merged(_articles(answer, _channel(answer), faults))
        readings = tuple(counted(request, dict.fromkeys(CATEGORIES, answer.sha256), articles, CATEGORIES, faults))
        return Pulled(readings, faults=tuple(dict.fromkeys(faults)), articles=listing(request, articles, CATEGORIES))


def _channel(answer: Answer) -> Element:
    """The channel of the feed; entities, document types and other XML are refused."""
    try:
        root: Element = fromstring(answer.body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise answer.invalid("nội dung không phải là kênh RSS đúng", "báo cho đơn vị quản lý trang") from error
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        raise answer.invalid("nội dung XML không phải là kênh RSS", "báo cho đơn vị quản lý trang")
    return channel


def _articles(answer: Answer, channel: Element, faults: list[SourceFault]) -> Iterator[Article]:
    items = channel.findall("item")
    if not items:
        raise answer.invalid("kênh RSS không có mục nào", "báo cho đơn vị quản lý trang")
    for number, item in enumerate(items, start=1):
        place = f"mục {number} của kênh"
        identity, published = legible(_identity, item), None
        try:
            published = _day(item)
            identity = _identity(item)
        except Unreadable as error:
            faults.append(SourceFault(place, f"{error}; bỏ qua mục này"))
        if identity is not None or published is None:
            yield _article(answer, item, identity or place, published)


def _article(answer: Answer, item: Element, identity: str, published: date | None) -> Article:
    """Known for ever by the host that was asked and its id."""
    printed = tuple(" ".join((category.text or "").split()) for category in item.findall("category"))
    title, link = ((legible(optional_text, item.findtext(name)) or "") for name in ("title", "link"))
    key = f"{answer.host}/{identity}"
    return Article(identity, published, frozenset(map(fold, printed)), key, title, link, printed, answer.sha256)


def _identity(item: Element) -> str:
    return text(item.findtext("guid") or item.findtext("link") or "").replace(",", "%2C")


def _day(item: Element) -> date:
    printed = text(item.findtext("pubDate") or "")
    try:
        moment = parsedate_to_datetime(printed)
    except ValueError:
        raise Unreadable(f"ngày đăng {shown(printed)} không đọc được") from None
    if moment.tzinfo is None:
        raise Unreadable(f"ngày đăng {shown(printed)} không ghi múi giờ")
    return moment.astimezone(LOCAL).date()
