"""What a unit's closed quarter would have been before it was made: figures of the units it came from, restated and scored again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import ScoringError, SnapshotTampered
from hue_dti.numerals import format_count, format_date
from hue_dti.observations.model import State
from hue_dti.observations.restated import Restated, Restatement
from hue_dti.periods import Period, PeriodKind
from hue_dti.scoring.model import ScoreSheet
from hue_dti.services.hosts import line_of
from hue_dti.services.quarter import catalogue_of, frozen
from hue_dti.snapshots.figures import TableBuilder
from hue_dti.snapshots.model import Snapshot
from hue_dti.snapshots.scored import score_quarter
from hue_dti.storage import Storage
from hue_dti.units.events import UnitEvent
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree


@dataclass(frozen=True, slots=True)
class RestatedQuarter:
    """One closed quarter told for a unit that was not there yet: `event` made the unit what it is, `origins` are the units of then.

    `sheet` is the score by the set of then, None where no set scored such units or no figure could be restated.
    """

    period: Period
    event: UnitEvent
    origins: tuple[OrgUnit, ...]
    figures: Mapping[str, Restated]
    sheet: ScoreSheet | None

    @property
    def mark(self) -> str:
        """`tính lại từ 3 xã trước 01/07/2025`."""
        return mark(self.origins, self.event)


def mark(origins: Sequence[OrgUnit], event: UnitEvent) -> str:
    """How a restated figure is marked wherever it is shown."""
    word = _WORDS.get(origins[0].level.value, "đơn vị") if origins else "đơn vị"
    return f"tính lại từ {format_count(len(origins))} {word} trước {format_date(event.effective_on)}"


_WORDS = {"commune": "xã", "district": "huyện"}


class QuarterFinder:
    """The closed quarters of an installation, found by a unit that is in them; heads are read once."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._heads = {(head.unit, head.period): head.sha256 for head in storage.newest_heads()}

    def periods(self, kind: PeriodKind) -> tuple[Period, ...]:
        """The periods of a kind in which anybody closed, oldest first."""
        found = {period for _, spelt in self._heads if (period := Period.parse(spelt)).kind is kind}
        return tuple(sorted(found, key=lambda period: period.start))

    def of(self, unit: OrgUnit, period: Period) -> Snapshot | None:
        """The newest frozen quarter that has the unit in it: its own, or that of a unit above it."""
        for above in line_of(self._storage.units(), unit.code, period.end):
            sha256 = self._heads.get((above.code, str(period)))
            if sha256 is not None:
                try:
                    return frozen(self._storage, sha256)
                except SnapshotTampered:
                    return None  # `hue-dti verify` tells of it
        return None


def restated_quarters(storage: Storage, catalogue: Catalogue, unit: OrgUnit, kind: PeriodKind) -> tuple[RestatedQuarter, ...]:
    """Every closed quarter before the unit was made, oldest first."""
    if not storage.lineage().breaks(unit):
        return ()
    closed = QuarterFinder(storage)
    found = (restated_quarter(storage, catalogue, closed, unit, period) for period in closed.periods(kind))
    return tuple(each for each in found if each is not None)


def restated_quarter(
    storage: Storage, catalogue: Catalogue, closed: QuarterFinder, unit: OrgUnit, period: Period
) -> RestatedQuarter | None:
    """The period told for the unit; None where it was there itself, or nothing of the units of then is closed."""
    line = storage.lineage()
    events = [event for event in line.breaks(unit) if event.effective_on > period.end]
    origins = tuple(origin.unit for origin in line.origins(unit, period.end))
    if not events or not origins:
        return None
    snapshots = {each.code: found for each in origins if (found := closed.of(each, period)) is not None}
    if not snapshots:
        return None

    def told(each: OrgUnit, measure: str) -> int | None:
        figure = snapshots[each.code].figure(each.code, measure) if each.code in snapshots else None
        return None if figure is None else figure.value

    restatement = Restatement(line, period.end, told)
    figures = {code: restatement.of(unit, measure) for code, measure in catalogue.measures.items() if unit.level in measure.levels}
    sheet = _scored(next(iter(snapshots.values())), unit, period, figures)
    return RestatedQuarter(period, events[-1], origins, figures, sheet)


def _scored(sample: Snapshot, unit: OrgUnit, period: Period, figures: Mapping[str, Restated]) -> ScoreSheet | None:
    """The score by the set that scored units of this level in the quarter; None without one, or where the figures contradict each other."""
    catalogue = catalogue_of(sample)
    own = next((each for each in catalogue.sets.values() if each.level is unit.level), None)
    present = {code: each.value for code, each in figures.items() if each.value is not None and code in catalogue.measures}
    if own is None or not present:
        return None
    cutoff = own.calendar.cutoff(period)
    tree = build_tree([replace(unit, valid_from=cutoff, valid_to=None, parent=None)], cutoff)
    builder = TableBuilder([unit.code])
    for code, measure in catalogue.measures.items():
        if unit.level in measure.levels:
            builder.expect(code, np.array([True]), State.MISSING)
    one = np.array([0], dtype=np.int32)
    for code, value in present.items():
        state, day = np.array([State.REPORTED], dtype=np.int8), np.array([cutoff.toordinal()], dtype=np.int32)
        builder.put(code, one, np.array([value], dtype=np.int64), state, day, np.array([-1], dtype=np.int32), [""], [""])
    try:
        return score_quarter(catalogue, own, None, tree, builder.table(), period).sheet
    except ScoringError:
        return None
