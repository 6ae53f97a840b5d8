"""A district at work, for proofs about every page: a quarter closed and reported, the next one under way, a person in every role."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from benchmarks.proofs.installation import Installation, installation
from benchmarks.proofs.person import COOKIE, cookie, enter
from hue_dti.accounts.model import Grant, Role
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.services.close import close_quarter
from hue_dti.services.demo_users import USERS, DemoUser
from hue_dti.services.pull import pull_quarter
from hue_dti.services.sandbox import running_sandbox
from hue_dti.storage import Storage, open_storage
from hue_dti.units.load import load_units
from hue_dti.web import create_app
from tests.services.handed_in import SOURCES

DISTRICT = "483"
CLOSED, OPEN = Period.parse("2024-Q2"), Period.parse("2024-Q3")
TOLD_OF_COMMUNES = ("super_app", "digital_address", "antivirus")
PULLED, MORNING_AFTER, TODAY = (datetime(2024, *day, 2, 0, tzinfo=UTC) for day in ((6, 10), (6, 11), (9, 4)))
"""The closed quarter is pulled and closed in June; the pages are opened in September, while the next one is typed."""

PERSONS: dict[str, DemoUser] = {user.login: user for user in USERS} | {
    "docgia": DemoUser("docgia", "Lý Thị Đọc", "Phòng Tổng hợp", Grant(Role.READER, DISTRICT)),
    "manhinh": DemoUser("manhinh", "Màn hình phòng họp", "", Grant(Role.SCREEN, "46")),
}
"""The persons of the demonstration, and the two roles it has nobody for."""

(FIRST, COMMUNE), (SECOND, OTHER) = ((user.login, user.grant.unit) for user in USERS if user.grant.role is Role.OFFICER)
"""Two officers and their communes."""


@dataclass(frozen=True)
class AtWork:
    """The installation with its site."""

    settings: Settings
    storage: Storage
    catalogue: Catalogue
    app: Flask
    installation: Installation

    def browse(self, login: str = "") -> FlaskClient:
        """A browser without scripts in which this person is signed in; without a login, nobody."""
        client = self.app.test_client()
        if login:
            client.set_cookie(COOKIE, self.token(login))
        return client

    def token(self, login: str) -> str:
        """The cookie of a new sign-in of the person, who is made where not yet there."""
        who = PERSONS[login]
        return cookie(self.app, enter(self.storage, login, who.grant, at=self.now(), name=who.name, post=who.post))

    def now(self) -> datetime:
        clock: Callable[[], datetime] = self.app.config["CLOCK"]
        return clock()


@contextmanager
def district_at_work() -> Iterator[AtWork]:
    """The installation as it stands on the morning when people begin; nobody has typed or sent anything of the open quarter."""
    with installation() as place, TemporaryDirectory() as home, open_storage(place.settings()) as storage:
        settings = replace(place.settings(), home=Path(home), sources=_sources(Path(home)))
        catalogue = load_catalogue(folder("criteria"))
        storage.save_units(load_units(folder("criteria")))
        district = next(unit for unit in storage.units() if unit.code == DISTRICT and unit.exists_on(CLOSED.end))
        with running_sandbox() as sources:
            pull_quarter(storage, catalogue, sources, district, CLOSED, _from(PULLED))
            pull_quarter(storage, catalogue, sources, district, OPEN, _from(TODAY - timedelta(days=1)), TOLD_OF_COMMUNES)
        close_quarter(storage, catalogue, district, CLOSED, _from(MORNING_AFTER), "lịch chạy", home=Path(home))
        app = create_app(settings, storage)
        app.config["CLOCK"] = _from(TODAY)
        yield AtWork(settings, storage, catalogue, app, place)


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The site on loopback while the block lasts; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _sources(home: Path) -> Path:
    """A sources file in which a source's table comes from persons."""
    told = SOURCES["police"]
    path = home / "nguon.yaml"
    path.write_text(json.dumps({"police": {"connector": told.connector, **told.settings}}), encoding="utf-8")
    return path


def _from(begin: datetime) -> Callable[[], datetime]:
    """A clock that goes on by a second each time it is asked."""
    seconds = count()
    return lambda: begin + timedelta(seconds=next(seconds))
