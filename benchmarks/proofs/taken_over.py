"""How long until the job of a killed worker runs again: `python -m benchmarks.proofs.taken_over`, at the pace of `hue-dti worker`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.proofs.installation import installation
from hue_dti.config import Settings
from hue_dti.storage import Deferred, open_storage, work

LIMIT_S, TIMES = 15.0, 10


def hold() -> None:
    """A job that takes longer than anybody waits."""
    print("started", flush=True)
    time.sleep(300)


@contextmanager
def worker(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """A worker process while the block lasts; it prints a line when it is there and one for each job it begins."""
    environment = {**os.environ, "DATABASE_URL": settings.database_url or ""}
    command = [sys.executable, "-m", "benchmarks.proofs.taken_over", "--work"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()


def seconds_until_again(settings: Settings) -> float:
    """Kill a worker in its job, and measure until another one begins the job."""
    with open_storage(settings) as storage, worker(settings) as first:
        storage.defer(Deferred("hold"))
        assert first.stdout is not None
        assert first.stdout.readline() == "started\n"
        with worker(settings) as second:
            time.sleep(3)  # the second is at work, the first has sent heartbeats from within the job
            first.kill()
            killed_at = time.monotonic()
            assert second.stdout is not None
            assert second.stdout.readline() == "started\n"
            return time.monotonic() - killed_at


def main() -> int:
    """Measure so many times."""
    measured = []
    with installation() as place:
        for _ in range(TIMES):
            with place.copy() as settings:
                measured.append(seconds_until_again(settings))
    least, most = (f"{seconds:.1f}".replace(".", ",") for seconds in (min(measured), max(measured)))
    print(f"{TIMES} lần kill -9 một tiến trình đang làm việc: tiến trình khác làm lại sau {least} đến {most} giây (giới hạn 15)")
    return 0 if max(measured) <= LIMIT_S else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["--work"]:
        with open_storage(Settings.from_environment(os.environ)) as opened:
            print("here", flush=True)
            work(opened, {"hold": hold})
    else:
        sys.exit(main())
