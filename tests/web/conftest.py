"""The web site over a real database: the golden quarter pulled from the sandbox and closed, once for each worker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from connectors.sandbox import create_app as create_sandbox
from connectors.sandbox import sources
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.periods import LOCAL, Period
from hue_dti.resources import folder
from hue_dti.services.close import close_quarter
from hue_dti.services.pull import pull_quarter
from hue_dti.services.quarter import frozen
from hue_dti.services.sources import SourceSettings
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import Storage, open_storage
from hue_dti.units.load import load_units
from hue_dti.web import create_app
from tests.people import browser_cookie, signed_in

UNIT, PERIOD = "483", Period.parse("2024-Q2")
QUARTER = f"/don-vi/{UNIT}/{PERIOD}"
PATIENCE_MS = 90_000
"""How long a browser waits for what must come, however busy the machine."""

expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True)
class Place:
    """An installation with what it holds."""

    settings: Settings
    storage: Storage
    catalogue: Catalogue
    app: Flask

    def browse(self) -> Reader:
        """Somebody signed in who may see and run everything."""
        return Reader(signed_in(self.app))

    def anonymous(self) -> Reader:
        """Somebody who is not signed in."""
        return Reader(self.app.test_client())


class Reader:
    """Somebody who opens pages."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str, **options: Any) -> Any:
        return self.client.get(address, buffered=True, **options)

    def open(self, address: str, status: int = 200) -> BeautifulSoup:
        answer = self.get(address, follow_redirects=True)
        assert answer.status_code == status, f"{address}: {answer.status_code}"
        return BeautifulSoup(answer.text, "html.parser")


def words(node: Any) -> str:
    """The words of a node with single spaces."""
    return " ".join(node.get_text(" ").split())


SERVED: dict[str, Any] = {}
"""The sites that are served just now, by address: a real browser is signed in at each of them."""


def _read_whole(app: Any) -> Any:
    """The application, each answer read and closed before it is sent: Werkzeug leaves a file open when the browser hangs up on it."""

    def answered(environ: Any, start: Any) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start))) as answer:
            return list(answer)

    return answered


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an application on loopback while the block lasts."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    ours = "hue_dti" in getattr(app, "extensions", {})
    server = make_server("127.0.0.1", 0, _read_whole(app) if ours else app, threaded=True)
    server.daemon_threads = not ours  # what a page left behind still asks for is answered before its database goes
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    try:
        if ours:
            SERVED[base] = app
        yield base
    finally:
        SERVED.pop(base, None)
        if "RELEASE" in getattr(app, "config", {}):
            app.config["RELEASE"].set()
        server.shutdown()
        thread.join()
        server.server_close()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(folder("criteria"))


@contextmanager
def place(server: Any, catalogue: Catalogue, home: Path) -> Iterator[Place]:
    """A fresh installation with the province's units."""
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as storage:
        storage.save_units(load_units(folder("criteria")))
        settings = replace(database.settings, home=home)
        yield Place(settings, storage, catalogue, create_app(settings, storage))


@pytest.fixture(scope="session")
def golden(server: Any, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Nam Đông's second quarter of 2024, pulled over HTTP and closed."""
    with place(server, catalogue, tmp_path_factory.mktemp("golden")) as made:
        unit = next(unit for unit in made.storage.units() if unit.code == UNIT)
        with serving(create_sandbox({})) as base:
            described = {
                code: SourceSettings(entry["connector"], {key: value for key, value in entry.items() if key != "connector"})
                for code, entry in sources(base).items()
            }
            outcomes = pull_quarter(made.storage, catalogue, described, unit, PERIOD, now)
        assert {outcome.outcome for outcome in outcomes} == {"ok"}
        close_quarter(made.storage, catalogue, unit, PERIOD, now, by="Thư ký")
        yield made


@pytest.fixture(scope="session")
def snapshot(golden: Place) -> Snapshot:
    """What was frozen."""
    return frozen(golden.storage, golden.storage.snapshot_heads(UNIT)[-1].sha256)


@pytest.fixture
def reader(golden: Place) -> Reader:
    return golden.browse()


@pytest.fixture
def still(golden: Place, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The golden site's clock stands, at the beginning of a minute far from midnight: whoever looks twice sees the same ages."""
    at = datetime.now(LOCAL).replace(second=0, microsecond=0) + timedelta(minutes=1)
    at += timedelta(minutes=10) if (at.hour, at.minute // 10) == (23, 5) else timedelta()
    monkeypatch.setitem(golden.app.config, "CLOCK", lambda: at)
    return at


@pytest.fixture
def anonymous(golden: Place) -> Reader:
    return golden.anonymous()


def sign_in_everywhere(context: Any) -> None:
    """Sign a real browser in at every site that is served; it is patient."""
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([browser_cookie(app, base) for base, app in SERVED.items()])


@pytest.fixture
def bare(server: Any, catalogue: Catalogue, tmp_path: Path) -> Iterator[Place]:
    """An installation where nobody has pulled anything yet."""
    with place(server, catalogue, tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def address(golden: Place) -> Iterator[str]:
    """The golden site served over loopback, for a real browser."""
    with serving(golden.app) as base:
        yield base


@pytest.fixture
def without_database(server: Any, catalogue: Catalogue) -> Iterator[Reader]:
    """A reader of a site whose database went away while it ran."""
    with server.temporary("hue_dti_template") as database:
        storage = open_storage(database.settings)
        storage.save_units(load_units(folder("criteria")))
        reader = Reader(signed_in(create_app(database.settings, storage)))
    yield reader
    storage.close()
