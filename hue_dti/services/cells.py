"""A unit's cells of a quarter: which figures it gives, what stands in each, and whether it may be typed into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hue_dti.appraisal.model import Case, Mark, Verdict
from hue_dti.catalogue.model import Catalogue, CriteriaSet, Measure, ValueKind
from hue_dti.observations.entered import Choice, Entry
from hue_dti.observations.model import Observation
from hue_dti.observations.typed_text import field_text
from hue_dti.periods import LOCAL, Period
from hue_dti.services.approved import approved_values
from hue_dti.services.enter import is_pulled, locked
from hue_dti.services.hosts import host_in, line_of
from hue_dti.services.review_lock import Locks, sender_of
from hue_dti.storage import Storage
from hue_dti.storage.notes import FigureNote
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree

EARLIER = 4
"""How many quarters before are shown beside a cell."""


class Standing(StrEnum):
    """What a cell asks of the officer."""

    EMPTY = "empty"
    RETURNED = "returned"
    DONE = "done"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class EntryCell:
    """A measure of the unit in the quarter; `told` is its figure as it was told, `approved` its base figure where that is approved.

    `why_locked` is empty for a cell that takes typing. `earlier` are the values of the quarters before, the nearest first.
    """

    measure: Measure
    criteria: tuple[str, ...]
    told: Observation | None
    entry: Entry | None
    approved: int | None
    why_locked: str
    pulled: bool
    mark: Mark | None
    earlier: tuple[tuple[Period, int | None], ...]
    note: FigureNote | None

    @property
    def value(self) -> int | None:
        return self.approved if self.approved is not None else self.told.value if self.told is not None else None

    @property
    def choice(self) -> Choice | None:
        """What a person chose, where what was typed still stands; None for an empty cell and for what another told."""
        mine = self.entry is not None and self.told is not None and self.told.origin.raw_sha256 == self.entry.raw_sha256
        return self.entry.typed.choice if self.entry is not None and mine else None

    @property
    def text(self) -> str:
        """What the cell's field holds; empty where a choice stands in its place."""
        return field_text(self.measure, self.value) if self.choice in {None, Choice.VALUE} else ""

    @property
    def standing(self) -> Standing:
        if self.why_locked:
            return Standing.LOCKED
        if self.mark is not None:
            return Standing.RETURNED
        return Standing.DONE if self.value is not None or self.choice is Choice.NO_DATA else Standing.EMPTY

    @property
    def waits(self) -> bool:
        """Whether the officer still has something to do here."""
        return self.standing in {Standing.EMPTY, Standing.RETURNED}


@dataclass(frozen=True)
class UnitCells:
    """All cells of a unit in a quarter, in the order of the criteria; `closed` when the quarter takes no typing any more."""

    line: tuple[OrgUnit, ...]
    host: OrgUnit
    sets: tuple[tuple[OrgUnit, CriteriaSet], ...]
    period: Period
    cutoff: date
    closed: bool
    case: Case
    cells: tuple[EntryCell, ...]

    @property
    def unit(self) -> OrgUnit:
        return self.line[0]

    @property
    def open(self) -> tuple[EntryCell, ...]:
        """The cells that take typing."""
        return tuple(cell for cell in self.cells if cell.standing is not Standing.LOCKED)

    @property
    def waiting(self) -> tuple[EntryCell, ...]:
        return tuple(cell for cell in self.cells if cell.waits)

    def cell(self, measure: str) -> EntryCell:
        """The cell of this measure; KeyError when the unit has none."""
        for cell in self.cells:
            if cell.measure.code == measure:
                return cell
        raise KeyError(measure)


def unit_cells(storage: Storage, catalogue: Catalogue, code: str, period: Period, at: datetime) -> UnitCells | None:
    """The unit's cells as they stand; None where the unit was not there, or no set tells what it should give."""
    line = line_of(storage.units(), code, period.end)
    host = host_in(catalogue, line, period.end)
    if host is None:
        return None
    sets = tuple(sets_of(catalogue, line[0], host, period))
    cutoff = sets[-1][1].calendar.cutoff(period)
    found = _Found(storage, catalogue, line, host, period, at, cutoff)
    cells = tuple(found.cell(measure, criteria) for measure, criteria in wanted(catalogue, sets, line[0]))
    return UnitCells(line, host, sets, period, cutoff, found.locks.closed, found.locks.case, cells)


def sets_of(catalogue: Catalogue, unit: OrgUnit, host: OrgUnit, period: Period) -> Iterator[tuple[OrgUnit, CriteriaSet]]:
    """The unit's own set where its level has one, then that of the unit whose quarter it belongs to."""
    for scored in dict.fromkeys((unit, host)):
        found = catalogue.set_for(scored.level, period.end)
        if found is not None:
            yield scored, found


def wanted(catalogue: Catalogue, sets: Sequence[tuple[OrgUnit, CriteriaSet]], unit: OrgUnit) -> Iterator[tuple[Measure, tuple[str, ...]]]:
    """The measures that the unit itself gives to opened criteria, each with the criteria that use it: base figures first, then as told."""
    users: dict[str, dict[str, None]] = {}
    for _, criteria_set in sets:
        for criterion in criteria_set.criteria:
            for code in criterion.rule.measures() if criterion.status.opened else ():
                users.setdefault(code, {})[criterion.code] = None
    measures = [measure for code, measure in catalogue.measures.items() if code in users]
    for measure in sorted(measures, key=lambda each: not each.base):
        if unit.level in measure.levels and measure.kind is not ValueKind.SHARE:
            yield measure, tuple(users[measure.code])


def live_period(storage: Storage, catalogue: Catalogue, code: str, today: date) -> Period | None:
    """The quarter a unit works on: the first open one after the last that was closed; without any closed, the newest that has begun.

    Quarters of another unit that bore the code before are none of its own.
    """
    closed = {(head.unit, head.period) for head in storage.newest_heads()}
    found = None
    same: tuple[OrgUnit, ...] = ()
    for period in _begun(today):
        line = line_of(storage.units(), code, period.end)
        same = same or (storage.lineage().identity(line[0]) if line else ())
        if line and line[0] not in same:
            break
        host = host_in(catalogue, line, period.end)
        if host is None:
            continue
        if (host.code, str(period)) in closed:
            return found or period
        if found is None or any(unit == host.code for unit, _ in closed):
            found = period
    return found


def _begun(today: date) -> Iterator[Period]:
    """Quarters that have begun, the newest first, as far back as sets may reach."""
    period = Period.quarter_of(today)
    for _ in range(16):
        yield period
        period = period.previous()


class _Found:
    """What the database holds of a unit's quarter, read once for all its cells."""

    def __init__(
        self,
        storage: Storage,
        catalogue: Catalogue,
        line: Sequence[OrgUnit],
        host: OrgUnit,
        period: Period,
        at: datetime,
        cutoff: date,
    ) -> None:
        unit, sender = line[0], sender_of(line, host).code
        self.catalogue, self.unit, self.today = catalogue, unit, at.astimezone(LOCAL).date()
        codes = [unit.code]
        self.told = _by_measure(storage.observations(codes, period))
        self.entries = {entry.typed.measure: entry for entry in storage.entries.newest(codes, str(period))}
        self.approved = approved_values(storage, build_tree([unit], cutoff), catalogue, period)
        self.locks = Locks(storage, catalogue, line, host, period, storage.reviews.case(sender, str(period)))
        self.notes = {note.measure: note for note in reversed(storage.notes.of_units(codes, str(period)))}
        earlier = [period.previous()]
        while len(earlier) < EARLIER:
            earlier.append(earlier[-1].previous())
        known = storage.lineage()
        self.earlier = [
            (each, _by_measure(storage.observations(codes, each) if known.was_there(unit, each.end) else [])) for each in earlier
        ]

    def cell(self, measure: Measure, criteria: tuple[str, ...]) -> EntryCell:
        told, approved = self.told.get(measure.code), self.approved.get((self.unit.code, measure.code))
        mark = self.locks.held(measure.code, told)
        return EntryCell(
            measure,
            criteria,
            told,
            self.entries.get(measure.code),
            approved,
            locked(self.catalogue, measure, told, approved is not None) or self.locks.why(measure.code, told, self.today),
            is_pulled(self.catalogue, measure, told),
            mark if mark is not None and mark.verdict is Verdict.RETURNED else None,
            tuple((period, found[measure.code].value if measure.code in found else None) for period, found in self.earlier),
            self.notes.get(measure.code),
        )


def _by_measure(figures: Sequence[Observation]) -> Mapping[str, Observation]:
    return {each.measure: each for each in figures}
