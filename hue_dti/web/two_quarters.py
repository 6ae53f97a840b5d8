"""Two quarters of the province side by side, with a mark where units changed between them."""

from __future__ import annotations

from flask import Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hue_dti.errors import FrameworkError, UnknownUnit
from hue_dti.periods import Period
from hue_dti.services.roll_up import FRAMEWORK, ProvinceQuarter
from hue_dti.services.two_quarters import comparable_periods, two_quarters
from hue_dti.web.roll_up import found_in, ways
from hue_dti.web.site import period_or_404, site


def register(app: Flask) -> None:
    """Give the page its address."""
    app.add_url_rule("/tinh/<period>/so-sanh", "two_quarters", two_quarters_page)


def two_quarters_page(period: str) -> Response | str:
    """The quarter of the address and that of `voi`; without it the newest other one that was closed."""
    chosen = period_or_404(period)
    others = comparable_periods(site().storage, ways(), FRAMEWORK, chosen)
    asked = request.args.get("voi", "")
    if not asked and others:
        return redirect(url_for("two_quarters", period=chosen, voi=_nearest(chosen, others)))
    shown = two_quarters(site().storage, _found(chosen), _found(period_or_404(asked)), site().catalogue.measures) if asked else None
    if shown is not None and shown.then.period == shown.now.period:
        abort(404)
    return render_template("two_quarters.html", period=chosen, two=shown, others=others, asked=asked, measures=site().catalogue.measures)


def _nearest(chosen: Period, others: tuple[Period, ...]) -> Period:
    """The newest one before, else the newest of all."""
    return next((each for each in others if each.end < chosen.start), others[0])


def _found(period: Period) -> ProvinceQuarter:
    try:
        return found_in(period)
    except (FrameworkError, UnknownUnit):
        abort(404)
