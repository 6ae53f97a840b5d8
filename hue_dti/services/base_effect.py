"""What approving base figures does: to the points of every open quarter of the year, and to what closed ones say has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from hue_dti.catalogue.model import Catalogue
from hue_dti.collation import sort_key
from hue_dti.observations.base import BASE_SOURCE, ApprovedFigure, Effect, Moved, Proposal
from hue_dti.observations.intake import printed, subsets
from hue_dti.observations.model import Origin
from hue_dti.periods import LOCAL, Period, PeriodKind
from hue_dti.scoring.model import ScoreSheet
from hue_dti.services.quarter import changed_since, draft, frozen, newest_of
from hue_dti.snapshots.model import SnapshotHead
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree


def supposed(proposals: Iterable[Proposal], at: datetime) -> tuple[ApprovedFigure, ...]:
    """The proposals as if they were approved."""
    origin = Origin(BASE_SOURCE, "", at, "", "")
    drafts = ((each.number, each.draft) for each in proposals)
    return tuple(ApprovedFigure(number, one.unit, one.valid_from, one.measure, one.year, one.value, origin, "") for number, one in drafts)


def effects_of(storage: Storage, catalogue: Catalogue, proposals: Sequence[Proposal], now: datetime) -> tuple[Effect, ...]:
    """The points of every quarter that the proposals reach, before and after: the units with a set of their own, then those below them."""
    units, today = storage.units(), now.astimezone(LOCAL).date()
    found: list[Effect] = []
    for year in sorted({each.draft.year for each in proposals}):
        mine = [each for each in proposals if each.draft.year == year]
        for period in [period for period in quarters(year) if period.start <= today]:
            touched = {each.draft.unit for each in mine if _is_there(units, each.draft.unit, each.draft.valid_from, period)}
            for host in hosts(units, catalogue, touched, period):
                found += _effects(storage, catalogue, host, period, supposed(mine, now), touched, now)
    return tuple(found)


def hosts(units: Sequence[OrgUnit], catalogue: Catalogue, touched: Collection[str], period: Period) -> list[OrgUnit]:
    """The units whose quarters take these in: all above them, themselves too, that an official set is for; else any that a set is for."""
    known = {unit.code: unit for unit in units if unit.exists_on(period.end)}
    found: dict[str, OrgUnit] = {}
    for code in sorted(touched):
        scored = [(unit, chosen) for unit in _upwards(code, known) if (chosen := catalogue.set_for(unit.level, period.end)) is not None]
        official = [unit for unit, chosen in scored if chosen.official]
        found.update({unit.code: unit for unit in official or [unit for unit, _ in scored[:1]]})
    return sorted(found.values(), key=lambda unit: sort_key(unit.name))


def total_change(effects: Iterable[Effect]) -> int:
    """The ten-thousandths by which the open quarters move, units scored below another left out."""
    return sum(each.after - each.before for each in effects if not each.lower)


def quarters(year: int) -> list[Period]:
    """The quarters of a year."""
    return [Period(year, PeriodKind.QUARTER, number) for number in (1, 2, 3, 4)]


def contradictions(storage: Storage, catalogue: Catalogue, proposals: Sequence[Proposal], now: datetime) -> list[str]:
    """Where the figures of a quarter say that a proposal cannot be right for the year: a part larger than its whole."""
    units, found = storage.units(), list[str]()
    for year in sorted({each.draft.year for each in proposals}):
        supposing = supposed((each for each in proposals if each.draft.year == year), now)
        for period in quarters(year):
            there = {unit.code: unit for unit in units if unit.exists_on(period.end)}
            mine = [each for each in supposing if each.unit in there and there[each.unit].valid_from == each.valid_from]
            found += _contradicted(storage, catalogue, there, period, mine)
    return found


def _contradicted(
    storage: Storage, catalogue: Catalogue, there: Mapping[str, OrgUnit], period: Period, supposing: Sequence[ApprovedFigure]
) -> Iterator[str]:
    touched = sorted({each.unit for each in supposing})
    values = {(each.unit, each.measure): each.value for each in storage.observations(touched, period) if each.value is not None}
    for each in (*storage.base.approved(touched, period.year), *supposing):
        if there[each.unit].valid_from == each.valid_from:
            values[each.unit, each.measure] = each.value
    proposed = {(each.unit, each.measure) for each in supposing}
    for unit in touched:
        for part, whole in sorted(subsets(catalogue)):
            low, high = values.get((unit, part)), values.get((unit, whole))
            if low is not None and high is not None and low > high and proposed & {(unit, part), (unit, whole)}:
                below, above = catalogue.measures[part], catalogue.measures[whole]
                where = f"{there[unit].name}, {period.label}"
                yield f"{where}: '{below.name}' ({printed(below, low)}) lớn hơn '{above.name}' ({printed(above, high)})"


def _effects(
    storage: Storage,
    catalogue: Catalogue,
    host: OrgUnit,
    period: Period,
    supposing: Sequence[ApprovedFigure],
    touched: Collection[str],
    now: datetime,
) -> Iterator[Effect]:
    head = newest_of(storage, host.code, period)
    if head is not None:
        yield _closed(storage, host, head, supposing)
        return
    cutoff = catalogue.set_for(host.level, period.end)
    tree = build_tree(storage.units(), cutoff.calendar.cutoff(period) if cutoff else period.end, host.code)
    if not storage.figures([unit.code for unit in tree.units], period).measures:
        return
    before, after = (draft(storage, catalogue, host, period, now, each) for each in ((), supposing))
    yield _moved(host, period, before.sheet, after.sheet, lower=False)
    afterwards = {sheet.unit: sheet for sheet in after.lower}
    for sheet in before.lower:
        if any(code in tree.index and tree.unit(code) in tree.under(sheet.unit) for code in touched):
            yield _moved(tree.unit(sheet.unit), period, sheet, afterwards[sheet.unit], lower=True)


def _closed(storage: Storage, host: OrgUnit, head: SnapshotHead, supposing: Sequence[ApprovedFigure]) -> Effect:
    """A closed quarter keeps its points, and says how many of its figures differ since."""
    snapshot = frozen(storage, head.sha256)
    total, changed = snapshot.sheet.total, changed_since(storage, snapshot, supposing)
    return Effect(host.code, host.name, head.period, total.points, total.points, total.max_points, frozen=True, changed=changed)


def _moved(unit: OrgUnit, period: Period, before: ScoreSheet, after: ScoreSheet, *, lower: bool) -> Effect:
    moved = tuple(
        Moved(old.code, old.points, new.points)
        for old, new in zip(before.criteria, after.criteria, strict=True)
        if old.points != new.points
    )
    total = after.total
    return Effect(unit.code, unit.name, str(period), before.total.points, total.points, total.max_points, lower, criteria=moved)


def _is_there(units: Iterable[OrgUnit], code: str, valid_from: object, period: Period) -> bool:
    return any(unit.code == code and unit.valid_from == valid_from and unit.exists_on(period.end) for unit in units)


def _upwards(code: str, known: dict[str, OrgUnit]) -> Iterator[OrgUnit]:
    seen: set[str] = set()
    while code in known and code not in seen:
        seen.add(code)
        yield known[code]
        code = known[code].parent or ""
