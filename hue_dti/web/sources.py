"""The operations centre's board: one line per source that reads as a sentence, the worst first."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from flask import render_template, request

from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import roots
from hue_dti.errors import HueDtiError
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.schedule.coming import next_pulls
from hue_dti.schedule.model import Due
from hue_dti.schedule.read import load_schedule
from hue_dti.services.alerts import open_alerts
from hue_dti.services.run_now import SourceCall
from hue_dti.services.workbench import installed_jobs
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import can
from hue_dti.web.sessions import actor
from hue_dti.web.site import host_of, now, period_or_404, site, source_told, today, unit_or_404, units
from hue_dti.web.supply import STANDINGS, Supply, supplies

SILENT = timedelta(minutes=15)
"""The schedule leaves a sign of life every five minutes."""


def sources() -> str:
    """How each source stands for one quarter: that of `don-vi` and `ky`, else the one pulled last."""
    pulled = tuple(each for each in site().storage.board.pulled() if can(Act.READ_LIVE, each[0], each[1].end))
    code, _, spelt = request.args.get("quy", "").partition("/")
    code, spelt = request.args.get("don-vi", code), request.args.get("ky", spelt)
    if not (code and spelt):
        code, spelt = _first(pulled)
    if not (code and spelt):
        return render_template("sources.html", supplies=[], unit=None, period=None, others=[], alerts=[], sums=[], can_ask=False)
    period = period_or_404(spelt)
    unit = unit_or_404(code, period)
    lines = _lines(unit, period)
    counted = Counter(line.standing for line in lines)
    beat = site().storage.schedule.last_beat("schedule")
    return render_template(
        "sources.html",
        supplies=lines,
        unit=unit,
        period=period,
        others=_others(pulled, unit, period),
        alerts=[alert for alert in open_alerts(site().storage) if alert.unit == code],
        sums=[(standing, counted[standing]) for standing in STANDINGS if counted[standing]],
        can_ask=host_of(unit, period) == unit and can(Act.OPERATE, unit.code, period.end),
        planned=any(line.due for line in lines),
        workers=site().storage.board.workers(),
        silent_since=beat if beat is not None and now() - beat > SILENT else None,
    )


def _first(pulled: tuple[tuple[str, Period], ...]) -> tuple[str, str]:
    """The quarter pulled last, else the running one of a unit of whoever asks that closes quarters of its own; empty without."""
    if pulled:
        return pulled[0][0], str(pulled[0][1])
    running, mine = Period.quarter_of(today()), roots(actor(), Act.READ_LIVE)
    own = (unit for unit in units() if unit.code in mine and unit.exists_on(today()))
    return next(((unit.code, str(running)) for unit in own if host_of(unit, running) == unit), ("", ""))


def _lines(unit: OrgUnit, period: Period) -> tuple[Supply, ...]:
    stale = {each.source for each in site().storage.schedule.stale_sources() if each.unit == unit.code}
    calls = [SourceCall(unit.code, period, source) for source in site().catalogue.sources]
    fed, moment = _fed(unit, period), now()
    resting = {code: each.rests_until for code, each in site().storage.circuits.failing().items() if each.rests_until is not None}
    lines = supplies(calls, _due(unit), fed, stale, {code: until for code, until in resting.items() if until > moment})
    mine = (line for line in lines if not fed or line.criteria or line.runs or line.waiting)
    return tuple(replace(line, source=source_told(line.source.code, unit, period)) for line in mine)


def _due(unit: OrgUnit) -> dict[str, Due]:
    """The next time of each source; nothing when the schedule has faults, which `hue-dti schedule` tells in full."""
    path = site().settings.schedule or folder("jobs") / "schedule.yaml"
    with suppress(HueDtiError):
        return dict(next_pulls(load_schedule(path, installed_jobs(), site().catalogue.sources), site().catalogue, unit, now()))
    return {}


def _fed(unit: OrgUnit, period: Period) -> dict[str, list[str]]:
    """The criteria that use each source's figures."""
    criteria_set = site().catalogue.set_for(unit.level, period.end)
    fed: dict[str, list[str]] = {}
    for criterion in criteria_set.criteria if criteria_set else ():
        for source in dict.fromkeys(site().catalogue.measures[code].source for code in criterion.rule.measures()):
            fed.setdefault(source, []).append(criterion.code)
    return fed


def _others(pulled: tuple[tuple[str, Period], ...], unit: OrgUnit, period: Period) -> list[tuple[OrgUnit, Period]]:
    """The quarters that were pulled, the chosen one among them whether it was or not."""
    spans = [(each, quarter) for code, quarter in pulled for each in units() if each.code == code]
    known = {(each.code, quarter): each for each, quarter in spans if each.exists_on(quarter.end)}
    return [(known[each], each[1]) for each in pulled if each in known] + ([] if (unit.code, period) in known else [(unit, period)])
