"""A framework or a criteria set as what plans and rounds see of it: groups of lines with names and, where known, points."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.model import CriteriaSet


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """A component or criterion; `max_points` is None where no document tells, `focus` the years the ministry asked for special effort."""

    code: str
    name: str
    max_points: Fraction | None = None
    focus: tuple[int, ...] = ()
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class OutlineGroup:
    """A main index or a group of criteria."""

    code: str
    name: str
    number: str
    max_points: Fraction | None
    lines: tuple[OutlineLine, ...]
    aliases: tuple[str, ...] = ()

    @property
    def whole(self) -> tuple[OutlineLine, ...]:
        """The lines that are no part of another."""
        return tuple(line for line in self.lines if not line.part_of)

    @property
    def by_line(self) -> bool:
        """Whether the points of its lines are all known and come to its own."""
        points = [line.max_points for line in self.whole]
        return bool(points) and None not in points and sum(each for each in points if each is not None) == self.max_points


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything in printed order; `code` is the framework's or the set's own."""

    code: str
    title: str
    decision: str
    groups: tuple[OutlineGroup, ...]

    def lines(self) -> Iterator[tuple[OutlineGroup, OutlineLine]]:
        """Every line with its group."""
        for group in self.groups:
            for line in group.lines:
                yield group, line

    def group(self, code: str) -> OutlineGroup | None:
        """The group of this code."""
        return next((group for group in self.groups if group.code == code), None)

    @property
    def names(self) -> dict[str, str]:
        """The names of the groups by code."""
        return {group.code: group.name for group in self.groups}

    def component(self, code: str) -> tuple[OutlineGroup, OutlineLine] | None:
        """The line of this code with its group."""
        return next((found for found in self.lines() if found[1].code == code), None)

    def focused(self, year: int) -> frozenset[str]:
        """The codes of the lines the ministry asked to work on in that year, with their parts."""
        chosen = {line.code for _, line in self.lines() if year in line.focus}
        return frozenset(line.code for _, line in self.lines() if line.code in chosen or line.part_of in chosen)

    def not_taken_up(self, year: int, codes: Collection[str]) -> tuple[OutlineLine, ...]:
        """The lines the ministry asked to work on in that year of which neither the line nor a part is among the codes."""
        parts = {line.part_of for _, line in self.lines() if line.code in codes}
        return tuple(line for _, line in self.lines() if year in line.focus and line.code not in codes and line.code not in parts)

    def years_of_focus(self) -> tuple[int, ...]:
        """The years for which there is a list of the ministry's."""
        return tuple(sorted({year for _, line in self.lines() for year in line.focus}))


def outline_of(source: Framework | CriteriaSet) -> Outline:
    """The outline of a framework (main indices that count and those for reference) or of a criteria set."""
    if isinstance(source, CriteriaSet):
        groups = tuple(
            OutlineGroup(
                group.code,
                group.name,
                group.code,
                group.max_points,
                tuple(OutlineLine(each.code, each.name, each.max_points) for each in group.criteria),
            )
            for group in source.groups
        )
        return Outline(source.code, source.title, source.decision.number, groups)
    mains = tuple(
        OutlineGroup(
            main.code,
            main.name,
            main.number,
            None if main.reference_only else main.max_points,
            tuple(
                OutlineLine(line.code, line.name, line.max_points, line.focus, "" if line is each else each.code)
                for each in main.components
                for line in each.lines
            ),
            main.aliases,
        )
        for main in source.main
    )
    return Outline(source.code, source.title, source.decision.number, mains)
