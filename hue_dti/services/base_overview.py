"""A unit's base figures of a year at one look: what counts and by whose word, what waits, what differs, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hue_dti.catalogue.model import Catalogue, Measure
from hue_dti.observations.base import ApprovedFigure, Decision, Proposal
from hue_dti.observations.model import Observation
from hue_dti.periods import Period, PeriodKind
from hue_dti.services.base import with_old_values
from hue_dti.services.base_pulled import Differs, differences, pulled
from hue_dti.services.base_rows import COLUMNS, base_measures
from hue_dti.services.table_file import table_text
from hue_dti.services.units_named import NAME, UNIT
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit's base figure: the approved value, else the newest that a source told, which counts as not approved; neither is absent."""

    unit: OrgUnit
    measure: Measure
    approved: ApprovedFigure | None
    proposal: Proposal | None
    told: Observation | None

    @property
    def value(self) -> int | None:
        """What counts."""
        if self.approved is not None:
            return self.approved.value
        return self.told.value if self.told is not None else None


@dataclass(frozen=True, slots=True)
class Batch:
    """Waiting proposals that came in together: of one person, in one document, at one moment."""

    by: str
    at: datetime
    document: str
    proposals: tuple[Proposal, ...]

    @property
    def span(self) -> str:
        """Their numbers as the commands take them: `1-118 120`."""
        runs: list[list[int]] = []
        for number in sorted(each.number for each in self.proposals):
            if runs and runs[-1][-1] == number - 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        return " ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


@dataclass(frozen=True, slots=True)
class Overview:
    """Base figures of a unit and all below it; `standing` has them by measure, in the order of the tree."""

    unit: OrgUnit
    year: int
    standing: Mapping[str, tuple[Standing, ...]]
    units: Mapping[str, OrgUnit]
    waiting: tuple[Batch, ...]
    differing: tuple[Differs, ...]
    decisions: tuple[Decision, ...]


def overview(storage: Storage, catalogue: Catalogue, unit: OrgUnit, year: int) -> Overview:
    """Everything about the base figures of the unit and all below it in the year."""
    units = storage.units()
    day = min(Period(year, PeriodKind.YEAR).end, unit.valid_to or Period(year, PeriodKind.YEAR).end)
    tree = build_tree(units, day, unit.code)
    codes = [each.code for each in tree.units]
    proposals = storage.base.proposals(codes, year)
    approved = storage.base.approved(codes, year)
    told = pulled(storage, catalogue, codes, year)
    newest = {(each.unit, each.measure): each for each in told}
    by_number = {each.number: each for each in proposals}
    known = {(each.unit, each.valid_from, each.measure): each for each in approved}
    standing: dict[str, tuple[Standing, ...]] = {}
    for measure in base_measures(catalogue):
        rows = []
        for each in tree.units:
            if each.level in measure.levels:
                counts = known.get((each.code, each.valid_from, measure.code))
                source = by_number.get(counts.proposal) if counts is not None else None
                rows.append(Standing(each, measure, counts, source, newest.get((each.code, measure.code))))
        standing[measure.code] = tuple(rows)
    return Overview(
        unit,
        year,
        standing,
        {each.code: each for each in tree.units},
        _batches(with_old_values(storage, catalogue, [each for each in proposals if each.waiting])),
        differences(units, approved, told),
        storage.base.decisions(codes, year),
    )


def _batches(waiting: Iterable[Proposal]) -> tuple[Batch, ...]:
    found: dict[tuple[str, datetime, str], list[Proposal]] = {}
    for each in waiting:
        found.setdefault((each.by, each.at, each.draft.document), []).append(each)
    return tuple(Batch(by, at, document, tuple(proposals)) for (by, at, document), proposals in found.items())


def template_of(seen: Overview, year: int) -> bytes:
    """The form for the units of an overview: a CSV with what counts today, where the day and the document are left to fill in."""
    rows = (
        {UNIT: each.unit.code, NAME: each.unit.name, "measure": each.measure.code, "year": year, "value": each.value}
        for standing in seen.standing.values()
        for each in standing
    )
    return table_text(COLUMNS, rows)
