"""Articles of units' web sites as they were listed, and what persons said they count for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, and_, func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from hue_dti.collation import nfc
from hue_dti.observations.model import ListedArticle, Origin
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.model import KeptArticle, Said
from hue_dti.storage.tables import pull_run, raw_request
from hue_dti.storage.tables_aside import article, article_assignment
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

_TOLD = ("key", "identity", "title", "link", "day", "categories", "measure")
MOST_SHOWN = 500


def save(connection: Connection, run: int, source: str, listed: Iterable[ListedArticle]) -> None:
    """Keep what the run says of each article where the newest that is kept says something else."""
    given = {each.key: each for each in map(_nfc, listed)}
    if not given:
        return
    row = article.c
    newest = (
        select(article).ext(distinct_on(row.key)).where(row.source == source, row.key.in_(list(given))).order_by(row.key, row.id.desc())
    )
    known = {each.key: tuple(each._mapping[name] for name in _TOLD) for each in connection.execute(newest)}
    rows = [
        {"run_id": run, "source": source, "raw_sha256": each.raw_sha256 or None, **{name: getattr(each, name) for name in _TOLD}}
        for each in given.values()
        if known.get(each.key) != tuple(getattr(each, name) for name in _TOLD)
    ]
    if rows:
        connection.execute(insert(article), rows)


class ArticleBook:
    """The articles' pages of the database; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self, source: str = "", most: int = MOST_SHOWN) -> tuple[KeptArticle, ...]:
        """Articles of no category that nobody has spoken of, newest first; of one source where it is named."""
        row = article.c
        newest = select(article).ext(distinct_on(row.source, row.key)).order_by(row.source, row.key, row.id.desc()).subquery("newest")
        silent = ~select(article_assignment.c.id).where(_same(newest.c)).exists()
        wanted = _kept(newest).where(newest.c.measure == "", silent)
        if source:
            wanted = wanted.where(newest.c.source == nfc(source))
        with transaction(self._engine) as connection:
            rows = connection.execute(wanted.order_by(newest.c.day.desc().nulls_first(), newest.c.id).limit(most))
            return tuple(_article(each) for each in rows)

    def found(self, name: str) -> tuple[KeptArticle, ...]:
        """The newest listing of an article by its number or its key; of several sources where they share a key."""
        row = article.c
        asked = select(row.source, row.key).where(row.id == int(name) if name.isdecimal() and len(name) < 19 else row.key == nfc(name))
        with transaction(self._engine) as connection:
            named = connection.execute(asked.distinct()).all()
            return tuple(each for source, key in named for each in _newest(connection, source, [(row.key == key)]))

    def behind(self, origin: Origin, identities: Collection[str]) -> Mapping[str, KeptArticle]:
        """Articles by identity as the pull that brought this origin's answer knew them; as later ones did where it kept none."""
        row, asked = article.c, raw_request.c
        brought = select(func.max(asked.run_id)).where(asked.sha256 == origin.raw_sha256, asked.fetched_at == aware(origin.fetched_at))
        wanted = _kept(article).add_columns((row.run_id <= brought.scalar_subquery()).label("known_then"))
        named = row.source == nfc(origin.source), row.identity.in_([nfc(each) for each in identities])
        found: dict[str, KeptArticle] = {}
        with transaction(self._engine) as connection:
            for each in connection.execute(wanted.where(*named).order_by(row.id)):
                if each.known_then or each.identity not in found:
                    found[each.identity] = _article(each)
        return found

    def say(self, source: str, key: str, measure: str, by: str, reason: str, at: datetime, trail: Sequence[Event] = ()) -> None:
        """Keep a person's word on an article; the newest word counts."""
        row = {"source": nfc(source), "key": nfc(key), "measure": nfc(measure), "said_by": nfc(by), "reason": nfc(reason)}
        with transaction(self._engine) as connection:
            connection.execute(insert(article_assignment).values(**row, said_at=aware(at)))
            record(connection, *trail)

    def said(self, source: str = "") -> tuple[Said, ...]:
        """The newest word on every article that somebody has spoken of, by source and key."""
        row = article_assignment.c
        newest = select(article_assignment).ext(distinct_on(row.source, row.key)).order_by(row.source, row.key, row.id.desc())
        with transaction(self._engine) as connection:
            rows = connection.execute(newest.where(row.source == nfc(source)) if source else newest)
            return tuple(Said(each.source, each.key, each.measure, each.said_by, each.reason, each.said_at) for each in rows)


def _newest(connection: Connection, source: str, conditions: Sequence[Any]) -> tuple[KeptArticle, ...]:
    wanted = _kept(article).where(article.c.source == source, *conditions).order_by(article.c.id.desc()).limit(1)
    return tuple(_article(each) for each in connection.execute(wanted))


def _kept(table: Any) -> Select[Any]:
    """Rows of the table, or of a selection of it, with the unit and the moment of their pull."""
    return select(table, pull_run.c.unit, pull_run.c.started_at).join(pull_run, pull_run.c.id == table.c.run_id)


def _same(row: Any) -> Any:
    return and_(article_assignment.c.source == row.source, article_assignment.c.key == row.key)


def _article(row: Row[Any]) -> KeptArticle:
    listed = ListedArticle(**{name: row._mapping[name] for name in _TOLD}, raw_sha256=row.raw_sha256 or "")
    return KeptArticle(row.id, row.source, row.unit, row.started_at, listed)


def _nfc(each: ListedArticle) -> ListedArticle:
    return ListedArticle(
        key=nfc(each.key),
        identity=nfc(each.identity),
        title=nfc(each.title),
        link=nfc(each.link),
        day=each.day,
        categories=nfc(each.categories),
        measure=nfc(each.measure),
        raw_sha256=each.raw_sha256,
    )
