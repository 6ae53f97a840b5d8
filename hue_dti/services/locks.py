"""Lock exceptions opened or closed several at once: all or none, each a row and an event of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from hue_dti.appraisal.model import LockException
from hue_dti.errors import ReviewRefused
from hue_dti.free_text import one_line
from hue_dti.periods import Period
from hue_dti.services.doer import Doer
from hue_dti.storage import Storage
from hue_dti.storage.reviews import LOCKS_OTHERWISE
from hue_dti.trail.model import Event

LONGEST_REASON, MOST_DAYS, MOST_AT_ONCE = 500, 60, 40

Place = tuple[str, str]
"""The code of a unit, and a criterion as exceptions name it."""


def meant(places: Sequence[Place], period: Period, until: date | None, reason: str, doer: Doer) -> tuple[LockException, ...]:
    """What opening these until the day would keep; ReviewRefused says why it may not be.

    It stays narrow: several criteria of one unit, or one criterion of several units.
    """
    said = one_line(reason, "Lý do", LONGEST_REASON, ReviewRefused)
    chosen = list(dict.fromkeys(places))
    checks = (
        (not chosen, "Chưa chọn tiêu chí hay đơn vị nào để mở khóa."),
        (
            len({unit for unit, _ in chosen}) > 1 and len({criterion for _, criterion in chosen}) > 1,
            "Một lần chỉ mở nhiều tiêu chí của một đơn vị, hoặc một tiêu chí của nhiều đơn vị.",
        ),
        (len(chosen) > MOST_AT_ONCE, f"Một lần mở nhiều nhất {MOST_AT_ONCE} ô khóa; hãy chọn bớt."),
        (not said, f"Hãy ghi lý do mở khóa, dài nhất {LONGEST_REASON} chữ."),
    )
    _must(checks)
    if until is None or not doer.today <= until <= doer.today + timedelta(days=MOST_DAYS):
        raise ReviewRefused(f"Hãy chọn ngày khóa lại, từ hôm nay và chậm nhất {MOST_DAYS} ngày nữa.")
    return tuple(LockException(unit, str(period), criterion, until, said, doer.signed, doer.at) for unit, criterion in chosen)


def open_locks(storage: Storage, given: Sequence[LockException], doer: Doer) -> None:
    """Keep the exceptions, once however often they are confirmed; each takes the place of an earlier one for its unit and criterion."""
    storage.reviews.open_locks(given, [_event(doer, "lock.opened", each, new=each.until.isoformat()) for each in given])


def close_locks(storage: Storage, standing: Iterable[LockException], chosen: Collection[str], reason: str, doer: Doer) -> int:
    """Close those of the standing exceptions that are chosen by `ref` from now on, and tell how many; ReviewRefused says why not."""
    said, known = one_line(reason, "Lý do", LONGEST_REASON, ReviewRefused), {ref(each): each for each in standing}
    checks = (
        (not chosen, "Chưa chọn tiêu chí nào để khóa lại."),
        (bool(set(chosen) - known.keys()), LOCKS_OTHERWISE),
        (not said, f"Hãy ghi lý do khóa lại, dài nhất {LONGEST_REASON} chữ."),
    )
    _must(checks)
    ended = [known[each] for each in dict.fromkeys(chosen)]
    yesterday = doer.today - timedelta(days=1)
    rows = [replace(each, until=yesterday, reason=said, by=doer.signed, at=doer.at) for each in ended]
    events = [_event(doer, "lock.closed", row, old=each.until.isoformat()) for each, row in zip(ended, rows, strict=True)]
    return storage.reviews.open_locks(rows, events, over=ended)


def standing(exceptions: Iterable[LockException], today: date) -> tuple[LockException, ...]:
    """The newest exception of every unit and criterion, where it stands today; given oldest first."""
    newest = {(each.unit, each.period, each.criterion): each for each in exceptions}
    return tuple(each for each in newest.values() if each.until >= today)


def acts(exceptions: Iterable[LockException]) -> tuple[tuple[LockException, ...], ...]:
    """The exceptions by the act that opened them, the soonest over first."""
    found: dict[tuple[object, ...], list[LockException]] = {}
    for each in sorted(exceptions, key=lambda one: (one.until, one.at)):
        found.setdefault((each.until, each.at, each.by.login, each.reason), []).append(each)
    return tuple(tuple(each) for each in found.values())


def ref(each: LockException) -> str:
    """What names this very exception in a form; a later one for the same place has another."""
    return f"{each.unit} {each.criterion} {each.at.isoformat()}"


def _must(checks: Iterable[tuple[bool, str]]) -> None:
    for wrong, why in checks:
        if wrong:
            raise ReviewRefused(why)


def _event(doer: Doer, act: str, each: LockException, old: str = "", new: str = "") -> Event:
    return doer.event(act, each.unit, f"{each.criterion}, {each.period}", old, new, each.reason)
