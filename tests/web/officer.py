"""Officers before the site, each of a commune where nobody has typed yet, for the tests of typing figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.periods import Period
from hue_dti.units.model import Level
from tests.people import signed_in
from tests.web.conftest import Place, Reader, place

PERIOD, BEFORE = "2024-Q4", "2024-Q3"
AT = datetime(2024, 10, 5, 23, 0, tzinfo=UTC)


@dataclass
class Officer:
    """An officer at work."""

    office: Place
    unit: Any
    reader: Reader

    @property
    def form(self) -> str:
        return f"/nhap/{self.unit.code}/{PERIOD}"

    def open(self, address: str = "") -> Any:
        return self.reader.open(address or self.form)

    def token(self, address: str = "") -> str:
        """The token of a page's forms."""
        return str(self.open(address).find("input", attrs={"name": "csrf_token"})["value"])

    def post(self, address: str, **sent: Any) -> Any:
        """Send a form of the page."""
        return self.reader.client.post(address, data={"csrf_token": self.token(), **sent})

    def send(self, measure: str, text: str, **more: str) -> Any:
        """Send one cell as the page's script does."""
        body = {"id": str(uuid4()), "measure": measure, "text": text, "choice": "value", "reason": "", **more}
        return self.reader.client.post(f"{self.form}/o", json=body, headers={"X-CSRFToken": self.token()})

    def fill(self, **texts: str) -> Any:
        """Fill the page's form in and press its button, without a script: `v_shops="100"`, `c_teams="no_data"`."""
        page = self.open()
        form = {each["name"]: each.get("value", "") for each in page.select("#nhap input[name]")}
        for each in page.select("#nhap select[name]"):
            chosen = each.find("option", selected=True)
            form[each["name"]] = chosen["value"] if chosen else ""
        return self.reader.client.post(self.form, data={**form, **{name.replace("_", "-", 1): text for name, text in texts.items()}})

    def pulled(self, measure: str, value: int, state: State = State.MEASURED, period: str = PERIOD) -> None:
        """Let the measure's source have told a figure."""
        source, code = self.office.catalogue.measures[measure].source, self.unit.code
        run = self.office.storage.begin_pull(source, code, period, AT)
        told = Observation(code, measure, Period.parse(period), value, state, AT.date(), Origin(source, "GET /", AT, "", "$"))
        self.office.storage.finish_pull(run, "ok", "", 1, 1, (), AT, [told])

    def stands(self, measure: str) -> Any:
        """The current figure of a cell."""
        found = self.office.storage.observations([self.unit.code], PERIOD)
        return next((each for each in found if each.measure == measure), None)

    def entries(self, measure: str) -> Any:
        return self.office.storage.entries.of_cell(self.unit.code, measure, PERIOD)

    def colleague(self, login: str, role: Role = Role.OFFICER, unit: str = "") -> Officer:
        """Somebody with this role at the unit."""
        return Officer(self.office, self.unit, reader_of(self.office, login, role, unit or self.unit.code))


@pytest.fixture(scope="module")
def office(server: Any, catalogue: Any, tmp_path_factory: Any) -> Iterator[Place]:
    """An installation where nothing was pulled."""
    with place(server, catalogue, tmp_path_factory.mktemp("office")) as made:
        yield made


@pytest.fixture(scope="module")
def communes(office: Place) -> Iterator[Any]:
    return iter([unit for unit in office.storage.units() if unit.level is Level.COMMUNE and unit.exists_on(date(2024, 12, 31))])


@pytest.fixture
def officer(office: Place, communes: Iterator[Any]) -> Officer:
    unit = next(communes)
    return Officer(office, unit, reader_of(office, f"an.{unit.code}", Role.OFFICER, unit.code))


def reader_of(office: Place, login: str, role: Role, unit: str) -> Reader:
    """Somebody with this role at the unit."""
    return Reader(signed_in(office.app, login, Grant(role, unit), name="Lê Văn An", post="Công chức Văn phòng"))
