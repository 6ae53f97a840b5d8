"""Registers that units keep: rows by form or workbook, what they count to, and what stands in the quarter beside it."""

from __future__ import annotations

import json
from io import BytesIO
from uuid import UUID, uuid4

from flask import Flask, Response, abort, make_response, redirect, render_template, request, send_file, url_for

from hue_dti.accounts.model import Act
from hue_dti.errors import EntryRefused
from hue_dti.free_text import one_line
from hue_dti.observations.registers import REGISTERS, Spec, is_of_year, read_row, shown
from hue_dti.periods import Period
from hue_dti.services.desk import Desk
from hue_dti.services.register_file import Proposed, changes_of, proposed, read_file, template
from hue_dti.services.register_state import RegisterState, filling, say, states
from hue_dti.services.registers import is_kept_by, save_rows, tallies, use_counts
from hue_dti.storage.registers import Change, RegisterRow
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import can, event
from hue_dti.web.dossiers import doer
from hue_dti.web.evidence import desk
from hue_dti.web.language import translate
from hue_dti.web.site import period_or_404, site, unit_or_404

LONGEST_REASON = 300


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    kinds = ", ".join(f"'{slug}'" for slug in REGISTERS)
    page = f"/so/<any({kinds}):kind>/<code>/<period>"
    app.add_url_rule(page, "register", register_page)
    app.add_url_rule(page, "save_register", save_register, methods=["POST"])
    app.add_url_rule(f"{page}/dem", "count_register", count_register, methods=["POST"])
    app.add_url_rule(f"{page}/tinh-trang", "say_register", say_register, methods=["POST"])
    app.add_url_rule(f"{page}/bieu-mau.xlsx", "register_template", register_template)
    app.add_url_rule(f"{page}/tep", "register_file", register_file, methods=["POST"])
    app.add_url_rule(f"{page}/xac-nhan", "confirm_register", confirm_register, methods=["POST"])
    app.context_processor(lambda: {"register_cell": shown, "registers_of": registers_of, "registers_filling": registers_filling})


def registers_of(unit: OrgUnit) -> list[Spec]:
    """The registers that units of this level keep."""
    return [spec for spec in REGISTERS.values() if is_kept_by(desk(), spec, unit)]


def registers_filling(unit: OrgUnit, period: Period) -> tuple[RegisterState, ...]:
    """The unit's registers that are still being written for the period."""
    return filling(site().storage, [unit.code], period).get(unit.code, ())


def register_page(kind: str, code: str, period: str) -> str:
    """The register with what it counts to; `dong` names a row to change."""
    return _page(*_asked(kind, code, period))


def save_register(kind: str, code: str, period: str) -> Response:
    """Keep one row: new, changed, or taken back with a reason."""
    spec, unit, chosen = _asked(kind, code, period)
    content, faults = read_row(spec, request.form)
    rows = {str(row.row): row for row in _rows(unit, spec)}
    before = rows.get(request.form.get("dong", ""))
    gone = "rut" in request.form
    reason, wrong = _reason()
    if gone and wrong:
        faults = {"": wrong}
    elif gone and (before is None or not reason):
        faults = {"": translate("Hãy viết một câu vì sao rút dòng này.")}
    elif gone and before is not None:
        content, faults = before.content, {}
    if faults:
        return make_response(_page(spec, unit, chosen, faults, before), 422)
    client = _client(request.form.get("ma", ""))
    replaces = _number(request.form.get("ban", "")) if before is not None else None
    change = Change(client, before.row if before is not None else client, dict(content), replaces, gone, reason if gone else "")
    try:
        save_rows(desk(), unit, chosen, spec, [change])
    except EntryRefused as fault:
        return make_response(_page(spec, unit, chosen, {"": str(fault)}, before), 422)
    return _back(kind, code, period)


def _reason() -> tuple[str, str]:
    """Why a row is taken back, and what is wrong with those words."""
    try:
        return one_line(request.form.get("ly-do", ""), "Lý do", LONGEST_REASON, EntryRefused), ""
    except EntryRefused as refused:
        return "", str(refused)


def count_register(kind: str, code: str, period: str) -> Response:
    """Let what the register counts stand in the quarter."""
    spec, unit, chosen = _asked(kind, code, period)
    use_counts(desk(), unit, chosen, spec)
    return _back(kind, code, period)


def say_register(kind: str, code: str, period: str) -> Response:
    """Keep that the register is full for the period, or still being written, and why its counts are used nevertheless."""
    spec, unit, chosen = _asked(kind, code, period)
    try:
        say(site().storage, doer(), unit.code, chosen, spec, request.form.get("so") == "du", request.form.get("vi-sao", ""))
    except EntryRefused as fault:
        return make_response(_page(spec, unit, chosen, {"": str(fault)}), 422)
    return _back(kind, code, period)


def register_template(kind: str, code: str, period: str) -> Response:
    """The register as a workbook to fill in."""
    spec, unit, chosen = _asked(kind, code, period)
    site().storage.trail.note(event("register.downloaded", unit.code, f"{spec.title}, {chosen}"))
    body = template(spec, _rows(unit, spec))
    name = f"{spec.slug}-{unit.code}.xlsx"
    return send_file(BytesIO(body), mimetype="application/octet-stream", as_attachment=True, download_name=name)


def register_file(kind: str, code: str, period: str) -> Response | str:
    """What a filled workbook would bring; nothing is kept."""
    spec, unit, chosen = _asked(kind, code, period)
    file = request.files.get("tep")
    if file is None or not file.filename:
        return make_response(_page(spec, unit, chosen, {"": translate("Chưa chọn tệp; hãy chọn tệp biểu mẫu đã điền.")}), 422)
    try:
        with file.stream as stream:
            lines = read_file(desk(), spec, stream, _rows(unit, spec))
    except EntryRefused as fault:
        return make_response(_page(spec, unit, chosen, {"": str(fault)}), 422)
    return _preview(spec, unit, chosen, lines)


def confirm_register(kind: str, code: str, period: str) -> Response:
    """Keep what was looked at, all or none."""
    spec, unit, chosen = _asked(kind, code, period)
    try:
        told = json.loads(request.form.get("cac-dong", ""))
        texts = [(int(place), {str(name): str(text) for name, text in cells.items()}) for place, cells in told]
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        abort(400)
    lines = proposed(spec, texts, _rows(unit, spec))
    if any(line.faults for line in lines):
        return make_response(_preview(spec, unit, chosen, lines), 422)
    try:
        save_rows(desk(), unit, chosen, spec, changes_of(lines, _client(request.form.get("ma", ""))))
    except EntryRefused as fault:
        return make_response(_page(spec, unit, chosen, {"": str(fault)}), 422)
    if request.form.get("so") in {"du", "chua"}:
        say(site().storage, doer(), unit.code, chosen, spec, request.form["so"] == "du")
    return _back(kind, code, period)


def _preview(spec: Spec, unit: OrgUnit, period: Period, lines: tuple[Proposed, ...]) -> str:
    told = json.dumps([[line.place, dict(line.texts)] for line in lines], ensure_ascii=False)
    return render_template("register_preview.html", spec=spec, unit=unit, period=period, lines=lines, told=told, client=uuid4())


def _page(spec: Spec, unit: OrgUnit, period: Period, faults: dict[str, str] | None = None, before: RegisterRow | None = None) -> str:
    rows = _rows(unit, spec)
    asked = before or next((row for row in rows if str(row.row) == request.args.get("dong", "")), None)
    here: Desk = desk()
    return render_template(
        "register.html",
        spec=spec,
        unit=unit,
        period=period,
        rows=[row for row in rows if is_of_year(row.content, period.year)],
        others=[row for row in rows if not is_of_year(row.content, period.year)],
        state=next((each for each in states(site().storage, [unit.code], period).get(unit.code, ()) if each.spec is spec), None),
        tallies=tallies(here, unit, period, spec, rows),
        measures=site().catalogue.measures,
        asked=asked,
        faults=faults or {},
        typed=_typed(spec, asked) if faults is None else request.form,
        may_enter=can(Act.ENTER, unit.code, period.end),
        client=uuid4(),
    )


def _typed(spec: Spec, row: RegisterRow | None) -> dict[str, str]:
    return {column.code: shown(column, row.content.get(column.code)) for column in spec.columns} if row is not None else {}


def _rows(unit: OrgUnit, spec: Spec) -> tuple[RegisterRow, ...]:
    return site().storage.registers.rows(unit.code, spec.slug)


def _asked(kind: str, code: str, period: str) -> tuple[Spec, OrgUnit, Period]:
    chosen = period_or_404(period)
    unit, spec = unit_or_404(code, chosen), REGISTERS[kind]
    if not is_kept_by(desk(), spec, unit):
        abort(404)
    return spec, unit, chosen


def _back(kind: str, code: str, period: str) -> Response:
    return redirect(url_for("register", kind=kind, code=code, period=period), 303)  # type: ignore[return-value]


def _client(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(400)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
