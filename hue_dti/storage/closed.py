"""Closed quarters as the door, `Storage`, hands them out: frozen once, read for ever."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Engine

from hue_dti.collation import nfc
from hue_dti.periods import Period
from hue_dti.snapshots.model import SnapshotHead
from hue_dti.storage import snapshots
from hue_dti.storage.engine import glance, transaction
from hue_dti.storage.queue import Deferred, defer
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event


class ClosedQuarters:
    """The part of `Storage` that keeps closed quarters; every method is one transaction."""

    _engine: Engine

    def save_snapshot(
        self,
        head: SnapshotHead,
        bundle: bytes,
        lower_units: Collection[str] = (),
        then: Collection[Deferred] = (),
        trail: Sequence[Event] = (),
    ) -> None:
        """Freeze a quarter, queue what comes then and record it, all or nothing; the same snapshot again changes and queues nothing.

        Raise StorageError for what would fork the unit's chain.
        """
        with transaction(self._engine) as connection:
            if snapshots.save(connection, head, bundle, lower_units):
                defer(connection, then)
                record(connection, *trail)

    def snapshot_bundle(self, unit: str, period: Period | str) -> bytes | None:
        """The unit's newest closed quarter for the period."""
        with transaction(self._engine) as connection:
            return snapshots.newest_bundle(connection, nfc(unit), str(period))

    def covering_bundle(self, unit: str, period: Period | str) -> bytes | None:
        """The newest closed quarter of a unit above in which this unit was scored too."""
        with transaction(self._engine) as connection:
            return snapshots.covering_bundle(connection, nfc(unit), str(period))

    def bundle(self, sha256: str) -> bytes | None:
        """The bundle of this name."""
        with transaction(self._engine) as connection:
            return snapshots.bundle(connection, sha256)

    def snapshot_heads(self, unit: str) -> tuple[SnapshotHead, ...]:
        """The unit's chain of closed quarters, oldest first."""
        with glance(self._engine) as connection:
            return snapshots.heads(connection, nfc(unit))

    def newest_head(self, unit: str) -> SnapshotHead | None:
        """The end of the unit's chain."""
        with glance(self._engine) as connection:
            return snapshots.newest_head(connection, nfc(unit))

    def closed_units(self) -> tuple[str, ...]:
        """The units that have closed quarters, by code."""
        with transaction(self._engine) as connection:
            return snapshots.closed_units(connection)

    def newest_heads(self) -> tuple[SnapshotHead, ...]:
        """The newest closing of every unit and period, newest period first."""
        with glance(self._engine) as connection:
            return snapshots.newest_heads(connection)
