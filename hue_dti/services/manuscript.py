"""A quarter's report as it stands: its figures, its editions, and the paper of any of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import ReportError
from hue_dti.numerals import format_moment
from hue_dti.reports.case import Move
from hue_dti.reports.content import build, vocabulary_of
from hue_dti.reports.drafting import Desk
from hue_dti.reports.editions import Edition, ReportCase
from hue_dti.reports.issue import Replaced, changes
from hue_dti.reports.model import Report
from hue_dti.reports.narrative import Narrative
from hue_dti.reports.texts import text
from hue_dti.services.quarter import catalogue_of, frozen, seen_from
from hue_dti.services.trail_code import coded
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import Storage


@dataclass(frozen=True, slots=True)
class Paper:
    """A report and the quarter it was written from."""

    report: Report
    snapshot: Snapshot
    catalogue: Catalogue


@dataclass(frozen=True)
class Manuscript:
    """The report of `snapshot`'s unit and period: the quarter frozen last, or today's figures while it is not, and what is kept of it."""

    storage: Storage
    snapshot: Snapshot
    catalogue: Catalogue
    case: ReportCase

    @cached_property
    def desk(self) -> Desk:
        """The report as an editor has it, with today's names and words."""
        return Desk(self.snapshot, self.catalogue)

    @property
    def unit(self) -> str:
        """The unit's code."""
        return self.case.unit

    @property
    def period(self) -> str:
        """The period as it is spelt."""
        return self.case.period

    @property
    def outrun(self) -> bool:
        """Whether the quarter was frozen again after the text was submitted, approved or issued."""
        step = self.case.current.submitted
        return step is not None and step.snapshot_sha256 != self.snapshot.head.sha256

    def paper(self, edition: Edition | None = None, version: int | None = None) -> Paper:
        """The paper of an edition (the current one), on the figures it was submitted with, or on the newest while it is a draft.

        With a version, that version's words on the newest figures. KeyError for a version that is not there.
        """
        chosen = edition or self.case.current
        step = chosen.submitted
        if version is None and step is not None:
            snapshot = snapshot_of(self.storage, step.snapshot_sha256, self.unit)
            report = build(snapshot, catalogue_of(snapshot), chosen.own(step.version), chosen.issue, self._replaced(chosen, snapshot))
            return Paper(coded(self.storage, report), snapshot, catalogue_of(snapshot))
        return Paper(self.preview(chosen.own(chosen.newest if version is None else version)), self.snapshot, self.catalogue)

    def preview(self, own: Narrative) -> Report:
        """The current edition's paper in these words, on the newest figures."""
        report = build(self.snapshot, self.catalogue, own, None, self._replaced(self.case.current, self.snapshot))
        return coded(self.storage, report)

    def in_force(self) -> Paper:
        """The paper that others may rely on: the newest issued one; what is worked on while none is issued."""
        return self.paper(self.case.issued)

    def _replaced(self, edition: Edition, snapshot: Snapshot) -> Replaced | None:
        """What an edition tells of the one it replaces; None for the first."""
        if edition.number == 1:
            return None
        before = self.case.edition(edition.number - 1)
        issued = before.last(Move.ISSUE)
        if before.issue is None or issued is None:
            raise ReportError(f"Báo cáo {self.period} thay thế một báo cáo chưa phát hành; hãy chạy hue-dti verify.")
        old = snapshot_of(self.storage, issued.snapshot_sha256, self.unit)
        moved = changes(vocabulary_of(old, catalogue_of(old)), vocabulary_of(snapshot, catalogue_of(snapshot)))
        return Replaced(before.issue, edition.reason.rstrip(". "), _closed_again(old, snapshot), moved)


def manuscript(storage: Storage, snapshot: Snapshot, catalogue: Catalogue) -> Manuscript:
    """The report of a quarter with what is kept of it now."""
    return Manuscript(storage, snapshot, catalogue, storage.reports.case(snapshot.head.unit, snapshot.head.period))


def snapshot_of(storage: Storage, sha256: str, unit: str) -> Snapshot:
    """The frozen quarter of this hash seen from a unit; ReportError when it tells nothing of the unit."""
    found = seen_from(frozen(storage, sha256), unit)
    if found is None:
        raise ReportError(f"Bản chốt {sha256[:12]} không có bảng điểm của đơn vị {unit}; hãy chạy hue-dti verify.")
    return found


def _closed_again(old: Snapshot, new: Snapshot) -> str:
    """By whose word the figures are others than they were; empty when they are the same snapshot's."""
    head = new.head
    if head.sha256 == old.head.sha256 or not head.sha256:
        return ""
    reason = head.reason.rstrip(". ") or "không ghi"
    return text("issued", "by", moment=format_moment(head.closed_at), by=head.closed_by, reason=reason)
