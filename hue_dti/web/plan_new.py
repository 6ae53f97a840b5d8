"""A plan begun on the web: from every line of its framework or set, or from last year's; and a step of another page taken into one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Flask, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hue_dti.accounts.model import Act
from hue_dti.catalogue.model import CriteriaSet
from hue_dti.catalogue.outline import Outline
from hue_dti.errors import PlanRefused
from hue_dti.numerals import format_date
from hue_dti.plans.model import PlanKey
from hue_dti.plans.results import Results
from hue_dti.services.plan_start import before_it, begin, results_now
from hue_dti.services.plans import LONGEST_TITLE, usual_title
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import can
from hue_dti.web.dossiers import doer, go
from hue_dti.web.plans import PLANNING, all_outlines, planning_units
from hue_dti.web.roll_up import ways
from hue_dti.web.site import now, site, today, units

REFUSED = 422
CARRIED = {"tieu-chi": 60, "phan-dau": 500, "han": 20, "nhiem-vu": 2000, "tu-trang": 200}
"""What a step brings along on the way into a plan, with its most letters: the line's code, target, day, tasks, and where it comes from."""


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/ke-hoach/lap", "plan_new", form)
    app.add_url_rule("/ke-hoach/lap", "begin_plan", begin_it, methods=["POST"])
    app.add_url_rule("/ke-hoach/dua-vao", "plan_take_in", take_in)


def form(said: str = "") -> str:
    """The form of a new plan."""
    typed = request.form or request.args
    now_in_force, others = _outlines()
    told = {"typed": typed, "said": said, "year": _next_year(), "longest": LONGEST_TITLE, "carried": carried()}
    told |= {"standing": _standing(), "usual": usual_title("…")}
    return render_template("plan_new.html", units=planning_units(), outlines=(now_in_force, others), **told)


def begin_it() -> Response:
    """Keep the first version."""
    try:
        key = asked_key()
        after = before_it(site().storage, key) if request.form.get("tu") == "nam-truoc" else None
        title = request.form.get("ten", "").strip() or usual_title(key.year)
        begin(site().storage, key, all_outlines()[key.framework], title, known_now(key), doer(), after)
    except PlanRefused as fault:
        return make_response(form(str(fault)), REFUSED)
    return _into(key, carried()) if carried() else go("plan", code=key.unit, framework=key.framework, year=key.year)


def take_in() -> Response:
    """Lead to the line's form in the plan the step belongs to, filled in; to the form of a new plan where there is none yet."""
    try:
        key = asked_key()
    except PlanRefused:
        abort(404)
    if site().storage.plans.find(key) is not None:
        return _into(key, carried())
    asked = {"don-vi": key.unit, "khung": key.framework, "nam-ke-hoach": key.year}
    return redirect(url_for("plan_new", **asked, **carried()))  # type: ignore[arg-type]


def asked_key() -> PlanKey:
    """The plan that a form or an address asks for; PlanRefused for what is none."""
    year, framework = request.values.get("nam-ke-hoach", "").strip(), request.values.get("khung", "")
    if framework not in all_outlines():
        raise PlanRefused("Chưa chọn khung hoặc bộ tiêu chí của kế hoạch.")
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise PlanRefused("Năm của kế hoạch gồm bốn chữ số, ví dụ 2027.")
    return PlanKey(request.values.get("don-vi", ""), framework, int(year))


def known_now(key: PlanKey) -> Results:
    """What the platform knows of the plan's lines today."""
    return results_now(site().storage, site().catalogue, ways(), key, now())


def may_plan(unit: OrgUnit) -> bool:
    """Whether whoever asks keeps plans of this unit today."""
    there = any(each.code == unit.code and each.exists_on(today()) for each in units())
    return unit.level in PLANNING and there and can(Act.EDIT_REPORT, unit.code)


def into_plan(unit: OrgUnit, framework: str, due: date, line: str, target: str, tasks: str, whence: str) -> str:
    """The way of a step into the plan of its year; empty for whoever keeps no plans of the unit."""
    if not may_plan(unit):
        return ""
    key = {"don-vi": unit.code, "khung": framework, "nam-ke-hoach": str(due.year)}
    told = {"tieu-chi": line, "phan-dau": target, "han": format_date(due), "nhiem-vu": tasks, "tu-trang": whence}
    asked = {name: text[: CARRIED[name]] for name, text in told.items() if text}
    return url_for("plan_take_in", **key, **asked)  # type: ignore[arg-type]


def carried() -> dict[str, str]:
    """What came along from a step's page."""
    return {name: text[:most] for name, most in CARRIED.items() if (text := request.values.get(name, "").strip())}


def _into(key: PlanKey, told: Mapping[str, str]) -> Response:
    """The form of the line that the step is about, or of a new line."""
    version = site().storage.plans.find(key)
    line = next((each for each in version.plan.lines if each.code == told.get("tieu-chi")), None) if version else None
    place: dict[str, Any] = {"code": key.unit, "framework": key.framework, "year": key.year, **told}
    if line is not None:
        return redirect(url_for("plan_line_form", line=line.key, **place), 303)
    return redirect(url_for("plan_add", **place), 303)


def _outlines() -> tuple[dict[str, Outline], dict[str, Outline]]:
    """What a plan can be for: frameworks and the sets of today first, then the rest."""
    sets: Mapping[str, CriteriaSet] = site().catalogue.sets
    known = all_outlines()
    now_in_force = {code: each for code, each in known.items() if code not in sets or sets[code].in_force_on(today())}
    return now_in_force, {code: each for code, each in known.items() if code not in now_in_force}


def _standing() -> PlanKey | None:
    """The plan that stands where the form asks for a new one."""
    try:
        key = asked_key()
    except PlanRefused:
        return None
    return key if site().storage.plans.find(key) is not None else None


def _next_year() -> int:
    """The year people plan for: from October on the next one."""
    day: date = today()
    return day.year + (day.month >= 10)
