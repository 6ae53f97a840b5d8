"""A plan on paper, and the published ranking that stands beside it."""

from __future__ import annotations

from io import BytesIO

from flask import Flask, abort, make_response, render_template, request, send_file
from werkzeug.wrappers import Response

from hue_dti.catalogue.frameworks import Framework
from hue_dti.errors import FrameworkError, PlanRefused, ValuesRefused
from hue_dti.plans.model import Standings
from hue_dti.rollup.assess import same_unit
from hue_dti.services.plan_paper import FORMATS, excerpt_beside, paper_bytes, paper_name, paper_of, standings_of, standings_of_values
from hue_dti.services.plan_standings import closed_periods, standings_of_quarter
from hue_dti.services.plans import set_standings
from hue_dti.services.year_results import Source, sources, values_of
from hue_dti.web.access import event
from hue_dti.web.dossiers import doer, go
from hue_dti.web.frameworks import known_frameworks, of_provinces
from hue_dti.web.plans import ADDRESS, Desk, open_plan
from hue_dti.web.provinces import own_names, regions
from hue_dti.web.site import site

REFUSED = 422
LARGEST = 400_000
"""Bytes of a table of values; 63 provinces take 6,000."""

_TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule(f"{ADDRESS}/ke-hoach.<any({', '.join(FORMATS)}):kind>", "plan_paper", paper)
    app.add_url_rule(f"{ADDRESS}/xep-hang", "plan_ranking", ranking)
    app.add_url_rule(f"{ADDRESS}/xep-hang", "set_plan_ranking", set_ranking, methods=["POST"])


def paper(code: str, framework: str, year: int, kind: str) -> Response:
    """The whole plan as a file."""
    found = open_plan()
    site().storage.trail.note(event("export.made", code, f"kế hoạch {framework}, {year}, {kind.upper()}"))
    report = paper_of(site().storage, found.version, found.outline, known_frameworks())
    body = BytesIO(paper_bytes(report, kind, site().settings.report_fonts))
    return send_file(body, mimetype=_TYPES[kind], as_attachment=True, download_name=paper_name(site().storage, found.version, kind))


def ranking(code: str, framework: str, year: int) -> str:
    """The ranking beside the plan, and the form that puts another one there."""
    found, known = _open()
    return _page(found, known)


def set_ranking(code: str, framework: str, year: int) -> str | Response:
    """Put the ranking of the given files, round or closed quarter beside the plan, as its next version."""
    found, known = _open()
    try:
        set_standings(site().storage, found.version, _chosen(found, known), doer())
    except (PlanRefused, ValuesRefused, FrameworkError) as fault:
        return make_response(_page(found, known, str(fault)), REFUSED)
    return go("plan_ranking", **found.values)


def _chosen(found: Desk, known: Framework | None) -> Standings:
    """The ranking of the form: a closed quarter's by a criteria set, a published round's or that of files by a framework."""
    if known is None:
        return _of_quarter(found)
    return _of_published(known) if request.form.get("dot") else _told(known)


def _open() -> tuple[Desk, Framework | None]:
    """The plan and its framework; None for one of a criteria set."""
    found = open_plan()
    known = known_frameworks().get(found.version.key.framework)
    return found, known if known is None or known.computable else abort(404)


def _of_quarter(found: Desk) -> Standings:
    """The ranking of the chosen closed quarter by the plan's criteria set."""
    key, asked = found.version.key, request.form.get("ky", "")
    period = next((each for each in closed_periods(site().storage) if str(each) == asked), None)
    if period is None:
        raise PlanRefused("Chưa chọn quý đã chốt nào.")
    return standings_of_quarter(site().storage, site().catalogue.sets[key.framework], key.unit, period)


def _of_published(known: Framework) -> Standings:
    """The ranking of a published year or round of the same framework, against the newest one of the year before."""
    out, storage = _published(known), site().storage
    chosen = out.get(request.form.get("dot", ""))
    if chosen is None:
        raise PlanRefused("Chưa chọn kết quả đã công bố nào.")
    before = next((each for each in out.values() if each.year == chosen.year - 1), None)
    rows, earlier = values_of(storage, chosen, known), values_of(storage, before, known) if before is not None else ()
    return standings_of_values(known, " ".join(request.form.get("ten-don-vi", "").split()), chosen.year, rows, earlier, regions())


def _published(known: Framework) -> dict[str, Source]:
    """What was published by the framework: years that were handed in, the newest publication of every round."""
    return {each.round or str(each.year): each for each in sources(site().storage, {known.code: known})}


def _told(known: Framework) -> Standings:
    form, year = request.form, request.form.get("nam-do", "")
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise PlanRefused("Năm đo gồm bốn chữ số, ví dụ 2022.")
    values = _text("gia-tri")
    if not values:
        raise PlanRefused("Chưa chọn tệp giá trị; hãy chọn tệp CSV có cột unit và mỗi chỉ số chính một cột.")
    return standings_of(
        known, " ".join(form.get("ten-don-vi", "").split()), int(year), values, _text("nam-truoc"), _text("vung"), regions()
    )


def _named(found: Desk, known: Framework | None) -> str:
    """How the unit of the plan is called in published results: as it was chosen before, else by any name the own province had."""
    if found.version.standings is not None:
        return found.version.standings.unit
    if known is None or known.code not in of_provinces():
        return ""
    mine = {same_unit(name) for name in own_names()}
    told = (row.unit for each in _published(known).values() for row in values_of(site().storage, each, known))
    return next((name for name in told if same_unit(name) in mine), "")


def _text(name: str) -> str:
    given = request.files.get(name)
    body = given.read(LARGEST + 1) if given is not None and given.filename else b""
    if len(body) > LARGEST:
        raise PlanRefused("Tệp lớn quá 400 KB; hãy bỏ các cột và dòng thừa.")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PlanRefused("Tệp không phải UTF-8; hãy lưu lại dạng 'CSV UTF-8'.") from None


def _page(found: Desk, known: Framework | None, said: str = "") -> str:
    return render_template(
        "plan_ranking.html",
        desk=found,
        framework=known,
        shown=excerpt_beside(found.version, found.outline, known_frameworks()),
        said=said,
        typed=request.form,
        named=_named(found, known),
        out=_published(known) if known is not None else {},
        periods=closed_periods(site().storage) if known is None else (),
    )
