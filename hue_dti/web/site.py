"""What the views work on: the installation, and a unit's quarter as one value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NoReturn, TypeVar, cast

from flask import abort, current_app, g, make_response, render_template, request

from hue_dti.catalogue.model import Catalogue, CriteriaSet, Criterion, Source
from hue_dti.config import Settings
from hue_dti.errors import PeriodError
from hue_dti.periods import LOCAL, Period, PeriodKind
from hue_dti.reports.figures import FigureBook
from hue_dti.scoring.model import CriterionScore
from hue_dti.services.hosts import host_in, line_of
from hue_dti.services.open_quarter import read
from hue_dti.services.quarter import catalogue_of, changed_since, seen_from
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import Storage
from hue_dti.units.lines import spans_of
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree
from hue_dti.vault import Vault

T = TypeVar("T")

EXTENSION = "hue_dti"


@dataclass(frozen=True, slots=True)
class Site:
    """The installation behind the pages."""

    storage: Storage
    catalogue: Catalogue
    settings: Settings
    vault: Vault


@dataclass(frozen=True)
class Quarter:
    """One unit's quarter: its snapshot (its own, or cut from that of the unit above it), set, catalogue and figures.

    `host` is the unit whose quarter was pulled and frozen; `whole` is the host's own snapshot.
    """

    unit: OrgUnit
    period: Period
    snapshot: Snapshot
    catalogue: Catalogue
    criteria_set: CriteriaSet
    book: FigureBook
    host: OrgUnit
    whole: Snapshot

    @property
    def frozen(self) -> bool:
        """Whether the figures are those of a closed quarter."""
        return bool(self.snapshot.head.sha256)

    @property
    def lines(self) -> list[tuple[Criterion, CriterionScore]]:
        """Criteria with their results, in printed order."""
        return [(self.criteria_set.criterion(line.code), line) for line in self.snapshot.sheet.criteria]

    def changed(self) -> int:
        """How many figures changed since the quarter was frozen."""
        return changed_since(site().storage, self.whole) if self.frozen else 0


def site() -> Site:
    """The installation of the application that answers."""
    return cast(Site, current_app.extensions[EXTENSION])


def units() -> tuple[OrgUnit, ...]:
    """Every unit of every time, read once for each request."""
    if "units" not in g:
        g.units = kept("units", lambda: (site().storage.units(), ()))
    return cast(tuple[OrgUnit, ...], g.units)


def kept(key: Hashable, make: Callable[[], tuple[T, Collection[str]]]) -> T:
    """What is kept under the key, as `Kept.value` has it; a request that only reads asks once what was touched."""
    asked = g.get("asked_what_was_touched", False)
    g.asked_what_was_touched = request.method in {"GET", "HEAD"}
    return site().storage.kept.value(key, make, asked=asked)


def is_closed(unit: OrgUnit, period: Period) -> bool:
    """Whether the unit's own quarter of this period was closed."""
    return str(period) in kept(("closed", unit.code), lambda: (_closed(unit.code), (unit.code,)))


def _closed(code: str) -> frozenset[str]:
    return frozenset(head.period for head in site().storage.snapshot_heads(code))


def now() -> datetime:
    """The clock of the pages; `CLOCK` of the application's configuration, where it is set, is asked instead of the machine's."""
    clock = cast(Callable[[], datetime], current_app.config.get("CLOCK", _machine_clock))
    return clock()


def _machine_clock() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The day in Việt Nam."""
    return now().astimezone(LOCAL).date()


def period_or_404(text: str) -> Period:
    """The period in an address."""
    try:
        return Period.parse(text)
    except PeriodError:
        abort(404)


def unit_or_404(code: str, period: Period) -> OrgUnit:
    """The unit in an address, as of the period's end."""
    for unit in spans_of(units()).get(code, ()):
        if unit.exists_on(period.end):
            return unit
    abort(404)


def open_quarter(code: str, period_text: str) -> Quarter:
    """A unit's quarter; a unit without an official set of its own is read from the quarter of the unit above it.

    Answers with a page that says why when there is nothing to show, with 404 for a unit or period that does not exist.
    """
    period = period_or_404(period_text)
    unit = unit_or_404(code, period)
    host = host_of(unit, period)
    why = why_nothing(host, period)
    if host is None or why:
        nothing_yet(unit, period, why, host)
    return quarter_in(read(site().storage, site().catalogue, host, period, now()), unit, host, period)


def quarter_in(whole: Snapshot, unit: OrgUnit, host: OrgUnit, period: Period) -> Quarter:
    """The unit's quarter in this very snapshot of the host's."""
    snapshot = whole if host.code == unit.code else of_lower(whole, unit, period)
    catalogue = catalogue_of(whole) if whole.head.sha256 else site().catalogue
    book = FigureBook(snapshot, catalogue)
    return Quarter(unit, period, snapshot, catalogue, book.criteria_set, book, host, whole)


def why_nothing(host: OrgUnit | None, period: Period) -> str:
    """Why a quarter told by `host` has nothing to show; empty when it has."""
    if host is None:
        return "no_set"
    if period.start > today():
        return "not_begun"
    return "" if _has_figures(host, period) else "no_figures"


def newest_period(unit: OrgUnit) -> Period | None:
    """The newest closed period in which the unit was there and is told of, by itself or by the unit above it."""
    for head in site().storage.newest_heads():
        period = Period.parse(head.period)
        host = host_of(unit, period)
        if host is not None and head.unit == host.code and unit.exists_on(period.end):
            return period
    return None


def _has_figures(host: OrgUnit, period: Period) -> bool:
    """Whether the host's quarter was closed, or any figure came for the units it takes in."""
    if is_closed(host, period):
        return True
    codes = [unit.code for unit in build_tree(units(), period.end, host.code).units]
    return kept(("has figures", host, period), lambda: (bool(site().storage.figures(codes, period).measures), codes))


def of_lower(snapshot: Snapshot, unit: OrgUnit, period: Period) -> Snapshot:
    """The same snapshot seen from a lower unit: its own sheet under the lower units' set."""
    return seen_from(snapshot, unit.code) or nothing_yet(unit, period, "not_scored")


def host_of(unit: OrgUnit, period: Period) -> OrgUnit | None:
    """The unit whose quarter tells of this one: the nearest, itself or above it, that an official set is for."""
    return host_in(site().catalogue, line_of(units(), unit.code, period.end), period.end)


def source_told(code: str, unit: OrgUnit, period: Period) -> Source:
    """A source in the words of whoever closes this unit's quarter."""
    source, host = site().catalogue.sources[code], host_of(unit, period)
    return source.told_to(host.level) if host is not None else source


def newest_quarter() -> Period:
    """The newest quarter that any unit closed, else the one that runs now."""
    quarters = (Period.parse(head.period) for head in site().storage.newest_heads())
    return next((each for each in quarters if each.kind is PeriodKind.QUARTER), Period.quarter_of(today()))


def is_open(unit: OrgUnit, period: Period) -> bool:
    """Whether a page of this unit and period can have anything: the unit was there, the period has begun, a set is in force."""
    return period.start <= today() and unit.exists_on(period.end) and host_of(unit, period) is not None


def nothing_yet(unit: OrgUnit, period: Period, why: str, host: OrgUnit | None = None) -> NoReturn:
    """Answer with the page that says why there is nothing to show and what would fill it."""
    newest = next((head for head in site().storage.newest_heads() if head.unit in {unit.code, host.code if host else unit.parent}), None)
    abort(make_response(render_template("empty.html", unit=unit, period=period, why=why, host=host or unit, newest=newest)))
