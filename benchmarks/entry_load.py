"""Signed-in pages and saves under 50 connections: granian with two workers, beside a bare Flask "hello" in the same run.

`python -m benchmarks.entry_load`: a fresh database with every unit, 50 officers of 50 communes, closed loops of bounded length; prints the
median, p95 and rate of each, and stops what it started.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from benchmarks.proofs.quarters import observations, wholes
from hue_dti.accounts.model import Grant, Role
from hue_dti.config import Settings
from hue_dti.observations.model import Observation
from hue_dti.periods import Period
from hue_dti.services.setup import prepare
from hue_dti.storage import Storage
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree
from hue_dti.web import create_app
from tests.people import cookie, enter

CONNECTIONS, SECONDS, PERIOD = 50, 8, Period.parse("2024-Q4")
PAGE = f"/don-vi/483/{PERIOD}"


@dataclass(frozen=True)
class Reader:
    """A signed-in officer with the token of the commune's form."""

    unit: str
    cookie: str
    token: str


def main() -> None:
    """Measure hello, the district's page and saves, and print a line for each."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUE_DTI_HOME"] = home
        Path(home).chmod(0o755)
        with prepare(Settings.from_environment(os.environ)) as storage:
            communes = [unit for unit in storage.units() if unit.level is Level.COMMUNE and unit.exists_on(PERIOD.end)][:CONNECTIONS]
            _fill(storage)
            app = create_app(Settings.from_environment(os.environ), storage)
            readers = [_reader(app, storage, unit) for unit in communes]
            with _serving("hello", "benchmarks.entry_load:hello") as port:
                hello = _measure("hello", readers, port, lambda reader: ("GET", "/hello", {}, b""))
            with _serving("site", "benchmarks.entry_load:site") as port:
                page = _measure("district page", readers, port, lambda reader: ("GET", PAGE, {"Cookie": f"hue_dti={reader.cookie}"}, b""))
                save = _measure("save of a cell", readers, port, _save)
            print(f"page / hello {page / hello:.1f}; save / hello {save / hello:.1f}")


def hello_app() -> object:
    """A bare Flask application with one word."""
    from flask import Flask

    app = Flask(__name__)
    app.add_url_rule("/hello", "hello", lambda: "hello")
    return app


def __getattr__(name: str) -> object:
    """The applications that granian's workers load by name, made in the worker."""
    if name == "hello":
        return hello_app()
    if name == "site":
        return create_app()
    raise AttributeError(name)


def _fill(storage: Storage) -> None:
    """Let the district have a whole quarter's figures, so that its page is a full one."""
    from hue_dti.catalogue.load import load_catalogue
    from hue_dti.resources import folder

    catalogue = load_catalogue(folder("criteria"))
    tree = build_tree(storage.units(), PERIOD.end, "483")
    told = [_of_quarter(each) for each in observations(tree, catalogue.measures, wholes(catalogue), seed=5)]
    run = storage.begin_pull("super_app", "483", PERIOD, datetime.now(UTC))
    storage.finish_pull(run, "ok", "", 1, len(told), (), datetime.now(UTC), told)


def _of_quarter(each: Observation) -> Observation:
    from dataclasses import replace

    return replace(each, period=PERIOD, origin=replace(each.origin, raw_sha256=""))


def _reader(app: object, storage: Storage, unit: OrgUnit) -> Reader:
    login = f"an.{unit.code}"
    held = cookie(app, enter(storage, login, Grant(Role.OFFICER, unit.code), Grant(Role.READER, "483")))  # type: ignore[arg-type]
    client = app.test_client()  # type: ignore[attr-defined]
    client.set_cookie("hue_dti", held)
    answer = client.get(f"/nhap/{unit.code}/{PERIOD}")
    found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    fresh = next((each for each in answer.headers.getlist("Set-Cookie") if each.startswith("hue_dti=")), f"hue_dti={held};")
    return Reader(unit.code, fresh.partition("=")[2].partition(";")[0], found[1] if found else "")


def _save(reader: Reader) -> tuple[str, str, dict[str, str], bytes]:
    body = {"id": str(uuid4()), "measure": "teams", "text": str(time.monotonic_ns() % 90 + 1), "choice": "value", "reason": "x"}
    headers = {"Cookie": f"hue_dti={reader.cookie}", "X-CSRFToken": reader.token, "Content-Type": "application/json"}
    return "POST", f"/nhap/{reader.unit}/{PERIOD}/o", headers, json.dumps(body).encode()


def _measure(name: str, readers: list[Reader], port: int, ask: Callable[[Reader], tuple[str, str, dict[str, str], bytes]]) -> float:
    """Let every reader ask again and again for the set time; the p95 in milliseconds."""
    took: list[float] = []
    wrong: list[int] = []
    over = time.monotonic() + SECONDS

    def loop(reader: Reader) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < over:
            method, address, headers, body = ask(reader)
            began = time.perf_counter()
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            answer.read()
            took.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                wrong.append(answer.status)

    threads = [threading.Thread(target=loop, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    p95 = statistics.quantiles(took, n=20)[18]
    print(
        f"{name}: {len(took) / SECONDS:.0f}/s, median {statistics.median(took):.1f} ms, p95 {p95:.1f} ms, wrong {len(wrong)} {wrong[:3]}",
        flush=True,
    )
    return p95


@contextmanager
def _serving(name: str, target: str) -> Iterator[int]:
    """Granian with two workers while the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws"]
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--log-level", "error", target], cwd=Path(__file__).parents[1]
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        time.sleep(1)
        yield port
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    main()
