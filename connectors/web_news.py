"""A unit's web site: counts its articles by category from the RSS feed.

Settings beside those of `connectors.http`: `path` (default `rss/tin-tuc.xml`); `unit` (default: the unit asked for);
`category.leader_news` (`Hoạt động của lãnh đạo`) and `category.unit_news` (`Hoạt động của đơn vị`).

An article is known by its guid (else its link) and counts once, however often and under however many categories it is listed: as
leaders' activity if any listing says so. Its day is its pubDate on the clock of Việt Nam; one whose day cannot be read withholds the
count of its category. A feed that does not reach back before the
first day asked for may have dropped older articles: that is a fault, beside the count of those that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from connectors.fields import Unreadable, legible, shown, text, window_of
from connectors.http import Answer, Asker
from hue_dti.collation import fold
from hue_dti.observations.model import Pulled, PullRequest, RawStore, Reading, SourceFault
from hue_dti.periods import LOCAL

RSS = frozenset({"application/rss+xml", "application/xml", "text/xml"})
CATEGORIES = {"leader_news": "Hoạt động của lãnh đạo", "unit_news": "Hoạt động của đơn vị"}


@dataclass(frozen=True, slots=True)
class _Article:
    identity: str
    day: date | None
    categories: frozenset[str]


class WebNews:
    """Counts articles on leaders' and on the unit's activity."""

    measures = tuple(CATEGORIES)

    def __init__(self, source: str = "web_news") -> None:
        self.source = source

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """One reading per category without undated articles; raise SourceError when the answer is not a feed."""
        asker = Asker(self.source, request.settings, store, now)
        answer = asker.get(request.settings.get("path", "rss/tin-tuc.xml"), {}, RSS)
        faults: list[SourceFault] = []
        articles = _merged(_articles(answer, _channel(answer), faults))
        unit = request.settings.get("unit", request.unit.code)
        readings = []
        taken: set[str] = set()
        for measure, default in CATEGORIES.items():
            printed = request.settings.get(f"category.{measure}", default)
            category, window = fold(printed), window_of(request, measure)
            counted = [each for each in articles if category in each.categories and each.identity not in taken]
            taken.update(each.identity for each in counted)
            _warn_of_gap(articles, window.start, faults)
            if any(each.day is None for each in counted):
                what = f"có mục thuộc '{printed}' không đọc được ngày đăng nên không đếm; hãy sửa ngày đăng rồi lấy lại"
                faults.append(SourceFault("kênh", what))
                continue
            listed = [each.identity for each in counted if each.day in window]
            place = f"{len(listed)} mục trong kênh, guid {', '.join(listed)}" if listed else "không có mục nào trong kênh"
            readings.append(Reading(unit, measure, len(listed), request.cutoff, answer.sha256, place))
        return Pulled(tuple(readings), faults=tuple(dict.fromkeys(faults)))


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


def _articles(answer: Answer, channel: Element, faults: list[SourceFault]) -> Iterator[_Article]:
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
            categories = frozenset(fold(category.text or "") for category in item.findall("category"))
            yield _Article(identity or place, published, categories)


def _identity(item: Element) -> str:
    return text(item.findtext("guid") or item.findtext("link") or "")


def _day(item: Element) -> date:
    printed = text(item.findtext("pubDate") or "")
    try:
        moment = parsedate_to_datetime(printed)
    except ValueError:
        raise Unreadable(f"ngày đăng {shown(printed)} không đọc được") from None
    if moment.tzinfo is None:
        raise Unreadable(f"ngày đăng {shown(printed)} không ghi múi giờ")
    return moment.astimezone(LOCAL).date()


def _merged(articles: Iterable[_Article]) -> tuple[_Article, ...]:
    """Each article once, in the feed's order, with the categories of all its listings and its first date."""
    merged: dict[str, _Article] = {}
    for article in articles:
        known = merged.get(article.identity, article)
        first = min((each.day for each in (known, article) if each.day is not None), default=None)
        merged[article.identity] = _Article(article.identity, first, known.categories | article.categories)
    return tuple(merged.values())


def _warn_of_gap(articles: tuple[_Article, ...], start: date, faults: list[SourceFault]) -> None:
    oldest = min((each.day for each in articles if each.day is not None), default=None)
    if oldest is not None and oldest > start:
        faults.append(
            SourceFault(
                "kênh",
                f"mục cũ nhất ngày {oldest:%d/%m/%Y}, sau ngày đầu cần đếm {start:%d/%m/%Y}: kênh có thể đã bỏ tin cũ; hãy đối chiếu",
            )
        )
