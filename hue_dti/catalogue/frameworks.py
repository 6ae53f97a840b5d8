"""What the ministry's index sets say, as frozen values: frameworks, main indices, components, pillars.

Points nobody could read in a document are None: a gap is said, never filled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from hue_dti.catalogue.model import Decision


class Scope(StrEnum):
    """Whom a framework assesses."""

    PROVINCE = "province"
    MINISTRY = "ministry"
    NATION = "nation"


class Origin(StrEnum):
    """How far a name or a number of points may be trusted."""

    PRINTED = "printed"  # stands in a document
    INFERRED = "inferred"  # follows from printed results; the note says how


class ComponentKind(StrEnum):
    """What the result of a component is; points are max × its share."""

    YES_NO = "yes_no"
    RATE = "rate"
    COUNT = "count"  # a count that is scored as a rate
    MONEY = "money"
    COMPOSITE = "composite"  # its parts add up


@dataclass(frozen=True, slots=True)
class Component:
    """One of the lines a main index is made of; `number` is the decision's own where it differs from the code.

    `target` is the result that earns all points (a share), None where no document names one. `focus` are the years in which the ministry
    asked for special effort.
    """

    code: str
    name: str
    kind: ComponentKind
    source: str
    number: str = ""
    name_from: Origin = Origin.PRINTED
    max_points: Fraction | None = None
    points_from: Origin | None = None
    points_note: str = ""
    target: Fraction | None = None
    focus: tuple[int, ...] = ()
    parts: tuple[Component, ...] = ()
    note: str = ""

    @property
    def lines(self) -> tuple[Component, ...]:
        """The component and its parts, as printed."""
        return (self, *self.parts)


@dataclass(frozen=True, slots=True)
class MainIndex:
    """One main index; `counts_for` is what its value is multiplied with in the total, its points unless the file says otherwise.

    `component_count` is what the decision states, None where no document does; `components` are the known ones.
    """

    code: str
    name: str
    source: str
    number: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()
    name_from: Origin = Origin.PRINTED
    max_points: Fraction | None = None
    counts_for: Fraction | None = None
    component_count: int | None = None
    reference_only: bool = False
    components: tuple[Component, ...] = ()
    note: str = ""

    @property
    def without_points(self) -> tuple[Component, ...]:
        """The listed components whose points are not known."""
        return () if self.reference_only else tuple(each for each in self.components if each.max_points is None)


@dataclass(frozen=True, slots=True)
class Pillar:
    """A sum of main indices with a value of its own; `main` are their codes."""

    code: str
    name: str
    max_points: Fraction
    main: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """One decision's index for one kind of unit.

    Its values are printed, and units ranked, at `precision` decimals. `halfway` is the value the ministry counts units against.
    `counted_over` is what the total is divided by, `max_points` unless the file says otherwise. `first_year` and `last_year` are years
    measured with it.
    """

    code: str
    title: str
    scope: Scope
    decision: Decision
    first_year: int
    last_year: int | None
    max_points: Fraction
    main_count: int | None
    component_count: int
    precision: int
    halfway: Fraction
    complete: bool
    sources: Mapping[str, str]
    main: tuple[MainIndex, ...]
    pillars: tuple[Pillar, ...] = ()
    counted_over: Fraction | None = None
    replaces: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    note: str = ""
    place: tuple[str, int] = field(default=("", 0), compare=False)

    @property
    def scored(self) -> tuple[MainIndex, ...]:
        """The main indices that count; those for reference are left out."""
        return tuple(each for each in self.main if not each.reference_only)

    @property
    def divisor(self) -> Fraction:
        """What the total of points is divided by."""
        return self.counted_over or self.max_points

    @property
    def computable(self) -> bool:
        """Whether the index follows from the values of the main indices: all of them and their points are known."""
        return bool(self.scored) and all(each.max_points is not None for each in self.scored)

    @property
    def components(self) -> tuple[Component, ...]:
        """All listed components in printed order, without their parts."""
        return tuple(component for each in self.main for component in each.components)

    def lines(self) -> Iterator[tuple[MainIndex, Component]]:
        """Every component and part with its main index."""
        for each in self.main:
            for component in each.components:
                for line in component.lines:
                    yield each, line

    def index_of(self, code: str) -> MainIndex:
        """The main index with this code; KeyError when there is none."""
        for each in self.main:
            if each.code == code:
                return each
        raise KeyError(code)
