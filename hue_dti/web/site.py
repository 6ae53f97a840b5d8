"""What the views work on: the installation, and a unit's quarter as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from flask import abort, current_app

from hue_dti.catalogue.model import Catalogue, CriteriaSet, Criterion
from hue_dti.config import Settings
from hue_dti.errors import PeriodError, UnitError
from hue_dti.periods import Period
from hue_dti.reports.figures import FigureBook
from hue_dti.scoring.model import CriterionScore
from hue_dti.services.quarter import catalogue_of, changed_since, read
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import Storage
from hue_dti.units.model import Level, OrgUnit

EXTENSION = "hue_dti"


@dataclass(frozen=True, slots=True)
class Site:
    """The installation behind the pages."""

    storage: Storage
    catalogue: Catalogue
    settings: Settings


@dataclass(frozen=True)
class Quarter:
    """One unit's quarter: its snapshot (its own, or cut from the district's), set, catalogue and figures."""

    unit: OrgUnit
    period: Period
    snapshot: Snapshot
    catalogue: Catalogue
    criteria_set: CriteriaSet
    book: FigureBook
    host: OrgUnit

    @property
    def frozen(self) -> bool:
        return bool(self.snapshot.head.sha256)

    @property
    def lines(self) -> list[tuple[Criterion, CriterionScore]]:
        """Criteria with their results, in printed order."""
        return [(self.criteria_set.criterion(line.code), line) for line in self.snapshot.sheet.criteria]

    def changed(self) -> int:
        """How many figures changed since the quarter was frozen."""
        return changed_since(site().storage, self.snapshot) if self.frozen else 0


def site() -> Site:
    """The installation of the application that answers."""
    return cast(Site, current_app.extensions[EXTENSION])


def now() -> datetime:
    """The clock of the pages."""
    return datetime.now(UTC)


def period_or_404(text: str) -> Period:
    """The period in an address."""
    try:
        return Period.parse(text)
    except PeriodError:
        abort(404)


def unit_or_404(code: str, period: Period) -> OrgUnit:
    """The unit in an address, as of the period's end."""
    for unit in site().storage.units():
        if unit.code == code and unit.exists_on(period.end):
            return unit
    abort(404)


def open_quarter(code: str, period_text: str) -> Quarter:
    """A unit's quarter; a commune without its own snapshot is read from its district's."""
    period = period_or_404(period_text)
    unit = unit_or_404(code, period)
    host = unit_or_404(unit.parent, period) if unit.level is Level.COMMUNE and unit.parent else unit
    try:
        snapshot = read(site().storage, site().catalogue, host, period, now())
    except UnitError:
        abort(404)
    catalogue = catalogue_of(snapshot) if snapshot.head.sha256 else site().catalogue
    if host is not unit:
        snapshot = of_lower(snapshot, unit.code)
    book = FigureBook(snapshot, catalogue)
    return Quarter(unit, period, snapshot, catalogue, book.criteria_set, book, host)


def of_lower(snapshot: Snapshot, code: str) -> Snapshot:
    """The same snapshot seen from a commune: its own sheet under the communes' set."""
    for sheet in snapshot.lower:
        if sheet.unit == code:
            head = replace(snapshot.head, unit=code, criteria_set=sheet.criteria_set)
            return replace(snapshot, head=head, sheet=sheet, lower=(), ranking=())
    abort(404)
