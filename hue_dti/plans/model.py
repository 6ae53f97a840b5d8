"""An improvement plan as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hue_dti.plans.targets import Target, quantity_of


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line: what stands now, what is wanted, who leads and who helps.

    `code` is the framework's component, empty where the line is none of them. `deferral` is why nothing is done about it this time.
    """

    number: str
    group: str
    name: str
    result: str
    target: Target
    code: str = ""
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    due: date | None = None
    tasks: str = ""
    deferral: str = ""
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the result now reaches a target that is a number; None where that cannot be told."""
        return self.target.met(quantity_of(self.result)) if self.target.quantity else None


@dataclass(frozen=True, slots=True)
class GroupTarget:
    """What a whole main index wants; `group` is its code, empty for the rank of the unit."""

    group: str
    target: Target
    result: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines in their order, and what is wanted of groups and of the rank."""

    framework: str
    lines: tuple[PlanLine, ...]
    groups: tuple[GroupTarget, ...] = ()

    def units(self) -> tuple[str, ...]:
        """Everybody named, those who lead first, each once."""
        leads = (unit for line in self.lines for unit in line.lead)
        helpers = (unit for line in self.lines for unit in line.coordinating)
        return tuple(dict.fromkeys((*leads, *helpers)))

    def led_by(self, unit: str) -> tuple[PlanLine, ...]:
        """The lines a unit answers for."""
        return tuple(line for line in self.lines if unit in line.lead)

    def helped_by(self, unit: str) -> tuple[PlanLine, ...]:
        """The lines a unit helps with."""
        return tuple(line for line in self.lines if unit in line.coordinating)
