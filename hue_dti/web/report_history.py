"""The report's versions and steps, what one version changed, and taking an earlier one over."""

from __future__ import annotations

from flask import Flask, abort, redirect, render_template, request, url_for
from werkzeug import Response

from hue_dti.errors import CaseRefused
from hue_dti.reports.compared import PartChanged, compared
from hue_dti.reports.editions import Edition
from hue_dti.services.manuscript import Manuscript
from hue_dti.services.report_moves import restore
from hue_dti.web.manuscripts import hand, open_work


def register(app: Flask) -> None:
    """Give the history its addresses."""
    place = "/don-vi/<code>/<period>/bao-cao/lich-su"
    app.add_url_rule(place, "report_history", history_page)
    app.add_url_rule(place, "restore_report", restore_words, methods=["POST"])


def history_page(code: str, period: str, told: str = "") -> str:
    """Every version and step of an edition (`?lan=`), and what a version (`?ban=`) changed against the one before it."""
    shown, work = open_work(code, period)
    edition = _edition(work)
    number = request.args.get("ban", edition.newest, type=int)
    if not 0 <= number <= edition.newest:
        abort(404)
    return render_template(
        "report_history.html",
        q=shown,
        work=work,
        edition=edition,
        number=number,
        parts=_changed(work, edition, number),
        groups={group.code: group for group in shown.criteria_set.groups},
        told=told,
    )


def restore_words(code: str, period: str) -> Response | tuple[str, int]:
    """Take an earlier version over as the newest."""
    _, work = open_work(code, period)
    number, expected = (request.form.get(name, -1, type=int) for name in ("ban", "moi-nhat"))
    if not 0 <= number <= work.case.current.newest:
        abort(404)
    try:
        kept = restore(work, number, expected, hand(work))
    except CaseRefused as told:
        return history_page(code, period, str(told)), 409
    return redirect(url_for("report_desk", code=code, period=period, luu=kept), 303)


def _edition(work: Manuscript) -> Edition:
    try:
        return work.case.edition(request.args.get("lan", work.case.current.number, type=int))
    except KeyError:
        abort(404)


def _changed(work: Manuscript, edition: Edition, number: int) -> tuple[PartChanged, ...]:
    if number == 0:
        return ()
    return compared(work.desk.parts, edition.own(number - 1), edition.own(number), work.desk.own)
