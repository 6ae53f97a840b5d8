"""A score with the figures behind it, to be scored again with some of them changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from hue_dti.catalogue.model import CriteriaSet, Measure
from hue_dti.observations.intake import subsets_of
from hue_dti.periods import Period
from hue_dti.scoring.arrays import ScoreArrays, score_arrays, scored_again
from hue_dti.scoring.frame import blank_column
from hue_dti.scoring.kinds import Setting
from hue_dti.scoring.model import Column, Frame
from hue_dti.scoring.sums import Indices, SummedFigures


@dataclass(frozen=True)
class Again:
    """The scored units of one level, none of them inside another, with everything their points were made of."""

    measures: Mapping[str, Measure]
    frame: Frame
    base: ScoreArrays

    @classmethod
    def of(
        cls,
        criteria_set: CriteriaSet,
        measures: Mapping[str, Measure],
        frame: Frame,
        period: Period,
        as_of: date,
        units: Collection[str] | None = None,
    ) -> Again:
        """Score every unit of the set's level, or only those in `units`; raises ScoringError as scoring does."""
        return cls(measures, frame, score_arrays(criteria_set, measures, frame, period, as_of, units))

    def scored(self, columns: Mapping[str, Column]) -> ScoreArrays:
        """The score with these columns in place of the measures' own."""
        return scored_again(self.base, self.measures, self.frame, columns)

    def with_columns(self, columns: Mapping[str, Column], scored: ScoreArrays | None = None) -> Again:
        """The same, standing on the changed figures."""
        frame = Frame(self.frame.tree, {**self.frame.columns, **columns})
        return Again(self.measures, frame, scored or self.scored(columns))

    def column(self, code: str) -> Column:
        """The measure's column, without any figure when the frame has none."""
        found = self.frame.columns.get(code)
        return blank_column(self.frame.tree, self.measures[code]) if found is None else found

    @cached_property
    def figures(self) -> SummedFigures:
        """The sums for the scored units."""
        return SummedFigures(self.frame, self.measures, self.base.spans)

    @cached_property
    def owner(self) -> Indices:
        """Which scored unit a row of the tree belongs to, -1 for none: int64[n]."""
        owner = np.full(len(self.frame.tree), -1, np.int64)
        for place, (first, end) in enumerate(zip(self.base.spans.first.tolist(), self.base.spans.end.tolist(), strict=True)):
            owner[first:end] = place
        return owner

    @cached_property
    def subsets(self) -> frozenset[tuple[str, str]]:
        """(part, whole) of every rule of the set that lets no part exceed its whole."""
        return frozenset(pair for line in self.base.lines for pair in subsets_of(line.criterion.rule))

    def setting(self, criterion: str) -> Setting:
        """What a rule needs to know besides figures."""
        return Setting(criterion, self.base.period.year)
