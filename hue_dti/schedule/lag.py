"""How late the schedule is: what was due and nobody has called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from hue_dti.catalogue.model import Catalogue
from hue_dti.schedule.due import missed, next_due
from hue_dti.schedule.model import Entry
from hue_dti.storage.schedule import ScheduleBook


def schedule_lag(entries: Iterable[Entry], catalogue: Catalogue, book: ScheduleBook, now: datetime) -> timedelta | None:
    """How long ago the most overdue entry should have been called, zero when none is overdue; None while no scheduler has met any."""
    late = [since for entry in entries if (since := _late(entry, catalogue, book, now)) is not None]
    return max(late, default=None)


def _late(entry: Entry, catalogue: Catalogue, book: ScheduleBook, now: datetime) -> timedelta | None:
    last = book.counted_from(entry.name, now)
    if last is None:
        return None
    due = next_due(entry, catalogue, last)
    if due is None or not missed(entry, catalogue, last, now):  # what cannot be made up any more is not late
        return timedelta(0)
    return max(now - due.at, timedelta(0))
