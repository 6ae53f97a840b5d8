"""Close a quarter in the browser: what it lacks, what freezing means, one button, and where it leads."""

from __future__ import annotations

from flask import Flask, abort, render_template, request
from werkzeug.wrappers import Response

from hue_dti.errors import NoSetInForce, SnapshotError
from hue_dti.periods import Period
from hue_dti.services.close import close_quarter
from hue_dti.services.closing import readiness
from hue_dti.services.trail_anchors import trail_anchors
from hue_dti.storage import Deferred, home_folder
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import hand
from hue_dti.web.dossiers import go
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor
from hue_dti.web.site import host_of, nothing_yet, now, period_or_404, site, today, unit_or_404

LONGEST_REASON = 500


def register(app: Flask) -> None:
    """Give the page its address."""
    app.add_url_rule("/chot/<code>/<period>", "closing", closing, methods=["GET"])
    app.add_url_rule("/chot/<code>/<period>", "close_quarter", close, methods=["POST"])


def closing(code: str, period: str, said: str = "") -> str:
    """How the quarter stands, and the button where it may be closed."""
    unit, chosen = _asked(code, period)
    if chosen.start > today():
        nothing_yet(unit, chosen, "not_begun")
    try:
        found = readiness(site().storage, site().catalogue, unit, chosen, now())
    except NoSetInForce:
        nothing_yet(unit, chosen, "no_set")
    case = site().storage.reports.case(unit.code, str(chosen))
    names = {each.code: each.name for each in found.quarter.tree.units}
    measures = site().catalogue.measures
    told = {"names": names, "measures": measures, "issued": case.issued, "longest": LONGEST_REASON}
    return render_template("closing.html", r=found, said=said, today=today(), **told)


def close(code: str, period: str) -> Response | tuple[str, int]:
    """Freeze the quarter as the page showed it; what was wrong is said on the page."""
    unit, chosen = _asked(code, period)
    reason, seen = " ".join(request.form.get("ly-do", "").split())[:LONGEST_REASON], request.form.get("noi-dung", "")
    if not request.form.get("da-xem") or not seen:
        return closing(code, period, translate("Hãy đánh dấu là đã xem những chỗ còn thiếu, rồi bấm chốt.")), 409
    try:
        _close(unit, chosen, reason, seen)
    except SnapshotError as refused:
        return closing(code, period, str(refused)), 409
    return go("closing", code=code, period=period)


def _close(unit: OrgUnit, period: Period, reason: str, seen: str) -> None:
    settings, report = site().settings, Deferred("draft_report", {"unit": unit.code, "period": str(period)})
    close_quarter(
        site().storage,
        site().catalogue,
        unit,
        period,
        now,
        actor().name,
        reason,
        home_folder(settings),
        [report],
        hand(),
        trail_anchors(settings),
        seen,
    )


def _asked(code: str, period: str) -> tuple[OrgUnit, Period]:
    """The unit and period of the address; 404 for a unit whose quarter is told by one above it."""
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    host = host_of(unit, chosen)
    return (unit, chosen) if host is not None and host.code == unit.code else abort(404)
