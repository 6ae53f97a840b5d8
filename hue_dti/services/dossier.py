"""A unit's dossier of a quarter (hồ sơ): every figure it answers for, how it came, what review said of it, what catches the eye."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from hashlib import sha256

from hue_dti.appraisal.cells import Key
from hue_dti.appraisal.model import Case, LockException, Mark, Verdict
from hue_dti.catalogue.model import Measure
from hue_dti.evidence.asked import Standing
from hue_dti.observations.entered import Entry, is_from_a_person
from hue_dti.observations.model import Observation, State
from hue_dti.periods import Period
from hue_dti.services.behind import Hands
from hue_dti.snapshots.model import FrozenFigure, Snapshot
from hue_dti.units.model import Level, OrgUnit, Tree


class Flag(StrEnum):
    """Why a figure needs judgement first."""

    RETURNED = "returned"
    REPLACED = "replaced"
    MENDED = "mended"
    CHECK = "check"
    OBJECTED = "objected"
    FILLING = "filling"
    REGISTER = "register"
    JUMP = "jump"
    EVIDENCE = "evidence"
    PROOF = "proof"
    REUSED = "reused"
    CARRIED = "carried"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit's figure of a measure: as it was `told`, as it counts (`figure`), who typed it, the word that holds on it.

    `before` is the quarter before as it was closed, `mean` that of units of the same level; `flags` say in words what catches the eye.
    `reported` says that an office's table is the measure's own source; `said` is the newest word on the cell, whether it holds or not.
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
    reported: bool = False
    said: Mark | None = None

    @property
    def key(self) -> Key:
        return self.unit.code, self.measure.code

    @property
    def typed(self) -> bool:
        """Whether what stands there was told by a person: typed, counted from what was typed, or in a file handed in."""
        return self.told is not None and is_from_a_person(self.told.origin)

    @property
    def judged(self) -> bool:
        """Whether it may be approved or returned: what persons told, and what stands in an office's table."""
        return self.typed or (self.told is not None and self.reported)

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

    `newest_entry` is the number of the unit's own newest entry, 0 without one; `proofs` how the unit's criteria that ask for proof stand;
    `hands` tells whose hands a figure comes from.
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
    hands: Callable[[Cell], Hands] = lambda _: {}

    @cached_property
    def typed(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.typed)

    @cached_property
    def judged(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.judged)

    @cached_property
    def absent(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.absent)

    @property
    def present(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if not cell.absent)

    @property
    def counted(self) -> tuple[Cell, ...]:
        """What is there and counts: all but the returned figures that nothing stands in for."""
        return tuple(cell for cell in self.present if not cell.returned or cell.figure.state.has_value)

    @property
    def flagged(self) -> tuple[Cell, ...]:
        """What needs judgement first: the gravest flags on top; figures that are nothing but late are said once where most are."""
        order = list(Flag)
        found = [cell for cell in self.cells if cell.flags and cell.key not in self._merely_late]
        return tuple(sorted(found, key=lambda cell: min(order.index(flag) for flag, _ in cell.flags)))

    @property
    def late(self) -> tuple[Cell, ...]:
        """Typed figures told after the cut-off."""
        return tuple(cell for cell in self.typed if any(flag is Flag.LATE for flag, _ in cell.flags))

    @property
    def late_as_a_whole(self) -> bool:
        """Whether most of what was typed came late: no exception among the figures then, but one fact of them all."""
        return 2 * len(self.late) > len(self.typed) > 1

    @cached_property
    def _merely_late(self) -> frozenset[Key]:
        return frozenset(cell.key for cell in self.late if len(cell.flags) == 1) if self.late_as_a_whole else frozenset()

    @property
    def calm(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.present if not cell.flags or cell.key in self._merely_late)

    @property
    def returned(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.judged if cell.returned)

    @property
    def unapproved(self) -> tuple[Cell, ...]:
        """Typed figures that wait for a word."""
        return tuple(cell for cell in self.typed if cell.mark is None)

    @property
    def unproven(self) -> tuple[tuple[str, Standing], ...]:
        """Criteria with a figure whose proof is missing, not signed, changed, or only explained."""
        told = {code for cell in self.present for code in cell.criteria}
        return tuple((code, standing) for code, standing in self.proofs.items() if not standing.proves and code in told)

    @cached_property
    def behind(self) -> Mapping[Key, Hands]:
        """Whose hands each figure comes from that persons told."""
        return {cell.key: self.hands(cell) for cell in self.typed}

    @property
    def entered_by(self) -> frozenset[str]:
        """The logins that what stands there comes from."""
        return frozenset(login for hands in self.behind.values() for login in hands)

    @cached_property
    def seen(self) -> str:
        """What whoever judges has before them, as a short hash: it changes with every figure that may be judged."""
        shown = [(*cell.key, cell.told.value, cell.told.origin.raw_sha256) for cell in self.judged if cell.told is not None]
        return sha256(repr(shown).encode()).hexdigest()[:16]

    def own(self, login: str, cells: Iterable[Cell]) -> tuple[tuple[Cell, str], ...]:
        """Those of the figures that come from this person, each with what the person did for it."""
        return tuple((cell, self.behind[cell.key][login]) for cell in cells if login in self.behind.get(cell.key, {}))

    def cell(self, unit: str, measure: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.key == (unit, measure)), None)


def sends(unit: OrgUnit, host: OrgUnit) -> bool:
    """Whether the unit sends figures itself: the unit of the quarter, its communes and agencies; villages go with their commune."""
    return unit.code == host.code or unit.level in {Level.COMMUNE, Level.AGENCY}


def answered_for(tree: Tree, code: str) -> tuple[OrgUnit, ...]:
    """The unit and what is below it and sends nothing itself."""
    return tuple(unit for unit in tree.under(code) if unit.code == code or unit.level is Level.VILLAGE)
