"""What sources tell of base figures, quarter by quarter, beside what is approved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hue_dti.catalogue.model import Catalogue
from hue_dti.observations.base import ApprovedFigure
from hue_dti.observations.model import Observation
from hue_dti.services.base_effect import quarters
from hue_dti.services.base_rows import base_measures
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit


@dataclass(frozen=True, slots=True)
class Differs:
    """A source tells another value than the approved one; it is listed, never used."""

    approved: ApprovedFigure
    told: Observation


def pulled(storage: Storage, catalogue: Catalogue, codes: Collection[str], year: int) -> tuple[Observation, ...]:
    """The base figures with a value that sources told in the quarters of the year, the oldest quarter first."""
    base = {measure.code for measure in base_measures(catalogue)}
    told = (each for period in quarters(year) for each in storage.observations(codes, period))
    return tuple(each for each in told if each.measure in base and each.value is not None)


def newest_pulled(storage: Storage, catalogue: Catalogue, codes: Collection[str], year: int) -> Mapping[tuple[str, str], Observation]:
    """Of each unit and measure what was told for the year's last quarter with a value."""
    return {(each.unit, each.measure): each for each in pulled(storage, catalogue, codes, year)}


def differences(units: Collection[OrgUnit], approved: Collection[ApprovedFigure], told: Collection[Observation]) -> tuple[Differs, ...]:
    """Where a source tells another value of the very unit than the approved one, in the order of what was told."""
    spans = {(unit.code, unit.valid_from): unit for unit in units}
    standing: dict[tuple[str, str], list[ApprovedFigure]] = {}
    for each in approved:
        standing.setdefault((each.unit, each.measure), []).append(each)
    return tuple(
        Differs(known, each)
        for each in told
        for known in standing.get((each.unit, each.measure), ())
        if known.value != each.value and spans[known.unit, known.valid_from].exists_on(each.period.end)
    )
