"""Articles of a web site, however they were listed: each counts once, in one category, on the day it was published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from connectors.fields import window_of
from hue_dti.collation import fold
from hue_dti.observations.model import PullRequest, Reading, SourceFault

CATEGORIES = {"leader_news": "Hoạt động của lãnh đạo", "unit_news": "Hoạt động của đơn vị"}


@dataclass(frozen=True, slots=True)
class Article:
    """One listing of an article; `categories` are folded, `day` is None where it cannot be read."""

    identity: str
    day: date | None
    categories: frozenset[str]


def merged(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Each article once, in the order of the listings, with the categories of all its listings and its first date."""
    found: dict[str, Article] = {}
    for article in articles:
        known = found.get(article.identity, article)
        first = min((each.day for each in (known, article) if each.day is not None), default=None)
        found[article.identity] = Article(article.identity, first, known.categories | article.categories)
    return tuple(found.values())


def counted(
    request: PullRequest, answers: Mapping[str, str], articles: tuple[Article, ...], defaults: Mapping[str, str], faults: list[SourceFault]
) -> Iterator[Reading]:
    """One reading per category without undated articles, from the answer whose hash `answers[measure]` is.

    An article of several categories counts for the first of them; listings that start too late are a fault. A category with an article
    that is nowhere listed with a readable day is withheld: its count could be short.
    """
    unit = request.settings.get("unit", request.unit.code)
    taken: set[str] = set()
    for measure, default in defaults.items():
        printed = request.settings.get(f"category.{measure}", default)
        category, window = fold(printed), window_of(request, measure)
        of_category = [each for each in articles if category in each.categories and each.identity not in taken]
        taken.update(each.identity for each in of_category)
        warn_of_gap(articles, window.start, faults)
        if any(each.day is None for each in of_category):
            what = f"có mục thuộc '{printed}' không đọc được ngày đăng nên không đếm; hãy sửa ngày đăng rồi lấy lại"
            faults.append(SourceFault("kênh", what))
            continue
        listed = [each.identity for each in of_category if each.day is not None and each.day in window]
        place = f"{len(listed)} mục trong kênh, guid {', '.join(listed)}" if listed else "không có mục nào trong kênh"
        yield Reading(unit, measure, len(listed), request.cutoff, answers[measure], place)


def warn_of_gap(articles: Iterable[Article], start: date, faults: list[SourceFault]) -> None:
    """A listing that does not reach back before the first day to count may have dropped older articles."""
    oldest = min((each.day for each in articles if each.day is not None), default=None)
    if oldest is not None and oldest > start:
        faults.append(
            SourceFault(
                "kênh",
                f"mục cũ nhất ngày {oldest:%d/%m/%Y}, sau ngày đầu cần đếm {start:%d/%m/%Y}: kênh có thể đã bỏ tin cũ; hãy đối chiếu",
            )
        )
