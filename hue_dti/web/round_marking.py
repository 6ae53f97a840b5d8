"""The appraiser's marks of a round as an Excel file: out for all units, in, looked at, and kept all or none when confirmed."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from flask import Flask, Response, abort, request, send_file, url_for

from hue_dti.appraisal.model import Stage
from hue_dti.appraisal.moves import Attempt
from hue_dti.appraisal.rounds import STAGE_PHASES, UnitSheet, open_for
from hue_dti.collation import fold
from hue_dti.errors import RoundRefused, SettingError
from hue_dti.services.round_marks import MARKED, STAGE_WORDS, by_unit, form_of, read_form, stages
from hue_dti.services.rounds import Given, mark_units
from hue_dti.web.access import event
from hue_dti.web.dossiers import doer
from hue_dti.web.filled_book import REFUSED, XLSX, Frame, Link, opened, page, sealed
from hue_dti.web.round_figures import offers_of
from hue_dti.web.rounds import ADDRESS, Place, open_place, unit_line
from hue_dti.web.site import site, today

_HOW = "Tải mẫu có mọi dòng của mọi đơn vị, gõ điểm và căn cứ vào hai cột tô vàng ở dòng cần điều chỉnh, lưu lại."


def register(app: Flask) -> None:
    """Give the file its addresses."""
    app.add_url_rule(f"{ADDRESS}/tham-dinh", "round_marks", upload)
    app.add_url_rule(f"{ADDRESS}/tham-dinh/<stage>.xlsx", "round_marks_form", form)
    app.add_url_rule(f"{ADDRESS}/tham-dinh/<stage>", "look_round_marks", look, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}/tham-dinh/<stage>/ghi", "store_round_marks", store, methods=["POST"])


def upload(round_code: str) -> str:
    """The page that takes the file of what may be written now."""
    here = open_place()
    due = stages(here.desk, attempt_of(here))
    return page(_frame(here, due[0] if due else None))


def form(round_code: str, stage: str) -> Response:
    """The workbook of all units' lines."""
    here, chosen = open_place(), _stage(stage)
    site().storage.trail.note(event("export.made", here.round.host, f"đợt đánh giá {round_code}, mẫu {STAGE_WORDS[chosen]}"))
    body = form_of(here.desk, chosen, attempt_of(here), offers_of(here.round))
    name = f"{fold(STAGE_WORDS[chosen]).replace(' ', '-')}-{fold(round_code)}.xlsx"
    return send_file(BytesIO(body), mimetype=XLSX, as_attachment=True, download_name=name)


def look(round_code: str, stage: str) -> str | tuple[str, int]:
    """What the file would change; nothing is kept."""
    here, chosen, given = open_place(), _stage(stage), request.files.get("tep")
    body = given.read() if given is not None else b""
    try:
        preview = read_form(here.desk, chosen, body, attempt_of(here))
        given_of = (change.told for change in preview.good if change.told is not None)
        told = [(unit, each.line, each.points, each.words, seen) for unit, each, seen in given_of]
        held = sealed(_what(here, chosen), told)
    except SettingError as fault:
        return page(_frame(here, chosen), refused=str(fault)), REFUSED
    return page(_frame(here, chosen), preview, held)


def store(round_code: str, stage: str) -> str | tuple[str, int]:
    """Keep the marks that were looked at, all or none."""
    here, chosen = open_place(), _stage(stage)
    try:
        held = opened(_what(here, chosen), request.form.get("sealed", ""))
        told = [(unit, Given(line, points, words), seen) for unit, line, points, words, seen in held]
        sheets = [(sheet, given, unit_line(here.round, sheet.unit.code)) for sheet, given in by_unit(here.desk, told)]
        count = mark_units(site().storage, here.desk, chosen, sheets, doer())
    except (RoundRefused, SettingError) as fault:
        return page(_frame(here, chosen), refused=str(fault)), REFUSED
    return page(_frame(here, chosen), stored=count)


def attempt_of(here: Place) -> Callable[[UnitSheet], Attempt]:
    """What is true as whoever asks tries to write on a unit's sheet."""
    who = doer().actor

    def attempt(sheet: UnitSheet) -> Attempt:
        return Attempt(who, unit_line(here.round, sheet.unit.code), 0, today(), "–", sheet.entered_by)

    return attempt


def _stage(text: str) -> Stage:
    return next((stage for stage in MARKED if stage.value == text), None) or abort(404)


def _what(here: Place, stage: Stage) -> str:
    return f"tham dinh {here.round.code} {stage.value}"


def _frame(here: Place, stage: Stage | None) -> Frame:
    """The page for a stage; without one it says why nothing may be written."""
    code = here.round.code
    back = Link(url_for("round", round_code=code), here.round.title, given=True)
    shown = stage or MARKED[0]
    stage_of = shown.value
    why = (
        "" if stage else open_for(here.round, STAGE_PHASES[shown], "", today(), ()).why or "Không có đơn vị nào bạn ghi điểm được lúc này."
    )
    return Frame(
        title="Ghi điểm từ tệp Excel",
        subject=f"{STAGE_WORDS[shown]}, {here.round.title}",
        crumbs=(Link(url_for("rounds"), "Đợt đánh giá"), back),
        how=_HOW,
        forms=(Link(url_for("round_marks_form", round_code=code, stage=stage_of), "Tải mẫu Excel"),),
        upload=url_for("round_marks", round_code=code),
        look=url_for("look_round_marks", round_code=code, stage=stage_of),
        store=url_for("store_round_marks", round_code=code, stage=stage_of),
        back=Link(back.address, "Về trang đợt"),
        of="Đơn vị",
        why_shut=why,
    )
