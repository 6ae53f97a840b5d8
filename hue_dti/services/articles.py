"""What articles count for: the ones no category takes, a person's word on one, and the ones behind a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import SettingError
from hue_dti.free_text import one_line
from hue_dti.observations.articles import identities_in
from hue_dti.observations.model import NO_MEASURE, Origin
from hue_dti.storage import KeptArticle, Said, Storage
from hue_dti.trail.model import Hand, hand_of

LONGEST = 500


@dataclass(frozen=True, slots=True)
class CountedArticle:
    """An article behind a figure; `kept` is how the site listed it then, `said` the word of a person that counts it there, or None."""

    identity: str
    kept: KeptArticle | None
    said: Said | None

    @property
    def day(self) -> date | None:
        """When it was published, None where that was not kept."""
        return self.kept.listed.day if self.kept else None


def counted_articles(storage: Storage, measure: str, origin: Origin) -> tuple[CountedArticle, ...] | None:
    """The articles that a figure counts, newest first: those its place names; None where it is no count of articles."""
    named = identities_in(origin.place)
    if named is None:
        return None
    kept = storage.articles.behind(origin, named)
    said = {each.key: each for each in storage.articles.said(origin.source) if each.measure == measure}
    found = (CountedArticle(each, kept.get(each), _word(kept.get(each), said, measure)) for each in named)
    return tuple(sorted(found, key=lambda each: each.day or date.max, reverse=True))


def assign(
    storage: Storage,
    catalogue: Catalogue,
    name: str,
    measure: str,
    by: str,
    reason: str,
    now: Callable[[], datetime],
    hand: Hand | None = None,
) -> KeptArticle:
    """Keep a person's word on the article of this number or key; it counts from the next pull on and changes nothing that is closed."""
    article = _found(storage, name)
    known = [each.code for each in catalogue.measures.values() if each.source == article.source]
    if measure not in (*known, NO_MEASURE):
        raise SettingError(f"Tin này không tính vào '{measure}' được; hãy viết --as một trong: {', '.join((*known, NO_MEASURE))}.")
    by, reason = (one_line(text, option, LONGEST, SettingError) for option, text in (("--by", by), ("--reason", reason)))
    if not by or not reason:
        raise SettingError(f"{'--reason' if by else '--by'} để trống; hãy ghi một dòng chữ.")
    at, listed = now(), article.listed
    said = {each.key: each.measure for each in storage.articles.said(article.source)}
    old, new = (_told(catalogue, code) for code in (said.get(listed.key, listed.measure), measure))
    done = hand_of(by, hand).did(
        "article.assigned", at, unit=article.unit, subject=listed.title or listed.key, old=old, new=new, reason=reason
    )
    storage.articles.say(article.source, listed.key, measure, by, reason, at, [done])
    return article


def _told(catalogue: Catalogue, measure: str) -> str:
    """What an article counts for, in words."""
    known = catalogue.measures.get(measure)
    return known.name if known is not None else "không tính" if measure == NO_MEASURE else "chưa phân loại"


def _found(storage: Storage, name: str) -> KeptArticle:
    found = storage.articles.found(name.strip())
    if not found:
        raise SettingError(f"Không có tin '{name[:80]}'; hãy viết số thứ tự hoặc mã như 'hue-dti articles review' in ra.")
    if len(found) > 1:
        numbers = ", ".join(f"{each.number} ({each.source})" for each in found)
        raise SettingError(f"Mã '{name[:80]}' có ở nhiều nguồn; hãy viết số thứ tự: {numbers}.")
    return found[0]


def _word(kept: KeptArticle | None, said: dict[str, Said], measure: str) -> Said | None:
    """The word that made the article count, where the site's categories did not."""
    if kept is None or kept.listed.measure == measure:
        return None
    return said.get(kept.listed.key)
