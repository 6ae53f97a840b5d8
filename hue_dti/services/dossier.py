"""A unit's dossier of a quarter (hồ sơ): every figure it answers for, how it came, what review said of it, what catches the eye."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from hue_dti.appraisal.cells import Key
from hue_dti.appraisal.model import Case, LockException, Mark, Verdict
from hue_dti.catalogue.model import Measure
from hue_dti.evidence.asked import Standing
from hue_dti.observations.entered import ENTERED, Entry
from hue_dti.observations.model import Observation, State
from hue_dti.periods import Period
from hue_dti.snapshots.model import FrozenFigure, Snapshot
from hue_dti.units.model import Level, OrgUnit, Tree


class Flag(StrEnum):
    """Why a figure needs judgement first."""

    RETURNED = "returned"
    CHECK = "check"
    JUMP = "jump"
    EVIDENCE = "evidence"
    CARRIED = "carried"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit's figure of a measure: as it was `told`, as it counts (`figure`), who typed it, the word that holds on it.

    `before` is the quarter before as it was closed, `mean` that of units of the same level; `flags` say in words what catches the eye.
    """

    unit: OrgUnit
    measure: Measure
    criteria: tuple[str, ...]
    figure: FrozenFigure
    told: Observation | None = None
    entry: Entry | None = None
    mark: Mark | None = None
    before: int | None = None
    mean: Fraction | None = None
    flags: tuple[tuple[Flag, str], ...] = ()

    @property
    def key(self) -> Key:
        return self.unit.code, self.measure.code

    @property
    def typed(self) -> bool:
        """Whether what stands there was typed: only this is approved or returned."""
        return self.told is not None and self.told.origin.source == ENTERED

    @property
    def approved(self) -> bool:
        return self.mark is not None and self.mark.verdict is Verdict.APPROVED

    @property
    def returned(self) -> bool:
        return self.mark is not None and self.mark.verdict is Verdict.RETURNED

    @property
    def absent(self) -> bool:
        """Whether a figure is expected and none was told."""
        return self.told is None and not self.figure.state.has_value and self.figure.state is not State.NOT_APPLICABLE


@dataclass(frozen=True)
class Dossier:
    """All of it; `follows` is the number of the newest word on each cell, whether it still holds or not.

    `newest_entry` is the number of the unit's own newest entry, 0 without one; `proofs` how the unit's criteria that ask for proof stand.
    """

    unit: OrgUnit
    host: OrgUnit
    period: Period
    case: Case
    snapshot: Snapshot
    cells: tuple[Cell, ...]
    exceptions: tuple[LockException, ...]
    follows: Mapping[Key, int] = field(default_factory=dict)
    newest_entry: int = 0
    proofs: Mapping[str, Standing] = field(default_factory=dict)

    @cached_property
    def typed(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.typed)

    @cached_property
    def absent(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.absent)

    @property
    def present(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if not cell.absent)

    @property
    def flagged(self) -> tuple[Cell, ...]:
        """What needs judgement first: the gravest flags on top."""
        order = list(Flag)
        found = [cell for cell in self.cells if cell.flags]
        return tuple(sorted(found, key=lambda cell: min(order.index(flag) for flag, _ in cell.flags)))

    @property
    def calm(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.present if not cell.flags)

    @property
    def returned(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.typed if cell.returned)

    @property
    def unapproved(self) -> tuple[Cell, ...]:
        """Typed figures that wait for a word."""
        return tuple(cell for cell in self.typed if cell.mark is None)

    @property
    def unproven(self) -> tuple[tuple[str, Standing], ...]:
        """Criteria with a figure whose proof is missing, not signed, changed, or only explained."""
        told = {code for cell in self.present for code in cell.criteria}
        return tuple((code, standing) for code, standing in self.proofs.items() if not standing.proves and code in told)

    @property
    def entered_by(self) -> frozenset[str]:
        """The logins that typed what stands there."""
        return frozenset(cell.entry.typed.login for cell in self.typed if cell.entry is not None)

    def cell(self, unit: str, measure: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.key == (unit, measure)), None)


def sends(unit: OrgUnit, host: OrgUnit) -> bool:
    """Whether the unit sends figures itself: the unit of the quarter, its communes and agencies; villages go with their commune."""
    return unit.code == host.code or unit.level in {Level.COMMUNE, Level.AGENCY}


def answered_for(tree: Tree, code: str) -> tuple[OrgUnit, ...]:
    """The unit and what is below it and sends nothing itself."""
    return tuple(unit for unit in tree.under(code) if unit.code == code or unit.level is Level.VILLAGE)
