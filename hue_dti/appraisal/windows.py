"""A round's days moved: what may still move, and everything that was ever fixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from hue_dti.appraisal.model import Signed
from hue_dti.appraisal.rounds import PHASE_WORDS, Phase, Window, window_faults
from hue_dti.numerals import format_date

Windows = Mapping[Phase, Window]

FARTHEST = 366
"""Days a date is moved at most at once; farther is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """The days of all phases as fixed once: with number 0 when the round was opened, then each time they were moved, with the reason."""

    number: int
    windows: Windows
    reason: str
    by: Signed
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """One moving of days: what was fixed, and the phases that changed with their days before and after."""

    fixed: Fixed
    phases: tuple[tuple[Phase, Window, Window], ...]


def history(fixed: Sequence[Fixed]) -> tuple[Moved, ...]:
    """Every moving, oldest first, out of all that was fixed in its order."""
    return tuple(Moved(after, tuple(changes(before.windows, after.windows))) for before, after in pairwise(fixed))


def changes(old: Windows, new: Windows) -> Iterator[tuple[Phase, Window, Window]]:
    """The phases whose days differ."""
    return ((phase, old[phase], new[phase]) for phase in Phase if old[phase] != new[phase])


def shifted(windows: Windows, days: int, today: date, first: Mapping[Phase, date]) -> dict[Phase, Window]:
    """Every day that is still to come moved by so many; a phase that has begun keeps the day on which it began."""
    by = timedelta(days=days)
    found = {}
    for phase in Phase:
        window = windows[phase]
        begins = window.first + by if window.first > today and phase not in first else window.first
        found[phase] = Window(begins, window.last + by if window.last >= today else window.last)
    return found


def move_faults(old: Windows, new: Windows, today: date, first: Mapping[Phase, date]) -> str:
    """Why the days may not be moved so, empty when they may; `first` tells the day of the first word written in each phase."""
    moved = tuple(changes(old, new))
    if not moved:
        return "Chưa đổi ngày nào."
    found = (fault for phase, before, after in moved for fault in _faults(phase, before, after, today, first.get(phase)))
    return next(found, "") or window_faults(new)


def _faults(phase: Phase, before: Window, after: Window, today: date, written: date | None) -> Iterator[str]:
    """What is wrong with one phase's new days by themselves."""
    name = PHASE_WORDS[phase]
    for end, was, now in (("bắt đầu", before.first, after.first), ("hết hạn", before.last, after.last)):
        if was == now:
            continue
        if now < today:
            yield f"Ngày {end} {name} không dời về {format_date(now)}: ngày ấy đã qua."
        if abs((now - was).days) > FARTHEST:
            yield f"Ngày {end} {name} dời quá {FARTHEST} ngày ({format_date(was)} thành {format_date(now)}); hãy xem lại năm."
    if written is not None and after.first > written:
        what = "Đã công bố ngày" if phase is Phase.PUBLISHING else f"Bước {name} đã có người ghi từ ngày"
        yield f"{what} {format_date(written)}; không dời ngày bắt đầu {name} ra sau ngày ấy."
