"""Articles of a web site, however they were listed: each counts once, in one category, on the day it was published.

A person's word on an article (`PullRequest.assigned`) goes before the site's categories. Settings that all sites share: `ignored`, the
categories, separated by `;`, that count for nothing and need nobody's word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from connectors.fields import window_of
from hue_dti.collation import fold
from hue_dti.observations.articles import place_of
from hue_dti.observations.model import NO_MEASURE, ListedArticle, PullRequest, Reading, SourceFault

CATEGORIES = {"leader_news": "Hoạt động của lãnh đạo", "unit_news": "Hoạt động của đơn vị"}
CATEGORY = "category."


@dataclass(frozen=True, slots=True)
class Article:
    """One listing of an article; `categories` are folded, `day` is None where it cannot be read.

    `identity` is how a figure's place names it, `key` (host and id; the identity, where empty) how it is known for ever.
    """

    identity: str
    day: date | None
    categories: frozenset[str]
    key: str = ""
    title: str = ""
    link: str = ""
    printed: tuple[str, ...] = ()
    raw_sha256: str = ""


def merged(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Each article once, in the order of the listings, with the categories of all its listings, its first date and first title."""
    found: dict[str, Article] = {}
    for article in articles:
        known = found.get(article.identity, article)
        first = min((each.day for each in (known, article) if each.day is not None), default=None)
        found[article.identity] = replace(
            known,
            day=first,
            categories=known.categories | article.categories,
            title=known.title or article.title,
            printed=tuple(dict.fromkeys((*known.printed, *article.printed))),
        )
    return tuple(found.values())


def counted(
    request: PullRequest, answers: Mapping[str, str], articles: tuple[Article, ...], defaults: Mapping[str, str], faults: list[SourceFault]
) -> Iterator[Reading]:
    """One reading per category without undated articles, from the answer whose hash `answers[measure]` is.

    An article of several categories counts for the first of them; listings that start too late are a fault. A category with an article
    that is nowhere listed with a readable day is withheld: its count could be short.
    """
    unit = request.settings.get("unit", request.unit.code)
    suited = {each.identity: request.assigned.get(_key(each), _suited(request, each, defaults)) for each in articles}
    for measure, default in defaults.items():
        printed, window = request.settings.get(f"{CATEGORY}{measure}", default), window_of(request, measure)
        of_category = [each for each in articles if suited[each.identity] == measure]
        warn_of_gap(articles, window.start, faults)
        if any(each.day is None for each in of_category):
            what = f"có mục thuộc '{printed}' không đọc được ngày đăng nên không đếm; hãy sửa ngày đăng rồi lấy lại"
            faults.append(SourceFault("kênh", what))
            continue
        listed = [each.identity for each in of_category if each.day is not None and each.day in window]
        yield Reading(unit, measure, len(listed), request.cutoff, answers[measure], place_of(listed))


def listing(request: PullRequest, articles: Iterable[Article], defaults: Mapping[str, str]) -> tuple[ListedArticle, ...]:
    """What a person may look through: every article from the first day that counts on, with what the site's categories count it for."""
    first = min(window_of(request, measure).start for measure in defaults)
    return tuple(
        ListedArticle(
            key=_key(each),
            identity=each.identity,
            title=each.title,
            link=each.link,
            day=each.day,
            categories=", ".join(each.printed),
            measure=_suited(request, each, defaults),
            raw_sha256=each.raw_sha256,
        )
        for each in articles
        if each.day is None or each.day >= first
    )


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


def _suited(request: PullRequest, article: Article, defaults: Mapping[str, str]) -> str:
    """The measure that the site's categories count the article for; empty where they match none."""
    for measure, default in defaults.items():
        if fold(request.settings.get(f"{CATEGORY}{measure}", default)) in article.categories:
            return measure
    ignored = {fold(each) for each in request.settings.get("ignored", "").split(";")} - {""}
    return NO_MEASURE if ignored & article.categories else ""


def _key(article: Article) -> str:
    return article.key or article.identity
