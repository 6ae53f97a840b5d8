"""PostgreSQL is restarted in the middle of a close: the worker stays, does the job again, and the quarter is complete.

`python -m benchmarks.proofs.restarted [TIMES]`; each time in a database of its own, with a worker at the pace of `hue-dti worker`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

import psycopg

from benchmarks.proofs.crash import POINTS, bench_of
from benchmarks.proofs.installation import CLOSED_UNIT, Installation, installation
from benchmarks.proofs.killed_closes import ABSENT, CLOSE, COMPLETE, state
from hue_dti.config import Settings
from hue_dti.errors import StorageError
from hue_dti.services.anchors import compare
from hue_dti.services.workbench import at_the_bench, installed_jobs
from hue_dti.storage import open_storage, work

WITHIN = tuple(point for point in POINTS if point != "in-the-middle-of-the-anchor")
"""The points of a close that have to do with the database."""

PATIENCE_S = 90.0


def restart_at(point: str, place: Installation, settings: Settings) -> str:
    """Restart the server while a worker stands at the point; how the quarter stood just after. Raises AssertionError when it ends wrong."""
    with open_storage(settings) as storage:
        storage.defer(CLOSE)
    reached, restarted = (place.home / f"{point}-{word}" for word in ("reached", "restarted"))
    with _worker(point, settings, reached, restarted) as worker:
        _wait(reached.exists)
        place.lease.cluster.stop()
        place.lease.cluster.start()
        with open_storage(settings) as storage:
            then = COMPLETE if storage.snapshot_heads(CLOSED_UNIT) else ABSENT
        restarted.touch()
        _wait(lambda: _queue(settings) == {})
        assert worker.poll() is None, "the worker outlives the restart"
    with open_storage(settings) as storage:
        assert state(storage, settings, report=False) == COMPLETE
        assert list(compare(settings.home or Path(), CLOSED_UNIT, storage.snapshot_heads(CLOSED_UNIT))) == []
    return then


def _wait(until: Callable[[], bool]) -> None:
    last = time.monotonic() + PATIENCE_S
    while not until():
        assert time.monotonic() < last, "it takes too long"
        time.sleep(0.05)


def _queue(settings: Settings) -> dict[str, int]:
    with psycopg.connect(settings.database_url or "") as connection:
        counted = connection.execute("SELECT task_name || ' ' || status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
        waiting: dict[str, int] = dict(counted.fetchall())
    assert not [job for job in waiting if job.endswith(" failed")], waiting
    return waiting


@contextmanager
def _worker(point: str, settings: Settings, reached: Path, restarted: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "DATABASE_URL": settings.database_url or "", "HUE_DTI_HOME": str(settings.home)}
    command = [sys.executable, "-m", "benchmarks.proofs.restarted", "--work", point, str(reached), str(restarted)]
    worker = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def _work(point: str, reached: Path, restarted: Path) -> None:
    """Work on; the first time at the point, say so and wait for the restart."""

    def stand_still() -> None:
        if not reached.exists():
            reached.touch()
            _wait(restarted.exists)

    POINTS[point](stand_still)
    settings = Settings.from_environment(os.environ)
    with open_storage(settings) as storage:
        jobs = at_the_bench(bench_of(storage, settings), installed_jobs())
        work(storage, {**jobs, "draft_report": lambda **_: None})


def main(times: int) -> int:
    """Restart and count."""
    counted: dict[str, int] = {}
    wrong = 0
    with installation() as place:
        place.fill()
        for point in islice(cycle(WITHIN), times):
            with place.copy() as settings:
                try:
                    then = restart_at(point, place, settings)
                    counted[then] = counted.get(then, 0) + 1
                except (AssertionError, StorageError) as fault:
                    wrong += 1
                    print(f"{point}: {fault}", file=sys.stderr)
            for left in place.home.glob("*-re*ed"):
                left.unlink()
    print(
        f"{times} lần khởi động lại PostgreSQL tại {len(WITHIN)} điểm của việc chốt: ngay sau đó {counted.get(ABSENT, 0)} lần quý vắng, "
        f"{counted.get(COMPLETE, 0)} lần quý trọn; cuối cùng {times - wrong}/{times} quý trọn, có báo cáo, tiến trình vẫn chạy"
    )
    return 0 if not wrong else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        _work(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2 * len(WITHIN)))
