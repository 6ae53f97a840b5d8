"""Pages of units in time: the tree of any day, what a unit was made from and became, its figures before it was there."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask, abort, render_template, request

from hue_dti.errors import NumeralError
from hue_dti.numerals import parse_date
from hue_dti.periods import PeriodKind
from hue_dti.services.restated import restated_quarters
from hue_dti.services.unit_line import unit_line
from hue_dti.units.events import ChangeKind
from hue_dti.units.lineage import Step
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree
from hue_dti.web.site import site, today, units

CHANGES = {
    ChangeKind.MERGE: "nhập vào",
    ChangeKind.SPLIT: "tách thành",
    ChangeKind.RENAME: "đổi tên thành",
    ChangeKind.MOVE: "chuyển đơn vị quản lý",
    ChangeKind.END: "kết thúc",
}


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/don-vi-theo-ngay", "units_at", units_at)
    app.add_url_rule("/don-vi/<code>/qua-cac-lan-sap-xep", "unit_life", unit_life)
    app.context_processor(lambda: {"UNIT_CHANGES": CHANGES, "share_words": share_words})


def units_at() -> str:
    """The tree of `ngay`, today's without one; the days around each event are one click away."""
    asked = request.args.get("ngay", "").strip()
    day = _day(asked) or today()
    tree = build_tree(units(), day)
    depth: list[int] = []
    for above in tree.parent:
        depth.append(depth[above] + 1 if above >= 0 else 0)
    events = site().storage.lineage().events
    rows = list(zip(tree.units, depth, strict=True))
    unread = bool(asked) and _day(asked) is None
    return render_template("units_at.html", day=day, rows=rows, events=events, one=timedelta(days=1), unread=unread)


def unit_life(code: str) -> str:
    """The unit that bore the code on `ngay`, its last bearer without one."""
    bearers = sorted((unit for unit in units() if unit.code == code), key=lambda unit: unit.valid_from)
    if not bearers:
        abort(404)
    day = _day(request.args.get("ngay", ""))
    unit = next((each for each in bearers if day is not None and each.exists_on(day)), bearers[-1])
    line = site().storage.lineage()
    return render_template(
        "unit_life.html",
        unit=unit,
        line=unit_line(site().storage, unit, _day_of(unit, day)),
        bearers=bearers,
        from_=line.came_from(unit),
        into=line.became(unit),
        restated=restated_quarters(site().storage, site().catalogue, unit, PeriodKind.QUARTER)[::-1],
        measures=site().catalogue.measures,
    )


def share_words(step: Step) -> str:
    """The part of the old unit that follows: a fraction, empty for the whole, a dash where nobody can say."""
    part = step.change.part
    if part is None:
        return "–"
    return "" if part == 1 else f"{part.numerator}/{part.denominator}"


def _day_of(unit: OrgUnit, asked: date | None) -> date:
    """The day whose tree is shown around a unit: the one asked for, else today, else the unit's last; its first where none of them fits."""
    days = (asked, today(), unit.valid_to)
    return next((day for day in days if day is not None and unit.exists_on(day)), unit.valid_from)


def _day(text: str) -> date | None:
    """The day of an address: as a date field sends it, or as people write it; None for neither."""
    try:
        return parse_date(text) if "/" in text else date.fromisoformat(text)
    except (ValueError, NumeralError):
        return None
