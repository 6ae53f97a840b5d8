"""The sources page: one line per source that reads as a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request

from hue_dti.catalogue.model import Catalogue, Source
from hue_dti.periods import Period
from hue_dti.storage.model import PullRun
from hue_dti.units.model import OrgUnit
from hue_dti.web.site import period_or_404, site, unit_or_404


@dataclass(frozen=True, slots=True)
class Supply:
    """A source, how its newest pull went (None before the first), and the criteria it feeds."""

    source: Source
    pull: PullRun | None
    criteria: tuple[str, ...]


def sources() -> str:
    """How each source answered for one quarter: that of `don-vi` and `ky`, else the newest closed one."""
    heads = site().storage.newest_heads()
    code, spelt = request.args.get("don-vi", ""), request.args.get("ky", "")
    if not (code and spelt) and heads:
        code, spelt = heads[0].unit, heads[0].period
    if not (code and spelt):
        return render_template("sources.html", supplies=_supplies(site().catalogue, (), None, None), unit=None, period=None, closed=())
    period = period_or_404(spelt)
    unit = unit_or_404(code, period)
    supplies = _supplies(site().catalogue, site().storage.last_pulls(code, period), unit, period)
    closed = [(unit_or_404(head.unit, Period.parse(head.period)), Period.parse(head.period)) for head in heads]
    return render_template("sources.html", supplies=supplies, unit=unit, period=period, closed=closed)


def _supplies(catalogue: Catalogue, pulls: tuple[PullRun, ...], unit: OrgUnit | None, period: Period | None) -> list[Supply]:
    last = {pull.source: pull for pull in pulls}
    criteria_set = catalogue.set_for(unit.level, period.end) if unit and period else None
    fed: dict[str, list[str]] = {}
    for criterion in criteria_set.criteria if criteria_set else ():
        for source in dict.fromkeys(catalogue.measures[code].source for code in criterion.rule.measures()):
            fed.setdefault(source, []).append(criterion.code)
    return [Supply(source, last.get(code), tuple(fed.get(code, ()))) for code, source in catalogue.sources.items()]
