"""“Việc nên làm tiếp”: what would win a unit the most points for the least count, and which place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

from flask import Flask, Response, abort, render_template, request, send_file

from hue_dti.catalogue.model import Measure
from hue_dti.errors import FrameworkError
from hue_dti.numerals import format_percent
from hue_dti.periods import Period
from hue_dti.plans.results import aim_words
from hue_dti.reports.steps_xlsx import steps_book
from hue_dti.services.next_steps import scored_unit, steps_of
from hue_dti.services.plan_aims import aims_of
from hue_dti.services.roll_up import ProvinceQuarter
from hue_dti.steps.model import NextSteps, Step
from hue_dti.steps.province import Percent, cheapest
from hue_dti.steps.province_words import doing as percent_doing
from hue_dti.steps.province_words import worth as percent_worth
from hue_dti.steps.words import amount, doing, rank_words
from hue_dti.units.model import Level
from hue_dti.web.filled_book import XLSX
from hue_dti.web.plan_new import into_plan, may_plan
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
    found = _found(shown)
    told = {"most": most, "today": today(), "into": _into(shown, found.steps[:most])}
    return render_template("next_steps.html", q=shown, found=found, **told, **words)


def next_steps_file(code: str, period: str) -> Response:
    """The same as a workbook."""
    shown = open_quarter(code, period)
    book = steps_book(_found(shown), shown.catalogue.measures, f"{shown.unit.name}, {shown.period.label}: việc nên làm tiếp")
    name = f"viec-nen-lam-tiep-{shown.unit.code}-{shown.period}.xlsx"
    return send_file(BytesIO(book), mimetype=XLSX, as_attachment=True, download_name=name)


def _into(shown: Quarter, steps: Sequence[Step]) -> list[str]:
    """The way of each step into the unit's plan; none for whoever keeps no plans of it."""
    if not may_plan(shown.unit):
        return []
    again, criteria_set = scored_unit(shown.whole, shown.catalogue, shown.unit.code)
    whence = f"từ việc nên làm tiếp, {shown.period.label}"
    return [
        into_plan(shown.unit, criteria_set.code, step.until, step.criterion.code, aim, doing(step, again.measures), whence)
        for step, aim in zip(steps, aims_of(again, steps), strict=True)
    ]


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
    into = [_percent_into(found, each, measures) for each in percents]
    return render_template("province_steps.html", found=found, percents=percents, period=period, into=into, **words)


def _percent_into(found: ProvinceQuarter, each: Percent, measures: Mapping[str, Measure]) -> str:
    """The way of one more percent into the province's plan of this year."""
    whence, due = f"từ chỉ số dễ tăng điểm nhất, {found.period.label}", date(today().year, 12, 31)
    target = aim_words(format_percent(each.after))
    return into_plan(found.province, found.framework.code, due, each.component.code, target, percent_doing(each, measures), whence)
