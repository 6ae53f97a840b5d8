"""The wall: pages for a screen that nobody touches, and the same heat map as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from flask import Flask, Response, abort, g, make_response, render_template, request

from hue_dti.accounts.model import Act
from hue_dti.catalogue.model import Group, Source
from hue_dti.periods import LOCAL, Period
from hue_dti.scoring.model import with_value
from hue_dti.services.freshness import USUAL_LONGEST
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import PullRun, Way
from hue_dti.units.model import Level, OrgUnit
from hue_dti.web.access import can
from hue_dti.web.heat import STEPS, Cell, HeatRow, PlaceRow, Screens, cells, heat_rows, one_column, place_rows, screens
from hue_dti.web.site import Quarter, host_of, newest_period, now, open_quarter, period_or_404, site, unit_or_404, units, why_nothing

SHORTEST_S, USUAL_S, LONGEST_S = 5, 20, 600
"""How long one panel stays, in seconds."""

REFRESH_S = 60
"""How often the page is asked for again, in seconds."""

ALONE, BESIDE, SOURCES = 14, 20, 12
"""Rows of units that one column of a screen holds."""

_ORDER = ("failed", "never", "stale", "running", "partial", "ok")


@dataclass(frozen=True, slots=True)
class Supply:
    """A source now: `state` in one word, and when it last brought figures for the unit."""

    source: Source
    state: str
    last_good_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything the screen turns through; `own` has the unit's groups with their cells."""

    quarter: Quarter
    own: tuple[tuple[Group, Cell], ...]
    groups: tuple[Group, ...]
    heat: Screens[HeatRow]
    places: Screens[PlaceRow]
    supplies: Screens[Supply]
    newest_figure_at: datetime | None

    @property
    def all_supplies(self) -> int:
        return len(self._supplies())

    @property
    def good_supplies(self) -> int:
        return sum(supply.state == "ok" for supply in self._supplies())

    @property
    def lacking(self) -> bool:
        """Whether a figure is still wanting for any unit of the ranking."""
        return any(sheet.without_figures for sheet in self.quarter.snapshot.lower)

    @property
    def unofficial(self) -> bool:
        """Whether the units below are scored by a set of our own making."""
        lower = self.quarter.snapshot.lower_set
        return lower is not None and not self.quarter.catalogue.sets[lower].official

    def _supplies(self) -> list[Supply]:
        return [supply for screen in self.supplies for column in screen for supply in column]


def register(app: Flask) -> None:
    """Give the wall its addresses."""
    app.add_url_rule("/man-hinh", "wall", wall)
    app.add_url_rule("/man-hinh/bang", "wall_table", wall_table)
    app.after_request(_come_back)


def wall() -> Response:
    """The panels of the chosen quarter, or in large words why there is nothing yet."""
    chosen = _chosen()
    unit, period = chosen or (None, None)
    why = why_nothing(host_of(unit, period), period) if unit and period else "none_closed"
    shown = None if why or unit is None else _wall(open_quarter(unit.code, str(period)))
    page = render_template(
        "wall.html",
        w=shown,
        unit=unit,
        period=period,
        why=why,
        seconds=_seconds(),
        refresh=REFRESH_S,
        steps=STEPS,
        now=now().astimezone(LOCAL),
    )
    g.wall_is_shown = True
    return make_response(page)


def wall_table() -> str:
    """The heat map as a plain table, its rows leading to the units' quarters."""
    chosen = _chosen()
    if chosen is None:
        return render_template("wall_table.html", w=None, unit=None, period=None)
    unit, period = chosen
    return render_template("wall_table.html", w=_wall(open_quarter(unit.code, str(period))), unit=unit, period=period)


def _chosen() -> tuple[OrgUnit, Period] | None:
    """The unit and period asked for; what is not said is the newest closed quarter, of the topmost unit that has closed one."""
    code, spelt = request.args.get("don-vi", ""), request.args.get("ky", "")
    if code and spelt:
        return unit_or_404(code, period_or_404(spelt)), period_or_404(spelt)
    if code:
        spans = [unit for unit in units() if unit.code == code] or abort(404)
        return next(((unit, period) for unit in spans if (period := newest_period(unit)) is not None), None)
    wanted = period_or_404(spelt) if spelt else None
    level = {unit.code: list(Level).index(unit.level) for unit in units()}
    heads = [head for head in site().storage.newest_heads() if wanted is None or head.period == str(wanted)]
    heads = [head for head in heads if can(Act.WATCH_WALL, head.unit)]
    if not heads:
        return None
    head = min(heads, key=lambda head: (level[head.unit], -head.cutoff.toordinal()))
    return unit_or_404(head.unit, Period.parse(head.period)), Period.parse(head.period)


def _wall(shown: Quarter) -> Wall:
    snapshot = shown.snapshot
    known = {unit.code: unit for unit in snapshot.tree.units}
    lower = shown.catalogue.sets[snapshot.lower_set] if snapshot.lower and snapshot.lower_set else None
    return Wall(
        quarter=shown,
        own=tuple(zip(shown.criteria_set.groups, cells(snapshot.sheet, shown.criteria_set), strict=True)),
        groups=lower.groups if lower else (),
        heat=screens(heat_rows(snapshot.lower, lower, known) if lower else (), ALONE, BESIDE),
        places=screens(place_rows(snapshot.ranking, snapshot.lower, known), ALONE, BESIDE),
        supplies=one_column(_supplies(shown.host), SOURCES),
        newest_figure_at=None if shown.frozen else _newest_figure(snapshot),
    )


def _supplies(host: OrgUnit) -> list[Supply]:
    """How each source stands today, whatever quarter is shown; those that need a person first."""
    storage = site().storage
    last = {pull.source: pull for pull in storage.last_pulls(host.code, ways=(Way.ASKED,))}
    good = storage.schedule.last_good_pulls(host.code)
    stale = {each.source for each in storage.schedule.stale_sources() if each.unit == host.code}
    stale |= {source for source, at in good.items() if now() - at > USUAL_LONGEST}
    found = [Supply(source, _state(last.get(code), code in stale), good.get(code)) for code, source in site().catalogue.sources.items()]
    return sorted(found, key=lambda supply: _ORDER.index(supply.state))


def _state(pull: PullRun | None, stale: bool) -> str:
    if pull is None:
        return "never"
    if stale and pull.outcome != "failed":
        return "stale"
    return pull.outcome or "running"


def _newest_figure(snapshot: Snapshot) -> datetime | None:
    """When the newest figure that carries a value came."""
    table = table_of(snapshot.figures, snapshot.tree)
    used: set[int] = set()
    for figures in table.measures.values():
        used.update(np.unique(figures.records["origin"][with_value(figures.records["state"])]).tolist())
    return max((table.answers[row].fetched_at for row in used if row >= 0), default=None)


def _seconds() -> int:
    asked = request.args.get("giay", "")
    return min(max(int(asked), SHORTEST_S), LONGEST_S) if asked.isascii() and asked.isdigit() and len(asked) < 6 else USUAL_S


def _come_back(answer: Response) -> Response:
    """A screen that met an error page has nobody to press a key: it tries again by itself."""
    if request.endpoint == "wall" and not g.get("wall_is_shown"):
        answer.headers["Refresh"] = str(REFRESH_S)
    return answer
