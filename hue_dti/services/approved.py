"""Approved base figures in their place: over what sources tell of them, and as the measure of what sources tell of anything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hue_dti.catalogue.model import Catalogue
from hue_dti.observations.base import ApprovedFigure
from hue_dti.observations.intake import subsets
from hue_dti.observations.model import Origin, State
from hue_dti.periods import Period
from hue_dti.services.laid_over import beyond_whole, without
from hue_dti.storage import Figures, MeasureFigures, Storage
from hue_dti.units.model import Tree

Standing = Mapping[tuple[str, str], ApprovedFigure]
"""The approved figures that count in a tree, by unit and measure."""


def standing_for(approved: Iterable[ApprovedFigure], supposing: Iterable[ApprovedFigure], tree: Tree, catalogue: Catalogue) -> Standing:
    """What counts in the tree: of the very units that stand in it, at the levels of base measures; what is supposed comes on top."""
    found = {}
    for each in (*approved, *supposing):
        measure = catalogue.measures.get(each.measure)
        if measure is None or not measure.base or each.unit not in tree.index:
            continue
        unit = tree.unit(each.unit)
        if unit.valid_from == each.valid_from and unit.level in measure.levels:
            found[each.unit, each.measure] = each
    return found


def approved_values(storage: Storage, tree: Tree, catalogue: Catalogue, period: Period) -> Mapping[tuple[str, str], int]:
    """What counts in the tree for the period, by unit and measure."""
    (found,) = approved_for(storage, [tree], catalogue, period)
    return found


def approved_for(storage: Storage, trees: Sequence[Tree], catalogue: Catalogue, period: Period) -> list[Mapping[tuple[str, str], int]]:
    """The same for several trees, in their order."""
    approved = storage.base.approved([unit.code for tree in trees for unit in tree.units], period.year)
    return [{key: each.value for key, each in standing_for(approved, (), tree, catalogue).items()} for tree in trees]


def with_approved(figures: Figures, standing: Standing, catalogue: Catalogue, day: date) -> Figures:
    """The figures with what is approved in place of what sources told, as of `day`.

    A quarter of which no source has told anything stays empty. A source's part beyond an approved whole (it came in while the whole was
    being approved) is missing with the reason, and so is a source's whole below an approved part.
    """
    if not standing or not figures.measures:
        return figures
    laid = _Laid(figures, standing, day)
    measures = {code: laid.over(code) for code in {**figures.measures, **dict.fromkeys(measure for _, measure in standing)}}
    for part, whole in sorted(subsets(catalogue)):
        for code, units in laid.blamed(part, whole, beyond_whole(measures, part, whole, len(figures.units))):
            reason = f"'{catalogue.measures[part].name}' lớn hơn '{catalogue.measures[whole].name}' đã duyệt; hãy lấy lại số"
            if units.size:
                measures[code] = without(measures[code], units, reason)
    return replace(figures, measures=measures, origins=laid.origins)


@dataclass(frozen=True, eq=False)
class _Laid:
    """Lays approved figures over the arrays of one period."""

    figures: Figures
    standing: Standing
    day: date

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The sources' origins, then one for each approved figure in the order of `standing`."""
        return (*self.figures.origins, *(replace(each.origin, place="") for each in self.standing.values()))

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        return {unit: row for row, unit in enumerate(self.figures.units)}

    @cached_property
    def _approved(self) -> Mapping[str, MeasureFigures]:
        """The approved figures by measure."""
        found: dict[str, list[tuple[int, ApprovedFigure]]] = {}
        for origin, each in enumerate(self.standing.values(), start=len(self.figures.origins)):
            found.setdefault(each.measure, []).append((origin, each))
        return {code: self._told(each) for code, each in found.items()}

    def _told(self, approved: Sequence[tuple[int, ApprovedFigure]]) -> MeasureFigures:
        return MeasureFigures(
            np.array([self._rows[each.unit] for _, each in approved], np.int32),
            np.array([each.value for _, each in approved], np.int64),
            np.full(len(approved), State.REPORTED, np.int8),
            np.full(len(approved), self.day.toordinal(), np.int32),
            np.array([origin for origin, _ in approved], np.int32),
            [each.origin.place for _, each in approved],
            [each.reason for _, each in approved],
        )

    def over(self, code: str) -> MeasureFigures:
        """The measure with its approved figures; a source's figure of the same unit leaves."""
        old, new = self.figures.measures.get(code), self._approved.get(code)
        if old is None or new is None:
            return self.figures.measures[code] if new is None else new
        return _joined(old, np.flatnonzero(~np.isin(old.unit, new.unit)), new)

    def blamed(self, part: str, whole: str, beyond: npt.NDArray[np.bool_]) -> Sequence[tuple[str, npt.NDArray[np.int32]]]:
        """Which of the two is wrong at the units where part is beyond whole: not the approved one; the part where both are."""
        approved = {code: np.array([(unit, code) in self.standing for unit in self.figures.units]) for code in (part, whole)}
        wrong_part, wrong_whole = beyond & approved[whole], beyond & approved[part] & ~approved[whole]
        return [(part, np.flatnonzero(wrong_part).astype(np.int32)), (whole, np.flatnonzero(wrong_whole).astype(np.int32))]


def _joined(old: MeasureFigures, kept: npt.NDArray[np.intp], new: MeasureFigures) -> MeasureFigures:
    rows = kept.tolist()
    return MeasureFigures(
        np.concatenate([old.unit[kept], new.unit]),
        np.concatenate([old.value[kept], new.value]),
        np.concatenate([old.state[kept], new.state]),
        np.concatenate([old.as_of[kept], new.as_of]),
        np.concatenate([old.origin[kept], new.origin]),
        [*(old.place[row] for row in rows), *new.place],
        [*(old.reason[row] for row in rows), *new.reason],
    )
