"""A throw-away installation on the PostgreSQL that comes with the program, and fresh copies of its database."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.proofs.quarters import DISTRICT_SET, FETCHED, PERIOD, observations, wholes
from hue_dti.catalogue.load import load_catalogue
from hue_dti.config import Settings
from hue_dti.resources import folder
from hue_dti.services.setup import prepare
from hue_dti.storage import open_storage, roles
from hue_dti.storage.cluster import SUPERUSER
from hue_dti.storage.embedded import Lease, lease
from hue_dti.units.load import load_units
from hue_dti.units.tree import build_tree

CLOSED_UNIT = "483"


@dataclass
class Installation:
    """A running server with one prepared database."""

    home: Path
    lease: Lease
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def settings(self, database: str = roles.DATABASE) -> Settings:
        """The settings of a process that works on the database."""
        return Settings(self._url(roles.APP, database), self._url(roles.OWNER, database), home=self.home / database)

    def fill(self) -> None:
        """Give Nam Đông invented figures for the quarter, ready to be closed."""
        catalogue = load_catalogue(folder("criteria"))
        tree = build_tree(load_units(folder("criteria")), catalogue.sets[DISTRICT_SET].calendar.cutoff(PERIOD), CLOSED_UNIT)
        figures = observations(tree, catalogue.measures, wholes(catalogue), seed=3)
        with open_storage(self.settings()) as storage:
            run = storage.begin_pull("super_app", CLOSED_UNIT, PERIOD, FETCHED)
            storage.save_observations(run, [replace(each, origin=replace(each.origin, raw_sha256="")) for each in figures])
            storage.finish_pull(run, "ok", "", 1, len(figures), (), FETCHED)

    @contextmanager
    def copy(self) -> Iterator[Settings]:
        """A copy of the database while the block lasts; nobody may be connected to the original."""
        name = f"copy_{next(self._numbers)}"
        words = [sql.Identifier(word) for word in (name, roles.DATABASE, roles.OWNER)]
        self._as_superuser(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*words))
        try:
            yield self.settings(name)
        finally:
            self._as_superuser(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(words[0]))

    def _as_superuser(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._url(SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _url(self, role: str, database: str) -> str:
        return self.lease.url(role, database).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def installation() -> Iterator[Installation]:
    """The server and its database, prepared; both are gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="hue-dti-proof-"))
    home.chmod(0o755)
    settings = Settings(home=home)
    held = lease(settings)
    try:
        prepare(settings).close()
        yield Installation(home, held)
    finally:
        held.release()
        shutil.rmtree(home, ignore_errors=True)
