"""An approver on a phone: what is asked, three numbers, two buttons, on one page that needs no script."""

from __future__ import annotations

from flask import Flask, flash, render_template, request
from werkzeug.wrappers import Response

from hue_dti.appraisal.model import Move
from hue_dti.errors import ReviewRefused
from hue_dti.services.review_acts import make, marks_with
from hue_dti.services.review_effect import effect_of
from hue_dti.web.dossiers import desk, doer, done_words, go, seen_figures, seen_version
from hue_dti.web.site import now, site

BUTTONS = {"duyet": Move.APPROVE, "tra-lai": Move.RETURN}


def register(app: Flask) -> None:
    """Give the page its address."""
    app.add_url_rule("/phe-duyet/<code>/<period>", "approving", approving, methods=["GET"])
    app.add_url_rule("/phe-duyet/<code>/<period>", "approve", approve, methods=["POST"])


def approving(code: str, period: str, said: str = "", reason: str = "") -> str:
    """What is asked of the approver, and what both answers do."""
    mine = desk(code, period)
    approve_it, return_it = mine.may(Move.APPROVE), mine.may(Move.RETURN)
    returned = marks_with(site().storage, mine.dossier, Move.RETURN, doer(), "–") if return_it.ok else ()
    effect = effect_of(site().storage, mine.catalogue, mine.dossier, returned, now()) if returned else None
    return render_template(
        "approving.html", d=mine.dossier, desk=mine, said=said, reason=reason, approve_it=approve_it, return_it=return_it, effect=effect
    )


def approve(code: str, period: str) -> Response | tuple[str, int]:
    """Answer with one of the two buttons."""
    mine, reason = desk(code, period), request.form.get("ly-do", "")
    what = request.form.get("viec", "")
    what = what if what in BUTTONS else "tra-lai"
    try:
        make(site().storage, mine.dossier, BUTTONS[what], doer(), mine.line, seen_version(), reason, seen_figures())
    except ReviewRefused as refused:
        return approving(code, period, str(refused), reason), 409
    flash(done_words(what, mine))
    return go("approving", **mine.values)
