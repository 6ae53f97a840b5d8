"""Which units cost the province most: what it would gain if one of them reached the target, by computing the whole again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hue_dti.catalogue.frameworks import Component, Framework
from hue_dti.catalogue.rollups import Way
from hue_dti.collation import sort_key
from hue_dti.rollup.components import earned
from hue_dti.rollup.local import FedArrays, LocalFigure
from hue_dti.scoring.sums import Spans
from hue_dti.units.model import Level, OrgUnit, Tree


@dataclass(frozen=True, slots=True)
class UnitPart:
    """What one unit brings to a component: `part` of `whole` of its own, `missing` to the target (a count).

    `gain` is the share of the component's maximum the province would gain if the unit reached the target, `points` the same in points
    where the maximum is known. A unit from which nothing came has no whole and no gain.
    """

    unit: OrgUnit
    part: int
    whole: int
    told: int
    expected: int
    missing: int
    gain: Fraction
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class UnitLoss:
    """What one unit costs over all components whose maximum is known; `parts` by component, the largest first."""

    unit: OrgUnit
    points: Fraction
    parts: tuple[tuple[str, UnitPart], ...]


def units_of(tree: Tree, fed: FedArrays, figure: LocalFigure, component: Component, rows: Sequence[int]) -> tuple[UnitPart, ...]:
    """The units at these rows and what each brings to the figure of the whole, the most costly first, then in Vietnamese order."""
    spans = Spans.of(tree, rows)
    parts, wholes = fed.below(spans)
    told, expected = spans.total(fed.used.astype("int64")), spans.total(fed.due.astype("int64"))
    found = [
        _part(tree.units[row], figure, component, *(int(each[i]) for each in (parts, wholes, told, expected)))
        for i, row in enumerate(rows)
        if expected[i]
    ]
    return tuple(sorted(found, key=lambda each: (-each.gain, sort_key(each.unit.name), each.unit.code)))


def losses(
    tree: Tree, feds: Mapping[str, FedArrays], figures: Mapping[str, LocalFigure], framework: Framework, rows: Sequence[int]
) -> tuple[UnitLoss, ...]:
    """The units at these rows, the one that costs the province most points first; only components whose points are known count."""
    parts: dict[str, list[tuple[str, UnitPart]]] = {}
    for _, component in framework.lines():
        if component.code not in figures or component.max_points is None or figures[component.code].feed.result_only:
            continue
        for each in units_of(tree, feds[component.code], figures[component.code], component, rows):
            if each.points:
                parts.setdefault(each.unit.code, []).append((component.code, each))
    found = []
    for own in parts.values():
        own.sort(key=lambda pair: -(pair[1].points or 0))
        found.append(UnitLoss(own[0][1].unit, sum((each.points or Fraction(0) for _, each in own), Fraction(0)), tuple(own)))
    return tuple(sorted(found, key=lambda each: (-each.points, sort_key(each.unit.name), each.unit.code)))


def rows_of(tree: Tree, level: Level) -> list[int]:
    """The rows of a level's units."""
    return [int(row) for row in tree.rows[level]]


def _part(unit: OrgUnit, figure: LocalFigure, component: Component, part: int, whole: int, told: int, expected: int) -> UnitPart:
    missing = _missing(figure, component, part, whole)
    after = replace(figure, part=figure.part + (missing if figure.feed.way is not Way.INVERSE else -missing))
    gain = _earned(after, component) - _earned(figure, component)
    points = None if component.max_points is None or figure.feed.result_only else component.max_points * gain
    return UnitPart(unit, part, whole, told, expected, missing, gain, points)


def _missing(figure: LocalFigure, component: Component, part: int, whole: int) -> int:
    """How many more (with INVERSE: how many fewer) the unit needs for the target; a whole number."""
    target = component.target or Fraction(1)
    wanted = -(-target.numerator * whole // target.denominator)
    if figure.feed.way is Way.INVERSE:
        return max(0, part - (whole - wanted))
    return max(0, wanted - part)


def _earned(figure: LocalFigure, component: Component) -> Fraction:
    return earned(component, figure.share) or Fraction(0)
