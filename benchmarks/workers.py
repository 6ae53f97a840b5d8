"""A province's closes and reports worked off by one `hue-dti worker` and by two: `python -m benchmarks.workers`.

Nine districts and 141 communes of a real province with invented figures; every close queues its unit's report in all formats. The time
runs from the moment the closes are queued, with the workers already waiting, until the queue is empty.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import psycopg

from benchmarks.proofs.installation import Installation, installation
from benchmarks.proofs.quarters import FETCHED, PERIOD, observations, wholes
from hue_dti.catalogue.load import load_catalogue
from hue_dti.config import Settings
from hue_dti.numerals import format_count
from hue_dti.resources import folder
from hue_dti.storage import Deferred, open_storage
from hue_dti.units.load import load_units
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree

PROVINCE = "46"
ROUNDS = 2


def batch() -> list[OrgUnit]:
    """The districts and communes of the province."""
    units = load_units(folder("criteria"))
    return [unit for unit in units if unit.level in (Level.DISTRICT, Level.COMMUNE) and unit.exists_on(PERIOD.end)]


def fill(place: Installation) -> int:
    """Give every unit of the province invented figures; returns how many."""
    catalogue = load_catalogue(folder("criteria"))
    tree = build_tree(load_units(folder("criteria")), PERIOD.end, PROVINCE)
    figures = observations(tree, catalogue.measures, wholes(catalogue), seed=5)
    with open_storage(place.settings()) as storage:
        run = storage.begin_pull("super_app", PROVINCE, PERIOD, FETCHED)
        storage.save_observations(run, [replace(each, origin=replace(each.origin, raw_sha256="")) for each in figures])
        storage.finish_pull(run, "ok", "", 1, len(figures), (), FETCHED)
    return len(figures)


def seconds(settings: Settings, workers: int) -> float:
    """How long so many workers need for the batch."""
    with ExitStack() as stack:
        for _ in range(workers):
            stack.enter_context(_worker(settings))
        with open_storage(settings) as storage:
            started = time.perf_counter()
            storage.defer(*(Deferred("close_quarter", {"unit": unit.code, "period": str(PERIOD)}) for unit in batch()))
        with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
            while left := connection.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1").fetchall():
                if dict(left).get("failed"):
                    raise RuntimeError(f"jobs failed: {left}")
                time.sleep(0.02)
        taken = time.perf_counter() - started
    with open_storage(settings) as storage:
        assert len(storage.newest_heads()) == len(batch()), "every quarter is closed"
    return taken


@contextmanager
def _worker(settings: Settings) -> Iterator[None]:
    environment = {**os.environ, "DATABASE_URL": settings.database_url or "", "HUE_DTI_HOME": str(settings.home), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "hue_dti", "worker"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    draining = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
        draining.wait()


def main() -> None:
    """Measure one and two workers in turn, and print the best of each and the ratio."""
    times: dict[int, list[float]] = {1: [], 2: []}
    with installation() as place:
        figures = fill(place)
        for _ in range(ROUNDS):
            for workers, taken in times.items():
                with place.copy() as settings:
                    taken.append(seconds(settings, workers))
    one, two = min(times[1]), min(times[2])
    print(f"{len(batch())} đơn vị, {format_count(figures)} số liệu: chốt và lập báo cáo cả tỉnh")
    print(f"1 tiến trình: {one:.1f} s; 2 tiến trình: {two:.1f} s; nhanh gấp {one / two:.2f} lần".replace(".", ","))


if __name__ == "__main__":
    main()
