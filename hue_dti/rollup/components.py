"""Results of components → points where the rule and the maximum are known, and what that leaves open of each main index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hue_dti.catalogue.frameworks import Component, Framework, MainIndex
from hue_dti.scoring.model import Status


@dataclass(frozen=True, slots=True)
class ComponentValue:
    """What was reported of one component: the result as printed, its share where there is one, a status that somebody gave, advice."""

    result: str = ""
    share: Fraction | None = None
    status: Status | None = None
    recommendation: str = ""


@dataclass(frozen=True, slots=True)
class ComponentResult:
    """A component with what it earned; `earned_share` and `points` are None where nothing tells them."""

    component: Component
    value: ComponentValue
    earned_share: Fraction | None
    points: Fraction | None
    status: Status | None
    parts: tuple[ComponentResult, ...] = ()

    @property
    def lines(self) -> tuple[ComponentResult, ...]:
        """The component and its parts."""
        return (self, *self.parts)


@dataclass(frozen=True, slots=True)
class MainResult:
    """A main index by its components: `points` of `known_of` are sure, the rest up to its maximum is open.

    `published` are the points somebody published for the whole main index.
    """

    main: MainIndex
    components: tuple[ComponentResult, ...]
    points: Fraction
    known_of: Fraction
    published: Fraction | None = None

    @property
    def open_of(self) -> Fraction:
        """The points that nobody can compute yet."""
        return (self.main.max_points or Fraction(0)) - self.known_of

    @property
    def rest(self) -> Fraction | None:
        """What the open components must have earned, if the published points are right."""
        return None if self.published is None else self.published - self.points

    @property
    def sound(self) -> bool:
        """Whether the published points can be right: the rest is neither below 0 nor above what is open, within how it was printed."""
        return self.rest is None or -_PRINTED <= self.rest <= self.open_of + _PRINTED


_PRINTED = Fraction(1, 100)
"""Published points are printed with two decimals, and results of components with one or two."""


def by_component(
    framework: Framework, values: Mapping[str, ComponentValue], published: Mapping[str, Fraction] | None = None
) -> tuple[MainResult, ...]:
    """Every scored main index with its components; `values` by component code, `published` points by main-index code."""
    return tuple(_main(main, values, (published or {}).get(main.code)) for main in framework.scored)


def _main(main: MainIndex, values: Mapping[str, ComponentValue], published: Fraction | None) -> MainResult:
    results = tuple(_component(component, values) for component in main.components)
    sure = [leaf for result in results for leaf in (result.parts or (result,)) if leaf.points is not None]
    points = sum((leaf.points for leaf in sure if leaf.points is not None), Fraction(0))
    known_of = sum((leaf.component.max_points or Fraction(0) for leaf in sure), Fraction(0))
    return MainResult(main, results, points, known_of, published)


def _component(component: Component, values: Mapping[str, ComponentValue]) -> ComponentResult:
    value = values.get(component.code, ComponentValue())
    parts = tuple(_component(part, values) for part in component.parts)
    share = earned(component, value.share)
    if parts:
        points = [part.points for part in parts]
        added = None if None in points else sum((each for each in points if each is not None), Fraction(0))
        share = added / component.max_points if added is not None and component.max_points else share
        return ComponentResult(component, value, share, added, value.status or _status(share), parts)
    points_now = None if share is None or component.max_points is None else component.max_points * share
    return ComponentResult(component, value, share, points_now, value.status or _status(share))


def earned(component: Component, share: Fraction | None) -> Fraction | None:
    """The share of the maximum a result earns: all of it from the target on."""
    return None if share is None else min(share / (component.target or Fraction(1)), Fraction(1))


def _status(share: Fraction | None) -> Status | None:
    if share is None:
        return None
    if share == 1:
        return Status.ACHIEVED
    return Status.IN_PROGRESS if share else Status.NOT_STARTED
