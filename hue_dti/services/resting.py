"""Whether a source is asked now, or has failed so often running that it is left in peace for a while."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from hue_dti.periods import Period
from hue_dti.storage import Deferred, Storage

MOST_RESTS = 24
"""How often a job waits for a source; then it asks all the same, so that its failure is on record."""


def put_off(storage: Storage, source: str, now: datetime, job: Deferred, rests: int) -> bool:
    """Whether the source rests; then the job is queued again for the end of the rest. Of those that come after it one tries the source."""
    if rests >= MOST_RESTS:
        return False
    until = storage.circuits.rests_until(source, now)
    if until is None:
        return False
    storage.defer(replace(job, apart={**job.apart, "rests": str(rests + 1)}, at=until))
    return True


def good_within(storage: Storage, source: str, units: Collection[str], period: Period, longest: timedelta, now: datetime) -> frozenset[str]:
    """The units for which the source, when it was last asked for the period, brought figures no longer ago than that."""
    last = storage.board.newest_runs(source, units, period)
    good = (each for each in last.values() if each.outcome in ("ok", "partial") and each.finished_at is not None)
    return frozenset(each.unit for each in good if each.finished_at is not None and now - each.finished_at <= longest)
