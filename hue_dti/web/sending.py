"""Check and send: one summary of what goes, the receipt of what went, and the way back while nobody has opened it."""

from __future__ import annotations

from io import BytesIO

from flask import Flask, Response, abort, render_template, request, send_file
from werkzeug.wrappers import Response as Answered

from hue_dti.appraisal.model import Comment, Move
from hue_dti.errors import EntryRefused, ReviewRefused
from hue_dti.services.mended import answers, explanations, unmended
from hue_dti.services.receipt import Receipt, receipt_bytes, receipt_name, receipt_of
from hue_dti.services.register_state import filling, say
from hue_dti.services.review_acts import make
from hue_dti.web.dossiers import Desk, desk, doer, go, seen_version
from hue_dti.web.site import site


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/gui/<code>/<period>", "sending", sending)
    app.add_url_rule("/gui/<code>/<period>/gui", "send_figures", send_figures, methods=["POST"])
    app.add_url_rule("/gui/<code>/<period>/rut-lai", "withdraw_figures", withdraw_figures, methods=["POST"])
    app.add_url_rule("/gui/<code>/<period>/bien-nhan", "receipt", receipt)
    app.add_url_rule("/gui/<code>/<period>/bien-nhan.pdf", "receipt_file", receipt_file)


def sending(code: str, period: str, said: str = "") -> str:
    """What goes, what is missing and why, what a reviewer will look at first."""
    mine = desk(code, period)
    send = mine.may(Move.SEND)
    left = unmended(site().storage, mine.dossier) if send.ok else ()
    told = {"said": said, "typed": request.form, "left": left, "explained": explanations(site().storage, mine.dossier)}
    books = filling(site().storage, [code], mine.dossier.period).get(code, ()) if send.ok else ()
    return render_template("sending.html", d=mine.dossier, desk=mine, send=send, back=mine.may(Move.WITHDRAW), registers=books, **told)


def send_figures(code: str, period: str) -> Answered | tuple[str, int]:
    """Send the dossier as the page showed it; then its receipt."""
    return _moved(code, period, Move.SEND, "receipt")


def withdraw_figures(code: str, period: str) -> Answered | tuple[str, int]:
    """Take the dossier back."""
    return _moved(code, period, Move.WITHDRAW, "sending")


def receipt(code: str, period: str) -> str:
    """The receipt of the last sending: its code, when, by whom, every figure."""
    mine = desk(code, period)
    return render_template("receipt.html", d=mine.dossier, desk=mine, receipt=_receipt(code, period), back=mine.may(Move.WITHDRAW))


def receipt_file(code: str, period: str) -> Response:
    """The same on paper."""
    mine = desk(code, period).dossier
    content = BytesIO(receipt_bytes(site().storage, mine, _receipt(code, period), site().settings.report_fonts))
    return send_file(content, mimetype="application/pdf", as_attachment=True, download_name=receipt_name(mine))


def _moved(code: str, period: str, move: Move, then: str) -> Answered | tuple[str, int]:
    mine = desk(code, period)
    try:
        explained = _explained(mine) if move is Move.SEND else ()
        if move is Move.SEND and mine.may(move).ok:
            _settle_registers(mine)
        make(site().storage, mine.dossier, move, doer(), mine.line, seen_version(), explained=explained)
    except (EntryRefused, ReviewRefused) as refused:
        return sending(code, period, str(refused)), 409
    return go(then, **mine.values)


def _explained(mine: Desk) -> tuple[Comment, ...]:
    """What the sender says of returned figures that stay as they are."""
    left = unmended(site().storage, mine.dossier)
    own = {cell.key: request.form.get(f"gt-{cell.unit.code}/{cell.measure.code}", "") for cell in left}
    return answers(left, own, request.form.get("gt", ""), doer(), str(mine.dossier.period))


def _settle_registers(mine: Desk) -> None:
    """Keep what the sender says of registers still being written: full now, or why their counts go nevertheless."""
    storage, unit, period, form = site().storage, mine.dossier.unit.code, mine.dossier.period, request.form
    for each in filling(storage, [unit], period).get(unit, ()):
        full, why = f"so-{each.spec.slug}" in form, form.get(f"vi-sao-{each.spec.slug}", "")
        if full or why.strip():
            say(storage, doer(), unit, period, each.spec, full, why)


def _receipt(code: str, period: str) -> Receipt:
    """404 where nothing was ever sent."""
    found = receipt_of(site().storage, code, period)
    return found if found is not None else abort(404)
