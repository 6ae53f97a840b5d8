"""What a plan wants of the rank and of whole groups, by form; and the history of a plan, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from flask import Flask, make_response, render_template, request
from werkzeug.wrappers import Response

from hue_dti.errors import ImportRefused, PlanChanged, PlanRefused
from hue_dti.plans.cells import RANK
from hue_dti.plans.compared import Difference, difference
from hue_dti.plans.model import PlanVersion
from hue_dti.services.plan_edit import goals_of, put_goals
from hue_dti.services.plan_file import LONGEST
from hue_dti.services.plans import LONGEST_TITLE, LONGEST_WORDS
from hue_dti.web.dossiers import go
from hue_dti.web.plan_lines import Theirs, asked_change, changed_by, faults_by_field, newest_of
from hue_dti.web.plan_new import REFUSED
from hue_dti.web.plans import ADDRESS, Desk, open_plan
from hue_dti.web.site import site

SHOWN = 20
"""Versions on one page of the history."""


@dataclass(frozen=True, slots=True)
class Told:
    """A version and what it changed; None for the first one."""

    version: PlanVersion
    changes: Difference | None


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule(f"{ADDRESS}/muc-tieu", "plan_goals", goals)
    app.add_url_rule(f"{ADDRESS}/muc-tieu", "set_plan_goals", set_goals, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}/lich-su", "plan_history", history)


def goals(code: str, framework: str, year: int) -> str:
    """The form of the name, the rank and the groups."""
    found = open_plan()
    told = {each.group: {"result": each.result, "target": each.target.words} for each in found.version.plan.groups}
    return _page(found, told, found.version.title)


def set_goals(code: str, framework: str, year: int) -> Response:
    """Keep them."""
    found = open_plan()
    codes = [place for place, _ in _places(found)]
    rows = {each: {"group": each or RANK, "result": _sent("kq", each), "target": _sent("pd", each)} for each in codes}
    theirs, faults, said = None, {}, ""
    asked = asked_change()
    try:
        put_goals(site().storage, found.version, found.outline, request.form.get("ten", ""), rows, asked)
    except ImportRefused as refused:
        faults = faults_by_field(refused)
    except PlanChanged:
        found = newest_of(found)
        theirs = _theirs(found, asked.seen)
    except PlanRefused as fault:
        said = str(fault)
    if not (faults or said or theirs):
        return go("plan", **found.values)
    return make_response(_page(found, rows, request.form.get("ten", ""), faults, said, theirs), REFUSED)


def history(code: str, framework: str, year: int) -> str:
    """Every version with what it changed, the newest first; `chi-tieu` narrows it to one line, `truoc` leads to older ones."""
    found = open_plan()
    until, key = request.args.get("truoc", ""), request.args.get("chi-tieu", "")
    below = int(until) if until.isascii() and until.isdigit() and len(until) < 9 else None
    versions = site().storage.plans.versions(found.version.key, below, most=None if key else SHOWN + 1)
    first = versions[:1] if versions and versions[0].number == 1 else ()
    told = [Told(version, difference(before, version, found.outline.names)) for before, version in pairwise(versions)]
    shown = [each for each in (*reversed(told), *(Told(version, None) for version in first)) if not key or _touches(each, key)]
    name = next((line.name for version in reversed(versions) if (line := version.plan.line(key)) is not None), "")
    older = shown[SHOWN - 1].version.number if len(shown) >= SHOWN and shown[SHOWN - 1].version.number > 1 else 0
    return render_template("plan_history.html", desk=found, shown=shown[:SHOWN], older=older, key=key, name=name)


def _touches(each: Told, key: str) -> bool:
    """Whether the version brought the line, took it out or changed it."""
    if each.changes is None:
        return each.version.plan.line(key) is not None
    told = each.changes
    return any(line.key == key for line in (*told.new, *told.gone)) or any(row.key == key for row in told.changed)


def _places(found: Desk) -> list[tuple[str, str]]:
    """The rank and the groups a plan may want something of: code and name."""
    return [("", RANK), *((group.code, group.name) for group in found.outline.groups)]


def _sent(what: str, code: str) -> str:
    return request.form.get(f"{what}-{code}", "")


def _theirs(found: Desk, seen: int) -> Theirs:
    base = site().storage.plans.version(found.version.key, seen)
    told = difference(base, found.version, found.outline.names) if base is not None else None
    return Theirs(changed_by(found, seen, goals_of), told.goals if told else (), titles=told.titles if told else None)


def _page(
    found: Desk,
    rows: Mapping[str, Mapping[str, str]],
    title: str,
    faults: Mapping[str, str] | None = None,
    said: str = "",
    theirs: Theirs | None = None,
) -> str:
    return render_template(
        "plan_goals.html",
        desk=found,
        places=_places(found),
        rows=rows,
        title=title,
        faults=faults or {},
        said=said,
        theirs=theirs,
        reason=request.form.get("ly-do", ""),
        longest=LONGEST | {"title": LONGEST_TITLE, "reason": LONGEST_WORDS},
    )
