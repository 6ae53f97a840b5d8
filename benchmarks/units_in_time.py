"""Units in time at nation size: 12,000 units, their closure kept by a reorganisation of all districts, and how long a look by it takes.

63 provinces, 705 districts, 10,598 communes and villages up to 12,000 units; then one event ends every third district and merges its
communes two by two straight under the province. `python -m benchmarks.units_in_time` prints the times of one run on one server.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hue_dti.config import Settings
from hue_dti.storage import Storage, kept_running, open_storage, upgrade
from hue_dti.units.changing import after
from hue_dti.units.events import Change, ChangeKind, Resolution, UnitEvent
from hue_dti.units.model import Level, OrgUnit

START, DAY = date(2020, 1, 1), date(2025, 7, 1)
PROVINCES, DISTRICTS, COMMUNES, UNITS = 63, 705, 10_598, 12_000
LOOKS = 300


def units() -> list[OrgUnit]:
    """The nation: provinces, districts, communes, and villages up to the number wanted."""
    made = [OrgUnit(f"{at:02d}", f"Tỉnh {at}", Level.PROVINCE, None, START) for at in range(1, PROVINCES + 1)]
    made += [OrgUnit(f"d{at}", f"Huyện thứ {at}", Level.DISTRICT, f"{at % PROVINCES + 1:02d}", START) for at in range(DISTRICTS)]
    made += [OrgUnit(f"c{at}", f"Xã số {at}", Level.COMMUNE, f"d{at % DISTRICTS}", START) for at in range(COMMUNES)]
    return made + [OrgUnit(f"v{at}", f"Thôn {at}", Level.VILLAGE, f"c{at}", START) for at in range(UNITS - len(made))]


def reorganisation(there: list[OrgUnit]) -> UnitEvent:
    """Every third district ends; its communes go two by two into one straight under the province, their villages with them."""
    changes: list[Change] = []
    number = 0
    for district in [unit for unit in there if unit.level is Level.DISTRICT][::3]:
        changes.append(Change(ChangeKind.END, district.code))
        below = [unit for unit in there if unit.parent == district.code]
        for first in range(0, len(below), 2):
            pair, number = below[first : first + 2], number + 1
            new = pair[0].code
            changes += [Change(ChangeKind.MERGE, each.code, new, f"Xã mới {number}", Level.COMMUNE, district.parent) for each in pair]
            changes += [
                Change(ChangeKind.MOVE, each.code, each.code, parent=new)
                for other in pair[1:]
                for each in there
                if each.parent == other.code
            ]
    return UnitEvent("2025-01", DAY, "Sắp xếp", Resolution("1/NQ", date(2025, 6, 1), "Quốc hội"), changes=tuple(changes))


def took(act: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def looks(storage: Storage, there: list[OrgUnit]) -> dict[str, list[float]]:
    """Looks by the closure at units drawn at random, before and after the event, in milliseconds."""
    chance = random.Random(7)
    days = (DAY - timedelta(days=1), DAY)
    of = {level: [unit.code for unit in there if unit.level is level] for level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)}
    book = storage.unit_events
    asked: dict[str, Callable[[], object]] = {
        "mọi đơn vị dưới một tỉnh": lambda: book.below(chance.choice(of[Level.PROVINCE]), chance.choice(days)),
        "mọi đơn vị dưới một huyện": lambda: book.below(chance.choice(of[Level.DISTRICT]), chance.choice(days)),
        "các cấp trên của một xã": lambda: book.above(chance.choice(of[Level.COMMUNE]), chance.choice(days)),
    }
    return {what: [took(act) for _ in range(LOOKS)] for what, act in asked.items()}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="hue-dti-bench-") as folder:
        Path(folder).chmod(0o755)
        settings = Settings(home=Path(folder) / "home")
        with kept_running(settings):
            upgrade(settings)
            with open_storage(settings) as storage:
                there = units()
                print(f"Lưu {len(there)} đơn vị và bảng quan hệ: {took(lambda: storage.save_units(there)) / 1000:.1f} s")
                event, known = reorganisation(there), set(there)
                begun = time.perf_counter()
                then = [unit for unit in after(there, event) if unit not in known]
                print(f"Kiểm tra và tính cây sau sự kiện ({len(event.changes)} thay đổi): {time.perf_counter() - begun:.1f} s")
                storage.unit_events.learn([event])
                done = took(lambda: storage.unit_events.apply(event, then, "đo", datetime.now(UTC)))
                print(f"Áp dụng sự kiện, viết lại bảng quan hệ: {done / 1000:.1f} s")
                for what, times in looks(storage, there).items():
                    times.sort()
                    late = times[int(LOOKS * 0.95)]
                    print(f"{what}: giữa {statistics.median(times):.2f} ms, p95 {late:.2f} ms, lâu nhất {times[-1]:.2f} ms")


if __name__ == "__main__":
    main()
