"""What a rule made of the counts, for many units at once: the exact share and all that is printed beside it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hue_dti.scoring.points import Bools, Counts
from hue_dti.scoring.sums import Term


@dataclass(frozen=True, slots=True)
class Opening:
    """The count that opens a gate: count[t], known[t] where it came, open[t] where it suffices."""

    count: Counts
    known: Bools
    open: Bools


@dataclass(frozen=True, slots=True)
class Portion:
    """One part of a weighted rule, with what its own rule made of the counts."""

    name: str
    weight: Fraction
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule's result; every array has one element per scored unit.

    share = num ÷ den (0 ≤ num ≤ den, den ≥ 1) where `known`. counted: the figures the share needs came.
    part, whole: the two counts as printed where `shown`, None for rules without them. capped: the part exceeded the
    whole and was cut. finished: done although the share is below 1 (a late act). declared: the unit says it has not
    begun. `terms` are all figures looked at, `listed` the one whose units a shortfall list names.
    """

    num: Counts
    den: Counts
    counted: Bools
    not_applicable: Bools
    terms: tuple[Term, ...]
    capped: Bools
    finished: Bools
    declared: Bools
    shown: Bools
    part: Counts | None = None
    whole: Counts | None = None
    listed: Term | None = None
    opening: Opening | None = None
    portions: tuple[Portion, ...] = ()

    @property
    def known(self) -> Bools:
        """Where there is a share."""
        return self.counted & ~self.not_applicable

    @property
    def full(self) -> Bools:
        """Where the share is 1."""
        return np.asarray(self.known & (self.num == self.den))


def none_of(size: int) -> Bools:
    """A mask that is False everywhere."""
    return np.zeros(size, np.bool_)


def ones(size: int) -> Counts:
    """A base of 1 everywhere."""
    return np.ones(size, np.int64)
