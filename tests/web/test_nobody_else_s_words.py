"""A word that only one commune's people wrote is found in no answer that the people of another commune, or the public, can get."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.alerts.model import Finding, Kind, Verdict
from hue_dti.catalogue.load import load_catalogue
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.storage import Storage
from hue_dti.units.profile import UnitProfile
from hue_dti.web import create_app
from tests.people import enter, signed_in
from tests.services.typing_desk import Desk, Writer
from tests.web.test_access_pairs import OPEN, requests

COMMUNES = {"20179": "CHIMYEN0001", "20164": "CHIMYEN0002"}
"""Two communes of one district, each with a word of its own."""


@pytest.fixture(scope="module")
def site(copy_quarter, tmp_path_factory):
    """The quarter pulled and closed, the next one open with figures, reasons, notes and names that carry the words."""
    with copy_quarter(tmp_path_factory.mktemp("words")) as quarter:
        quarter.close()
        storage, catalogue = quarter.storage, load_catalogue(folder("criteria"))
        for code, word in COMMUNES.items():
            plant(storage, catalogue, code, word, quarter.now())
        yield create_app(quarter.settings, storage)


def plant(storage: Storage, catalogue, code: str, word: str, at) -> None:
    writer = Writer(f"can.bo.{code}", f"Cán bộ {word}", f"Công chức {word}")
    enter(storage, writer.login, Grant(Role.OFFICER, code), name=writer.name, post=writer.post)
    desk = Desk(storage, catalogue, code)
    first = desk.type(41, by=writer)
    desk.type(97, by=writer, reason=f"tăng vì {word}", replaces=first.typed.client)
    storage.profiles.save(UnitProfile(code, post=f"Chức danh của {code}"), f"{word}", at)
    storage.alerts.settle(code, Verdict((Finding("cham", Kind.BEHIND, word, f"chậm {word}", at),), frozenset()), at)
    criteria_set = catalogue.set_for(next(unit.level for unit in storage.units() if unit.code == code), Period.parse(OPEN).end)
    storage.assignments.assign(code, criteria_set.code, [criteria_set.criteria[0].code], code, writer.login, word, at)


def told(answer) -> str:
    """Everything an answer says, what is packed in it too."""
    parts = [answer.data, str(answer.headers).encode()]
    try:
        with ZipFile(BytesIO(answer.data)) as packed:
            parts += [packed.read(name) for name in packed.namelist()]
    except BadZipFile:
        pass
    return b"\n".join(parts).decode("utf-8", "replace")


def answers(app, client, unit):
    """Every reading route about the unit, in the open quarter and in the closed one."""
    for _, method, about, address in requests(app):
        if method == "GET" and about in {unit, ""}:
            yield address, client.get(address, buffered=True)
            if OPEN in address:
                yield address, client.get(address.replace(OPEN, "2024-Q2"), buffered=True)
    for address in (
        "/",
        "/canh-bao",
        "/nguon",
        "/so-lieu-nen",
        "/tim?q=chimyen",
        f"/tim?q={unit}",
        f"/don-vi/{unit}",
        f"/don-vi/{unit}/2024-Q2",
    ):
        yield address, client.get(address, buffered=True)


@pytest.mark.parametrize("reader", ["the other commune", "the public"])
def test_another_commune_s_words_are_in_no_answer(reader, site):
    for mine, hidden in (("20179", "20164"), ("20164", "20179")):
        client = signed_in(site, f"can.bo.{mine}") if reader == "the other commune" else site.test_client()
        for about in (hidden, mine):
            found = [address for address, answer in answers(site, client, about) if COMMUNES[hidden] in told(answer)]
            assert found == []


def test_one_s_own_words_are_there_to_be_found(site):
    client = signed_in(site, "can.bo.20179")
    found = [address for address, answer in answers(site, client, "20179") if COMMUNES["20179"] in told(answer)]
    assert len(found) >= 3, "words that stand nowhere prove nothing"
