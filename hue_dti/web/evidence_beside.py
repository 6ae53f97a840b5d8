"""Evidence beside the figure it proves: pictures and calm PDF files are shown within the review; everything keeps its link.

A PDF in which something would act is shown as pictures of its pages, in which nothing does.
"""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO

from flask import Flask, Response, abort, g, make_response, send_file
from markupsafe import escape

from hue_dti.evidence.model import Kind
from hue_dti.evidence.pieces import Form, Piece
from hue_dti.periods import Period
from hue_dti.services.evidence_files import body_of, place_of
from hue_dti.services.evidence_pictures import drawing
from hue_dti.storage import home_folder
from hue_dti.web.access import event
from hue_dti.web.evidence import piece_or_404
from hue_dti.web.language import translate
from hue_dti.web.site import site

PICTURES = frozenset({Kind.JPG, Kind.PNG})
MOST_PAGES = 30
"""Pages of a file that are drawn; whoever needs more has it printed to PDF again."""

_NOT_DRAWN = """<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="360" viewBox="0 0 1000 360">
<rect width="1000" height="360" fill="#f5f7fa"/><g font-family="sans-serif" font-size="30" fill="#1f2933"><text x="40" y="100">%s</text>
<text x="40" y="160">%s</text></g></svg>"""
_PAPER = "frame-ancestors 'self'"
_PICTURE = "default-src 'none'; frame-ancestors 'self'; sandbox"


def register(app: Flask) -> None:
    """Give the files their addresses, and templates what may be shown."""
    app.add_url_rule("/minh-chung/<code>/<period>/<criterion>/<int(max=999999999999999):number>/xem", "evidence_view", view)
    address = "/minh-chung/<code>/<period>/<criterion>/<int(max=999999999999999):number>/trang/<int(max=9999):page>"
    app.add_url_rule(address, "evidence_page", one_page)
    app.context_processor(lambda: {"shows": shows, "is_picture": is_picture, "drawn_pages": drawn_pages, "most_drawn": MOST_PAGES})


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


def drawn_pages(piece: Piece) -> int:
    """How many pages of the file are shown as pictures, since something in it would act by itself; 0 where none are."""
    checked = piece.checked
    if piece.draft.form is not Form.FILE or checked is None or not piece.scan.is_open or checked.kind is not Kind.PDF or not checked.told:
        return 0
    return min(checked.pages or 0, MOST_PAGES)


def one_page(code: str, period: str, criterion: str, number: int, page: int) -> Response:
    """A picture of one page, drawn where nothing in the file can act; a picture that says what to do where it cannot be drawn."""
    piece = piece_or_404(code, period, criterion, number)
    if not 1 <= page <= drawn_pages(piece):
        abort(404)
    told = event(
        "evidence.viewed", code, f"{criterion}, {period}", new=f"tệp {piece.draft.name} ({piece.draft.sha256[:12]}…), trang {page}"
    )
    site().storage.trail.note(told)
    home = home_folder(site().settings)
    body_of(home, piece.draft.sha256)
    with drawing() as drawer:
        picture = drawer.draw(place_of(home, piece.draft.sha256), page)
    if picture is None:
        why = translate("Trang %(n)s không vẽ được trong giới hạn bộ nhớ và thời gian.", n=page)
        words = escape(why), escape(translate("Hãy trả lại, nhờ đơn vị in lại ra PDF rồi nộp lại."))
        return _apart(make_response(_NOT_DRAWN % words), "image/svg+xml")
    return _apart(make_response(picture), "image/jpeg")


def _apart(answer: Response, kind: str) -> Response:
    answer.mimetype = kind
    answer.headers["Content-Security-Policy"] = _PICTURE
    answer.headers["Cache-Control"] = "no-store"
    return answer


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
