"""The district's web site: an RSS feed of its articles, each dated; the days and titles are invented, the numbers are the report's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, request

from connectors.articles import CATEGORIES
from connectors.sandbox import invented
from connectors.sandbox.golden import AS_OF, table
from hue_dti.periods import LOCAL

news = Blueprint("news", __name__)

FIRST_IDENTITY = 26_800
SUBJECTS = (
    "công tác chuyển đổi số",
    "thu hoạch vụ Đông Xuân",
    "xây dựng nông thôn mới",
    "công tác phòng cháy, chữa cháy rừng",
    "chăm lo gia đình chính sách",
    "tiến độ các công trình trọng điểm",
    "cải cách hành chính",
    "du lịch cộng đồng",
)


@dataclass(frozen=True, slots=True)
class Article:
    """An article as the feed lists it once."""

    moment: datetime
    categories: tuple[str, ...]
    identity: str = ""
    title: str = ""


@news.get("/web_news/rss/tin-tuc.xml")
def feed() -> Response:
    """The feed, newest first."""
    rss = Element("rss", version="2.0")
    channel = SubElement(rss, "channel")
    SubElement(channel, "title").text = "Trang thông tin điện tử huyện Nam Đông"
    SubElement(channel, "link").text = request.url_root
    SubElement(channel, "description").text = f"nguon_goc: {invented.MARK}"
    for article in articles():
        item = SubElement(channel, "item")
        SubElement(item, "title").text = article.title
        SubElement(item, "link").text = f"{request.url_root}web_news/?gd=27&cn=1132&tc={article.identity}"
        SubElement(item, "guid", isPermaLink="false").text = article.identity
        for category in article.categories:
            SubElement(item, "category").text = category
        SubElement(item, "pubDate").text = format_datetime(article.moment)
    return Response(tostring(rss, encoding="utf-8", xml_declaration=True), mimetype="application/rss+xml")


def articles() -> list[Article]:
    """Every listing of the feed; one article is listed a second time under the other category."""
    drawn = sorted(_drawn(), key=lambda article: (article.moment, article.categories))
    known = [
        replace(article, identity=str(FIRST_IDENTITY + 3 * at), title=_title(at, article.categories[0])) for at, article in enumerate(drawn)
    ]
    leaders, unit = CATEGORIES.values()
    again = next(article for article in known if article.categories == (leaders,) and article.moment.date() > date(AS_OF.year, 3, 1))
    return sorted([*known, replace(again, categories=(unit,))], key=lambda article: article.moment, reverse=True)


def _drawn() -> Iterator[Article]:
    year = date(AS_OF.year, 1, 1)
    for row in table("articles.csv"):
        first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        for number, day in enumerate(invented.days(row["category"], int(row["count"]), first, last)):
            minutes = invented.chance(row["category"], day, number).randint(7 * 60, 17 * 60)
            yield Article(datetime.combine(day, time(), LOCAL) + timedelta(minutes=minutes), (row["category"],))
    for day, hour in ((year - timedelta(days=1), 18), (AS_OF, 16), (AS_OF, 18)):
        yield Article(datetime.combine(day, time(hour, 30), UTC), (CATEGORIES["leader_news"],))


def _title(at: int, category: str) -> str:
    subject = invented.chance("title", at).choice(SUBJECTS)
    start = {"leader_news": "Lãnh đạo UBND huyện chủ trì làm việc về", "unit_news": "Các đơn vị trong huyện triển khai"}
    prefix = next((text for measure, text in start.items() if CATEGORIES[measure] == category), "Thông tin về")
    return f"{prefix} {subject}"
