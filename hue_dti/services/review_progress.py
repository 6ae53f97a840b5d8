"""How far the units of a quarter are: entered, sent, approved; the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hue_dti.appraisal.model import State
from hue_dti.collation import sort_key
from hue_dti.services.dossier import Dossier

_ORDER = (State.DRAFT, State.WITHDRAWN, State.RETURNED, State.SENT, State.UNDER_REVIEW, State.APPROVED)


@dataclass(frozen=True, slots=True)
class Progress:
    """One unit's: figures expected and present that count, those typed and of them approved and returned, what catches the eye."""

    dossier: Dossier
    expected: int
    present: int
    typed: int
    approved: int
    returned: int
    flagged: int

    @property
    def sent(self) -> bool:
        """Whether it lies with the committee or is done."""
        return self.dossier.case.state in {State.SENT, State.UNDER_REVIEW, State.APPROVED}


def progress(dossiers: Sequence[Dossier]) -> tuple[Progress, ...]:
    """The worst first: not sent before sent, and the less there is the higher; units without a figure to give are left out."""
    rows = [_row(each) for each in dossiers if each.cells]
    return tuple(
        sorted(rows, key=lambda row: (_ORDER.index(row.dossier.case.state), row.present / row.expected, sort_key(row.dossier.unit.name)))
    )


def _row(dossier: Dossier) -> Progress:
    return Progress(
        dossier=dossier,
        expected=len(dossier.cells),
        present=len(dossier.counted),
        typed=len(dossier.typed),
        approved=sum(cell.approved for cell in dossier.typed),
        returned=len(dossier.returned),
        flagged=len(dossier.flagged),
    )
