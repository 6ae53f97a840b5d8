"""A district whose figures lie in a real database, ready to be closed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.proofs.quarters import PERIOD, observations, wholes
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.observations.model import Observation, RawAnswer, RegisteredDocument
from hue_dti.resources import folder
from hue_dti.services.close import close_quarter
from hue_dti.services.unit_events import settle_units
from hue_dti.snapshots.model import SnapshotHead
from hue_dti.storage import Storage, open_storage
from hue_dti.storage.cluster import SUPERUSER
from hue_dti.units.load import load_units
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree
from tests.golden_quarter import MIGRATED

if TYPE_CHECKING:
    from tests.conftest import Database, Server

NOW = datetime(2024, 6, 11, 1, 0, tzinfo=UTC)
ANSWER = RawAnswer(hashlib.sha256(b"{}").hexdigest(), "GET /", 200, "application/json", NOW, b"{}")


@dataclass
class District:
    """Nam Đông as an operator sees it: figures come, the quarter is closed, the clock goes on by an hour each time."""

    storage: Storage
    catalogue: Catalogue
    unit: OrgUnit
    home: Path
    hours: int = 0

    def now(self) -> datetime:
        """Later each time it is asked."""
        self.hours += 1
        return NOW + timedelta(hours=self.hours)

    def pull(self, figures: list[Observation], source: str = "super_app", documents: tuple[RegisteredDocument, ...] = ()) -> None:
        """Let these figures come, all from one stored answer."""
        run = self.storage.begin_pull(source, self.unit.code, PERIOD, self.now())
        self.storage.raw_store(run).keep(ANSWER)
        known = [replace(each, origin=replace(each.origin, raw_sha256=ANSWER.sha256)) for each in figures]
        saved = self.storage.save_observations(run, known)
        if documents:
            self.storage.save_documents(run, self.unit.code, PERIOD, documents)
        self.storage.finish_pull(run, "ok", "", 1, saved, (), self.now())

    def fail(self, source: str, reason: str) -> None:
        """Let a source's pull fail."""
        run = self.storage.begin_pull(source, self.unit.code, PERIOD, self.now())
        self.storage.finish_pull(run, "failed", reason, 3, 0, (), self.now())

    def close(self, reason: str = "", by: str = "Thư ký") -> SnapshotHead:
        """Close the second quarter."""
        return close_quarter(self.storage, self.catalogue, self.unit, PERIOD, self.now, by, reason, self.home)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The real criteria."""
    return load_catalogue(folder("criteria"))


@pytest.fixture(scope="session")
def figures(catalogue: Catalogue) -> Mapping[tuple[str, str], Observation]:
    """Invented figures of the whole district, by unit and measure."""
    tree = build_tree(load_units(folder("criteria")), catalogue.sets["hue-district-2024"].calendar.cutoff(PERIOD), "483")
    return {(each.unit, each.measure): each for each in observations(tree, catalogue.measures, wholes(catalogue), seed=3)}


@pytest.fixture(scope="session")
def settled(server: Server) -> Iterator[Database]:
    """A database with the units in their places and nobody connected, so that it can be copied."""
    with server.temporary(MIGRATED) as database:
        with open_storage(database.settings) as storage:
            settle_units(storage, Settings(), datetime.now(UTC))
        yield database


@pytest.fixture
def database(server: Server, settled: Database, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh database; where a district is asked for, the units are in their places."""
    with server.temporary(settled.name if "empty_district" in request.fixturenames else MIGRATED) as made:
        yield made


@pytest.fixture
def empty_district(storage: Storage, catalogue: Catalogue, tmp_path: Path) -> District:
    """Nam Đông before any figure came."""
    return District(storage, catalogue, next(unit for unit in storage.units() if unit.code == "483"), tmp_path)


@pytest.fixture
def district(empty_district: District, figures: Mapping[tuple[str, str], Observation]) -> District:
    """Nam Đông with its figures."""
    empty_district.pull(list(figures.values()))
    return empty_district


@pytest.fixture
def correct(district: District, figures: Mapping[tuple[str, str], Observation]) -> Callable[..., None]:
    """Let one figure come again with something changed."""

    def come_again(unit: str, measure: str, **change: object) -> None:
        district.pull([replace(figures[unit, measure], **change)])

    return come_again


@pytest.fixture
def by_force(database: Any) -> Callable[..., None]:
    """Run a statement as the superuser with all triggers, foreign keys and body checks off."""

    def run(statement: Any, *values: object) -> None:
        with database.connect(SUPERUSER) as connection:
            for table in ("snapshot", "snapshot_lower_unit", "raw_answer"):
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            connection.execute("ALTER TABLE raw_answer DROP CONSTRAINT IF EXISTS raw_answer_check")
            connection.execute(statement, values)

    return run
