"""The province's draft index: local counts and provincial values → components, main indices, pillars, total; what is open stays open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from hue_dti.catalogue.frameworks import Component, Framework, MainIndex, Pillar
from hue_dti.catalogue.rollups import Match, NotLocal, RollUpMap
from hue_dti.observations.model import State
from hue_dti.rollup.components import ComponentResult, ComponentValue, MainResult, by_component
from hue_dti.rollup.local import LocalFigure


class ComponentState(StrEnum):
    """How a component stands; MISSING is never zero."""

    MEASURED = "measured"  # summed from what machines told
    REPORTED = "reported"  # a person told it, or some of it
    MISSING = "missing"  # local counts feed it and did not come, or not all parts did
    NOT_LOCAL = "not_local"  # no local count feeds it, and the province gave none


@dataclass(frozen=True, slots=True)
class ProvincialValue:
    """What somebody at the province gave for a component, a part or a main index: a share of its maximum, and what proves it.

    `max_points` where the document says the maximum of a component that the framework does not know. `evidence` is the number of the
    piece of evidence beside it, None without one.
    """

    code: str
    share: Fraction
    max_points: Fraction | None
    result: str
    document: str
    evidence: int | None
    by: str
    name: str
    at: datetime
    number: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One component or part. `uses` is what its points come from: "local", "entered" or "" where nothing tells."""

    component: Component
    state: ComponentState
    uses: str
    share: Fraction | None
    points: Fraction | None
    local: LocalFigure | None
    entered: ProvincialValue | None
    not_local: NotLocal | None
    max_entered: bool
    parts: tuple[Line, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether the points stand on the counts of some units only: what is missing may still move them."""
        return self.uses == "local" and self.local is not None and self.local.coverage.partial

    @property
    def lines(self) -> tuple[Line, ...]:
        """The component and its parts, as printed."""
        return (self, *self.parts)


@dataclass(frozen=True, slots=True)
class MainLine:
    """A main index: `points` can be computed, of `known_of`; `open_of` are the points nobody can tell yet.

    Of these `provisional` points of `provisional_of` stand on the counts of some units only, so they are not sure. `entered` is the value
    somebody at the province gave for the whole of it, used where components leave points open.
    """

    main: MainIndex
    lines: tuple[Line, ...]
    points: Fraction
    known_of: Fraction
    open_of: Fraction
    provisional: Fraction
    provisional_of: Fraction
    entered: ProvincialValue | None

    @property
    def low(self) -> Fraction:
        """The least the points can be."""
        return self._told if self.uses_entered else self.points - self.provisional

    @property
    def high(self) -> Fraction:
        """The most the points can be."""
        return self._told if self.uses_entered else self.points - self.provisional + self.provisional_of + self.open_of

    @property
    def uses_entered(self) -> bool:
        """Whether the value given for the whole counts: only where components leave points open."""
        return self.entered is not None and self.open_of + self.provisional_of > 0

    @property
    def sound(self) -> bool:
        """Whether the value given for the whole can be right beside what the components earned."""
        sure = self.points - self.provisional
        return not self.uses_entered or sure <= self._told <= sure + self.provisional_of + self.open_of

    @property
    def _told(self) -> Fraction:
        return (self.entered.share if self.entered else Fraction(0)) * (self.main.max_points or 0)


@dataclass(frozen=True, slots=True)
class Range:
    """A value between what is sure and what is possible; exact where both are the same."""

    low: Fraction
    high: Fraction

    @property
    def exact(self) -> bool:
        """Whether nothing is open."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class RollUp:
    """The province's draft index by a framework and a map; values are shares of 1."""

    framework: Framework
    made: RollUpMap
    mains: tuple[MainLine, ...]
    index: Range
    pillars: tuple[tuple[Pillar, Range], ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every component in printed order."""
        return tuple(line for main in self.mains for line in main.lines)

    @property
    def tally(self) -> Mapping[ComponentState, int]:
        """How many components stand how."""
        found = [line.state for line in self.lines]
        return {state: found.count(state) for state in ComponentState}

    @property
    def points(self) -> Fraction:
        """The points that can be computed, provisional ones too."""
        return sum((main.low if main.uses_entered else main.points for main in self.mains), Fraction(0))

    @property
    def known_of(self) -> Fraction:
        """The maximum of what can be computed."""
        return sum(((main.main.max_points or Fraction(0)) if main.uses_entered else main.known_of for main in self.mains), Fraction(0))

    @property
    def provisional_of(self) -> Fraction:
        """The maximum of what stands on the counts of some units only."""
        return sum((Fraction(0) if main.uses_entered else main.provisional_of for main in self.mains), Fraction(0))

    def line(self, code: str) -> Line | None:
        """The component or part of this code."""
        return next((each for line in self.lines for each in line.lines if each.component.code == code), None)


def roll_up(framework: Framework, made: RollUpMap, local: Mapping[str, LocalFigure], entered: Mapping[str, ProvincialValue]) -> RollUp:
    """Put local counts and provincial values together; `local` by component, `entered` by code of component, part or main index."""
    known = with_entered_points(framework, entered)
    unknown = frozenset(line.code for _, line in framework.lines() if line.max_points is None)
    chosen = {line.code: _choice(local.get(line.code), entered.get(line.code)) for _, line in known.lines()}
    values = {code: ComponentValue(share=_counting(code, uses, local, entered)) for code, uses in chosen.items()}
    mains = []
    for result in by_component(known, values):
        lines = tuple(_line(each, made, local, entered, chosen, unknown) for each in result.components)
        mains.append(_main(result, lines, entered.get(result.main.code)))
    index = _range(mains, framework.divisor, {main.main.code: main.main.counts_for for main in mains})
    pillars = tuple(
        (each, _range([main for main in mains if main.main.code in each.main], each.max_points, {})) for each in framework.pillars
    )
    return RollUp(framework, made, tuple(mains), index, pillars)


def _main(result: MainResult, lines: tuple[Line, ...], given: ProvincialValue | None) -> MainLine:
    some = [leaf for line in lines for leaf in (line.parts or (line,)) if leaf.provisional and leaf.points is not None]
    provisional = sum((leaf.points or Fraction(0) for leaf in some), Fraction(0))
    of = sum((leaf.component.max_points or Fraction(0) for leaf in some), Fraction(0))
    return MainLine(result.main, lines, result.points, result.known_of, result.open_of, provisional, of, given)


def with_entered_points(framework: Framework, entered: Mapping[str, ProvincialValue]) -> Framework:
    """The framework with the maxima that documents of the province tell, where its file knows none."""
    told = {code: value.max_points for code, value in entered.items() if value.max_points is not None}
    if not told:
        return framework

    def with_points(component: Component) -> Component:
        parts = tuple(map(with_points, component.parts))
        most = component.max_points if component.max_points is not None else told.get(component.code)
        return replace(component, max_points=most, parts=parts)

    return replace(framework, main=tuple(replace(main, components=tuple(map(with_points, main.components))) for main in framework.main))


def _choice(local: LocalFigure | None, entered: ProvincialValue | None) -> str:
    """Which counts: the local count of the very thing that is asked, else what the province gave, else the nearest local count."""
    there = local is not None and local.share is not None
    if there and local is not None and (local.feed.match is Match.SAME or entered is None):
        return "local"
    return "entered" if entered is not None else ""


def _counting(code: str, uses: str, local: Mapping[str, LocalFigure], entered: Mapping[str, ProvincialValue]) -> Fraction | None:
    """The share that earns points; none where no document tells how it would."""
    if uses == "local":
        return None if local[code].feed.result_only else local[code].share
    return entered[code].share if uses else None


def _line(
    result: ComponentResult,
    made: RollUpMap,
    local: Mapping[str, LocalFigure],
    entered: Mapping[str, ProvincialValue],
    chosen: Mapping[str, str],
    unknown: frozenset[str],
) -> Line:
    component, uses = result.component, chosen[result.component.code]
    code, parts = component.code, tuple(_line(each, made, local, entered, chosen, unknown) for each in result.parts)
    share = local[code].share if uses == "local" else entered[code].share if uses else result.earned_share
    return Line(
        component,
        _of_parts(parts) if parts and not uses else _state(uses, local.get(code)),
        uses,
        share,
        result.points,
        local.get(code),
        entered.get(code),
        made.why_not(code),
        component.max_points is not None and code in unknown,
        parts,
    )


def _state(uses: str, local: LocalFigure | None) -> ComponentState:
    if uses == "entered":
        return ComponentState.REPORTED
    if uses == "local" and local is not None:
        return ComponentState.MEASURED if local.state is State.MEASURED else ComponentState.REPORTED
    return ComponentState.NOT_LOCAL if local is None else ComponentState.MISSING


def _of_parts(parts: tuple[Line, ...]) -> ComponentState:
    """A component of parts stands as all of them do; with some of them only, it is missing."""
    found = {part.state for part in parts}
    if len(found) == 1:
        return found.pop()
    return ComponentState.REPORTED if found == {ComponentState.MEASURED, ComponentState.REPORTED} else ComponentState.MISSING


def _range(mains: list[MainLine], divisor: Fraction, counts_for: Mapping[str, Fraction | None]) -> Range:
    """Points over the divisor; where a main index counts for other points than its own, in that proportion."""
    low = high = Fraction(0)
    for main in mains:
        factor = (counts_for.get(main.main.code) or main.main.max_points or 1) / (main.main.max_points or Fraction(1))
        low, high = low + main.low * factor, high + main.high * factor
    return Range(low / divisor, high / divisor)
