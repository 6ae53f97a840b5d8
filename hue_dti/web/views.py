"""The pages: each view is parse → act → show."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, abort, redirect, render_template, request, url_for

from hue_dti.catalogue.model import Criterion
from hue_dti.collation import fold, sort_key
from hue_dti.errors import SnapshotTampered
from hue_dti.periods import Period
from hue_dti.scoring.model import TotalScore
from hue_dti.services.quarter import catalogue_of, frozen
from hue_dti.snapshots.model import SnapshotHead
from hue_dti.units.model import Level, OrgUnit
from hue_dti.web.access import opens
from hue_dti.web.agency import agency_page
from hue_dti.web.alerts import alerts, kind_words, take_on, waiting_alerts
from hue_dti.web.articles import articles_link, articles_waiting, counted_page, waiting_page
from hue_dti.web.asking import run_progress, run_source, trial, try_source
from hue_dti.web.base_figures import base_figures
from hue_dti.web.criterion import criterion_page
from hue_dti.web.kept_page import kept_page
from hue_dti.web.listing import APART, LONGEST_WORDS, Choice, closeness, listing, matches, most_lost
from hue_dti.web.own_ranking import own_ranking
from hue_dti.web.paper import bundle, download, report
from hue_dti.web.profile import profile_of
from hue_dti.web.raw import raw_link, show_raw
from hue_dti.web.site import Quarter, host_of, is_open, newest_period, nothing_yet, open_quarter, period_or_404, site, unit_or_404, units
from hue_dti.web.sources import sources
from hue_dti.web.trend import before, trend

MOST_LOST = 5
SEARCH_LIMIT = 50
HOME_LIMIT = 24


def register(app: Flask) -> None:
    """Give every page its address."""
    app.add_url_rule("/", "home", home)
    app.add_url_rule("/tim", "search", search)
    app.add_url_rule("/don-vi/<code>", "unit", unit_page)
    app.add_url_rule("/don-vi/<code>/<period>", "quarter", quarter)
    app.add_url_rule("/don-vi/<code>/<period>/tieu-chi/<criterion>", "criterion", criterion_page)
    app.add_url_rule("/don-vi/<code>/<period>/bao-cao", "report", report)
    app.add_url_rule("/don-vi/<code>/<period>/bao-cao.<kind>", "download", download)
    app.add_url_rule("/don-vi/<code>/<period>/ban-chot", "bundle", bundle)
    app.add_url_rule("/xep-hang/xa/<period>", "ranking", ranking)
    app.add_url_rule("/don-vi/<code>/<period>/tin/<measure>", "articles", counted_page)
    app.add_url_rule("/nguon", "sources", sources)
    app.add_url_rule("/nguon/tin-cho-xem", "waiting", waiting_page)
    app.add_url_rule("/nguon/<source>/chay-ngay", "run_source", run_source, methods=["POST"])
    app.add_url_rule("/nguon/<source>/lan-chay", "run_progress", run_progress)
    app.add_url_rule("/nguon/<source>/thu-hoi", "try_source", try_source, methods=["POST"])
    app.add_url_rule("/nguon/<source>/lan-thu", "trial", trial)
    app.add_url_rule("/canh-bao", "alerts", alerts)
    app.add_url_rule("/canh-bao/<int(max=999999999999999):number>/nhan", "take_on", take_on, methods=["POST"])
    app.add_url_rule("/so-lieu-nen", "base_figures", base_figures)
    app.add_url_rule("/cau-tra-loi-goc/<sha256>", "raw", show_raw)
    app.context_processor(lambda: {"raw_link": raw_link, "beside": beside, "profile_of": profile_of})
    app.context_processor(lambda: {"waiting_alerts": waiting_alerts, "alert_kind": kind_words})
    app.context_processor(lambda: {"articles_link": articles_link, "articles_waiting": articles_waiting})


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed quarter in the list of the first page; no total when it is no longer what was frozen."""

    head: SnapshotHead
    name: str
    criteria: int
    total: TotalScore | None


def home() -> str:
    """Every closed quarter, newest first; says what fills the page when there is none."""
    heads = site().storage.newest_heads()
    closed = [_closed(head) for head in heads[:HOME_LIMIT]]
    newest = next((each for each in closed if each.total is not None), None)
    return render_template("home.html", closed=closed, newest=newest, more=len(heads) - len(closed))


def _closed(head: SnapshotHead) -> Closed:
    try:
        snapshot = frozen(site().storage, head.sha256)
    except SnapshotTampered:
        return Closed(head, next((unit.name for unit in units() if unit.code == head.unit), head.unit), 0, None)
    return Closed(head, snapshot.tree.units[0].name, len(snapshot.sheet.criteria), snapshot.sheet.total)


def search() -> str:
    """Units by folded name or code, and the criteria of the newest closed quarter."""
    asked = request.args.get("q", "").strip()[:LONGEST_WORDS]
    wanted = fold(asked)
    known = {unit.code: unit for unit in units()}
    named = {(unit.code, unit.name): unit for unit in units()}  # a code may have been another unit's
    found = [unit for unit in named.values() if wanted and (matches(wanted, unit.name) or asked == unit.code)]
    if any(closeness(wanted, unit.name) < APART for unit in found):  # words standing apart say less than the name itself
        found = [unit for unit in found if " " not in wanted or asked == unit.code or closeness(wanted, unit.name) < APART]
    found.sort(key=lambda unit: (asked != unit.code and closeness(wanted, unit.name), list(Level).index(unit.level), sort_key(unit.name)))
    heads = site().storage.newest_heads()
    return render_template(
        "search.html",
        asked=asked,
        found=found[:SEARCH_LIMIT],
        total=len(found),
        known=known,
        criteria=_criteria(wanted, heads[0]) if heads and wanted else [],
        head=heads[0] if heads else None,
    )


def unit_page(code: str) -> Response | str:
    """A unit's newest quarter; without one, the units below it."""
    known = {unit.code: unit for unit in units()}
    if code not in known:
        abort(404)
    newest_closed = newest_period(known[code])
    if newest_closed is not None:
        return redirect(url_for("quarter", code=code, period=newest_closed))  # type: ignore[return-value]
    below = sorted((unit for unit in known.values() if unit.parent == code), key=lambda unit: sort_key(unit.name))
    newest = {head.unit: head for head in reversed(site().storage.newest_heads())}
    return render_template("unit.html", unit=known[code], below=below, newest=newest)


def quarter(code: str, period: str) -> str:
    """The unit's quarter: totals, groups, every criterion, filterable by group and status."""
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    if unit.level is Level.AGENCY:
        return agency_page(code, period)
    return kept_page("quarter.html", unit, chosen, lambda: _quarter(code, period))


def _quarter(code: str, period: str) -> tuple[Quarter, dict[str, object]]:
    shown = open_quarter(code, period)
    points = trend(shown, lambda sheet: (sheet.total.points, sheet.total.max_points))
    return shown, {
        "q": shown,
        "listing": listing(shown, Choice.of(request.args)),
        "lost": most_lost(shown, MOST_LOST),
        "place": _place(shown),
        "points": points,
        "earlier": before(points, shown.period),
    }


def ranking(period: str) -> str:
    """The communes of one district, ranked; the district comes as `huyen`, else that of the newest closed quarter.

    Communes that close quarters of their own are ranked among all of the province.
    """
    chosen = period_or_404(period)
    closed = [head.unit for head in site().storage.newest_heads() if head.period == str(chosen)]
    code = request.args.get("huyen") or next(iter(closed), None)
    if code is None:
        return render_template("empty.html", unit=None, period=chosen, why="none_closed", host=None, newest=_newest())
    asked = unit_or_404(code, chosen)
    own = own_ranking(chosen) if asked.level is Level.COMMUNE and host_of(asked, chosen) == asked else None
    if own is not None:
        province = next((unit.name for unit in units() if unit.level is Level.PROVINCE and unit.exists_on(chosen.end)), "")
        return render_template("own_ranking.html", r=own, province=province)
    shown = open_quarter(code, period)
    if shown.host is not shown.unit:
        nothing_yet(shown.unit, chosen, "no_ranking", shown.host)
    sheets = {sheet.unit: sheet for sheet in shown.snapshot.lower}
    others = [unit_or_404(each, chosen) for each in closed]
    lower = shown.catalogue.sets[shown.snapshot.lower_set] if shown.snapshot.lower_set else None
    return render_template("ranking.html", q=shown, sheets=sheets, ranking=shown.snapshot.ranking, others=others, lower=lower)


def beside(unit: OrgUnit, period: Period) -> tuple[Period | None, Period | None]:
    """The periods before and after, where a page of theirs could have anything and would open for whoever asks."""
    earlier, later = period.previous(), period.next()
    shown = {each: is_open(unit, each) and opens("quarter", code=unit.code, period=each) for each in (earlier, later)}
    return (earlier if shown[earlier] else None, later if shown[later] else None)


def _place(shown: Quarter) -> tuple[int, int] | None:
    """A commune's rank among its district's communes, when ranked."""
    for ranked in shown.whole.ranking:
        if ranked.unit == shown.unit.code and ranked.rank is not None:
            return ranked.rank, len(shown.whole.ranking)
    return None


def _criteria(wanted: str, head: SnapshotHead) -> list[Criterion]:
    criteria = catalogue_of(frozen(site().storage, head.sha256)).sets[head.criteria_set].criteria
    return [each for each in criteria if matches(wanted, f"{each.code} {each.name}")]


def _newest() -> SnapshotHead | None:
    return next(iter(site().storage.newest_heads()), None)
