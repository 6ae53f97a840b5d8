"""The golden quarter for tests of the whole product: Nam Đông, Quý II/2024, pulled once over real HTTP.

`pulled_quarter` is a database into which everything was pulled; `golden` the same quarter closed, for tests that only read. Who
wants to change something takes `another_quarter`, a fresh copy of the pulled one that is dropped after the test.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import WSGIRequestHandler, make_server

from connectors.sandbox import create_app, sources
from connectors.sandbox.portals import TOKEN
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.services.close import close_quarter
from hue_dti.services.letting_in import SourceOutcome
from hue_dti.services.open_quarter import read
from hue_dti.services.pull import pull_quarter
from hue_dti.services.report import write_reports
from hue_dti.services.sources import SourceSettings
from hue_dti.services.unit_events import settle_units
from hue_dti.snapshots.model import Snapshot, SnapshotHead
from hue_dti.storage import Storage, open_storage
from hue_dti.units.model import OrgUnit
from hue_dti.web import create_app as create_site
from tests.people import signed_in

if TYPE_CHECKING:
    from tests.conftest import Database, Server

UNIT, PERIOD = "483", Period.parse("2024-Q2")
MORNING_AFTER = datetime(2024, 6, 11, 1, 0, tzinfo=UTC)
MIGRATED = "hue_dti_template"
QUICK = {"backoff_s": "0", "read_timeout_s": "60", "total_timeout_s": "90", "retry_after_max_s": "0"}


@dataclass(frozen=True)
class Quarter:
    """The quarter as an operator has it: a database, the criteria, a clock that goes on by a second each time it is asked."""

    database: Database
    storage: Storage
    catalogue: Catalogue
    home: Path
    criteria: Path | None = None
    _seconds: Iterator[int] = field(default_factory=itertools.count, repr=False)

    @property
    def unit(self) -> OrgUnit:
        return next(unit for unit in self.storage.units() if unit.code == UNIT and unit.exists_on(PERIOD.end))

    @property
    def settings(self) -> Settings:
        return Settings(self.database.app_url, self.database.owner_url, home=self.home, criteria=self.criteria)

    @property
    def environment(self) -> dict[str, str]:
        """For the command line."""
        own = {"HUE_DTI_CRITERIA": str(self.criteria)} if self.criteria else {}
        return {**self.database.environment, "HUE_DTI_HOME": str(self.home), **own}

    def now(self) -> datetime:
        return MORNING_AFTER + timedelta(seconds=next(self._seconds))

    def pull(self, described: Mapping[str, SourceSettings], *only: str) -> dict[str, SourceOutcome]:
        """Ask the sources; how each of them did, by its code."""
        outcomes = pull_quarter(self.storage, self.catalogue, described, self.unit, PERIOD, self.now, only)
        return {outcome.source: outcome for outcome in outcomes}

    def close(self, reason: str = "") -> SnapshotHead:
        return close_quarter(self.storage, self.catalogue, self.unit, PERIOD, self.now, "Thư ký", reason, self.home)

    def read(self) -> Snapshot:
        """As it was closed, or as it stands while it is not."""
        return read(self.storage, self.catalogue, self.unit, PERIOD, self.now())

    def reports(self, out: Path) -> dict[str, Path]:
        """The three files of the quarter by their kind."""
        paths = write_reports(self.storage, self.read(), self.catalogue, ("pdf", "docx", "xlsx"), out)
        return {path.suffix.removeprefix("."): path for path in paths}

    def site(self) -> FlaskClient:
        """A browser of the web site, signed in as somebody who may see and run everything."""
        return signed_in(create_site(self.settings, self.storage))


class _Quiet(WSGIRequestHandler):
    """Answers without a line in the log for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The sandbox on loopback while the block lasts; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        app.config["RELEASE"].set()
        server.shutdown()
        thread.join()
        server.server_close()


def described(base: str, **changed: str) -> dict[str, SourceSettings]:
    """The settings of every source of a sandbox at this address, impatient so that a test of faults does not wait."""
    return {
        code: SourceSettings(entry["connector"], {**{key: entry[key] for key in entry if key != "connector"}, **QUICK, **changed})
        for code, entry in sources(base).items()
    }


def written_sources(base: str) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """The same as an operator writes them into a sources file, and the environment that goes with it."""
    entries = {code: {key: entry[key] for key in entry if key not in ("network", "token")} for code, entry in sources(base).items()}
    for code, entry in sources(base).items():
        if "token" in entry:
            entries[code]["token_env"] = "HUE_S_TOKEN"
    return entries, {"HUE_S_TOKEN": TOKEN, "HUE_DTI_SANDBOX": "1"}


@pytest.fixture(scope="session")
def sandbox() -> Iterator[tuple[str, Flask]]:
    """The provincial systems on loopback; their faults stand in `app.config["FAULTS"]`."""
    app = create_app({})
    with serving(app) as base:
        yield base, app


@pytest.fixture(scope="session")
def pulled_quarter(server: Server, sandbox: tuple[str, Flask], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with the whole quarter pulled and nobody connected, so that it can be copied."""
    with server.temporary(MIGRATED) as database:
        with opened(database, tmp_path_factory.mktemp("pulled")) as quarter:
            settle_units(quarter.storage, database.settings, datetime.now(UTC))
            outcomes = quarter.pull(described(sandbox[0]))
        assert {outcome.outcome for outcome in outcomes.values()} == {"ok"}
        yield database


@contextmanager
def opened(database: Database, home: Path, criteria: Path | None = None) -> Iterator[Quarter]:
    """The quarter in a database, with the criteria that ship or those of a folder."""
    with open_storage(database.settings) as storage:
        yield Quarter(database, storage, load_catalogue(criteria or folder("criteria")), home, criteria)


@pytest.fixture(scope="session")
def golden(server: Server, pulled_quarter: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarter]:
    """The closed quarter, for tests that only read."""
    with server.temporary(pulled_quarter.name) as database, opened(database, tmp_path_factory.mktemp("golden")) as quarter:
        quarter.close()
        yield quarter


@pytest.fixture
def another_quarter(copy_quarter: Callable[..., AbstractContextManager[Quarter]], tmp_path: Path) -> Iterator[Callable[..., Quarter]]:
    """Gives a fresh copy of the pulled quarter, not closed; with `criteria`, under the criteria of that folder."""
    with ExitStack() as stack:
        yield lambda criteria=None: stack.enter_context(copy_quarter(tmp_path, criteria))


@pytest.fixture(scope="session")
def copy_quarter(server: Server, pulled_quarter: Database) -> Callable[..., AbstractContextManager[Quarter]]:
    """Opens a fresh copy of the pulled quarter while a block lasts, for fixtures of a whole module."""

    @contextmanager
    def copy(home: Path, criteria: Path | None = None) -> Iterator[Quarter]:
        with server.temporary(pulled_quarter.name) as database, opened(database, home / database.name, criteria) as quarter:
            yield quarter

    return copy
