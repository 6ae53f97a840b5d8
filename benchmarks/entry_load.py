"""Signed-in pages and saves over 50 connections, beside a bare Flask "hello" on the same server in the same run.

`python -m benchmarks.entry_load`: a fresh database with every unit, 50 officers of 50 communes, granian as `hue-dti serve` runs it with two
processes. Each matter is asked in two ways: *paced*, where every connection asks once a second whether or not the server keeps up (time
counts from when the question was due), and *hammered*, where every connection asks again as soon as it is answered. Takes about a minute
and stops what it started. The processor time and the round trips to the database for one request depend less on what else the machine does.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
from flask import Flask
from sqlalchemy import event

from benchmarks.hammer import Told, cpu_ms, hammer, parent_of
from benchmarks.proofs.quarters import observations, wholes
from hue_dti.accounts.model import Grant, Role
from hue_dti.cli.serve import serve_site
from hue_dti.config import Settings
from hue_dti.observations.model import Observation
from hue_dti.periods import Period
from hue_dti.services.setup import prepare
from hue_dti.storage import Storage
from hue_dti.storage.engine import glancing
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree
from hue_dti.web import create_app
from tests.people import cookie, enter

CONNECTIONS, PACE, SECONDS, PERIOD = 50, 1.0, 7, Period.parse("2024-Q4")
PAGE = f"/don-vi/483/{PERIOD}"
HELLO, SITE = "benchmarks.entry_load:hello_app", "hue_dti.cli.serve:site"


@dataclass(frozen=True)
class Reader:
    """A signed-in officer with the token of the commune's form."""

    unit: str
    cookie: str
    token: str


def main() -> None:
    """Measure and print a line for each matter and way."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUE_DTI_HOME"] = home
        Path(home).chmod(0o755)
        with prepare(Settings.from_environment(os.environ)) as storage:
            communes = [unit for unit in storage.units() if unit.level is Level.COMMUNE and unit.exists_on(PERIOD.end)][:CONNECTIONS]
            _fill(storage)
            app = create_app(Settings.from_environment(os.environ), storage)
            readers = [_reader(app, storage, unit) for unit in communes]
            _round_trips(app, readers[0], storage)
            floor = {}
            with _serving(HELLO) as server:
                for pace in (PACE, None):
                    floor[pace] = _measure("hello", server, [lambda _: _request("GET", "/hello")] * CONNECTIONS, pace, storage)
            with _serving(SITE) as server:
                hammer(server.port, [_page(reader) for reader in readers], 3, None)
                for name, asks in _matters(readers).items():
                    for pace in (PACE, None):
                        told = _measure(name, server, asks, pace, storage)
                        print(f"    p95 / p95 of hello {told.p95 / floor[pace].p95:.1f}", flush=True)


def hello_app() -> Flask:
    """A bare Flask application with one word."""
    app = Flask(__name__)
    app.add_url_rule("/hello", "hello", lambda: "hello")
    return app


Ask = Callable[[int], bytes]


def _matters(readers: list[Reader]) -> dict[str, list[Ask]]:
    pages, saves = [_page(reader) for reader in readers], [_save(reader) for reader in readers]
    mixed = [saves[at] if at % 10 == 0 else pages[at] for at in range(len(readers))]
    return {"district page": pages, "save of a cell": saves, "nine pages, one save": mixed}


def _page(reader: Reader) -> Ask:
    asked = _request("GET", PAGE, {"Cookie": f"hue_dti={reader.cookie}", "Accept-Encoding": "gzip"})
    return lambda _: asked


def _save(reader: Reader) -> Ask:
    headers = {"Cookie": f"hue_dti={reader.cookie}", "X-CSRFToken": reader.token, "Content-Type": "application/json"}
    return lambda _: _request("POST", f"/nhap/{reader.unit}/{PERIOD}/o", headers, _typed())


def _typed() -> bytes:
    value = str(time.monotonic_ns() % 90 + 1)
    return json.dumps({"id": str(uuid4()), "measure": "teams", "text": value, "choice": "value", "reason": "x"}).encode()


def _request(method: str, address: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    told = {"Host": "127.0.0.1", **(headers or {}), **({"Content-Length": str(len(body))} if body else {})}
    return "".join([f"{method} {address} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in told.items()), "\r\n"]).encode() + body


def _round_trips(app: Flask, reader: Reader, storage: Storage) -> None:
    """Count how often one page and one save ask the database, each as it is when the same was asked before."""
    client = app.test_client()
    client.set_cookie("hue_dti", reader.cookie)
    told = {"headers": {"X-CSRFToken": reader.token, "Content-Type": "application/json"}}
    asked = {"page": lambda: client.get(PAGE), "save": lambda: client.post(f"/nhap/{reader.unit}/{PERIOD}/o", data=_typed(), **told)}
    with tempfile.TemporaryFile("w+") as lines:

        def traced(connection: psycopg.Connection, *_: object) -> None:
            connection.pgconn.trace(lines.fileno())

        for engine in (storage._engine, glancing(storage._engine)):
            event.listen(engine, "checkout", traced)
        for name, ask in asked.items():
            for _ in range(8):
                lines.truncate(0)
                lines.seek(0)
                ask()
            lines.seek(0)
            trips = len(re.findall(r"\tF\t.*(?:Sync|Query)", lines.read()))
            print(f"{name}: {trips} round trips to the database", flush=True)
        for engine in (storage._engine, glancing(storage._engine)):
            event.remove(engine, "checkout", traced)
        storage._engine.dispose()


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


@dataclass(frozen=True)
class Server:
    """The server that answers just now."""

    port: int
    process: int


def _measure(name: str, server: Server, asks: list[Ask], pace: float | None, storage: Storage) -> Told:
    with psycopg.connect(storage.address) as connection:
        database = parent_of(connection.info.backend_pid)
    before = cpu_ms(server.process), cpu_ms(database)
    told = hammer(server.port, asks, SECONDS, pace)
    spent = [(after - then) / len(told.took) for after, then in zip((cpu_ms(server.process), cpu_ms(database)), before, strict=True)]
    way = f"each {pace:g} times a second" if pace else "again and again"
    print(
        f"{name}, {len(asks)} connections, {way}: {told.rate:.0f}/s, median {told.median:.1f} ms, p95 {told.p95:.1f} ms, "
        f"processor {spent[0]:.2f} ms and {spent[1]:.2f} ms of the database, wrong {len(told.wrong)} {told.wrong[:1]}",
        flush=True,
    )
    return told


@contextmanager
def _serving(target: str) -> Iterator[Server]:
    """The server with two processes while the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.entry_load", target, str(port)], cwd=Path(__file__).parents[1])
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        time.sleep(2)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        serve_site(sys.argv[1], int(sys.argv[2]), workers=2)
    else:
        main()
