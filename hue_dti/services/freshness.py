"""Which sources have grown old: asked by nobody, or without a good answer, for longer than one may wait."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from hue_dti.storage import Storage

USUAL_LONGEST = timedelta(days=3)
"""How old a nightly source may be before it is called old, where nobody has said otherwise."""


def watch(storage: Storage, sources: Collection[str], unit: str, longest: timedelta, now: datetime) -> dict[str, datetime | None]:
    """Record which of the sources have had no good pull for the unit within `longest`, and return them with the last one."""
    good = storage.schedule.last_good_pulls(unit)
    stale = {source: good.get(source) for source in sources if source not in good or now - good[source] > longest}
    storage.schedule.note_stale(unit, stale, now)
    return stale
