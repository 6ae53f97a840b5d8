"""A running sandbox on loopback, a raw store that keeps, and pulls as the service makes them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import entry_points

import pytest
import yaml
from flask import Flask, Response
from werkzeug.serving import make_server

from connectors.sandbox import create_app, sources
from hue_dti import resources
from hue_dti.observations.model import Pulled, PullRequest, RawAnswer
from hue_dti.periods import Calendar, MonthDay, Period, Window
from hue_dti.units.load import load_units
from hue_dti.units.names import NameIndex
from hue_dti.units.tree import build_tree

PERIOD = Period.parse("2024-Q2")
CALENDAR = Calendar((("Q1", MonthDay(3, 31)), ("Q2", MonthDay(6, 10))))
CUTOFF = date(2024, 6, 10)
MOMENT = datetime(2024, 6, 24, 1, 0, tzinfo=UTC)
QUICK = {"backoff_s": "0", "read_timeout_s": "60", "total_timeout_s": "90", "retry_after_max_s": "0"}


@dataclass
class MemoryStore:
    """Keeps every answer in memory, as the database keeps it on disk."""

    answers: list[RawAnswer] = field(default_factory=list)

    def keep(self, answer: RawAnswer) -> str:
        assert answer.sha256 == hashlib.sha256(answer.body).hexdigest()
        self.answers.append(answer)
        return answer.sha256

    def body(self, sha256: str) -> bytes:
        return next(answer.body for answer in self.answers if answer.sha256 == sha256)


@dataclass
class World:
    """What the tests know of Nam Đông besides the sandbox."""

    tree: object
    names: NameIndex
    measures: dict[str, dict[str, str]]

    def request(self, source: str, settings: dict[str, str], start: date = date(2024, 1, 1), cutoff: date = CUTOFF) -> PullRequest:
        windows = {}
        for code, measure in self.measures.items():
            if measure["source"] == source:
                until = MonthDay.parse(measure["until"]).in_year(2024) if "until" in measure else cutoff
                windows[code] = Window(start, min(until, cutoff))
        return PullRequest(self.tree.units[0], self.tree.units, PERIOD, CALENDAR, cutoff, windows, settings)

    def pull(self, base: str, store: MemoryStore, source: str, moment: datetime = MOMENT, **changed: str) -> Pulled:
        settings = {**sources(base)[source], **QUICK, **changed}
        entry = next(entry for entry in entry_points(group="hue_dti.connectors") if entry.name == settings["connector"])
        return entry.load()(source).pull(self.request(source, settings), store, lambda: moment)


@pytest.fixture(scope="session")
def nam_dong() -> World:
    tree = build_tree(load_units(resources.folder("criteria")), CUTOFF, "483")
    catalogue = yaml.load((resources.folder("criteria") / "hue" / "measures.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    return World(tree, NameIndex(tree.units), catalogue["measures"])


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@contextmanager
def serving(app: Flask | Callable) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        if isinstance(app, Flask):
            app.config["RELEASE"].set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def healthy() -> Iterator[str]:
    """The address of a sandbox without faults, for tests that only read."""
    with serving(create_app({})) as base:
        yield base


@pytest.fixture(scope="session")
def ill() -> Iterator[tuple[str, Flask]]:
    """The address of a sandbox whose faults a test sets, and its app."""
    app = create_app({})
    with serving(app) as base:
        yield base, app


@pytest.fixture
def pull_ill(ill: tuple[str, Flask], nam_dong: World, store: MemoryStore) -> Iterator[Callable[..., Pulled]]:
    """Pull one source of a sandbox in which it has the fault."""
    base, app = ill

    def run(source: str, fault: str, **changed: str) -> Pulled:
        app.config["FAULTS"] = {source: fault}
        app.config["SERVED"].clear()
        return nam_dong.pull(base, store, source, **{"attempts": "2", "max_pages": "5", "max_bytes": "2000000", **changed})

    yield run
    app.config["FAULTS"] = {}


@pytest.fixture
def serve() -> Iterator[Callable[[Flask | Callable], str]]:
    """Serve an app (a sandbox with faults, or any other) until the test ends; gives its address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(serving(app))


@pytest.fixture
def pull(nam_dong: World, healthy: str, store: MemoryStore) -> Callable[..., Pulled]:
    """Pull one source of the healthy sandbox, with settings changed as asked."""
    return lambda source, **changed: nam_dong.pull(healthy, store, source, **changed)


@pytest.fixture
def pull_body(serve: Callable[..., str], nam_dong: World, store: MemoryStore) -> Callable[..., Pulled]:
    """Pull a source whose only answer is this body."""

    def run(source: str, body: bytes | str, content_type: str, **changed: str) -> Pulled:
        return nam_dong.pull(serve(Response(body, content_type=content_type)), store, source, **changed)

    return run
