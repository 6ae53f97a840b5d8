"""Whether a source is asked now, or has failed so often running that it is left in peace for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from hue_dti.errors import SourceResting
from hue_dti.numerals import format_moment
from hue_dti.periods import Period
from hue_dti.storage import Storage


def refuse_resting(storage: Storage, source: str, now: datetime) -> None:
    """Raise SourceResting while the source rests; of those that come after the rest, one is let through to try it."""
    until = storage.circuits.rests_until(source, now)
    if until is not None:
        raise SourceResting(
            f"Nguồn {source} lỗi nhiều lần liền, tạm ngừng hỏi đến {format_moment(until)}; việc này tự chạy lại sau đó.", until
        )


def good_within(storage: Storage, source: str, unit: str, period: Period, longest: timedelta, now: datetime) -> bool:
    """Whether the source's newest pull of the unit and period brought figures no longer ago than that."""
    pulls = {pull.source: pull for pull in storage.last_pulls(unit, period)}
    last = pulls.get(source)
    if last is None or last.replays is not None or last.outcome not in ("ok", "partial") or last.finished_at is None:
        return False
    return now - last.finished_at <= longest
