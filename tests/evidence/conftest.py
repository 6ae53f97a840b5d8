"""An office that hands evidence in, over a real database and a real folder."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from hue_dti.accounts.model import Actor
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.evidence.pieces import Draft, Form, Paper
from hue_dti.resources import folder
from hue_dti.services.desk import Desk
from hue_dti.services.evidence import Added, Upload, add_file, add_link, explain
from hue_dti.storage import Storage
from hue_dti.units.load import load_units
from tests.evidence.signing import authority, signed

NOW = datetime(2024, 6, 5, 2, 0, tzinfo=UTC)
OFFICER = Actor("an.le", "Lê Văn An", "Cán bộ Phòng Văn hóa và Thông tin", ())
PLAN = Paper("12/KH-UBND", date(2024, 1, 8), "Kế hoạch", "Kế hoạch chuyển đổi số năm 2024", "UBND huyện Nam Đông", "issued")


@dataclass
class Office:
    """A desk, and the usual ways to hand something in at it."""

    desk: Desk

    @property
    def storage(self) -> Storage:
        return self.desk.storage

    def draft(self, criterion: str = "II.1", **more: Any) -> Draft:
        usual = {"unit": "483", "period": "2024-Q2", "proof": "signed_file", "form": Form.FILE, "client": uuid4()}
        return Draft(criterion=criterion, **usual | more)

    def file(self, body: bytes, name: str = "Kế hoạch.pdf", **more: Any) -> Added:
        return add_file(self.desk, self.draft(**more), Upload(name, io.BytesIO(body)))

    def link(self, link: str, **more: Any) -> Added:
        return add_link(self.desk, self.draft(**{"criterion": "IV.5", "proof": "link", "link": link} | more))

    def explanation(self, words: str, **more: Any) -> Added:
        return explain(self.desk, self.draft(words=words, **more))

    def changed(self, **settings: Any) -> Office:
        """The same office in an installation with other settings."""
        return Office(replace(self.desk, settings=replace(self.desk.settings, **settings)))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(folder("criteria"))


@pytest.fixture(scope="session")
def trust_roots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    roots = tmp_path_factory.mktemp("roots")
    (roots / "goc.pem").write_bytes(authority().pem)
    return roots


@pytest.fixture
def office(storage: Storage, catalogue: Catalogue, trust_roots: Path, tmp_path: Path) -> Office:
    storage.save_units(load_units(folder("criteria")))
    settings = Settings(home=tmp_path / "home", trust_roots=trust_roots)
    return Office(Desk(storage, catalogue, settings, tmp_path / "home", OFFICER, lambda: NOW, "10.0.0.7", "r1"))


@pytest.fixture(scope="session")
def paper() -> bytes:
    """A signed plan."""
    return signed()


def number(at: int) -> UUID:
    return UUID(int=at)
