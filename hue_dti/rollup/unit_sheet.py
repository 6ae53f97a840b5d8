"""One unit read by itself: where its points are and where they are lost, what it is strong and weak in."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hue_dti.catalogue.frameworks import MainIndex
from hue_dti.rollup.model import Assessment, Standing, UnitResult


@dataclass(frozen=True, slots=True)
class MainReading:
    """One main index of the unit; `points` and `lost` are parts of its maximum, `above_mean` how far its value is above all units' mean.

    Strong: ranked better than the unit as a whole. Weak: below the framework's halfway mark.
    """

    main: MainIndex
    standing: Standing
    points: Fraction
    lost: Fraction
    above_mean: Fraction
    strong: bool
    weak: bool


@dataclass(frozen=True, slots=True)
class UnitReading:
    """A unit's result with its main indices in printed order."""

    result: UnitResult
    lines: tuple[MainReading, ...]

    @property
    def strengths(self) -> tuple[MainReading, ...]:
        """Where it ranks better than as a whole, best rank first."""
        return tuple(sorted((line for line in self.lines if line.strong), key=lambda line: line.standing.rank))

    @property
    def weaknesses(self) -> tuple[MainReading, ...]:
        """Where it stays below the halfway mark, most points lost first."""
        return tuple(sorted((line for line in self.lines if line.weak), key=lambda line: -line.lost))


def unit_sheet(found: Assessment, unit: str) -> UnitReading:
    """The sheet of a unit, by its name in the assessment; KeyError when it has none of this name."""
    result = next((each for each in found.results if each.unit == unit), None)
    if result is None:
        raise KeyError(unit)
    means = {summary.code: summary.mean for summary in found.main}
    return UnitReading(result, tuple(_line(found, result, main, means[main.code]) for main in found.framework.scored))


def _line(found: Assessment, result: UnitResult, main: MainIndex, mean: Fraction) -> MainReading:
    standing, most = result.main[main.code], main.max_points or Fraction(0)
    return MainReading(
        main,
        standing,
        points=standing.value * most,
        lost=(1 - standing.value) * most,
        above_mean=standing.value - mean,
        strong=standing.rank < result.index.rank,
        weak=standing.value < found.framework.halfway,
    )
