"""What whoever closes a quarter sees first: what is missing, not approved, returned or contradictory, and whether it may be closed yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from hue_dti.catalogue.model import Catalogue, Source
from hue_dti.periods import Period
from hue_dti.services.close import content_of
from hue_dti.services.completeness import Completeness, completeness
from hue_dti.services.dossier import sends
from hue_dti.services.dossier_read import dossiers
from hue_dti.services.quarter import Changed, changes_since, draft, frozen, newest_of
from hue_dti.services.register_state import RegisterState, filling
from hue_dti.services.review_progress import Progress, progress
from hue_dti.snapshots.bundle import content_sha256
from hue_dti.snapshots.checks import Remark, remarks
from hue_dti.snapshots.model import Snapshot, SnapshotHead
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit


@dataclass(frozen=True)
class Readiness:
    """A unit's quarter as it would be frozen now; `standing` is what was frozen last, and `changes` are the figures that differ since.

    `times` is how often this quarter was closed. `content` names exactly what would be frozen; `under_way` tells that sources are being
    asked just now.
    `registers` are those of the units still being written.
    """

    unit: OrgUnit
    period: Period
    quarter: Snapshot
    standing: SnapshotHead | None
    times: int
    changes: tuple[Changed, ...]
    content: str
    same: bool
    complete: Completeness
    remarks: tuple[Remark, ...]
    rows: tuple[Progress, ...]
    under_way: bool
    registers: tuple[tuple[OrgUnit, RegisterState], ...] = ()

    @property
    def cutoff(self) -> date:
        """The day up to which figures are taken, and the first on which the quarter may be closed."""
        return self.quarter.head.cutoff

    @property
    def unfinished(self) -> tuple[Progress, ...]:
        """Units that have not sent, or whose typed figures are not all approved."""
        return tuple(row for row in self.rows if not row.sent or row.returned or row.approved < row.typed)

    @property
    def owing(self) -> tuple[tuple[Source, int], ...]:
        """The sources that owe figures and how many, the most first."""
        counted = Counter(owed.source.code for owed in self.complete.missing)
        sources = {owed.source.code: owed.source for owed in self.complete.missing}
        return tuple((sources[code], count) for code, count in counted.most_common())

    @property
    def unapproved(self) -> int:
        """How many figures of persons nobody approved; they are frozen with that remark."""
        return sum(row.typed - row.approved - row.returned for row in self.rows)

    @property
    def returned(self) -> int:
        """How many figures lie returned; the last good value stands in for them."""
        return sum(row.returned for row in self.rows)

    def may_close(self, today: date) -> bool:
        """Whether there is something to freeze, and its day has come."""
        return today >= self.cutoff and not self.same and bool(self.complete.total.present)


def times_closed(storage: Storage, code: str, period: Period) -> int:
    """How often the quarter itself was closed; the number of a snapshot runs over all quarters of its unit."""
    return sum(head.period == str(period) for head in storage.snapshot_heads(code))


def readiness(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period, now: datetime) -> Readiness:
    """How the unit's quarter stands; the unit is one that an official set is for."""
    quarter, standing = draft(storage, catalogue, unit, period, now), newest_of(storage, unit.code, period)
    content, below = content_sha256(quarter), [each for each in quarter.tree.units if sends(each, unit)]
    books = filling(storage, [each.code for each in below], period)
    return Readiness(
        unit=unit,
        period=period,
        quarter=quarter,
        standing=standing,
        times=times_closed(storage, unit.code, period),
        changes=changes_since(storage, frozen(storage, standing.sha256)) if standing is not None else (),
        content=content,
        same=standing is not None and content_of(storage, standing) == content,
        complete=completeness(quarter, catalogue),
        remarks=remarks(quarter, catalogue),
        rows=progress(dossiers(storage, catalogue, quarter, below)),
        under_way=storage.board.pulls_under_way(unit.code, period),
        registers=tuple((each, book) for each in below for book in books.get(each.code, ())),
    )
