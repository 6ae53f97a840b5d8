"""The page of base figures: what counts for a year and by whose word, what waits and what it would move, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, render_template, request

from hue_dti.accounts.model import Act
from hue_dti.catalogue.model import Measure
from hue_dti.errors import PeriodError
from hue_dti.observations.base import Effect
from hue_dti.periods import Period, PeriodKind
from hue_dti.services.base_effect import effects_of, total_change
from hue_dti.services.base_overview import Batch, Overview, Standing, overview
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import can
from hue_dti.web.site import now, site, today, units

PREVIEWED = 3
"""Batches whose effect is worked out while the page is made; the others are named with the command that tells it."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One measure over the units below: their sum, and how many are approved, only told, or absent."""

    measure: Measure
    rows: tuple[Standing, ...]

    @property
    def total(self) -> int:
        return sum(each.value for each in self.rows if each.value is not None)

    @property
    def approved(self) -> int:
        return sum(1 for each in self.rows if each.approved is not None)

    @property
    def told(self) -> int:
        return sum(1 for each in self.rows if each.approved is None and each.value is not None)

    @property
    def absent(self) -> int:
        return sum(1 for each in self.rows if each.value is None)


@dataclass(frozen=True, slots=True)
class Previewed:
    """Waiting proposals with what approving them would do; None where it was not worked out."""

    batch: Batch
    effects: tuple[Effect, ...] | None


def base_figures() -> str:
    """The base figures of `don-vi` and `nam`; of the newest closed quarter's that whoever asks may see, where none is asked for."""
    newest = next((head for head in site().storage.newest_heads() if can(Act.READ_LIVE, head.unit)), None)
    year = _year(request.args.get("nam", ""), Period.parse(newest.period).year if newest else today().year)
    code = request.args.get("don-vi", "") or (newest.unit if newest else "")
    return page(code, year)


def seen_of(code: str, year: int) -> tuple[OrgUnit, Overview]:
    """The unit as it was that year, and its base figures; 404 for one that was not there."""
    unit = _unit(code, year)
    return unit, overview(site().storage, site().catalogue, unit, year)


def page(code: str, year: int, said: Sequence[str] = ()) -> str:
    """The page of a unit's year; `said` is what kept an act from being done."""
    if not code:
        return render_template("base_figures.html", seen=None, unit=None, year=year)
    unit, seen = seen_of(code, year)
    tallies = [Tally(rows[0].measure, rows) for rows in seen.standing.values() if rows]
    return render_template(
        "base_figures.html",
        seen=seen,
        unit=unit,
        year=year,
        years=_years(unit, year),
        tallies=tallies,
        waiting=_previewed(seen),
        measures=site().catalogue.measures,
        total_change=total_change,
        said=said,
    )


def _previewed(seen: Overview) -> list[Previewed]:
    worked = [effects_of(site().storage, site().catalogue, batch.proposals, now()) for batch in seen.waiting[:PREVIEWED]]
    return [Previewed(batch, worked[at] if at < len(worked) else None) for at, batch in enumerate(seen.waiting)]


def _year(text: str, usual: int) -> int:
    if not text:
        return usual
    try:
        period = Period.parse(text)
    except PeriodError:
        abort(404)
    if period.kind is not PeriodKind.YEAR or period.year > today().year + 1:
        abort(404)
    return period.year


def _unit(code: str, year: int) -> OrgUnit:
    """The unit as the year ends, else as it begins; 404 for one that was not there."""
    whole = Period(year, PeriodKind.YEAR)
    for day in (whole.end, whole.start):
        for unit in units():
            if unit.code == code and unit.exists_on(day):
                return unit
    abort(404)


def _years(unit: OrgUnit, year: int) -> list[int]:
    """The years beside this one in which the unit was there."""
    last = today().year + 1
    return [each for each in (year - 1, year + 1) if each <= last and unit.exists_on(Period(each, PeriodKind.YEAR).end)]
