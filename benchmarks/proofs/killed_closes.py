"""A worker is killed at each named point of a close, a hundred times: the quarter is complete or absent, and in the end complete.

`python -m benchmarks.proofs.killed_closes [KILLS]`; each kill in a database of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path

import psycopg

from benchmarks.proofs.crash import POINTS, bench_of
from benchmarks.proofs.installation import CLOSED_UNIT, Installation, installation
from benchmarks.proofs.quarters import PERIOD
from hue_dti.config import Settings
from hue_dti.services.anchors import compare
from hue_dti.services.workbench import at_the_bench, installed_jobs
from hue_dti.snapshots.verify import verify
from hue_dti.storage import Deferred, Storage, open_storage, work

CLOSE = Deferred("close_quarter", {"unit": CLOSED_UNIT, "period": str(PERIOD)})
ABSENT, COMPLETE = "vắng", "trọn"


def kill_at(point: str, settings: Settings, write_reports: bool = True) -> tuple[str, str]:
    """Let a worker die at the point; how the quarter stood then, and after the next worker. Raises AssertionError for a half one."""
    with open_storage(settings) as storage:
        storage.defer(CLOSE)
    environment = {**os.environ, "DATABASE_URL": settings.database_url or "", "HUE_DTI_HOME": str(settings.home)}
    died = subprocess.run([sys.executable, "-m", "benchmarks.proofs.crash", point], env=environment, check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    with open_storage(settings) as storage:
        then = state(storage, settings)
        let_time_pass(settings)
        reported: list[str] = []
        jobs = at_the_bench(bench_of(storage, settings), installed_jobs())
        write = jobs["draft_report"] if write_reports else lambda **_: None
        work(storage, {**jobs, "draft_report": lambda **about: reported.append(about["unit"]) or write(**about)}, until_empty=True)
        assert queue(settings) == {}, "nothing is left to do"
        assert reported == [CLOSED_UNIT]
        problems = list(compare(settings.home or Path(), CLOSED_UNIT, storage.snapshot_heads(CLOSED_UNIT)))
        torn = point == "in-the-middle-of-the-anchor"
        assert len(problems) == torn, problems
        return then, state(storage, settings, report=False)


def state(storage: Storage, settings: Settings, report: bool = True) -> str:
    """Absent: no snapshot, no report to write. Complete: one sound snapshot with its lower units, and its report to write."""
    waiting = queue(settings)
    heads = storage.snapshot_heads(CLOSED_UNIT)
    with psycopg.connect(settings.database_url or "") as connection:
        lower = connection.execute("SELECT count(*) FROM snapshot_lower_unit").fetchone()
    if not heads:
        assert lower == (0,)
        assert "draft_report" not in waiting
        return ABSENT
    (head,) = heads
    assert verify(storage.bundle(head.sha256) or b"") == ()
    assert lower == (10,)
    assert waiting.get("draft_report", 0) == int(report)
    return COMPLETE


def queue(settings: Settings) -> dict[str, int]:
    """How many jobs of each name are in the queue."""
    with psycopg.connect(settings.database_url or "") as connection:
        return dict(connection.execute("SELECT task_name, count(*) FROM procrastinate_jobs GROUP BY task_name").fetchall())


def let_time_pass(settings: Settings) -> None:
    """The dead worker's last heartbeat is 11 seconds old."""
    with psycopg.connect(settings.database_url or "") as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '11 seconds'")


def main(kills: int) -> int:
    """Kill and count."""
    counted: dict[tuple[str, str], int] = {}
    with installation() as place:
        place.fill()
        for point in islice(cycle(POINTS), kills):
            outcome = _killed(place, point)
            counted[outcome] = counted.get(outcome, 0) + 1
    absent, complete = counted.get((ABSENT, COMPLETE), 0), counted.get((COMPLETE, COMPLETE), 0)
    print(
        f"{kills} lần kill -9 tại {len(POINTS)} điểm: ngay sau đó {absent} lần quý vắng, {complete} lần quý trọn, 0 lần dở dang; "
        f"sau lượt làm lại {absent + complete}/{kills} quý trọn"
    )
    return 0 if absent + complete == kills else 1


def _killed(place: Installation, point: str) -> tuple[str, str]:
    with place.copy() as settings:
        return kill_at(point, settings)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
