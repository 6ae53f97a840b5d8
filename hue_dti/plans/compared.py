"""What one version of a plan changed in the one before: lines that came, went or read otherwise, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hue_dti.plans.cells import HEADINGS, goal_cells, line_cells
from hue_dti.plans.model import GroupTarget, Plan, PlanLine, PlanVersion
from hue_dti.plans.targets import rank_target, target_of


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell before and after; `field` is a key of HEADINGS."""

    field: str
    old: str
    new: str

    @property
    def heading(self) -> str:
        """The name of its column."""
        return HEADINGS[self.field]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A line, or what a group or the rank wants, with the cells that read otherwise; `key` is the line's, or the group's code."""

    key: str
    name: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version brought; `titles` are both names where they differ, `names` whether names came to mean other units."""

    new: tuple[PlanLine, ...]
    gone: tuple[PlanLine, ...]
    changed: tuple[RowChange, ...]
    goals: tuple[RowChange, ...]
    titles: tuple[str, str] | None
    names: bool
    standings: bool

    def of(self, key: str) -> tuple[CellChange, ...]:
        """What changed in one line."""
        return next((each.cells for each in self.changed if each.key == key), ())


def difference(before: PlanVersion, after: PlanVersion, groups: Mapping[str, str]) -> Difference:
    """Everything that is otherwise; `groups` are the names of main indices by code."""
    then = {line.key: line for line in before.plan.lines}
    now = {line.key: line for line in after.plan.lines}
    pairs = [(then[key], line) for key, line in now.items() if key in then]
    return Difference(
        tuple(line for key, line in now.items() if key not in then),
        tuple(line for key, line in then.items() if key not in now),
        tuple(RowChange(new.key, new.name, cells) for old, new in pairs if (cells := line_changes(old, new, groups))),
        tuple(_goals(before.plan, after.plan, groups)),
        (before.title, after.title) if before.title != after.title else None,
        _renamed(before, after),
        before.standings != after.standings,
    )


def line_changes(old: PlanLine, new: PlanLine, groups: Mapping[str, str]) -> tuple[CellChange, ...]:
    """The cells of a line that read otherwise."""
    return _cells(line_cells(old, groups), line_cells(new, groups))


def _goals(before: Plan, after: Plan, groups: Mapping[str, str]) -> list[RowChange]:
    then, now = ({each.group: each for each in plan.groups} for plan in (before, after))
    found = []
    for code in dict.fromkeys((*now, *then)):
        old, new = (goal_cells(told.get(code) or _unset(code), groups) for told in (then, now))
        cells = _cells(old, new)
        found += [RowChange(code, new["group"], cells)] if cells else []
    return found


def _unset(code: str) -> GroupTarget:
    return GroupTarget(code, target_of("") if code else rank_target(""))


def _cells(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[CellChange, ...]:
    return tuple(CellChange(name, old[name], new[name]) for name in old if old[name] != new[name])


def _renamed(before: PlanVersion, after: PlanVersion) -> bool:
    """Whether a name that stands in both means other units."""
    return any(before.codes(name) != after.codes(name) for name in before.plan.units() if name in after.plan.units())
