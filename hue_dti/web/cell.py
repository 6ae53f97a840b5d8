"""One cell's own page: what it counts, who typed what, and the note that a machine's figure is not right; the operator's list of notes."""

from __future__ import annotations

from flask import Flask, Response, abort, redirect, render_template, request, url_for

from hue_dti.accounts.model import Act
from hue_dti.catalogue.examples import rule_with_example
from hue_dti.errors import EntryRefused
from hue_dti.free_text import one_line
from hue_dti.services.cells import EntryCell, UnitCells
from hue_dti.storage.notes import FigureNote
from hue_dti.web.access import can, event
from hue_dti.web.cell_words import criteria_of, entry_words, example_of, reading
from hue_dti.web.entry import REFUSED, cells_or_404
from hue_dti.web.entry_form import writer
from hue_dti.web.site import now, site, source_told, units

LONGEST_NOTE = 500
MOST_NOTES = 50


def register(app: Flask) -> None:
    """Give the page and the answers to notes their addresses, and the source board its list."""
    app.add_url_rule("/nhap/<code>/<period>/o/<measure>", "cell", cell_page)
    app.add_url_rule("/nhap/<code>/<period>/o/<measure>", "note_cell", note, methods=["POST"])
    app.add_url_rule("/nguon/so-bi-bao/<int(max=999999999999999):number>", "answer_note", answer, methods=["POST"])
    app.context_processor(lambda: {"waiting_notes": waiting_notes, "noted": noted})


def cell_page(code: str, period: str, measure: str) -> str:
    """The cell as it stands, its history, its help, its notes."""
    found = cells_or_404(code, period)
    return _page(found, _cell_or_404(found, measure))


def note(code: str, period: str, measure: str) -> Response | tuple[str, int]:
    """Keep that the figure of a machine is not right, for whoever keeps the source."""
    found = cells_or_404(code, period)
    cell, said = _cell_or_404(found, measure), request.form.get("note", "")
    try:
        said = one_line(said, "Lời báo", LONGEST_NOTE, EntryRefused)
        fault = _fault(found, cell, said)
    except EntryRefused as refused:
        fault = str(refused)
    if fault or cell.told is None:
        return _page(found, cell, said, fault), REFUSED
    by, told = writer(), cell.told
    kept = FigureNote(0, code, measure, str(found.period), told.value, cell.measure.source, told.origin.raw_sha256, said, by, now())
    subject = f"{cell.measure.name} ({measure}), {found.period}"
    site().storage.notes.add(kept, [event("figure.noted", code, subject, str(told.value), "", said)])
    return redirect(url_for("cell", code=code, period=period, measure=measure, _anchor="bao"))  # type: ignore[return-value]


def answer(number: int) -> Response:
    """Keep what the source's keeper says of a note."""
    known, said = site().storage.notes.one(number), one_line(request.form.get("answer", ""), "Lời đáp", LONGEST_NOTE, EntryRefused)
    if known is None:
        abort(404)
    if said:
        told = event("figure.note_answered", known.unit, f"{known.measure}, {known.period}", known.note, said)
        site().storage.notes.answer(number, said, writer(), now(), [told])
    return redirect(url_for("sources", _anchor="so-bi-bao"))  # type: ignore[return-value]


def waiting_notes() -> tuple[FigureNote, ...]:
    """The notes nobody answered, for those who run the sources."""
    return tuple(each for each in site().storage.notes.waiting(MOST_NOTES) if can(Act.OPERATE, each.unit))


def noted(each: FigureNote) -> tuple[str, str, str]:
    """A note's unit and measure by name, and its value as it was read."""
    measure = site().catalogue.measures.get(each.measure)
    unit = next((unit.name for unit in reversed(units()) if unit.code == each.unit), each.unit)
    return unit, measure.name if measure else each.measure, reading(measure, each.value) if measure else str(each.value)


def _cell_or_404(found: UnitCells, measure: str) -> EntryCell:
    try:
        return found.cell(measure)
    except KeyError:
        abort(404)


def _fault(found: UnitCells, cell: EntryCell, said: str) -> str:
    if found.closed or not cell.pulled:
        return "Số này không do máy lấy nên không cần báo; hãy nhập lại số đúng."
    if not said:
        return f"Hãy viết sai ở đâu và số đúng là bao nhiêu, không quá {LONGEST_NOTE} chữ."
    return ""


def _page(found: UnitCells, cell: EntryCell, said: str = "", fault: str = "") -> str:
    unit, period, code = found.unit.code, str(found.period), cell.measure.code
    return render_template(
        "cell.html",
        s=found,
        cell=cell,
        said=said,
        fault=fault,
        may_type=can(Act.ENTER, unit, found.period.end),
        history=list(reversed(site().storage.entries.of_cell(unit, code, period))),
        notes=[each for each in site().storage.notes.of_units([unit], period) if each.measure == code],
        source=source_told(cell.measure.source, found.unit, found.period),
        criteria=criteria_of(found, cell),
        formula=lambda criterion: rule_with_example(criterion, dict(site().catalogue.measures)),
        reading=reading,
        entry_words=entry_words,
        example_of=example_of,
    )
