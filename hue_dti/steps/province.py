"""Where one more percent of a provincial component is cheapest: the least count that brings it, and what rolling up again wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from hue_dti.catalogue.frameworks import Component, Framework
from hue_dti.catalogue.model import Measure
from hue_dti.catalogue.rollups import Way
from hue_dti.rollup.components import earned
from hue_dti.rollup.local import LocalFigure
from hue_dti.rollup.province import Line, RollUp

PERCENT = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Percent:
    """One more percent of a component, or what is left to its target: `count` more (fewer where `fewer`) over the whole province.

    `before` and `after` are its share; `points` of the component's maximum are won, `index` is what that adds to the whole index.
    `provisional` where some units have not told their part.
    """

    component: Component
    figure: LocalFigure
    count: int
    fewer: bool
    before: Fraction
    after: Fraction
    points: Fraction
    index: Fraction
    provisional: bool

    @property
    def rate(self) -> Fraction:
        """Points for one of what is counted."""
        return self.points / self.count


def cheapest(rolled: RollUp, measures: Mapping[str, Measure], step: Fraction = PERCENT) -> tuple[Percent, ...]:
    """The components that local counts feed and whose points are known, the one with most points for the least count first."""
    found = [
        each for line in rolled.lines for leaf in (line.parts or (line,)) if (each := _percent(leaf, rolled.framework, measures, step))
    ]
    return tuple(sorted(found, key=lambda each: (-each.rate, each.component.code)))


def _percent(line: Line, framework: Framework, measures: Mapping[str, Measure], step: Fraction) -> Percent | None:
    figure, component = line.local, line.component
    if line.uses != "local" or figure is None or figure.share is None or component.max_points is None:
        return None
    if figure.feed.result_only or measures[figure.feed.part].final:
        return None
    wanted = min(figure.share + step, component.target or Fraction(1))
    fewer = figure.feed.way is Way.INVERSE
    part = figure.whole - _ceil(wanted * figure.whole) if fewer else _ceil(wanted * figure.whole)
    count = figure.part - part if fewer else part - figure.part
    if count <= 0:
        return None
    after = replace(figure, part=part).share or Fraction(0)
    points = component.max_points * ((earned(component, after) or 0) - (earned(component, figure.share) or 0))
    if points <= 0:
        return None
    return Percent(component, figure, count, fewer, figure.share, after, points, points * _weight(framework, component), line.provisional)


def _weight(framework: Framework, component: Component) -> Fraction:
    """What a point of the component is worth in the index."""
    main = next(each for each in framework.main if any(line.code == component.code for one in each.components for line in one.lines))
    return (main.counts_for or main.max_points or Fraction(1)) / (main.max_points or Fraction(1)) / framework.divisor


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
