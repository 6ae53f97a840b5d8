"""The page on which two sources of one measure stand side by side, and where it is said why they differ."""

from __future__ import annotations

from flask import Flask, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hue_dti.errors import SnapshotError
from hue_dti.free_text import one_line
from hue_dti.services.reconcile import explain_difference, reconciliation
from hue_dti.web.access import hand, opens
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor
from hue_dti.web.site import Quarter, now, open_quarter, site

SHOWN = 200
"""Lines of a list on the page; the rest are counted."""
LONGEST = 500
REFUSED = 422


def register(app: Flask) -> None:
    """Give the page its addresses."""
    address = "/don-vi/<code>/<period>/doi-chieu"
    app.add_url_rule(address, "reconcile", reconcile_page)
    app.add_url_rule(address, "explain_difference", explain, methods=["POST"])


def reconcile_page(code: str, period: str, said: str = "") -> str:
    """What differs in the unit and below it, and what only one source tells."""
    shown = open_quarter(code, period)
    own = _own(shown)
    found = reconciliation(site().storage, shown.whole, shown.catalogue)
    return render_template(
        "reconcile.html",
        q=shown,
        declared=[measure for measure in shown.catalogue.measures.values() if measure.also_from],
        compared=sum(pair.unit in own for pair in found.compared),
        differing=[pair for pair in found.differing if pair.unit in own],
        alone=[pair for pair in found.alone if pair.unit in own],
        names={unit.code: unit.name for unit in shown.whole.tree.units},
        most=SHOWN,
        said=said,
        typed=request.form,
        longest=LONGEST,
        may_explain=opens("explain_difference", code=code, period=period),
    )


def explain(code: str, period: str) -> Response:
    """Keep why the two sources differ at one figure."""
    shown, told = open_quarter(code, period), request.form.get("o", "").split("/")
    if len(told) != 3 or told[0] not in _own(shown):
        abort(404)
    unit, measure, source = told
    try:
        reason = one_line(request.form.get("ly-do", ""), "Lý do", LONGEST, SnapshotError)
        explain_difference(site().storage, shown.whole, shown.catalogue, (unit, measure, source), reason, actor().name, now, hand())
    except SnapshotError as fault:
        return make_response(reconcile_page(code, period, str(fault)), REFUSED)
    flash(translate("Đã lưu lý do."))
    return redirect(url_for("reconcile", code=code, period=period), 303)


def _own(shown: Quarter) -> frozenset[str]:
    """The unit and all below it."""
    return frozenset(unit.code for unit in shown.whole.tree.under(shown.unit.code))
