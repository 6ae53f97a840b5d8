"""The committee's review: progress of all units, a unit's dossier with what catches the eye first, a confirm that states the effect."""

from __future__ import annotations

from flask import Flask, abort, flash, render_template, request
from werkzeug.wrappers import Response

from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import roots
from hue_dti.appraisal.model import Mark, Move, State, Verdict
from hue_dti.errors import ReviewRefused
from hue_dti.numerals import format_count
from hue_dti.periods import Period
from hue_dti.services.cells import live_period
from hue_dti.services.dossier import sends
from hue_dti.services.dossier_read import dossiers
from hue_dti.services.mended import explanations
from hue_dti.services.review_acts import chosen, closed_words, make, mark, marks_of, marks_with
from hue_dti.services.review_effect import effect_of
from hue_dti.services.review_progress import Progress, progress
from hue_dti.units.model import Level, OrgUnit
from hue_dti.web.access import lines, visible
from hue_dti.web.awaiting import waits
from hue_dti.web.dossiers import Desk, desk, doer, done_words, go, quarter_of, seen_figures, seen_version
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor
from hue_dti.web.site import host_of, now, period_or_404, site, today, unit_or_404, units

WORDS = {"duyet-o": Verdict.APPROVED, "tra-o": Verdict.RETURNED, "bo-dau": Verdict.CLEARED}
DONE = {
    "duyet-o": "Đã duyệt %(n)s số.",
    "tra-o": "Đã trả lại %(n)s số; đơn vị thấy ngay cùng lý do.",
    "bo-dau": "Đã bỏ đánh giá của %(n)s số.",
}
MOVES = {"duyet": Move.APPROVE, "tra-lai": Move.RETURN, "hoan-tac": Move.UNDO}


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/tien-do", "progress_home", progress_home)
    app.add_url_rule("/tien-do/<code>/<period>", "progress", progress_page)
    app.add_url_rule("/duyet/<code>/<period>", "review", review)
    app.add_url_rule("/duyet/<code>/<period>/mo", "open_review", open_review, methods=["POST"])
    app.add_url_rule("/duyet/<code>/<period>/xac-nhan", "review_confirm", confirm)
    app.add_url_rule("/duyet/<code>/<period>/ket-luan", "review_conclude", conclude, methods=["POST"])


def progress_home() -> str:
    """The units and quarters whose progress the person may follow."""
    followed = [(period, _followed(period)) for period in _running()]
    return render_template("progress_home.html", followed=[each for each in followed if each[1]])


def progress_page(code: str, period: str) -> str:
    """How far each commune and agency is, the worst first; only those in the state `tinh-trang` where it names one."""
    chosen_period = period_or_404(period)
    unit = unit_or_404(code, chosen_period)
    host = host_of(unit, chosen_period)
    if host is None:
        abort(404)
    rows = _progress(host, unit, chosen_period) or abort(404)
    only = next((state for state in State if state.value == request.args.get("tinh-trang")), None)
    here = {row.dossier.unit.code for row in rows}
    told = {
        "head": rows[0].dossier.snapshot.head,
        "counted": {state: count for state in State if (count := sum(row.dossier.case.state is state for row in rows))},
        "only": only,
        "shown": [row for row in rows if only in {None, row.dossier.case.state}],
        "waits": [each for each in waits() if each.period == chosen_period and each.unit.code in here],
    }
    return render_template("progress.html", unit=unit, host=host, period=chosen_period, rows=rows, today=today(), **told)


def review(code: str, period: str, said: str = "") -> str:
    """A unit's dossier: what needs judgement first, the rest folded away."""
    mine = desk(code, period)
    return render_template(
        "reviewing.html",
        d=mine.dossier,
        desk=mine,
        said=said,
        explained=explanations(site().storage, mine.dossier),
        can_open=mine.may(Move.OPEN),
        closed=closed_words(site().storage, mine.dossier),
        acts=[(name, mine.may(move)) for name, move in MOVES.items()],
        under_review=mine.dossier.case.state is State.UNDER_REVIEW,
    )


def open_review(code: str, period: str) -> Response | tuple[str, int]:
    """Begin the review, which closes the sender's cells."""
    mine = desk(code, period)
    try:
        make(site().storage, mine.dossier, Move.OPEN, doer(), mine.line, seen_version())
        flash(translate("Đã mở thẩm tra; các ô của đơn vị đang khóa."))
    except ReviewRefused as refused:
        return review(code, period, str(refused)), 409
    return go("review", **mine.values)


def confirm(code: str, period: str) -> tuple[str, int]:
    """What is about to be said, of how many figures, and what it does to the points."""
    return _confirm(desk(code, period), request.args.get("viec", ""), request.args.getlist("o"))


def conclude(code: str, period: str) -> Response | tuple[str, int]:
    """Say it, all or none."""
    mine, what, cells = desk(code, period), request.form.get("viec", ""), request.form.getlist("o")
    reason = request.form.get("ly-do", "")
    try:
        if what in WORDS:
            keys = _keys(cells)
            mark(site().storage, mine.dossier, keys, WORDS[what], doer(), mine.line, seen_version(), reason, seen_figures())
            flash(translate(DONE[what], n=format_count(len(keys))))
        else:
            make(site().storage, mine.dossier, MOVES.get(what) or abort(404), doer(), mine.line, seen_version(), reason, seen_figures())
            flash(done_words(what, mine))
    except ReviewRefused as refused:
        return _confirm(mine, what, cells, str(refused), reason)
    return go("review", **mine.values)


def _confirm(mine: Desk, what: str, cells: list[str], said: str = "", reason: str = "") -> tuple[str, int]:
    if what not in WORDS and what not in MOVES:
        abort(404)
    try:
        marks, picked = _would(mine, what, cells)
    except ReviewRefused as refused:
        return review(**mine.values, said=str(refused)), 409
    effect = effect_of(site().storage, mine.catalogue, mine.dossier, marks, now())
    told = {"what": what, "cells": cells, "picked": picked, "effect": effect, "said": said, "reason": reason}
    return render_template("review_confirm.html", d=mine.dossier, desk=mine, **told), 409 if said else 200


def _would(mine: Desk, what: str, cells: list[str]) -> tuple[tuple[Mark, ...], tuple[object, ...]]:
    """The words that would be said, and the figures they are on."""
    dossier, word = mine.dossier, WORDS.get(what)
    if word is not None:
        picked = chosen(dossier, _keys(cells), word)
        return marks_of(dossier, picked, word, doer(), "–"), picked
    answer = mine.may(MOVES[what])
    if not answer.ok:
        raise ReviewRefused(answer.why)
    marks = marks_with(site().storage, dossier, MOVES[what], doer(), "–")
    return marks, tuple(cell for each in marks if (cell := dossier.cell(each.unit, each.measure)) is not None)


def _keys(cells: list[str]) -> set[tuple[str, str]]:
    """`20164/shops` → unit and measure; what is spelt otherwise is nobody's cell."""
    return {(unit, measure) for unit, _, measure in (text.partition("/") for text in cells)}


def _progress(host: OrgUnit, unit: OrgUnit, period: Period) -> tuple[Progress, ...]:
    snapshot, catalogue = quarter_of(host, period)
    may_see = visible(Act.READ_LIVE, period.end)
    below = snapshot.tree.under(unit.code) if unit.code in snapshot.tree.index else ()
    wanted = [each for each in below if sends(each, host) and may_see(each.code)]
    return progress(dossiers(site().storage, catalogue, snapshot, wanted))


def _running() -> list[Period]:
    """The quarter of today and the one before, which is reported only now; besides them the one a unit that closed late works on."""
    current = Period.quarter_of(today())
    allowed = visible(Act.READ_LIVE)
    closed = {head.unit for head in site().storage.newest_heads() if allowed(head.unit)}
    live = {live_period(site().storage, site().catalogue, code, today()) for code in closed}
    return sorted({current, current.previous(), *filter(None, live)}, key=lambda period: period.start, reverse=True)


def _followed(period: Period) -> list[OrgUnit]:
    """The units the person's roles are at, and for one above all quarters those whose quarters are below it."""
    allowed = roots(actor(), Act.READ_LIVE)
    known = {unit.code: unit for unit in units() if unit.exists_on(period.end)}
    hosted = {code: host_of(unit, period) for code, unit in known.items() if unit.level is not Level.VILLAGE}
    here = [known[code] for code in sorted(allowed & known.keys()) if hosted.get(code) is not None]
    above = [code for code in allowed & known.keys() if hosted.get(code) is None]
    below = {
        host.code: host for code, host in hosted.items() if host is not None and any(each in lines().of(code, period.end) for each in above)
    }
    return [*here, *below.values()]
