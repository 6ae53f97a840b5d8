"""“Việc nên làm tiếp”: what would win a unit the most points for the least count, and which place."""

from __future__ import annotations

from io import BytesIO

from flask import Flask, Response, abort, render_template, request, send_file

from hue_dti.errors import FrameworkError
from hue_dti.periods import Period
from hue_dti.reports.steps_xlsx import steps_book
from hue_dti.services.next_steps import steps_of
from hue_dti.steps.model import NextSteps
from hue_dti.steps.province import cheapest
from hue_dti.steps.province_words import doing as percent_doing
from hue_dti.steps.province_words import worth as percent_worth
from hue_dti.steps.words import amount, doing, rank_words
from hue_dti.units.model import Level
from hue_dti.web.filled_book import XLSX
from hue_dti.web.roll_up import found_in
from hue_dti.web.site import Quarter, open_quarter, period_or_404, site, today, unit_or_404

FEW, MANY = 12, 1000


def register(app: Flask) -> None:
    """Give the page and its table their addresses."""
    app.add_url_rule("/don-vi/<code>/<period>/buoc-tiep", "next_steps", next_steps_page)
    app.add_url_rule("/don-vi/<code>/<period>/buoc-tiep.xlsx", "next_steps_file", next_steps_file)


def next_steps_page(code: str, period: str) -> str:
    """The steps, the shortest way up, and what they come to one after the other; `tat-ca=1` shows every one. For the province, percents."""
    if unit_or_404(code, period_or_404(period)).level is Level.PROVINCE:
        return _province(period_or_404(period))
    shown = open_quarter(code, period)
    most = MANY if request.args.get("tat-ca") == "1" else FEW
    words = {"amount": amount, "doing": doing, "rank_words": rank_words}
    return render_template("next_steps.html", q=shown, found=_found(shown), most=most, today=today(), **words)


def next_steps_file(code: str, period: str) -> Response:
    """The same as a workbook."""
    shown = open_quarter(code, period)
    book = steps_book(_found(shown), shown.catalogue.measures, f"{shown.unit.name}, {shown.period.label}: việc nên làm tiếp")
    name = f"viec-nen-lam-tiep-{shown.unit.code}-{shown.period}.xlsx"
    return send_file(BytesIO(book), mimetype=XLSX, as_attachment=True, download_name=name)


def _found(shown: Quarter) -> NextSteps:
    return steps_of(site().storage, shown.whole, shown.catalogue, shown.unit.code, today())


def _province(period: Period) -> str:
    """Where one more percent of a component is cheapest."""
    measures = site().catalogue.measures
    try:
        found = found_in(period)
    except FrameworkError:
        abort(404)
    percents = cheapest(found.roll_up, measures)
    words = {"doing": percent_doing, "worth": percent_worth, "measures": measures}
    return render_template("province_steps.html", found=found, percents=percents, period=period, **words)
