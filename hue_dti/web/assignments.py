"""Who answers for which criterion of a unit: seen by its committee, given by its secretary or the administrator."""

from __future__ import annotations

from flask import Flask, Response, abort, redirect, render_template, request, url_for

from hue_dti.accounts.account import Account
from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import may
from hue_dti.catalogue.model import CriteriaSet
from hue_dti.collation import sort_key
from hue_dti.errors import AccountRefused
from hue_dti.periods import Period
from hue_dti.services.assignments import assign
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree
from hue_dti.web.access import event, lines
from hue_dti.web.sessions import actor
from hue_dti.web.site import now, period_or_404, site, today, unit_or_404, units

_REFUSED = 409


def register(app: Flask) -> None:
    """Give the page its address."""
    app.add_url_rule("/don-vi/<code>/<period>/phan-cong", "assignments", assignments)
    app.add_url_rule("/don-vi/<code>/<period>/phan-cong/giao", "assign", give, methods=["POST"])


def assignments(code: str, period: str, said: str = "") -> str:
    """Every criterion of the unit's set with the unit and person that answer for it."""
    unit, chosen, criteria_set = _set(code, period)
    below = build_tree(units(), chosen.end, unit.code).units
    return render_template(
        "assignments.html",
        unit=unit,
        period=chosen,
        criteria_set=criteria_set,
        given=site().storage.assignments.of(unit.code, criteria_set.code),
        names={each.code: each.name for each in below},
        below=below,
        persons=_persons(unit),
        people={each.login: each for each in site().storage.accounts.all()},
        said=said,
        typed=request.form if said else {},
        ticked=request.form.getlist("tieu-chi") if said else [],
    )


def give(code: str, period: str) -> Response | tuple[str, int]:
    """Give the ticked criteria to a unit or person, or back to whoever enters at the unit."""
    unit, chosen, criteria_set = _set(code, period)
    criteria, login = request.form.getlist("tieu-chi"), request.form.get("nguoi", "")
    responsible = request.form.get("don-vi-nhan", "") or (unit.code if login else "")
    said = event("criteria.assigned", unit.code, f"{criteria_set.code} {', '.join(sorted(criteria))}", new=f"{responsible} {login}".strip())
    try:
        assign(site().storage, unit, criteria_set, criteria, responsible, login, actor().login, now(), [said])
    except AccountRefused as fault:
        return assignments(code, period, str(fault)), _REFUSED
    return redirect(url_for("assignments", code=code, period=chosen), 303)  # type: ignore[return-value]


def _set(code: str, period: str) -> tuple[OrgUnit, Period, CriteriaSet]:
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    return unit, chosen, site().catalogue.set_for(unit.level, chosen.end) or abort(404)


def _persons(unit: OrgUnit) -> list[Account]:
    """Who may enter at the unit or below it, by name."""
    there = [account for account in site().storage.accounts.all() if account.active and _enters_at(account, unit.code)]
    return sorted(there, key=lambda account: sort_key(account.name))


def _enters_at(account: Account, code: str) -> bool:
    who = account.actor(today())
    reached = [each.unit for each in who.grants if code in lines().of(each.unit)]
    return any(may(who, Act.ENTER, lines().of(unit)) for unit in [code, *reached])
