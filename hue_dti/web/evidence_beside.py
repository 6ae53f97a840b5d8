"""Evidence beside the figure it proves: pictures and calm PDF files are shown within the review; everything keeps its link."""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO

from flask import Flask, Response, abort, g, send_file

from hue_dti.evidence.model import Kind
from hue_dti.evidence.pieces import Form, Piece
from hue_dti.periods import Period
from hue_dti.services.evidence_files import body_of
from hue_dti.storage import home_folder
from hue_dti.web.access import event
from hue_dti.web.evidence import piece_or_404
from hue_dti.web.site import site

PICTURES = frozenset({Kind.JPG, Kind.PNG})
_PAPER = "frame-ancestors 'self'"
_PICTURE = "default-src 'none'; frame-ancestors 'self'; sandbox"


def register(app: Flask) -> None:
    """Give the files their addresses, and templates what may be shown."""
    app.add_url_rule("/minh-chung/<code>/<period>/<criterion>/<int(max=999999999999999):number>/xem", "evidence_view", view)
    app.context_processor(lambda: {"shows": shows, "is_picture": is_picture})


def of_cell(unit: str, period: Period, criteria: Collection[str]) -> list[Piece]:
    """What stands beside the criteria of a figure; the page may then frame files of this site."""
    g.frames_files = True
    pieces = site().storage.evidence.of([unit], str(period))
    return [piece for piece in pieces if piece.withdrawn is None and piece.draft.criterion in criteria]


def shows(piece: Piece) -> bool:
    """Whether the file may be shown within a page: scanned, a picture or a PDF, and nothing in it that acts by itself."""
    checked = piece.checked
    if piece.draft.form is not Form.FILE or checked is None or not piece.scan.is_open:
        return False
    return is_picture(piece) or (checked.kind is Kind.PDF and not checked.told)


def is_picture(piece: Piece) -> bool:
    """Whether the file is a picture."""
    return piece.checked is not None and piece.checked.kind in PICTURES


def view(code: str, period: str, criterion: str, number: int) -> Response:
    """The file to be looked at within a page of this site, and nowhere else."""
    piece = piece_or_404(code, period, criterion, number)
    if not shows(piece) or piece.checked is None or piece.checked.kind is None:
        abort(404)
    what = f"tệp {piece.draft.name} ({piece.draft.sha256[:12]}…)"
    site().storage.trail.note(event("evidence.viewed", code, f"{criterion}, {period}", new=what))
    answer = send_file(BytesIO(body_of(home_folder(site().settings), piece.draft.sha256)), mimetype=piece.checked.kind.content_type)
    answer.headers["Content-Security-Policy"] = _PICTURE if is_picture(piece) else _PAPER
    answer.headers["Cache-Control"] = "no-store"
    return answer
