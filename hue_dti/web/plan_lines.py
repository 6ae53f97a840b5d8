"""One line of a plan by form: new, changed or taken out; what somebody else changed in it meanwhile is told, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask import Flask, abort, make_response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from hue_dti.collation import sort_key
from hue_dti.errors import ImportRefused, PlanChanged, PlanRefused
from hue_dti.plans.cells import line_cells
from hue_dti.plans.compared import RowChange, line_changes
from hue_dti.plans.model import PlanLine, PlanVersion
from hue_dti.services.plan_edit import Change, put_line, take_out
from hue_dti.services.plan_file import LONGEST, LONGEST_UNIT
from hue_dti.services.plans import LONGEST_WORDS
from hue_dti.units.model import Level
from hue_dti.web.dossiers import doer, go
from hue_dti.web.plan_new import REFUSED, carried
from hue_dti.web.plans import ADDRESS, Desk, desk_of, open_plan
from hue_dti.web.site import site, today, units

FIELDS = {
    "code": "ma",
    "name": "ten",
    "group": "nhom",
    "number": "stt",
    "result": "hien-nay",
    "target": "phan-dau",
    "lead": "chu-tri",
    "coordinating": "phoi-hop",
    "due": "han",
    "tasks": "nhiem-vu",
    "deferral": "ly-do-hoan",
    "note": "ghi-chu",
}
"""Cell → field of the form."""
UNITS = ("lead", "coordinating")
BLANKS = 2
"""Empty fields for units beyond those that are filled in."""


@dataclass(frozen=True)
class Theirs:
    """The version in which somebody else changed the form's rows while it was open, and what; `gone` where it took the line out."""

    version: PlanVersion
    rows: Sequence[RowChange] = ()
    gone: bool = False
    titles: tuple[str, str] | None = None


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule(f"{ADDRESS}/them", "plan_add", add)
    app.add_url_rule(f"{ADDRESS}/them", "add_plan_line", add_it, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}/viec/<line>/sua", "plan_line_form", form)
    app.add_url_rule(f"{ADDRESS}/viec/<line>/sua", "change_plan_line", change, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}/bo", "plan_out", out)
    app.add_url_rule(f"{ADDRESS}/bo", "take_out_of_plan", out_with_it, methods=["POST"])


def add(code: str, framework: str, year: int) -> str:
    """The form of a new line, with what a step's page brings along."""
    found = open_plan()
    return _page(found, "", _brought(found, {}))


def add_it(code: str, framework: str, year: int) -> Response:
    """Keep a new line."""
    return _save(open_plan(), "")


def form(code: str, framework: str, year: int, line: str) -> str:
    """The form of a line as it stands, with what a step's page brings along."""
    found = open_plan()
    standing = found.version.plan.line(line) or abort(404)
    return _page(found, line, _brought(found, _cells_of(standing)))


def change(code: str, framework: str, year: int, line: str) -> Response:
    """Keep a line as its form says it."""
    return _save(open_plan(), line)


def out(code: str, framework: str, year: int) -> str:
    """What would be taken out: the lines of the address, or all that are not set yet."""
    found = open_plan()
    keys = request.args.getlist("viec")
    wanted = [line for line in found.version.plan.lines if line.key in keys or (request.args.get("chi") == "chua-dat" and line.is_open)]
    return _out_page(found, wanted) if wanted else abort(404)


def out_with_it(code: str, framework: str, year: int) -> Response:
    """Take the lines out."""
    found, keys = open_plan(), request.form.getlist("viec")
    said, theirs = "", None
    try:
        take_out(site().storage, found.version, keys, asked_change())
    except PlanChanged:
        found = newest_of(found)
        theirs = _theirs(found, keys, asked_change().seen)
    except PlanRefused as fault:
        said = str(fault)
    if not (said or theirs):
        return go("plan", **found.values)
    return make_response(_out_page(found, [line for line in found.version.plan.lines if line.key in keys], said, theirs), REFUSED)


def asked_change() -> Change:
    """Who changes the plan, why, and which version the form stood on."""
    seen = request.form.get("ban", "")
    return Change(doer(), request.form.get("ly-do", ""), int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1)


def newest_of(found: Desk) -> Desk:
    """The plan as it is kept now, whatever this request read of it before."""
    return desk_of(site().storage.plans.find(found.version.key) or found.version)


def _save(found: Desk, key: str) -> Response:
    cells = _typed(found, request.form)
    if "them-o" in request.form:
        return make_response(_page(found, key, cells, blanks=BLANKS + 1))
    theirs, faults, said = None, {}, ""
    asked = asked_change()
    try:
        put_line(site().storage, found.version, found.outline, cells, key, asked)
    except ImportRefused as refused:
        faults = faults_by_field(refused)
    except PlanChanged:
        found = newest_of(found)
        theirs = _theirs(found, [key] if key else [], asked.seen)
    except PlanRefused as refused_whole:
        said = str(refused_whole)
    if not (faults or said or theirs):
        return go("plan", **found.values, _anchor="chi-tieu")
    return make_response(_page(found, key, cells, faults, said, theirs), REFUSED)


def faults_by_field(refused: ImportRefused) -> dict[str, str]:
    """The first fault of each field, in the form's order, as it is said beside it."""
    found: dict[str, str] = {}
    order = list(FIELDS)
    for fault in sorted(refused.faults, key=lambda each: order.index(each.path) if each.path in order else 0):
        words = f"{fault.what}; {fault.remedy}."
        found.setdefault(fault.path, words[:1].upper() + words[1:])
    return found


def changed_by(found: Desk, seen: int, part: Callable[[PlanVersion], object]) -> PlanVersion:
    """The last version after the one that was looked at which changed the part."""
    since = found.version.number - seen
    versions = site().storage.plans.versions(found.version.key, most=since + 1) if 0 < since < found.version.number else ()
    return next((new for old, new in reversed(list(pairwise(versions))) if part(old) != part(new)), found.version)


def _theirs(found: Desk, keys: Sequence[str], seen: int) -> Theirs:
    """What was changed since in the lines of these keys."""
    base, names = site().storage.plans.version(found.version.key, seen), found.outline.names
    pairs = [(base.plan.line(key) if base else None, found.version.plan.line(key)) for key in keys]
    told = [(new, line_changes(old, new, names)) for old, new in pairs if old is not None and new is not None]
    rows = [RowChange(line.key, line.name, cells) for line, cells in told if cells]
    theirs = changed_by(found, seen, lambda of: [of.plan.line(key) for key in keys])
    return Theirs(theirs, rows, gone=any(new is None for _, new in pairs))


def _typed(found: Desk, sent: MultiDict[str, str]) -> dict[str, str]:
    """The cells of the form; a chosen component gives its name and group where none was typed."""
    cells = {cell: "; ".join(each for each in sent.getlist(name) if each.strip()) for cell, name in FIELDS.items()}
    component = found.outline.component(cells["code"])
    if component is not None:
        cells["group"] = cells["group"] or component[0].code
        cells["name"] = cells["name"].strip() or component[1].name
    return cells


def _cells_of(line: PlanLine) -> dict[str, str]:
    """The line as the form shows it: its group by code."""
    return line_cells(line, {})


def _brought(found: Desk, cells: Mapping[str, str]) -> dict[str, str]:
    """The cells with what a step's page brought laid over them; tasks that stand are kept."""
    told = carried()
    brought = {"target": told.get("phan-dau", ""), "due": told.get("han", "")}
    brought["tasks"] = cells.get("tasks") or told.get("nhiem-vu", "")
    if not cells and found.outline.component(told.get("tieu-chi", "")) is not None:
        brought["code"] = told["tieu-chi"]
    return {**dict.fromkeys(FIELDS, ""), **cells, **{name: text for name, text in brought.items() if text}}


def _page(
    found: Desk,
    key: str,
    cells: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    said: str = "",
    theirs: Theirs | None = None,
    blanks: int = BLANKS,
) -> str:
    plan = found.version.plan
    line = plan.line(key) if key else None
    taken = {each.code for each in plan.lines if each is not line}
    return render_template(
        "plan_line_form.html",
        desk=found,
        line=line,
        cells=cells,
        faults=faults or {},
        said=said,
        theirs=theirs,
        rows={name: [*(each.strip() for each in cells[name].split(";") if each.strip()), *[""] * blanks] for name in UNITS},
        free=[(group, [each for each in group.lines if each.code not in taken]) for group in found.outline.groups],
        brought=carried().get("tu-trang", "") if request.method == "GET" else "",
        told=any(each.told for each in found.all if each.line.key == key),
        suggested=_suggested(found),
        reason=request.form.get("ly-do", carried().get("tu-trang", "")),
        longest=LONGEST | {"unit": LONGEST_UNIT, "reason": LONGEST_WORDS},
        FIELDS=FIELDS,
    )


def _suggested(found: Desk) -> list[str]:
    """Names to choose lead and coordinating units from: those of the plan, then the units right below and the agencies beside them."""
    code = found.version.key.unit
    near = [each for each in units() if each.exists_on(today()) and each.level is not Level.VILLAGE and code in (each.parent, each.code)]
    names = sorted((each.name for each in near), key=sort_key)
    return list(dict.fromkeys((*found.version.plan.units(), *names)))


def _out_page(found: Desk, wanted: Sequence[PlanLine], said: str = "", theirs: Theirs | None = None) -> str:
    return render_template(
        "plan_out.html",
        desk=found,
        wanted=wanted,
        said=said,
        theirs=theirs,
        needs_reason=not all(line.is_open for line in wanted),
        reason=request.form.get("ly-do", ""),
        longest=LONGEST_WORDS,
    )
