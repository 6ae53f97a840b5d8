"""Appraisal: the unit's own marks beside the appraiser's, each with its reason; explanations until a day; the settled result."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from flask import Flask, abort, render_template, request
from werkzeug.wrappers import Response

from hue_dti.appraisal.model import Move, Stage, State
from hue_dti.errors import NumeralError, ReviewRefused
from hue_dti.numerals import POINT, parse_date
from hue_dti.services.appraise import UnitAppraisal, move, round_of, write
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import lines
from hue_dti.web.appraisal_beside import rows_of
from hue_dti.web.dossiers import doer, go, seen_version
from hue_dti.web.site import Quarter, host_of, nothing_yet, period_or_404, site, unit_or_404
from hue_dti.web.working import equations

MOVES = {"mo": Move.BEGIN, "hoi": Move.ASK, "chot": Move.SETTLE}
_WRITTEN = re.compile(r"(?P<whole>\d{1,3})(?:,(?P<part>\d{1,4}))?")


@dataclass(frozen=True)
class Bench:
    """An appraisal as the person before it has it."""

    round: UnitAppraisal
    host: OrgUnit
    line: tuple[str, ...]

    @property
    def values(self) -> dict[str, str]:
        """The address of its pages."""
        return {"code": self.round.unit.code, "period": str(self.round.period)}


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/tham-dinh/<code>/<period>", "appraisal", appraisal, methods=["GET"])
    app.add_url_rule("/tham-dinh/<code>/<period>", "appraisal_move", make_move, methods=["POST"])
    app.add_url_rule("/tham-dinh/<code>/<period>/<criterion>", "appraisal_of", appraisal_of)
    app.add_url_rule("/tham-dinh/<code>/<period>/<criterion>/diem", "appraise", appraise, methods=["POST"])
    app.add_url_rule("/tham-dinh/<code>/<period>/<criterion>/giai-trinh", "explain", explain, methods=["POST"])
    app.context_processor(lambda: {"appraised": appraised})


def appraised(q: Quarter) -> UnitAppraisal | None:
    """The appraisal of the page's quarter, once one was begun."""
    found = round_of(site().storage, q.unit, q.host, q.period) if q.frozen else None
    return found if found is not None and found.case.version else None


def appraisal(code: str, period: str, said: str = "") -> str:
    """Both marks of every criterion, and what may be done now."""
    mine = _bench(code, period)
    acts = {name: mine.round.may(each, doer(), mine.line) for name, each in MOVES.items()}
    q, rows = rows_of(mine.round, mine.host)
    return render_template("appraisal.html", r=mine.round, bench=mine, q=q, rows=rows, said=said, acts=acts, typed=request.form)


def make_move(code: str, period: str) -> Response | tuple[str, int]:
    """Begin, ask for explanations, settle."""
    mine = _bench(code, period)
    try:
        what = MOVES.get(request.form.get("viec", "")) or abort(404)
        move(site().storage, mine.round, what, doer(), mine.line, seen_version(), _due())
    except (ReviewRefused, NumeralError) as refused:
        return appraisal(code, period, str(refused)), 409
    return go("appraisal", **mine.values)


def appraisal_of(code: str, period: str, criterion: str, said: str = "") -> str:
    """One criterion: who gave how many points and why, and the form for the word that is due."""
    mine = _bench(code, period)
    found = mine.round.words.get(criterion) or abort(404)
    due = next((stage for stage in (Stage.APPRAISED, Stage.FINAL) if mine.round.may_word(stage, criterion, doer(), mine.line).ok), None)
    explains = found.differs and mine.round.may_word(Stage.EXPLAINED, criterion, doer(), mine.line).ok
    q, rows = rows_of(mine.round, mine.host)
    row = rows[criterion]
    worked = equations(row.criterion, row.line, q.catalogue.measures, q.period.year)
    shown = {"q": q, "row": row, "criterion": row.criterion, "line": row.line, "equations": worked}
    told = {"words": found, "due": due, "explains": explains, "said": said, "typed": request.form}
    return render_template("appraisal_of.html", r=mine.round, bench=mine, **shown, **told)


def appraise(code: str, period: str, criterion: str) -> Response | tuple[str, int]:
    """The appraiser's points, first or last."""
    mine = _bench(code, period)
    stage = Stage.FINAL if mine.round.case.state is State.EXPLAINING else Stage.APPRAISED
    return _write(mine, criterion, stage, read_points(request.form.get("diem", "")))


def explain(code: str, period: str, criterion: str) -> Response | tuple[str, int]:
    """The unit's explanation."""
    return _write(_bench(code, period), criterion, Stage.EXPLAINED, None)


def read_points(text: str) -> int | None:
    """`9,5` → 95000 ten-thousandths; None for what is no number of points."""
    match = _WRITTEN.fullmatch(text.strip())
    return int(match["whole"]) * POINT + int((match["part"] or "").ljust(4, "0")) if match else None


def _write(mine: Bench, criterion: str, stage: Stage, points: int | None) -> Response | tuple[str, int]:
    if criterion not in mine.round.words:
        abort(404)
    try:
        write(site().storage, mine.round, criterion, stage, points, request.form.get("ly-do", ""), doer(), mine.line, seen_version())
    except ReviewRefused as refused:
        return appraisal_of(**mine.values, criterion=criterion, said=str(refused)), 409
    return go("appraisal", **mine.values, _anchor=criterion)


def _due() -> date | None:
    text = request.form.get("den-ngay", "").strip()
    return parse_date(text) if text else None


def _bench(code: str, period: str) -> Bench:
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    host = host_of(unit, chosen)
    if host is None:
        abort(404)
    found = round_of(site().storage, unit, host, chosen)
    if found is None:
        nothing_yet(unit, chosen, "not_closed", host)
    return Bench(found, host, lines().of(code, chosen.end))
