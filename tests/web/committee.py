"""A committee at its review, over a commune of Nam Đông with two figures typed by its officer; each test has a commune of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from hue_dti.accounts.model import Actor, Grant, Role
from hue_dti.observations.entered import Writer
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.observations.registers import TEAMS, read_row
from hue_dti.periods import Period
from hue_dti.services.desk import Desk as Handing
from hue_dti.services.import_file import HandedIn
from hue_dti.services.registers import save_rows
from hue_dti.storage.model import Way
from hue_dti.storage.registers import Change
from hue_dti.trail.model import Selection
from hue_dti.units.model import Level
from tests.people import signed_in
from tests.services.typing_desk import PERIOD, Desk
from tests.web.conftest import Place, place
from tests.web.forms_of_pages import Person

NOON = datetime(2024, 9, 5, 5, 0, tzinfo=UTC)
BINH = Grant(Role.APPROVER, "483")


@dataclass(frozen=True)
class Committee:
    place: Place
    unit: str
    desk: Desk
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, login: str, *grants: Grant, **told: str) -> Person:
        if login not in self.people:
            self.people[login] = Person(signed_in(self.place.app, login, *grants, **told))
        return self.people[login]

    @property
    def officer(self) -> Person:
        return self.person(f"an.{self.unit}", Grant(Role.OFFICER, self.unit), name="Lê Văn An")

    @property
    def approver(self) -> Person:
        return self.person("binh", BINH, name="Trần Thị Bình", post="Phó Trưởng ban")

    def sent(self, **told: str) -> Committee:
        self.officer.press(self.officer.open(f"/gui/{self.unit}/{PERIOD}"), "Gửi Ban Chỉ đạo duyệt", **told)
        return self

    def opened(self, **told: str) -> Committee:
        self.sent(**told).approver.press(self.approver.open(self.review), "Bắt đầu thẩm tra")
        return self

    @property
    def review(self) -> str:
        return f"/duyet/{self.unit}/{PERIOD}"

    def acts(self) -> list[str]:
        kept = self.place.storage.trail.every(Selection())
        return [each.event.act for each in kept if each.event.unit == self.unit and not each.event.act.startswith("entry.")]


@dataclass(frozen=True)
class Meanwhile:
    """What somebody does beside the pages of review."""

    committee: Committee

    def desk(self, login: str) -> Handing:
        place = self.committee.place
        return Handing(place.storage, place.catalogue, place.settings, place.settings.home, Actor(login, "Đỗ Hai", "", ()), lambda: NOON)

    def writes_teams(self, login: str) -> None:
        content, faults = read_row(TEAMS, {"village": "Thôn 1", "members": "5", "decision": "4/QĐ", "decided_on": "12/09/2022"})
        assert faults == {}
        desk, own = self.desk(login), uuid4()
        unit = desk.unit(self.committee.unit, Period.parse(PERIOD))
        assert save_rows(desk, unit, Period.parse(PERIOD), TEAMS, [Change(own, own, content)])

    def hands_in(self, by: str, value: int = 7) -> None:
        """A file of the office's own with one figure of the commune."""
        storage, unit, body = self.committee.place.storage, self.committee.unit, f"{by} {value}".encode()
        file = HandedIn("dan so.csv", body, by, NOON).kept
        run = storage.begin_pull("district", unit, PERIOD, NOON, way=Way.FILE)
        storage.raw_store(run).keep(file)
        origin = Origin("district", file.request, NOON, file.sha256, "dan so.csv!B2")
        told = Observation(unit, "offices_assigned", Period.parse(PERIOD), value, State.REPORTED, NOON.date(), origin)
        storage.finish_pull(run, "ok", "", 1, 1, (), NOON, [told])


@pytest.fixture(scope="module")
def installation(server: Any, catalogue: Any, tmp_path_factory: Any) -> Iterator[Any]:
    with place(server, catalogue, tmp_path_factory.mktemp("review")) as made:
        seconds = count()
        made.app.config["CLOCK"] = lambda: NOON + timedelta(seconds=next(seconds))
        communes = [unit.code for unit in made.storage.units() if unit.parent == "483" and unit.level is Level.COMMUNE]
        yield made, iter(communes)


@pytest.fixture
def committee(installation: Any, catalogue: Any) -> Committee:
    """A commune of Nam Đông with two figures typed by its officer."""
    made, left = installation
    unit = next(left)
    desk = Desk(made.storage, catalogue, unit)
    found = Committee(made, unit, desk)
    assert found.officer
    for value, measure in ((231, "shops"), (180, "shops_vietqr")):
        desk.type(value, measure, by=writer(f"an.{unit}"))
    return found


def writer(login: str) -> Writer:
    return Writer(login, "Lê Văn An", "Công chức Văn phòng - Thống kê")
