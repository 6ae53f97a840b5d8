"""Lock exceptions: one criterion of one unit and quarter opened until a day, with its reason; the committee sees all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from flask import Flask, abort, render_template, request
from werkzeug.wrappers import Response

from hue_dti.accounts.model import Act
from hue_dti.appraisal.model import LockException
from hue_dti.catalogue.model import Catalogue, Criterion
from hue_dti.errors import NumeralError, ReviewRefused
from hue_dti.free_text import one_line
from hue_dti.numerals import parse_date
from hue_dti.periods import Period
from hue_dti.services.review_lock import criteria_at
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import can, visible
from hue_dti.web.dossiers import doer, go
from hue_dti.web.language import translate
from hue_dti.web.site import host_of, period_or_404, site, today, unit_or_404, units

LONGEST_REASON, MOST_DAYS = 500, 60


def register(app: Flask) -> None:
    """Give the page its address."""
    app.add_url_rule("/mo-khoa/<code>/<period>", "exceptions", exceptions, methods=["GET"])
    app.add_url_rule("/mo-khoa/<code>/<period>", "open_lock", open_lock, methods=["POST"])
    app.context_processor(lambda: {"opened_work": opened_work})


def opened_work(mine: Collection[str]) -> list[tuple[OrgUnit, Period, LockException]]:
    """The criteria that stand open for these units though their figures were approved or their quarter closed, the soonest over first."""
    found = []
    for each in site().storage.reviews.opened(mine, today()):
        period = Period.parse(each.period)
        then = next((unit for unit in units() if unit.code == each.unit and unit.exists_on(period.end)), None)
        if then is not None and can(Act.ENTER, then.code, period.end):
            found.append((then, period, each))
    return sorted(found, key=lambda row: (row[2].until, row[2].unit, row[2].criterion))


def exceptions(code: str, period: str, said: str = "") -> str:
    """Every exception of the unit and those below it, standing ones first; and the form for who may open."""
    unit, chosen, catalogue = _asked(code, period)
    may_see = visible(Act.READ_LIVE, chosen.end)
    below = [each for each in units() if each.exists_on(chosen.end) and (each.code == code or each.parent == code) and may_see(each.code)]
    names = {each.code: each.name for each in below}
    found = site().storage.reviews.exceptions(list(names), period)
    newest = {(each.unit, each.criterion): each for each in found}
    rows = [(each, newest[each.unit, each.criterion] is each and each.until >= today()) for each in reversed(found)]
    return render_template(
        "exceptions.html",
        unit=unit,
        period=chosen,
        names=names,
        rows=sorted(rows, key=lambda row: not row[1]),
        criteria=criteria_of(catalogue, unit, chosen),
        known={key: each for other in below for key, each in criteria_of(catalogue, other, chosen).items()},
        may_open=can(Act.APPROVE, code, chosen.end),
        said=said,
        typed=request.form,
        latest=today() + timedelta(days=MOST_DAYS),
        today=today(),
    )


def open_lock(code: str, period: str) -> Response | tuple[str, int]:
    """Open a criterion of the unit until a day; what was wrong is said beside the form."""
    unit, chosen, catalogue = _asked(code, period)
    criterion, typed = request.form.get("tieu-chi", ""), request.form.get("ly-do", "")
    until = _day(request.form.get("den-ngay", ""))
    try:
        reason = one_line(typed, "Lý do", LONGEST_REASON, ReviewRefused)
    except ReviewRefused as refused:
        return exceptions(code, period, str(refused)), 409
    said = _wrong(criterion in criteria_of(catalogue, unit, chosen), until, reason)
    if said or until is None:
        return exceptions(code, period, said), 409
    asking = doer()
    given = LockException(unit.code, str(chosen), criterion, until, reason, asking.signed, asking.at)
    event = asking.event("lock.opened", unit.code, f"{criterion}, {chosen}", new=until.isoformat(), reason=reason)
    site().storage.reviews.open_lock(given, [event])
    return go("exceptions", code=code, period=chosen)


def criteria_of(catalogue: Catalogue, unit: OrgUnit, period: Period) -> Mapping[str, Criterion]:
    """The opened criteria that the unit gives figures for, by the key that exceptions are kept under."""
    host = host_of(unit, period)
    return criteria_at(catalogue, unit.level, host.level, period) if host is not None else {}


def _asked(code: str, period: str) -> tuple[OrgUnit, Period, Catalogue]:
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    return unit, chosen, site().catalogue if host_of(unit, chosen) is not None else abort(404)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except NumeralError:
        return None


def _wrong(known: bool, until: date | None, reason: str) -> str:
    if not known:
        return translate("Hãy chọn một tiêu chí trong danh sách.")
    if until is None or not today() <= until <= today() + timedelta(days=MOST_DAYS):
        return translate("Hãy chọn ngày khoá lại, từ hôm nay và chậm nhất %(n)s ngày nữa.", n=MOST_DAYS)
    if not reason:
        return translate("Hãy ghi lý do mở khoá, dài nhất %(n)s chữ.", n=LONGEST_REASON)
    return ""
