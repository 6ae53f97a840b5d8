"""Keeping a plan: a file looked at first and stored only when confirmed, names tied to units, files out."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from flask import Flask, abort, make_response, render_template, request, send_file
from werkzeug.wrappers import Response

from hue_dti.errors import Fault, ImportRefused, PlanRefused, SettingError, UnitError
from hue_dti.plans.model import PlanKey
from hue_dti.plans.results import Results
from hue_dti.plans.written import plan_from, plan_json
from hue_dti.services.plan_file import plan_book, plan_of
from hue_dti.services.plan_paper import paper_name
from hue_dti.services.plan_start import blank_plan
from hue_dti.services.plans import LONGEST_TITLE, LONGEST_WORDS, Preview, keep_plan, name_units, preview
from hue_dti.services.table_file import LARGEST
from hue_dti.web.access import event
from hue_dti.web.dossiers import doer, go
from hue_dti.web.filled_book import REFUSED, XLSX, opened, sealed
from hue_dti.web.plan_new import asked_key, known_now
from hue_dti.web.plans import ADDRESS, Desk, all_outlines, open_plan, planning_units
from hue_dti.web.site import site, today, units
from hue_dti.web.uploads import LARGER


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/ke-hoach/nhap", "plan_import", start)
    app.add_url_rule("/ke-hoach/nhap", "plan_look", look, methods=["POST"])
    app.add_url_rule("/ke-hoach/nhap/ghi", "plan_keep", keep, methods=["POST"])
    app.add_url_rule("/ke-hoach/mau/<framework>.xlsx", "plan_form", form)
    app.add_url_rule(f"{ADDRESS}/ke-hoach.xlsx", "plan_file", book)
    app.add_url_rule(f"{ADDRESS}/don-vi", "plan_units", unit_names)
    app.add_url_rule(f"{ADDRESS}/don-vi", "name_plan_units", say_units, methods=["POST"])
    LARGER["plan_look"] = LARGEST + 100_000


def start() -> str:
    """The page that takes the file."""
    return _page()


def look() -> str | Response:
    """What the file would change; nothing is stored."""
    try:
        key, (name, body) = asked_key(), _file()
        plan = plan_of(body, name, all_outlines()[key.framework])
        found = preview(site().storage, key, plan, today())
    except ImportRefused as fault:
        return make_response(_page(faults=fault.faults), REFUSED)
    except PlanRefused as fault:
        return make_response(_page(refused=str(fault)), REFUSED)
    title = " ".join(request.form.get("ten", "").split()) or (found.before.title if found.before else "")
    told = {"key": [key.unit, key.framework, key.year], "title": title, "seen": found.before.number if found.before else 0}
    try:
        return _page(found, sealed("ke-hoach", told | {"content": plan_json(found.plan)}), title)
    except SettingError as fault:
        return make_response(_page(refused=str(fault)), REFUSED)


def keep() -> str | Response:
    """Store what was looked at."""
    try:
        told = opened("ke-hoach", request.form.get("sealed", ""))
    except SettingError as fault:
        return make_response(_page(refused=str(fault)), REFUSED)
    key = PlanKey(*told["key"])
    if key.unit != request.form.get("don-vi"):
        abort(400)
    plan = plan_from(key.framework, told["content"])
    title = request.form.get("ten") or told["title"]
    try:
        kept = keep_plan(site().storage, key, title, plan, request.form.get("ly-do", ""), doer(), told["seen"])
    except PlanRefused as fault:
        found = preview(site().storage, key, plan, today())
        return make_response(_page(found, request.form["sealed"], title, refused=str(fault)), REFUSED)
    return go("plan", code=kept.key.unit, framework=kept.key.framework, year=kept.key.year)


def form(framework: str) -> Response:
    """A workbook to fill in: the names of all lines, and for a chosen unit the results of now."""
    outline = all_outlines().get(framework)
    if outline is None:
        abort(404)
    unit = request.args.get("don-vi", "")
    results = known_now(PlanKey(unit, framework, today().year)) if unit else Results()
    return send_file(
        BytesIO(plan_book(blank_plan(outline, results), outline)),
        mimetype=XLSX,
        as_attachment=True,
        download_name=f"mau-ke-hoach-{framework}.xlsx",
    )


def book(code: str, framework: str, year: int) -> Response:
    """The plan as a workbook that can be brought in again."""
    found = open_plan()
    site().storage.trail.note(event("export.made", code, f"kế hoạch {framework}, {year}, XLSX"))
    body = plan_book(found.version.plan, found.outline)
    return send_file(BytesIO(body), mimetype=XLSX, as_attachment=True, download_name=paper_name(site().storage, found.version, "xlsx"))


def unit_names(code: str, framework: str, year: int) -> str:
    """Which units the names of the plan mean."""
    return _units_page(open_plan())


def say_units(code: str, framework: str, year: int) -> str | Response:
    """Keep what was said of the names, as the plan's next version."""
    found = open_plan()
    names, said = request.form.getlist("ten"), request.form.getlist("la")
    if len(names) != len(said) or request.form.get("ban") != str(found.version.number):
        return make_response(_units_page(found, "Kế hoạch vừa có bản mới; hãy xem lại rồi ghi."), REFUSED)
    who = {name: [each.strip() for each in text.split(";") if each.strip()] for name, text in zip(names, said, strict=True)}
    known = frozenset(found.version.plan.units())
    try:
        name_units(site().storage, found.version, {name: each for name, each in who.items() if name in known}, doer())
    except (PlanRefused, SettingError, UnitError) as fault:
        return make_response(_units_page(found, str(fault)), REFUSED)
    return go("plan", **found.values)


def _file() -> tuple[str, bytes]:
    given = request.files.get("tep")
    if given is None or not given.filename:
        raise PlanRefused("Chưa chọn tệp; hãy chọn tệp kế hoạch rồi bấm Xem trước.")
    return given.filename, given.read(LARGEST + 1)


def _page(found: Preview | None = None, sealed: str = "", title: str = "", refused: str = "", faults: Sequence[Fault] = ()) -> str:
    told = {"look": found, "sealed": sealed, "title": title, "refused": refused, "faults": faults}
    return render_template(
        "plan_import.html",
        units=planning_units(),
        outlines=all_outlines(),
        typed=request.values,
        year=today().year,
        longest=(LONGEST_TITLE, LONGEST_WORDS),
        **told,
    )


def _units_page(found: Desk, refused: str = "") -> str:
    version, known = found.version, {each.code: each.name for each in units()}
    rows = []
    for name in version.plan.units():
        codes = version.who.get(name, ())
        rows.append((name, "; ".join(codes), [known.get(code, code) for code in codes]))
    return render_template("plan_units.html", desk=found, rows=rows, refused=refused)
