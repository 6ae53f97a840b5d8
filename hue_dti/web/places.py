"""Which unit a request is about: the place finders that lines of `access.yaml` name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from flask import g

from hue_dti.appraisal.rounds import Round
from hue_dti.errors import PeriodError
from hue_dti.periods import Period
from hue_dti.plans.model import PlanKey, PlanVersion
from hue_dti.services.accounts import province_of
from hue_dti.units.lines import spans_of
from hue_dti.units.model import OrgUnit
from hue_dti.web.sessions import actor
from hue_dti.web.site import host_of, site, today, units
from hue_dti.web.site import is_closed as is_closed_at

Values = Mapping[str, str]
"""What stands in the address and the form."""

Place = tuple[str, date | None]
"""A unit's code, and the day that counts; None is today, or the unit's last."""

Finder = Callable[[Values], Iterable[Place]]

FINDERS: dict[str, Finder] = {}
"""Finders by their name; a request is allowed when the act is allowed at one of the places found."""


def finder(name: str) -> Callable[[Finder], Finder]:
    """Give a finder its name in the matrix."""

    def named(find: Finder) -> Finder:
        FINDERS[name] = find
        return find

    return named


def period_of(values: Values) -> Period | None:
    """The period that a request is about."""
    spelt = values.get("period") or values.get("ky") or values.get("nam") or values.get("quy", "").partition("/")[2]
    try:
        return Period.parse(spelt) if spelt else None
    except PeriodError:
        return None


def is_spelt_otherwise(text: str) -> bool:
    """Whether this is a period, but not as periods are kept: each has one address, as its rows have one key."""
    period = period_of({"period": text})
    return period is not None and str(period) != text


def code_of(values: Values) -> str:
    """The unit that a list is asked about."""
    return values.get("don-vi") or values.get("quy", "").partition("/")[0]


def is_closed(values: Values) -> bool:
    """Whether the quarter in the address is frozen, that of the unit above for a unit that has none."""
    host = _host(values)
    period = period_of(values)
    return host is not None and period is not None and is_closed_at(host, period)


def is_issued(values: Values) -> bool:
    """Whether the report of the unit and period in the address is issued."""
    unit, period = _unit(values), period_of(values)
    return unit is not None and period is not None and site().storage.reports.case(unit.code, str(period)).issued is not None


def is_known(values: Values) -> bool:
    """Whether there is a unit and a period as the address says."""
    return _unit(values) is not None


def _day(values: Values) -> date | None:
    period = period_of(values)
    return period.end if period else None


def _unit(values: Values) -> OrgUnit | None:
    period = period_of(values)
    code = values.get("code") or values.get("huyen") or ""
    return next((unit for unit in spans_of(units()).get(code, ()) if period and unit.exists_on(period.end)), None)


def _host(values: Values) -> OrgUnit | None:
    unit, period = _unit(values), period_of(values)
    return host_of(unit, period) if unit and period else None


@finder("code")
def _code(values: Values) -> Iterable[Place]:
    return [(values.get("code", ""), _day(values))]


@finder("asked")
def _asked(values: Values) -> Iterable[Place]:
    code = code_of(values)
    return [(code, _day(values))] if code else []


@finder("any")
def _any(values: Values) -> Iterable[Place]:
    return _asked(values) or [(grant.unit, None) for grant in actor().grants]


@finder("province")
def _province(_: Values) -> Iterable[Place]:
    return [(province_of(units()), today())]


@finder("host")
def _of_host(values: Values) -> Iterable[Place]:
    host = _host(values)
    return [(host.code, _day(values))] if host else []


@finder("district")
def _district(values: Values) -> Iterable[Place]:
    return [(values["huyen"], _day(values))] if values.get("huyen") else []


@finder("answer")
def _answer(values: Values) -> Iterable[Place]:
    """The units for which an answer with these bytes came."""
    known = g.setdefault("asked_for", {})
    sha256 = values.get("sha256", "")
    if sha256 not in known:
        known[sha256] = site().storage.board.asked_for(sha256)
    return [(code, _end(period)) for code, period in known[sha256]]


@finder("alert")
def _alert(values: Values) -> Iterable[Place]:
    found = site().storage.alerts.find(int(values.get("number", "0")))
    return [(found.unit, None)] if found else []


@finder("plan")
def _plan(values: Values) -> Iterable[Place]:
    """The unit whose plan it is, and every unit the plan names."""
    version = plan_in(values)
    return [(code, None) for code in (version.key.unit, *sorted(version.units()))] if version else []


@finder("obligation")
def _obligation(values: Values) -> Iterable[Place]:
    """The units that a line's lead unit of this place means."""
    version = plan_in(values)
    line = version.plan.line(values.get("line", "")) if version else None
    place = int(values.get("lead", "0"))
    if version is None or line is None or place >= len(line.lead):
        return []
    return [(code, None) for code in version.codes(line.lead[place])]


@finder("round_host")
def _round_host(values: Values) -> Iterable[Place]:
    found = round_in(values)
    return [(found.host, None)] if found else []


@finder("round")
def _round(values: Values) -> Iterable[Place]:
    """The unit that runs the round, and every unit in it."""
    found = round_in(values)
    return [(found.host, None), *((unit.code, None) for unit in found.units)] if found else []


@finder("round_unit")
def _round_unit(values: Values) -> Iterable[Place]:
    """A unit in a round; one that is not in the list of units belongs to the round's host."""
    found = round_in(values)
    unit = values.get("unit", "")
    return [(found.host, None), (unit, None)] if found and found.unit(unit) else []


def round_in(values: Values) -> Round | None:
    """The round in an address, read once for each request."""
    known = g.setdefault("rounds", {})
    code = values.get("round_code", "")
    if code not in known:
        known[code] = site().storage.rounds.find(code)
    found: Round | None = known[code]
    return found


def plan_in(values: Values) -> PlanVersion | None:
    """The newest version of the plan in an address, read once for each request."""
    known = g.setdefault("plans", {})
    key = PlanKey(values.get("code", ""), values.get("framework", ""), int(values.get("year", "0")))
    if key not in known:
        known[key] = site().storage.plans.find(key)
    found: PlanVersion | None = known[key]
    return found


def _end(spelt: str) -> date | None:
    try:
        return Period.parse(spelt).end
    except PeriodError:
        return None
