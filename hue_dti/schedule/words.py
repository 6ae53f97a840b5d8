"""The schedule in an official's words."""

from __future__ import annotations

import re

from hue_dti.schedule.model import AtCutoff, BeforeCutoff, Entry, When
from hue_dti.storage.schedule import CATCH_UP, FIRST_SEEN, ON_TIME
from hue_dti.units.names import AT_LEVEL

_KINDS = {ON_TIME: "đúng giờ", CATCH_UP: "chạy bù", FIRST_SEEN: "bắt đầu theo dõi"}
_EVERY = re.compile(r"\*/(\d+) \* \* \* \*")
_DAILY = re.compile(r"(\d+) (\d+(?:,\d+)*) \* \* \*")


def when_in_words(when: When) -> str:
    """`hằng ngày lúc 01:00`; an unusual crontab stands as it is written."""
    if isinstance(when, AtCutoff):
        return f"{when.hour:02d}:{when.minute:02d} ngày sau ngày chốt số liệu của quý"
    if isinstance(when, BeforeCutoff):
        return f"{when.hour:02d}:{when.minute:02d}, {_and(when.days)} ngày trước ngày chốt số liệu của quý"
    if found := _EVERY.fullmatch(str(when)):
        return f"mỗi {int(found[1])} phút"
    if found := _DAILY.fullmatch(str(when)):
        hours = ", ".join(f"{int(hour):02d}:{int(found[1]):02d}" for hour in found[2].split(","))
        return f"hằng ngày lúc {hours}"
    return str(when)


def for_whom(entry: Entry) -> str:
    """`cấp huyện, mọi nguồn đã khai báo`; a dash for a job of the installation's own."""
    units = "" if entry.level is None else ", ".join(entry.units) or AT_LEVEL.get(entry.level, str(entry.level))
    units += " tự chốt quý" if entry.hosting else ""
    if "source" not in entry.wants:
        return units or "–"
    return f"{units}, " + ("mọi nguồn đã khai báo" if entry.sources is None else ", ".join(entry.sources))


def kind_in_words(kind: str) -> str:
    """`chạy bù` for what was made up for."""
    return _KINDS[kind]


def _and(days: tuple[int, ...]) -> str:
    """`14, 7, 3 và 1`."""
    *most, last = map(str, days)
    return f"{', '.join(most)} và {last}" if most else last
