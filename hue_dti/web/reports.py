"""Reports on their way: what waits to be signed or issued, what is being drafted, what was issued last."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, render_template

from hue_dti.accounts.model import Act
from hue_dti.periods import Period
from hue_dti.reports.case import State
from hue_dti.reports.editions import Standing
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import can
from hue_dti.web.site import site, units

MOST, MOST_TO_BEGIN = 50, 12
WAITING = (State.SUBMITTED, State.APPROVED)


@dataclass(frozen=True, slots=True)
class Shown:
    """A report's line: its unit, its period, how it stands, and whether it waits for whoever asks."""

    unit: OrgUnit
    period: Period
    standing: Standing
    mine: bool


def register(app: Flask) -> None:
    """Give the list its address."""
    app.add_url_rule("/bao-cao", "reports", reports_page)


def reports_page() -> str:
    """The reports that whoever asks may see, those that wait for this person first."""
    shown = [each for standing in site().storage.reports.standing() if (each := _shown(standing)) is not None]
    waiting = sorted((each for each in shown if each.standing.state in WAITING), key=lambda each: not each.mine)
    drafts = [each for each in shown if each.standing.state is State.DRAFT]
    issued = [each for each in shown if each.standing.state is State.ISSUED]
    known = {(each.unit.code, each.period) for each in shown}
    begin = [each for each in _closed() if each not in known][:MOST_TO_BEGIN]
    names = {unit.code: unit.name for unit in units()}
    told = {"waiting": waiting[:MOST], "drafts": drafts[:MOST], "issued": issued[:MOST], "begin": begin, "names": names}
    return render_template("reports.html", **told)


def _closed() -> list[tuple[str, Period]]:
    """The closed quarters whose reports whoever asks may see, the newest first."""
    found = ((head.unit, Period.parse(head.period)) for head in site().storage.newest_heads())
    return [(code, period) for code, period in found if can(Act.READ_LIVE, code, period.end)]


def _shown(standing: Standing) -> Shown | None:
    """The report's line; None for one that is not for whoever asks."""
    period = Period.parse(standing.period)
    unit = next((unit for unit in units() if unit.code == standing.unit and unit.exists_on(period.end)), None)
    if unit is None or not can(Act.READ_LIVE, unit.code, period.end):
        return None
    act = Act.ISSUE_REPORT if standing.state is State.SUBMITTED else Act.EDIT_REPORT
    return Shown(unit, period, standing, can(act, unit.code, period.end))
