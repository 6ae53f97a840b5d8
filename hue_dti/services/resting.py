"""Whether a source is asked now, or has failed so often running that it is left in peace for a while."""

from __future__ import annotations

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


def good_within(storage: Storage, source: str, unit: str, period: Period, longest: timedelta, now: datetime) -> bool:
    """Whether the source, when it was last asked for the unit and period, brought figures no longer ago than that."""
    last = storage.board.newest_run(source, unit, period)
    if last is None or last.outcome not in ("ok", "partial") or last.finished_at is None:
        return False
    return now - last.finished_at <= longest
