"""What a word would do to the points, before it is said: of the quarter, and of the unit's own sheet below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hue_dti.appraisal.model import Mark
from hue_dti.catalogue.model import Catalogue
from hue_dti.scoring.model import ScoreSheet
from hue_dti.services.dossier import Dossier
from hue_dti.services.quarter import draft
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import Storage


@dataclass(frozen=True, slots=True)
class ReviewEffect:
    """How many figures a word is on, and points (ten-thousandths) before and after: of the quarter, of the unit's own sheet.

    `own` is None for a unit without a sheet below the quarter's; `criteria` are those of the quarter that move, and by how much.
    """

    count: int
    before: int
    after: int
    own: tuple[int, int] | None
    criteria: tuple[tuple[str, int], ...]

    @property
    def change(self) -> int:
        """By how much the quarter moves."""
        return self.after - self.before

    @property
    def greatest(self) -> tuple[tuple[str, int], ...]:
        """The five criteria that move most."""
        return tuple(sorted(self.criteria, key=lambda each: -abs(each[1]))[:5])


def effect_of(storage: Storage, catalogue: Catalogue, dossier: Dossier, marks: Sequence[Mark], now: datetime) -> ReviewEffect:
    """Score the quarter as it stands and as it would stand."""
    stands = draft(storage, catalogue, dossier.host, dossier.period, now)
    would = draft(storage, catalogue, dossier.host, dossier.period, now, marking=marks)
    after = {line.code: line.points for line in would.sheet.criteria}
    moved = tuple((line.code, after[line.code] - line.points) for line in stands.sheet.criteria if after[line.code] != line.points)
    mine, then = _sheet(stands, dossier.unit.code), _sheet(would, dossier.unit.code)
    own = (mine.total.points, then.total.points) if mine is not None and then is not None else None
    return ReviewEffect(len(marks), stands.sheet.total.points, would.sheet.total.points, own, moved)


def _sheet(snapshot: Snapshot, unit: str) -> ScoreSheet | None:
    """The unit's sheet among those below the quarter's own unit."""
    return next((sheet for sheet in snapshot.lower if sheet.unit == unit), None)
