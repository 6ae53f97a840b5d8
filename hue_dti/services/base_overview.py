"""A unit's base figures of a year at one look: what counts and by whose word, what waits, what differs, what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hue_dti.catalogue.model import Catalogue, Measure
from hue_dti.observations.base import ApprovedFigure, Decision, Proposal
from hue_dti.observations.model import Observation
from hue_dti.periods import Period, PeriodKind
from hue_dti.services.base_pulled import Differs, differences, pulled
from hue_dti.services.base_rows import base_measures
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
class Overview:
    """Base figures of a unit and all below it; `standing` has them by measure, in the order of the tree."""

    unit: OrgUnit
    year: int
    standing: Mapping[str, tuple[Standing, ...]]
    units: Mapping[str, OrgUnit]
    waiting: tuple[Proposal, ...]
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
        tuple(each for each in proposals if each.waiting),
        differences(units, approved, told),
        storage.base.decisions(codes, year),
    )
