"""The operations centre's board over a quarter that may be pulled again, and a worker as it runs in a province."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from hue_dti.catalogue.model import Catalogue
from hue_dti.services.workbench import Workbench, at_the_bench, installed_jobs
from hue_dti.storage import Storage, work
from hue_dti.web import create_app
from tests.golden_quarter import QUICK, written_sources
from tests.people import signed_in

ABOUT = {"don-vi": "483", "ky": "2024-Q2"}
BOARD = "/nguon?don-vi=483&ky=2024-Q2"


@dataclass(frozen=True)
class Board:
    """An installation with its site, and what a worker of it needs."""

    app: Flask
    storage: Storage
    catalogue: Catalogue
    settings: Any
    environment: Mapping[str, str]

    def browse(self) -> FlaskClient:
        return signed_in(self.app)

    def work(self) -> None:
        """Do all that waits in the queue, as a worker does."""
        bench = Workbench(self.settings, self.catalogue, self.storage, lambda: datetime.now(UTC))
        with ThreadPoolExecutor(1) as elsewhere:  # a browser's test has a loop of its own in this thread
            elsewhere.submit(work, self.storage, at_the_bench(bench, installed_jobs()), until_empty=True).result()

    def jobs(self) -> list[tuple[str, str]]:
        """What is in the queue: job and source."""
        from psycopg import connect

        with connect(self.settings.database_url) as connection:
            rows = connection.execute(
                "SELECT task_name, args->>'source' FROM procrastinate_jobs WHERE status IN ('todo', 'doing') ORDER BY id"
            )
            return rows.fetchall()


@pytest.fixture
def board(another_quarter: Any, sandbox: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Board:
    """Nam Đông's quarter with its systems answering; the meetings' book is where nobody listens."""
    return over(another_quarter(), sandbox, tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def quiet_board(copy_quarter: Any, sandbox: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """The same for all tests of a file that leave it as it was."""
    folder = tmp_path_factory.mktemp("quiet")
    with copy_quarter(folder) as quarter, pytest.MonkeyPatch.context() as patched:
        yield over(quarter, sandbox, folder, patched)


def over(quarter: Any, sandbox: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Board:
    entries, environment = written_sources(sandbox[0])
    entries = {code: {**{key: text for key, text in entry.items() if text}, **QUICK} for code, entry in entries.items()}
    entries["meetings"].update(base="http://127.0.0.1:1", attempts="1")
    (folder / "nguon.yaml").write_text(json.dumps(entries))
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    settings = replace(quarter.settings, sources=folder / "nguon.yaml", sandbox=True)
    known = {**quarter.environment, **environment, "HUE_DTI_SOURCES": str(folder / "nguon.yaml")}
    return Board(create_app(settings, quarter.storage), quarter.storage, quarter.catalogue, settings, known)


@contextmanager
def worker(board: Board) -> Iterator[None]:
    """A worker of its own process while the block lasts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hue_dti", "worker"],
        env={**os.environ, **board.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert "Chờ việc" in process.stdout.readline()
        yield
    finally:
        process.kill()
        process.communicate()


def page_of(client: FlaskClient, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "html.parser")


def token(client: FlaskClient, address: str = "/tai-khoan") -> str:
    """The token of the page's form; one serves every form of this browser, so the page is a light one."""
    return str(page_of(client, address).select_one("input[name=csrf_token]")["value"])


def press(client: FlaskClient, address: str, **fields: str) -> Any:
    """Send a form of the board with its token."""
    return client.post(address, data={"csrf_token": token(client), **ABOUT, **fields})
