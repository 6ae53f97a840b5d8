"""One cell under review: how it came to be what it is, what was said of it, and a thread to ask and answer in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask, abort, render_template, request
from werkzeug.wrappers import Response

from hue_dti.appraisal.model import Comment
from hue_dti.errors import ReviewRefused
from hue_dti.free_text import paragraphs
from hue_dti.observations.entered import Entry
from hue_dti.observations.intake import printed
from hue_dti.services.dossier import Cell
from hue_dti.web.cell_words import reading
from hue_dti.web.dossiers import Desk, desk, doer, go
from hue_dti.web.evidence_beside import of_cell
from hue_dti.web.language import translate
from hue_dti.web.site import site

LONGEST_COMMENT = 1000

VERDICTS = {"approved": "duyệt", "returned": "trả lại", "cleared": "bỏ đánh giá trước"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that befell the cell: who, when, what, from which value to which, why."""

    at: datetime
    name: str
    post: str
    what: str
    old: str
    new: str
    reason: str


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/duyet/<code>/<period>/o/<unit>/<measure>", "review_cell", cell_page)
    app.add_url_rule("/duyet/<code>/<period>/o/<unit>/<measure>/trao-doi", "comment_cell", comment, methods=["POST"])


def cell_page(code: str, period: str, unit: str, measure: str, said: str = "") -> str:
    """The cell beside the quarter before and the mean, its history, its thread."""
    mine = desk(code, period)
    cell = mine.dossier.cell(unit, measure) or abort(404)
    thread = [each for each in site().storage.reviews.comments([unit], period) if each.measure == measure]
    return render_template(
        "review_cell.html",
        d=mine.dossier,
        desk=mine,
        cell=cell,
        happenings=_happenings(cell, period),
        proofs=of_cell(unit, mine.dossier.period, cell.criteria),
        thread=thread,
        notes=[each for each in site().storage.notes.of_units([unit], period) if each.measure == measure],
        reading=reading,
        said=said,
        typed=request.form,
    )


def comment(code: str, period: str, unit: str, measure: str) -> Response | tuple[str, int]:
    """Say something on the cell."""
    mine = desk(code, period)
    cell = mine.dossier.cell(unit, measure) or abort(404)
    try:
        words = paragraphs(request.form.get("loi", ""), "Lời trao đổi", LONGEST_COMMENT, ReviewRefused)
    except ReviewRefused as refused:
        return cell_page(code, period, unit, measure, str(refused)), 409
    if not words:
        said = translate("Hãy viết lời trao đổi, dài nhất %(n)s chữ.", n=LONGEST_COMMENT)
        return cell_page(code, period, unit, measure, said), 409
    asking = doer()
    event = asking.event("cell.commented", unit, f"{cell.measure.name} ({measure}), {period}", new=words)
    site().storage.reviews.comment(Comment(unit, measure, period, words, asking.signed, asking.at), [event])
    return go("review_cell", **_address(mine, cell), _anchor="trao-doi")


def _address(mine: Desk, cell: Cell) -> dict[str, str]:
    return {**mine.values, "unit": cell.unit.code, "measure": cell.measure.code}


def _happenings(cell: Cell, period: str) -> list[Happening]:
    """Entries and words on them, newest first."""
    entries = site().storage.entries.of_cell(cell.unit.code, cell.measure.code, period)
    marks = [each for each in site().storage.reviews.marks([cell.unit.code], period) if each.measure == cell.measure.code]
    found = [_of_entry(cell, each) for each in entries]
    for mark in marks:
        value = printed(cell.measure, mark.value) if mark.value is not None else ""
        found.append(Happening(mark.at, mark.by.name, mark.by.post, translate(VERDICTS[mark.verdict.value]), "", value, mark.reason))
    return sorted(found, key=lambda each: each.at, reverse=True)


def _of_entry(cell: Cell, entry: Entry) -> Happening:
    new = printed(cell.measure, entry.typed.value) if entry.typed.value is not None else entry.typed.choice.words
    old = printed(cell.measure, entry.old) if entry.old is not None else ""
    return Happening(entry.at, entry.by.name, entry.by.post, translate("nhập"), old, new, entry.typed.reason)
