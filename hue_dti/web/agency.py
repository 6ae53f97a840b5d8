"""An agency's page: what it still misses in the criteria that list agencies."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from hue_dti.catalogue.model import Criterion
from hue_dti.catalogue.rules import Inverse, Ratio
from hue_dti.reports.figures import inner
from hue_dti.snapshots.model import FrozenFigure
from hue_dti.web.site import Quarter, host_of, nothing_yet, open_quarter, period_or_404, unit_or_404


@dataclass(frozen=True, slots=True)
class Counted:
    """A criterion in which the agency is counted: its part and whole, and what it misses (0 when complete)."""

    criterion: Criterion
    part: FrozenFigure
    whole: FrozenFigure
    missing: int


def agency_page(code: str, period: str) -> str:
    """The criteria of the quarter above in which this agency has figures, those it misses most in first."""
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    host = host_of(unit, chosen)
    if host is None:
        nothing_yet(unit, chosen, "no_set")
    shown = open_quarter(host.code, period)
    rows = sorted(_counted(shown, code), key=lambda row: -row.missing)
    return render_template("agency.html", q=shown, unit=unit, rows=rows, lacking=sum(1 for row in rows if row.missing))


def _counted(shown: Quarter, code: str) -> list[Counted]:
    rows = []
    for criterion, line in shown.lines:
        rule = inner(criterion.rule)
        if criterion.shortfall is None or not isinstance(rule, Ratio | Inverse) or rule.whole is None:
            continue
        part, whole = shown.snapshot.figure(code, rule.part), shown.snapshot.figure(code, rule.whole)
        if part is not None and whole is not None:
            listed = {each.unit: each.missing for each in line.shortfalls}
            rows.append(Counted(criterion, part, whole, listed.get(code, 0) if line.shows == "missing" else 0))
    return rows
