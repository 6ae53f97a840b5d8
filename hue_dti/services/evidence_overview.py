"""What a unit has to prove in a period, and how far it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hue_dti.catalogue.model import Catalogue, Criterion
from hue_dti.evidence.asked import Answered, Standing, answered, others, whole
from hue_dti.evidence.pieces import Form, Piece
from hue_dti.periods import Period
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit


@dataclass(frozen=True, slots=True)
class Shown:
    """One criterion with what it asks, how each is answered, and whatever else was put there."""

    criterion: Criterion
    answers: tuple[Answered, ...]
    others: tuple[Piece, ...]
    withdrawn: tuple[Piece, ...]

    @property
    def standing(self) -> Standing:
        """How the criterion stands as a whole."""
        return whole(self.answers)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Everything that stands there, each once."""
        return (*(piece for answer in self.answers for piece in answer.pieces), *self.others)


def criteria_of(catalogue: Catalogue, unit: OrgUnit, period: Period) -> Mapping[str, Criterion]:
    """The criteria that score the unit in the period, by code; none where no set is for its level."""
    found = catalogue.set_for(unit.level, period.end)
    return {} if found is None else {criterion.code: criterion for criterion in found.criteria}


def shown(criterion: Criterion, pieces: tuple[Piece, ...]) -> Shown:
    """One criterion among the unit's pieces of the period."""
    back = tuple(piece for piece in pieces if piece.withdrawn is not None and piece.draft.criterion == criterion.code)
    return Shown(criterion, answered(criterion, pieces), others(criterion, pieces), back)


def overview(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period) -> tuple[Shown, ...]:
    """Every criterion that asks for proof or has some, in printed order."""
    pieces = storage.evidence.of([unit.code], str(period))
    rows = (shown(criterion, pieces) for criterion in criteria_of(catalogue, unit, period).values())
    return tuple(row for row in rows if row.answers or row.others or row.withdrawn)


def unproven(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period) -> frozenset[str]:
    """The criteria whose proof is missing, not signed, changed, or only explained."""
    return frozenset(row.criterion.code for row in overview(storage, catalogue, unit, period) if not row.standing.proves)


def answers(
    storage: Storage, catalogue: Catalogue, units: Sequence[OrgUnit], period: Period
) -> Mapping[tuple[str, str], tuple[Answered, ...]]:
    """How the proof that each criterion asks for is answered, by unit and criterion, read at once."""
    pieces = storage.evidence.of([unit.code for unit in units], str(period))
    return {
        (unit.code, code): answered(criterion, [piece for piece in pieces if piece.draft.unit == unit.code])
        for unit in units
        for code, criterion in criteria_of(catalogue, unit, period).items()
        if criterion.proof and criterion.status.opened
    }


def frozen_hashes(storage: Storage, units: list[str], period: Period) -> dict[str, str]:
    """What of the units' evidence a closing takes along: each file by unit, criterion, number and name."""
    return {
        f"{piece.draft.unit}/{piece.draft.criterion}/{piece.number}-{piece.draft.name}": piece.draft.sha256
        for piece in storage.evidence.of(units, str(period))
        if piece.withdrawn is None and piece.draft.form is Form.FILE
    }
