"""Eight schedulers and five hundred due times make exactly five hundred runs: `python -m benchmarks.proofs.schedulers`.

Every process steps its own clock through all due times with nobody leading, so that only the table of runs keeps them apart; then
a worker does what they queued, and what it did is counted.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic

from benchmarks.proofs.installation import installation
from hue_dti.catalogue.load import load_catalogue
from hue_dti.config import Settings
from hue_dti.resources import folder
from hue_dti.schedule.clockwork import Clockwork
from hue_dti.schedule.model import Cron, Entry
from hue_dti.services.workbench import Workbench
from hue_dti.storage import Storage, open_storage, work

START = datetime(2026, 12, 31, 13, 0, tzinfo=UTC)
ENTRY = Entry("count", "count", Cron("*", "*", "*", "*", "*"), frozenset())


def due_times(count: int) -> Iterator[datetime]:
    """Minute after minute, over the end of a year."""
    return (START + timedelta(minutes=number) for number in range(1, count + 1))


def step_through(settings: Settings, count: int) -> None:
    """One scheduler's day: it is asked at every due time, a second late."""
    with open_storage(settings) as storage:
        clockwork = Clockwork((ENTRY,), Workbench(settings, load_catalogue(folder("criteria")), storage, lambda: START))
        for due in due_times(count):
            clockwork.call_all_due(due + timedelta(seconds=1))


def race(settings: Settings, schedulers: int, count: int) -> tuple[int, int, int]:
    """Let them all run; how many calls are on record, how many jobs were queued, how often the job was done."""
    with open_storage(settings) as storage:
        first = Clockwork((ENTRY,), Workbench(settings, load_catalogue(folder("criteria")), storage, lambda: START))
        first.call_all_due(START)
        environment = {**os.environ, "DATABASE_URL": settings.database_url or ""}
        command = [sys.executable, "-m", "benchmarks.proofs.schedulers", "--step", str(count)]
        racing = [subprocess.Popen(command, env=environment) for _ in range(schedulers)]
        codes = [process.wait() for process in racing]
        assert codes == [0] * schedulers
        return (*_recorded(storage), _done(storage))


def _recorded(storage: Storage) -> tuple[int, int]:
    runs = storage.schedule.runs_of(ENTRY.name)
    return len(runs), sum(run.queued for run in runs)


def _done(storage: Storage) -> int:
    done: list[int] = []
    work(storage, {"count": lambda: done.append(1)}, until_empty=True)
    return len(done)


def main(schedulers: int = 8, count: int = 500) -> int:
    """Race and count."""
    began = monotonic()
    with installation() as place, place.copy() as settings:
        calls, queued, done = race(settings, schedulers, count)
    took = f"{monotonic() - began:.0f} giây"
    print(f"{schedulers} tiến trình × {count} giờ hẹn: {calls} lượt gọi, {queued} việc vào hàng đợi, {done} việc được làm ({took})")
    return 0 if (calls, queued, done) == (count, count, count) else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        step_through(Settings.from_environment(os.environ), int(sys.argv[2]))
    else:
        sys.exit(main())
