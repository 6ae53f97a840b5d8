"""A province's pull against the least time it can take with the same failures: `python -m benchmarks.province_pull`.

141 communes, six systems 50 ms away: 846 pulls, queued as the schedule queues a night's (`pull_units`), worked off by two worker
processes of four jobs at a time. 24 first calls are answered 503 with `Retry-After: 1`, 17 are not answered and given up after two seconds.
The systems count the calls under way: never more than eight. The floor is what the calls of the same run cost in eights:
(requests x 0,05 s + silences x 2 s + refusals x 1 s) / 8. A call that has to wait after a refusal is not under way meanwhile, so that
another may be.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from benchmarks.province_server import DELAY_S, SYSTEMS
from hue_dti.catalogue.load import load_texts
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.schedule.clockwork import Clockwork
from hue_dti.schedule.model import Due
from hue_dti.schedule.read import read_schedule
from hue_dti.services.workbench import Workbench, at_the_bench, installed_jobs
from hue_dti.storage import Deferred, Pace, Storage, kept_running, open_storage, upgrade, work
from hue_dti.units.load import load_units
from hue_dti.units.model import Level, OrgUnit

PERIOD = Period.parse("2024-Q2")
AT_ONCE, WORKERS, SILENCE_S, RETRY_AFTER_S = 8, 2, 2.0, 1.0
NOW = datetime(2024, 6, 10, 2, tzinfo=UTC)


def catalogue() -> Catalogue:
    """Six sources of three counts each, and a set that scores communes by one of them."""
    sources = [f'  s{n}: {{name: "Hệ thống {n}", entry: connector, owner: "IOC"}}' for n in range(SYSTEMS)]
    axes = "kind: count, levels: [commune], over_units: sum, over_time: last"
    measures = [
        f'  m{n}{each}: {{name: "Số liệu {n}{each}", noun: "mục", {axes}, source: s{n}}}' for n in range(SYSTEMS) for each in range(3)
    ]
    text = "\n".join(["sources:", *sources, "measures:", *measures]) + "\n"
    return load_texts({"p/measures.yaml": text, "p/set.yaml": _SET})


_SET = """code: p-set
title: "Bộ đo"
short_title: "Bộ đo"
level: commune
official: false
decision: {number: 1/QĐ, issued_on: 2024-01-01, issuer: UBND, title: "Bộ đo", checked_on: 2024-01-01}
in_force: {from: 2024-01-01, to: null}
replaces: []
calendar: {cutoffs: {}}
unopened_leave_the_maximum: false
enough_data: 65%
note: "Chỉ để đo"
groups:
  - {code: I, name: "Nhóm", max_points: 10, criteria: [
      {code: I.1, name: "Tiêu chí", to_do: "Làm", condition: "Đủ", evidence: "Có", max_points: 10, source: s0, verifying_unit: "IOC",
       responsible_unit: "IOC", deadline: 12-31, legal: "Mục 1", rule: {kind: count, measure: m00, at_least: 100},
       sentences: {report: {any: "{part}", no_figures: "Chưa có"}, result: {any: "{part}", no_figures: "Chưa có"}}}]}
"""


_SCHEDULE = """schedule:
  - {name: nightly-pull, job: pull_units, when: "0 1 * * *", arguments: {level: commune, sources: declared}}
"""


def communes() -> list[OrgUnit]:
    """The communes of the province."""
    return [unit for unit in load_units(folder("criteria")) if unit.level is Level.COMMUNE and unit.exists_on(PERIOD.end)]


def sources_file(ports: list[int], path: Path) -> Path:
    """The six systems described."""
    described = {
        f"s{n}": {
            "connector": "json_api",
            "base": f"http://127.0.0.1:{port}",
            "path": "figures",
            "params": {"unit": "{unit}"},
            "rows": "data",
            "figures": {f"m{n}{each}": f"m{n}{each}" for each in range(3)},
            "read_timeout_s": str(SILENCE_S),
        }
        for n, port in enumerate(ports)
    }
    path.write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")
    return path


@contextmanager
def systems() -> Iterator[tuple[list[int], subprocess.Popen[str]]]:
    """The six systems in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.province_server"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline()), process
    finally:
        process.kill()
        process.wait()


def measure() -> tuple[float, float, dict[str, int], int]:
    """Seconds the pull took, its floor, what the systems were asked, and how many figures came."""
    with tempfile.TemporaryDirectory(prefix="hue-dti-bench-") as place:
        Path(place).chmod(0o755)
        with systems() as (ports, process):
            settings = Settings(home=Path(place) / "home", sources=sources_file(ports, Path(place) / "sources.yaml"), sandbox=True)
            with kept_running(settings):
                upgrade(settings)
                with open_storage(settings) as storage:
                    taken = _pulled(storage, settings)
                    figures = storage.observations([unit.code for unit in communes()], PERIOD)
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            asked = json.loads(process.stdout.readline())
    floor = (asked["requests"] * DELAY_S + asked["silent"] * SILENCE_S + asked["busy"] * RETRY_AFTER_S) / AT_ONCE
    return taken, floor, asked, len(figures)


def _pulled(storage: Storage, settings: Settings) -> float:
    storage.save_units(load_units(folder("criteria")))
    rules = (settings.home or Path()) / "alerts.yaml"
    rules.write_text("alerts:\n  - {name: nguon-loi, kind: failed, sources: all}\n", encoding="utf-8")
    os.environ.update(HUE_DTI_SANDBOX="1", HUE_DTI_SOURCES=str(settings.sources), HUE_DTI_ALERTS=str(rules))
    bench = Workbench(settings, catalogue(), storage, lambda: NOW)
    (night,) = read_schedule(_SCHEDULE, "schedule.yaml", installed_jobs(), bench.catalogue.sources)
    return _worked_off(storage, tuple(Clockwork((night,), bench).jobs_of(night, Due(NOW, PERIOD))))


def _worked_off(storage: Storage, jobs: tuple[Deferred, ...]) -> float:
    command = [sys.executable, "-m", "benchmarks.province_pull", "--work"]
    environment = {**os.environ, "DATABASE_URL": storage.address}
    workers = [subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(WORKERS)]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    storage.defer(*jobs)
    started = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.close()
    for worker in workers:
        assert worker.wait() == 0
    return time.perf_counter() - started


def work_off() -> None:
    """Be one of the workers: say so, wait for the word, and work until the queue is empty."""
    settings = Settings.from_environment(os.environ)
    with open_storage(settings) as storage:
        bench = Workbench(settings, catalogue(), storage, lambda: NOW)
        print("here", flush=True)
        sys.stdin.read()
        work(storage, at_the_bench(bench, installed_jobs()), replace(Pace(), jobs_at_once=AT_ONCE // WORKERS), until_empty=True)


def main() -> int:
    """Print both times and their ratio."""
    taken, floor, asked, figures = measure()
    assert asked["at_once"] <= AT_ONCE, "no more calls under way than that"
    assert figures == len(communes()) * SYSTEMS * 3, "every figure came"
    told = f"{asked['requests']} lượt hỏi, {asked['busy']} lần 503, {asked['silent']} lần không trả lời"
    print(f"{len(communes())} xã x {SYSTEMS} hệ thống, {told}; {figures} số liệu")
    print(f"nhiều nhất {asked['at_once']} lượt hỏi cùng lúc")
    times = f"{taken:.1f} s; sàn {floor:.1f} s; gấp {taken / floor:.2f} lần".replace(".", ",")
    print(f"lấy số toàn tỉnh, {AT_ONCE} việc cùng lúc ở {WORKERS} tiến trình: {times}")
    return 0


if __name__ == "__main__":
    sys.exit(work_off() if sys.argv[1:] == ["--work"] else main())
