"""The form of a unit's quarter: a cell saved at a time by the page's script, the whole page by its button without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, url_for

from hue_dti.catalogue.examples import rule_with_example
from hue_dti.errors import EntryConflict, EntryRefused, HueDtiError, StorageError
from hue_dti.observations.entered import Choice, Entry
from hue_dti.periods import LOCAL
from hue_dti.services.cells import Standing, UnitCells, unit_cells
from hue_dti.services.enter import save_cell
from hue_dti.storage.entries import NOTHING_THERE
from hue_dti.web.access import address, request_number
from hue_dti.web.cell_words import asked_of, change_words, criteria_of, entry_words, example_of, groups_of, reading
from hue_dti.web.entry_form import Filled, filled_of, typed_of, writer
from hue_dti.web.forms import masked_token
from hue_dti.web.site import now, period_or_404, site, source_told

UNREAD, CONFLICT, REFUSED = 400, 409, 422
CHOICES = (Choice.NONE_OCCURRED, Choice.NOT_YET, Choice.NO_DATA)


def register(app: Flask) -> None:
    """Give the form its addresses."""
    app.add_url_rule("/nhap/<code>/<period>", "entry", entry_page)
    app.add_url_rule("/nhap/<code>/<period>", "entry_all", save_all, methods=["POST"])
    app.add_url_rule("/nhap/<code>/<period>/o", "entry_cell", save_one, methods=["POST"])
    app.add_url_rule("/nhap/<code>/<period>/the", "entry_token", token)


def entry_page(code: str, period: str) -> str:
    """Every cell of the unit's quarter; `trong=1` is the empty form for paper, `chi=tra-lai` shows only what was returned."""
    return _page(cells_or_404(code, period))


def save_all(code: str, period: str) -> Response | tuple[str, int]:
    """Save what the form holds anew, and show on top what could not be saved."""
    found = cells_or_404(code, period)
    filled = filled_of(found, request.form)
    waiting, saved, refused = [each for each in filled if each.changed], 0, {}
    for _ in range(2):  # a part and its whole may be typed in either order
        refused = {each.cell.measure.code: fault for each in waiting if (fault := _fault(found, each))}
        saved += len(waiting) - len(refused)
        waiting = [each for each in waiting if each.cell.measure.code in refused]
    if refused:
        texts = {each.cell.measure.code: each for each in filled}
        return _page(cells_or_404(code, period), refused, texts, saved), REFUSED
    values: dict[str, Any] = {"code": code, "period": period, "da-luu": saved}
    return redirect(url_for("entry", **values))  # type: ignore[return-value]


def save_one(code: str, period: str) -> tuple[Response, int]:
    """Save one cell and tell when, how it is read, whether a line is asked for, or what is wrong."""
    told = _told_json()
    if not isinstance(told, dict):
        return jsonify(error="Không đọc được ô vừa gửi; hãy tải lại trang."), REFUSED
    if any(isinstance(value, dict | list) for value in told.values()):
        return jsonify(error="Ô vừa gửi có phần lồng nhau mà trang không bao giờ gửi; hãy tải lại trang."), UNREAD
    try:
        typed = typed_of(code, period, {str(name): _sayable(value) for name, value in told.items()})
        entry, _ = save_cell(site().storage, site().catalogue, typed, writer(), now(), address(), request_number())
    except EntryConflict as fault:
        return jsonify(error=str(fault), standing=_standing(fault.standing)), CONFLICT
    except StorageError:
        raise
    except HueDtiError as fault:
        return jsonify(error=str(fault)), REFUSED
    return jsonify(_told(entry)), 200


def _told_json() -> object:
    """What the script sent; 400 for what is nested deeper than anything a page sends."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        abort(400)


def _sayable(value: object) -> str:
    """The text; half letters, which JSON can spell and nothing can print, as a form would send them."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def token(code: str, period: str) -> Response:
    """A fresh token for a page whose own has grown old while its reader signed in again."""
    answer: Response = jsonify(token=masked_token())
    return answer


def cells_or_404(code: str, period: str) -> UnitCells:
    """The cells of a unit's quarter."""
    found = unit_cells(site().storage, site().catalogue, code, period_or_404(period), now())
    if found is None:
        abort(404)
    return found


def _page(
    found: UnitCells, refused: Mapping[str, str] | None = None, texts: Mapping[str, Filled] | None = None, saved: int | None = None
) -> str:
    history: dict[str, list[Entry]] = {}
    for entry in site().storage.entries.of_unit(found.unit.code, str(found.period)):
        history.setdefault(entry.typed.measure, []).append(entry)
    return render_template(
        "entry.html",
        s=found,
        groups=list(groups_of(found)),
        refused=refused or {},
        texts=texts or {},
        saved=saved,
        history=history,
        only_returned=request.args.get("chi") == "tra-lai",
        empty_form=request.args.get("trong") == "1",
        nothing_there=NOTHING_THERE,
        choices=CHOICES,
        Standing=Standing,
        reading=reading,
        asked_of=asked_of,
        example_of=example_of,
        entry_words=entry_words,
        criteria_of=lambda cell: criteria_of(found, cell),
        formula=lambda criterion: rule_with_example(criterion, dict(site().catalogue.measures)),
        source_of=lambda cell: source_told(cell.measure.source, found.unit, found.period),
        fresh_id=uuid4,
        named_in=lambda fault: [cell for cell in found.cells if f"'{cell.measure.name}'" in fault],
    )


def _fault(found: UnitCells, filled: Filled) -> str:
    """Save a filled cell; what kept it from being saved, empty when nothing did."""
    try:
        typed = filled.typed(found.unit.code, str(found.period))
        save_cell(site().storage, site().catalogue, typed, writer(), now(), address(), request_number())
    except StorageError:
        raise
    except (EntryRefused, HueDtiError) as fault:
        return str(fault)
    return ""


def _told(entry: Entry) -> dict[str, Any]:
    measure = site().catalogue.measures[entry.typed.measure]
    asked = entry.compared is not None and entry.typed.value is not None
    return {
        "saved_at": f"{entry.at.astimezone(LOCAL):%H:%M}",
        "entry": str(entry.typed.client),
        "reading": reading(measure, entry.typed.value, entry.typed.choice),
        "needs_reason": entry.needs_reason,
        "asks": change_words(measure, entry.compared or 0, entry.typed.value or 0) if asked else "",
        "waits": entry.typed.choice is Choice.NOT_YET,
        "error": None,
    }


def _standing(standing: object) -> dict[str, Any] | None:
    if not isinstance(standing, Entry):
        return None
    return {**_told(standing), "by": standing.by.name}
