"""The page on which two sources of one measure stand side by side."""

from __future__ import annotations

from flask import Flask, render_template

from hue_dti.services.reconcile import reconciliation
from hue_dti.web.site import open_quarter, site

SHOWN = 200
"""Lines of a list on the page; the rest are counted."""


def register(app: Flask) -> None:
    """Give the page its address."""
    app.add_url_rule("/don-vi/<code>/<period>/doi-chieu", "reconcile", reconcile_page)


def reconcile_page(code: str, period: str) -> str:
    """What differs in the unit and below it, and what only one source tells."""
    shown = open_quarter(code, period)
    own = {unit.code for unit in shown.whole.tree.under(shown.unit.code)}
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
    )
