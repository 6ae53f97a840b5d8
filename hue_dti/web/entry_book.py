"""The form as an Excel file: out, in, looked at, and stored only when confirmed."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Flask, Response, abort, render_template, request, send_file

from hue_dti.accounts.model import Act
from hue_dti.collation import fold
from hue_dti.errors import SettingError
from hue_dti.observations.entered import Choice, Typed
from hue_dti.periods import Period
from hue_dti.services.entry_sheet import SheetCell, SheetPreview, form_of, read_form, store_form
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import address, can, request_number
from hue_dti.web.cell_words import reading
from hue_dti.web.entry import REFUSED
from hue_dti.web.entry_form import writer
from hue_dti.web.filled_book import XLSX, opened, sealed
from hue_dti.web.sessions import actor
from hue_dti.web.site import now, period_or_404, site, unit_or_404, units


def register(app: Flask) -> None:
    """Give the file its addresses."""
    app.add_url_rule("/nhap/<code>/<period>/mau.xlsx", "entry_sheet", sheet)
    app.add_url_rule("/nhap/<code>/<period>/tep", "entry_upload", upload)
    app.add_url_rule("/nhap/<code>/<period>/tep", "entry_look", look, methods=["POST"])
    app.add_url_rule("/nhap/<code>/<period>/tep/ghi", "entry_store", store, methods=["POST"])


def sheet(code: str, period: str) -> Response:
    """The form of the unit as a workbook."""
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    try:
        body = form_of(site().storage, site().catalogue, [unit.code], chosen, now())
    except SettingError:
        abort(404)
    return send_file(BytesIO(body), mimetype=XLSX, as_attachment=True, download_name=f"nhap-so-lieu-{fold(unit.code)}-{chosen}.xlsx")


def upload(code: str, period: str) -> str:
    """The page that takes the file."""
    return _page(unit_or_404(code, period_or_404(period)), period_or_404(period))


def look(code: str, period: str) -> str | tuple[str, int]:
    """What the file would change; nothing is stored."""
    chosen = period_or_404(period)
    unit, given = unit_or_404(code, chosen), request.files.get("tep")
    body = given.read() if given is not None else b""
    try:
        found = read_form(site().storage, site().catalogue, body, chosen, lambda each: can(Act.ENTER, each, chosen.end), writer(), now())
        held = sealed("nhap", [_spelt(each) for each in found.good])
    except SettingError as fault:
        return _page(unit, chosen, refused=str(fault)), REFUSED
    return _page(unit, chosen, preview=found, sealed=held)


def store(code: str, period: str) -> str | tuple[str, int]:
    """Store the cells that were looked at."""
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    try:
        told = opened("nhap", request.form.get("sealed", ""))
    except SettingError as fault:
        return _page(unit, chosen, refused=str(fault)), REFUSED
    places = {typed: str(place) for place, typed in map(_typed, told) if can(Act.ENTER, typed.unit, chosen.end)}
    refused = store_form(site().storage, site().catalogue, list(places), writer(), now(), address(), request_number())
    faulty = tuple(SheetCell(places[typed], typed.unit, typed.measure, typed, None, why) for typed, why in refused.items())
    return _page(unit, chosen, stored=len(places) - len(refused), faulty=faulty)


def _spelt(cell: SheetCell) -> list[Any]:
    typed = cell.typed
    if typed is None:
        return []
    return [cell.place, str(typed.client), typed.unit, typed.measure, typed.period, typed.choice.value, typed.value, typed.reason]


def _typed(told: list[Any]) -> tuple[str, Typed]:
    place, client, unit, measure, period, choice, value, reason = told
    return place, Typed(UUID(client), unit, measure, period, Choice(choice), value, reason, actor().login)


def _page(
    unit: OrgUnit,
    period: Period,
    preview: SheetPreview | None = None,
    sealed: str = "",
    refused: str = "",
    stored: int | None = None,
    faulty: tuple[SheetCell, ...] = (),
) -> str:
    told = {"preview": preview, "sealed": sealed, "refused": refused, "stored": stored, "faulty": faulty}
    names = {each.code: each.name for each in units()}
    return render_template(
        "entry_book.html", unit=unit, period=period, names=names, measures=site().catalogue.measures, would_be=_would_be, **told
    )


def _would_be(cell: SheetCell) -> str:
    """`100 → 120 cơ sở`."""
    if cell.typed is None:
        return ""
    measure = site().catalogue.measures[cell.measure]
    new = reading(measure, cell.typed.value, cell.typed.choice)
    return f"{reading(measure, cell.old)} → {new}" if cell.old is not None else new
