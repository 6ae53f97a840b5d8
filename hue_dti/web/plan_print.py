"""A plan on paper, and the published ranking that stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from io import BytesIO
from typing import Any

from flask import Flask, abort, make_response, render_template, request, send_file
from werkzeug.wrappers import Response

from hue_dti.catalogue.frameworks import Framework
from hue_dti.errors import FrameworkError, PlanRefused, ValuesRefused
from hue_dti.numerals import decimal_text
from hue_dti.plans.excerpt import Excerpt, excerpt
from hue_dti.plans.model import Standings
from hue_dti.rollup.assess import printed
from hue_dti.services.plan_paper import FORMATS, paper_bytes, paper_name, paper_of, standings_of, standings_of_round
from hue_dti.services.plans import set_standings
from hue_dti.services.rounds import published
from hue_dti.web.access import event
from hue_dti.web.dossiers import doer, go
from hue_dti.web.frameworks import known_frameworks
from hue_dti.web.plans import ADDRESS, Desk, open_plan
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
    """Put the ranking of the given files beside the plan, as its next version."""
    found, known = _open()
    try:
        told = _of_round(known) if request.form.get("dot") else _told(known)
        set_standings(site().storage, found.version, told, doer())
    except (PlanRefused, ValuesRefused, FrameworkError) as fault:
        return make_response(_page(found, known, str(fault)), REFUSED)
    return go("plan_ranking", **found.values)


def _open() -> tuple[Desk, Framework]:
    found = open_plan()
    known = known_frameworks().get(found.version.key.framework)
    return found, known if known is not None and known.computable else abort(404)


def _of_round(known: Framework) -> Standings:
    """The ranking of a published round of the same framework, against the newest published one of the year before."""
    out = _published(known)
    chosen = out.get(request.form.get("dot", ""))
    if chosen is None:
        raise PlanRefused("Chưa chọn đợt đánh giá đã công bố nào.")
    before = next((each for each in out.values() if each["year"] == int(chosen["year"]) - 1), None)
    return standings_of_round(known, " ".join(request.form.get("ten-don-vi", "").split()), chosen, before)


def _published(known: Framework) -> dict[str, Mapping[str, Any]]:
    """The newest publication of every round of the framework, by the round's code."""
    newest = {each.round: each.number for each in site().storage.rounds.publications()}
    told = ((code, published(site().storage, code, number)) for code, number in newest.items())
    return {code: each for code, each in told if each is not None and each["outline"] == known.code}


def _told(known: Framework) -> Standings:
    form, year = request.form, request.form.get("nam-do", "")
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise PlanRefused("Năm đo gồm bốn chữ số, ví dụ 2022.")
    values = _text("gia-tri")
    if not values:
        raise PlanRefused("Chưa chọn tệp giá trị; hãy chọn tệp CSV có cột unit và mỗi chỉ số chính một cột.")
    return standings_of(known, " ".join(form.get("ten-don-vi", "").split()), int(year), values, _text("nam-truoc"), _text("vung"))


def _text(name: str) -> str:
    given = request.files.get(name)
    body = given.read(LARGEST + 1) if given is not None and given.filename else b""
    if len(body) > LARGEST:
        raise PlanRefused("Tệp lớn quá 400 KB; hãy bỏ các cột và dòng thừa.")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PlanRefused("Tệp không phải UTF-8; hãy lưu lại dạng 'CSV UTF-8'.") from None


def _page(found: Desk, known: Framework, said: str = "") -> str:
    standings = found.version.standings

    def words(value: Fraction) -> str:
        return decimal_text(printed(value, known.precision), known.precision).replace(".", ",")

    shown: Excerpt | None = excerpt(known, standings) if standings is not None else None
    return render_template(
        "plan_ranking.html",
        desk=found,
        framework=known,
        shown=shown,
        said=said,
        typed=request.form,
        value_words=words,
        out=_published(known),
    )
