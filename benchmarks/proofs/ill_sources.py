"""A source falls ill in fifteen ways, twenty times each: no zero, no wrong figure, one alert, a rest, quick pages, and well again.

`python -m benchmarks.proofs.ill_sources [TIMES]`. Each way has a database of its own that holds good figures; the pulls are the
`pull_source` job of the installation, whose clock is moved on whenever the source rests. Meanwhile a real web server is asked for pages.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.request import Request, urlopen

import yaml

from benchmarks.proofs.fault_proxy import FAULTS, NONE, Proxy, fault_proxy
from benchmarks.proofs.installation import CLOSED_UNIT, Installation, installation
from benchmarks.proofs.person import COOKIE, cookie, enter
from benchmarks.proofs.quarters import FETCHED, PERIOD
from hue_dti.catalogue.load import load_catalogue
from hue_dti.config import Settings
from hue_dti.errors import SourceUnreachable
from hue_dti.resources import folder
from hue_dti.services.alerts import open_alerts
from hue_dti.services.pull import pull_quarter
from hue_dti.services.sandbox import LOOPBACK, free_port, running_sandbox
from hue_dti.services.workbench import Workbench, installed_jobs
from hue_dti.storage import Storage, open_storage
from hue_dti.web import create_app

SOURCE, MEASURE = "digital_address", "addresses"
QUICK = {"connect_timeout_s": 1, "read_timeout_s": 1, "total_timeout_s": 2, "attempts": 2, "backoff_s": 0.05, "max_bytes": 5_000_000}
PAGES = ("/", "/nguon", f"/don-vi/{CLOSED_UNIT}/{PERIOD}", "/canh-bao")
"""Asked for by somebody who is signed in."""

PAGE_LIMIT_S = 1.0


@dataclass
class Told:
    """What was seen of one illness."""

    asked: int = 0
    rests: int = 0
    slowest_page_s: float = 0.0
    alerts: int = 0


@dataclass
class Ward:
    """An installation with good figures, the proxy before its source, and a clock that can be moved on."""

    bench: Workbench
    proxy: Proxy
    settings_of: Callable[[str], dict[str, str]]
    clock: list[datetime]

    def meet(self, fault: str) -> None:
        """From now on the source is so."""
        self.proxy.fault = fault
        described = {"connector": SOURCE, "token_env": "HUE_S_TOKEN", **QUICK, **self.settings_of(fault)}
        path = self.bench.settings.sources
        assert path is not None
        path.write_text(yaml.safe_dump({SOURCE: described}), encoding="utf-8")

    def figures(self) -> Mapping[str, int | None]:
        """The source's current figures by unit."""
        units = [unit.code for unit in self.bench.storage.units()]
        return {each.unit: each.value for each in self.bench.storage.observations(units, PERIOD) if each.measure == MEASURE}

    def pull(self) -> int:
        """Let the installed job ask the source once; returns how often it had to wait for its rest to end."""
        rests = 0
        while True:
            circuit = self.bench.storage.circuits.failing().get(SOURCE)
            if circuit is not None and circuit.rests_until is not None and circuit.rests_until > self.clock[0]:
                rests, self.clock[0] = rests + 1, circuit.rests_until
            try:
                installed_jobs()["pull_source"](self.bench, unit=CLOSED_UNIT, period=str(PERIOD), source=SOURCE)
            except SourceUnreachable:
                return rests
            else:
                return rests

    def alerts(self) -> int:
        """How many alerts about the source or its figures are open."""
        return sum(alert.subject in (SOURCE, MEASURE) for alert in open_alerts(self.bench.storage))


def fall_ill(ward: Ward, fault: str, times: int) -> Told:
    """Ask the ill source so often, then the well one. Raises AssertionError for anything that must not be."""
    before, told = ward.figures(), Told(asked=times)
    assert before
    assert all(before.values()), "there are good figures before"
    ward.meet(fault)
    for _ in range(times):
        told.rests += ward.pull()
        _hold(ward.figures(), before, fault)
    told.alerts = ward.alerts()
    assert ward.bench.storage.circuits.failing() or fault in MILD, "it is known to be ill"
    ward.meet(NONE)
    told.rests += ward.pull()
    assert ward.figures() == before, "well again, the figures are as before"
    assert ward.bench.storage.circuits.failing() == {}
    assert ward.alerts() == 0, "the alert closes by itself"
    return told


MILD = ("wrong_type", "not_numbers", "ten_times")
"""Illnesses of single figures: the answer can be read, what is wrong in it is kept aside."""


def _hold(now: Mapping[str, int | None], before: Mapping[str, int | None], fault: str) -> None:
    assert set(now) == set(before), "no figure is gone"
    for unit, value in now.items():
        assert value, f"no zero: {unit}"
        assert value == before[unit] or (fault == "ten_times" and value == 10 * (before[unit] or 0)), (unit, value)


@contextmanager
def ward(place: Installation) -> Iterator[Ward]:
    """A fresh database with the golden quarter's figures, its source behind the proxy; the environment holds the source's secret."""
    with place.copy() as own, running_sandbox() as sources, fault_proxy(sources[SOURCE].settings["base"]) as (proxy, settings_of):
        home = own.home or place.home
        home.mkdir(exist_ok=True)
        settings = replace(own, sources=home / "sources.yaml", sandbox=True)
        os.environ["HUE_S_TOKEN"] = sources[SOURCE].settings["token"]
        with open_storage(settings) as storage:
            clock = [datetime.now(UTC)]
            bench = Workbench(settings, load_catalogue(folder("criteria")), storage, lambda: clock[0])
            pull_quarter(storage, bench.catalogue, sources, bench.unit(CLOSED_UNIT, PERIOD), PERIOD, bench.now)
            _tell_the_same_before(storage)
            made = Ward(bench, proxy, settings_of, clock)
            made.meet(NONE)
            yield made


def _tell_the_same_before(storage: Storage) -> None:
    """The quarter before had the same figures, so that one can tell a jump."""
    before = PERIOD.previous()
    units = [unit.code for unit in storage.units()]
    figures = [replace(each, period=before, origin=replace(each.origin, raw_sha256="")) for each in storage.observations(units, PERIOD)]
    run = storage.begin_pull(SOURCE, CLOSED_UNIT, before, FETCHED)
    storage.finish_pull(run, "ok", "", 1, len(figures), (), FETCHED, figures)


@contextmanager
def pages(settings: Settings) -> Iterator[list[float]]:
    """A real web server whose pages are asked for all the while; gives how long each took."""
    port, over, took = free_port(), threading.Event(), list[float]()
    environment = {**os.environ, "DATABASE_URL": settings.database_url or "", "HUE_DTI_HOME": str(settings.home)}
    command = [sys.executable, "-m", "hue_dti", "serve", "--port", str(port), "--no-scheduler", "--no-worker"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        with open_storage(settings) as storage:
            signed_in = f"{COOKIE}={cookie(create_app(settings, storage), enter(storage))}"
        for page in PAGES:
            _seconds(port, page, signed_in)
        asking = threading.Thread(target=lambda: _ask(port, over, took, signed_in))
        asking.start()
        yield took
        over.set()
        asking.join()
    finally:
        server.terminate()
        server.wait()


def _ask(port: int, over: threading.Event, took: list[float], signed_in: str) -> None:
    while not over.wait(0.2):
        took.extend(_seconds(port, page, signed_in) for page in PAGES)


def _seconds(port: int, page: str, signed_in: str) -> float:
    started = time.perf_counter()
    asked = Request(f"http://{LOOPBACK}:{port}{page}", headers={"Cookie": signed_in})
    with urlopen(asked, timeout=30) as answer:  # our own loopback address
        answer.read()
    return time.perf_counter() - started


def _wait(port: int) -> None:
    for _ in range(600):
        with suppress(OSError):
            _seconds(port, "/")
            return
        time.sleep(0.1)
    raise AssertionError("the web server does not come up")


def main(times: int) -> int:
    """Every illness in turn."""
    found, wrong = [], []
    with installation() as place:
        for fault in FAULTS:
            with ward(place) as ill, pages(ill.bench.settings) as took:
                try:
                    told = fall_ill(ill, fault, times)
                except AssertionError as fault_found:
                    wrong.append(f"{fault}: {fault_found}")
                    continue
                told.slowest_page_s = max(took, default=0.0)
            found.append(told)
            print(f"{fault}: {told}", flush=True)
            if told.slowest_page_s > PAGE_LIMIT_S or told.alerts != 1:
                wrong.append(f"{fault}: {told}")
    for each in wrong:
        print(each, file=sys.stderr)
    slowest = f"{max(told.slowest_page_s for told in found):.2f}".replace(".", ",")
    print(
        f"{len(FAULTS)} kiểu lỗi x {times} lần: {len(FAULTS) - len(wrong)} kiểu đúng như hứa; không số 0, không số sai, "
        f"mỗi kiểu một cảnh báo, nguồn được để yên {sum(told.rests for told in found)} lần rồi khỏi; trang chậm nhất {slowest} s"
    )
    return 0 if not wrong else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
