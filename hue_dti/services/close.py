"""Freeze a unit's quarter (chốt số liệu), and freeze it again with a reason when figures changed (chốt lại)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from hue_dti.catalogue.model import Catalogue
from hue_dti.collation import nfc
from hue_dti.errors import NothingToClose, SnapshotError, StorageError
from hue_dti.numerals import format_count, format_date, format_moment
from hue_dti.periods import LOCAL, Period
from hue_dti.services.anchors import anchor
from hue_dti.services.hosts import admission_of
from hue_dti.services.quarter import changed_since, check_name, draft, frozen, newest_of
from hue_dti.services.trail_anchors import anchor_trail
from hue_dti.snapshots.bundle import content_sha256, encode, open_bundle
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.model import Snapshot, SnapshotHead
from hue_dti.storage import Deferred, Storage
from hue_dti.trail.model import CLOSED, Hand, hand_of
from hue_dti.units.model import OrgUnit

ATTEMPTS = 5
"""How often a close tries again when another one of the same unit came first."""


def close_quarter(
    storage: Storage,
    catalogue: Catalogue,
    unit: OrgUnit,
    period: Period,
    now: Callable[[], datetime],
    by: str,
    reason: str = "",
    home: Path | None = None,
    then: Collection[Deferred] = (),
    hand: Hand | None = None,
    trail_anchors: Path | None = None,
    seen: str = "",
) -> SnapshotHead:
    """Freeze the quarter and return its head; unchanged figures and rules give the head that is already there.

    `home` is the folder whose `anchors/` keeps the chain's head outside the database; the trail's goes to the file `trail_anchors`.
    The jobs `then` are queued when, and only when, a snapshot is stored. Raises NothingToClose without a single figure,
    SnapshotError before the day of the cut-off, when something changed and no reason is given, and when it is not what was `seen`.
    """
    for attempt in range(1, ATTEMPTS + 1):
        end_of_chain = storage.newest_head(unit.code)
        try:
            with storage.alone(admission_of(unit.code, period)):  # a figure is in what is frozen, or knows that it was
                quarter = draft(storage, catalogue, unit, period, now())
                _check_seen(quarter, seen)
                head = _closed(storage, quarter, unit, period, nfc(by), nfc(reason.strip()), then, hand)
        except StorageError:
            if attempt == ATTEMPTS or storage.newest_head(unit.code) == end_of_chain:
                raise
            continue
        if home is not None:
            anchor(home, unit.code, storage.snapshot_heads(unit.code))
        if trail_anchors is not None:
            anchor_trail(storage, trail_anchors, head.closed_at)
        return head
    raise AssertionError


def close_once(
    storage: Storage,
    catalogue: Catalogue,
    unit: OrgUnit,
    period: Period,
    now: Callable[[], datetime],
    by: str,
    home: Path,
    then: Collection[Deferred] = (),
    trail_anchors: Path | None = None,
) -> SnapshotHead:
    """Freeze the quarter unless somebody froze it before, whatever changed since; mends an anchor that a crash kept from being written.

    The jobs `then` are queued for what somebody else froze too; what this caller froze has queued them.
    """
    head = newest_of(storage, unit.code, period)
    if head is None:
        return close_quarter(storage, catalogue, unit, period, now, by, home=home, then=then, trail_anchors=trail_anchors)
    anchor(home, unit.code, storage.snapshot_heads(unit.code))
    if trail_anchors is not None:
        anchor_trail(storage, trail_anchors, now())
    if head.closed_by != nfc(by):
        for job in then:
            storage.board.queue_once(job)
    return head


def _check_seen(quarter: Snapshot, seen: str) -> None:
    """SnapshotError when somebody saw other content than would be frozen."""
    if seen and content_sha256(quarter) != seen:
        raise SnapshotError("Số liệu vừa thay đổi sau khi trang này mở; hãy xem lại những chỗ còn thiếu rồi chốt.")


def _closed(
    storage: Storage,
    quarter: Snapshot,
    unit: OrgUnit,
    period: Period,
    by: str,
    reason: str,
    then: Collection[Deferred],
    hand: Hand | None,
) -> SnapshotHead:
    """Store the quarter at the end of the chain, unless it is already what was frozen last."""
    if not table_of(quarter.figures, quarter.tree).present:
        raise NothingToClose(
            f"Chưa có số liệu nào của {unit.name} cho {period.label} nên chưa chốt được; "
            f"hãy lấy số liệu trước: hue-dti pull --unit {unit.code} --period {period}"
        )
    if quarter.head.closed_at.astimezone(LOCAL).date() < quarter.head.cutoff:
        cutoff = format_date(quarter.head.cutoff)
        raise SnapshotError(f"{period.label} của {unit.name} lấy số liệu đến hết ngày {cutoff}; hãy chốt từ ngày đó trở đi.")
    current = newest_of(storage, unit.code, period)
    if current is not None and content_of(storage, current) == content_sha256(quarter):
        return current
    if current is not None and not reason:
        raise SnapshotError(_reason_wanted(storage, current, unit, period))
    end = storage.newest_head(unit.code)
    wanted = replace(
        quarter.head,
        sequence=end.sequence + 1 if end is not None else 1,
        previous_sha256=end.sha256 if end is not None else None,
        supersedes_sha256=current.sha256 if current is not None else None,
        reason=reason,
        closed_by=by,
    )
    head, bundle = encode(replace(quarter, head=wanted))
    told = {"unit": unit.code, "subject": period.label, "old": head.supersedes_sha256 or "", "new": head.sha256, "reason": reason}
    done = hand_of(by, hand).did(CLOSED, head.closed_at, **told)
    storage.save_snapshot(head, bundle, [sheet.unit for sheet in quarter.lower], then, [done])
    return head


def content_of(storage: Storage, head: SnapshotHead) -> str:
    """What names exactly what was frozen, whenever and by whomever."""
    opened = open_bundle(storage.bundle(head.sha256) or b"")
    check_name(opened.sha256, head.sha256)
    return str(opened.manifest.get("content_sha256"))


def _reason_wanted(storage: Storage, current: SnapshotHead, unit: OrgUnit, period: Period) -> str:
    changed = changed_since(storage, frozen(storage, current.sha256))
    what = f"{format_count(changed)} số liệu đã khác" if changed else "bộ tiêu chí, đơn vị, sổ văn bản hoặc tài liệu kiểm chứng đã khác"
    return (
        f"{period.label} của {unit.name} đã chốt lúc {format_moment(current.closed_at)} (bản chốt số {current.sequence}), từ đó {what}; "
        'muốn chốt lại hãy ghi lý do: --reason "…"'
    )
