"""Away over a due time for a minute, six hours and ten days, in processes of three time zones: `python -m benchmarks.proofs.away`.

Every night from autumn 2027 over the end of the year and 29 February 2028 to the spring. Each time exactly one call is made up for,
its due time is 00:05 of the province, and a second look calls nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta

from benchmarks.proofs.installation import installation
from hue_dti.catalogue.load import load_catalogue
from hue_dti.config import Settings
from hue_dti.periods import LOCAL
from hue_dti.resources import folder
from hue_dti.schedule.clockwork import Clockwork
from hue_dti.schedule.model import Cron, Entry
from hue_dti.services.workbench import Workbench
from hue_dti.storage import open_storage

ZONES = ("UTC", "America/New_York", "Asia/Ho_Chi_Minh")
AWAY = (timedelta(minutes=2), timedelta(hours=6), timedelta(days=10))
FIRST, NIGHTS = datetime(2027, 11, 1, 0, 5, tzinfo=LOCAL), 130
EVERY_NIGHT = Cron("5", "0", "*", "*", "*")


def absences(settings: Settings, nights: int = NIGHTS) -> int:
    """How many absences were made up for as promised; every one has an entry of its own, so that none helps another."""
    held = 0
    with open_storage(settings) as storage:
        bench = Workbench(settings, load_catalogue(folder("criteria")), storage, lambda: FIRST)
        for night in range(nights):
            for away in AWAY:
                due = FIRST + timedelta(days=night)
                entry = Entry(f"night-{night}-{away}", "count", EVERY_NIGHT, frozenset())
                held += _made_up_once(Clockwork((entry,), bench), due, away)
    return held


def _made_up_once(clockwork: Clockwork, due: datetime, away: timedelta) -> bool:
    left = due - timedelta(seconds=30)
    back = left + away + timedelta(minutes=2)
    assert clockwork.call_all_due(left - timedelta(hours=1)) == ()
    assert clockwork.call_all_due(left) == ()
    calls = [(run.kind, run.due_at) for run in clockwork.call_all_due(back)]
    again = clockwork.call_all_due(back + timedelta(minutes=2))
    return calls == [("catch_up", due + timedelta(days=away.days))] and again == ()


def main() -> int:
    """Run the same in each zone."""
    asked, held = len(ZONES) * NIGHTS * len(AWAY), 0
    with installation() as place:
        for zone in ZONES:
            with place.copy() as settings:
                environment = {**os.environ, "TZ": zone, "DATABASE_URL": settings.database_url or ""}
                command = [sys.executable, "-m", "benchmarks.proofs.away", "--count"]
                held += int(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    print(
        f"{asked} lần vắng (1 phút, 6 giờ, 10 ngày; {NIGHTS} đêm qua giao thừa và 29/02/2028; {len(ZONES)} múi giờ máy): "
        f"{held} lần chạy bù đúng một lượt lúc 00:05 giờ Việt Nam"
    )
    return 0 if held == asked else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["--count"]:
        print(absences(Settings.from_environment(os.environ)))
    else:
        sys.exit(main())
