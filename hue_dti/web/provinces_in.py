"""Handing in a year's published index of all provinces: chosen, looked at, kept only when confirmed by the same person."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask, flash, make_response, render_template, request
from werkzeug.wrappers import Response

from hue_dti.catalogue.frameworks import Framework
from hue_dti.errors import FrameworkError, NumeralError, ResultRefused, SettingError, ValuesRefused
from hue_dti.numerals import parse_date
from hue_dti.rollup.assess import assess, same_unit
from hue_dti.rollup.model import INDEX, UnitValues
from hue_dti.rollup.read_regions import fitting, names_in, whole_regions
from hue_dti.rollup.read_values import DecimalSign
from hue_dti.rollup.year_results import YearResult, changed, rows_by, spelling_of
from hue_dti.services.accounts import province_of
from hue_dti.services.year_results import LONGEST_DOCUMENT, LONGEST_REASON, MOST_LETTERS, TOO_LARGE, Draft, check, keep
from hue_dti.web.dossiers import doer, go
from hue_dti.web.filled_book import REFUSED, opened, sealed
from hue_dti.web.frameworks import of_provinces
from hue_dti.web.language import translate
from hue_dti.web.provinces import ADDRESS, own_names, regions
from hue_dti.web.site import site, today, units

SEAL = "ket-qua-nam"
SIGNS = {DecimalSign.DOT: "dấu chấm: 0.5872", DecimalSign.COMMA: "dấu phẩy: 0,5872"}
_MOST_BYTES = 4 * MOST_LETTERS
_FAULTS = (ResultRefused, FrameworkError, SettingError)


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule(f"{ADDRESS}/ghi", "provinces_form", form)
    app.add_url_rule(f"{ADDRESS}/ghi", "provinces_look", look, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}/ghi/xac-nhan", "provinces_keep", store, methods=["POST"])


def form() -> str:
    """The page that takes the file."""
    return _page()


def look() -> str | Response:
    """What the file would bring; nothing of it is kept."""
    try:
        draft, framework = _given()
        draft, rows = check(draft, framework, today())
    except ValuesRefused as refused:
        return make_response(_page(faults=refused.faults), REFUSED)
    except _FAULTS as fault:
        return make_response(_page(said=str(fault)), REFUSED)
    return _preview(draft, framework, rows)


def store() -> Response:
    """Keep what was looked at."""
    try:
        told = opened(SEAL, request.form.get("sealed", ""))
        draft, framework = _draft(told, int(told["seen"]))
        made = keep(site().storage, draft, framework, doer(), province_of(units()))
    except (*_FAULTS, ValuesRefused) as fault:
        return make_response(_page(said=str(fault)), REFUSED)
    flash(translate("Đã ghi kết quả năm %(year)s.", year=made.year))
    return go("provinces", framework=made.framework, year=made.year)


def _given() -> tuple[Draft, Framework]:
    """What the form tells, with the text of its file."""
    file, told = request.files.get("tep"), {name: text.strip() for name, text in request.form.items()}
    body = b""
    if file is not None:
        with file.stream as stream:
            body = stream.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise ResultRefused(TOO_LARGE)
    try:
        told["content"] = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ResultRefused("Tệp không phải UTF-8; hãy lưu lại dạng 'CSV UTF-8'.") from None
    told["file"] = (file.filename if file is not None else "") or "tệp"
    if not (told.get("nam", "").isascii() and told.get("nam", "").isdigit() and len(told["nam"]) == 4):
        raise ResultRefused("Năm đo gồm bốn chữ số, ví dụ 2022.")
    standing = site().storage.year_results.versions(told.get("khung", ""), int(told["nam"]))
    return _draft(told, standing[0].number if standing else 0)


def _draft(told: dict[str, Any], seen: int) -> tuple[Draft, Framework]:
    framework = of_provinces().get(str(told.get("khung")))
    sign = str(told.get("dau", ""))
    if framework is None or sign not in {each.value for each in DecimalSign}:
        raise ResultRefused("Chưa chọn khung hoặc cách viết số.")
    spelt, issued_on = spelling_of(sign, bool(told.get("diem"))), _issued_on(str(told.get("ngay", "")))
    words = (str(told["content"]), spelt, str(told.get("van-ban", "")), issued_on, str(told.get("ly-do", "")), seen)
    return Draft(framework.code, int(told["nam"]), str(told["file"])[:120], *words), framework


def _issued_on(text: str) -> date:
    """The day of the document; ResultRefused names the field."""
    if not text.strip():
        raise ResultRefused("Chưa ghi ngày của văn bản công bố.")
    try:
        return parse_date(text)
    except NumeralError as fault:
        raise ResultRefused(f"Ngày văn bản: {fault}") from None


def _preview(draft: Draft, framework: Framework, rows: tuple[UnitValues, ...]) -> str | Response:
    official = fitting(regions(), rows)
    found = assess(framework, rows, (), whole_regions(official, rows))
    ranked = rows_by(found, INDEX, own_names())
    before: YearResult | None = next(iter(site().storage.year_results.versions(draft.framework, draft.year)), None)
    told = {name: request.form.get(name, "") for name in ("khung", "nam", "dau", "diem", "van-ban", "ngay", "ly-do")}
    held = {**told, "content": draft.content, "file": draft.file, "seen": draft.seen}
    try:
        return _page(
            draft=draft,
            framework=framework,
            found=found,
            ranked=ranked,
            own=next((row for row in ranked if row.own), None),
            strangers=[row.unit for row in rows if same_unit(row.unit) not in names_in(official)],
            before=before,
            changed=changed(rows, before.values(framework)) if before is not None else (),
            sealed=sealed(SEAL, held),
        )
    except SettingError as fault:
        return make_response(_page(said=str(fault)), REFUSED)


def _page(**more: Any) -> str:
    longest = {"document": LONGEST_DOCUMENT, "reason": LONGEST_REASON}
    given = {"draft": None, "said": "", "faults": (), "typed": request.form, "signs": SIGNS, "taken": of_provinces(), "longest": longest}
    return render_template("provinces_in.html", **{**given, **more})
