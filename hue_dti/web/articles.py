"""The articles a figure counts, and those that no category takes; both only to be read."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort, render_template, url_for

from hue_dti.observations.articles import identities_in
from hue_dti.services.articles import counted_articles
from hue_dti.snapshots.model import FrozenFigure
from hue_dti.web.access import opens
from hue_dti.web.site import Quarter, open_quarter, site


def counted_page(code: str, period: str, measure: str) -> str:
    """The articles behind a unit's figure, each with its day, its category, its own address and the answer it stands in."""
    shown = open_quarter(code, period)
    figure = shown.snapshot.figure(code, measure)
    if figure is None or figure.origin is None:
        abort(404)
    articles = counted_articles(site().storage, measure, figure.origin)
    if articles is None:
        abort(404)
    users = [each.code for each in shown.criteria_set.criteria if measure in each.rule.measures()]
    return render_template(
        "articles.html",
        q=shown,
        figure=figure,
        measure=shown.catalogue.measures[measure],
        source=shown.catalogue.sources[figure.origin.source],
        articles=articles,
        users=users,
        outside=outside,
    )


def waiting_page() -> str:
    """The articles that a person has to say something of, newest first, with the command that says it."""
    waiting = site().storage.articles.waiting()
    sources = {each.source: site().catalogue.sources.get(each.source) for each in waiting}
    measures = [each for each in site().catalogue.measures.values() if each.source in sources]
    return render_template("waiting.html", waiting=waiting, sources=sources, measures=measures, outside=outside)


def articles_link(shown: Quarter, figure: FrozenFigure) -> str:
    """The address of the articles a figure counts; empty where there are none, or for whom it would not open."""
    if figure.origin is None or not figure.value or not identities_in(figure.origin.place):
        return ""
    if not opens("articles", code=figure.unit, period=shown.period):
        return ""
    return url_for("articles", code=figure.unit, period=shown.period, measure=figure.measure)


def articles_waiting() -> int:
    """How many articles wait for a person, as far as they are shown."""
    return len(site().storage.articles.waiting())


def outside(link: str) -> str:
    """An article's address when a reader may follow it; empty for anything that is not plain http or https."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return link if parts.scheme in ("http", "https") and parts.hostname and not parts.username else ""
