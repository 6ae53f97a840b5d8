"""Criteria are given to units and persons; what falls to whom follows, and a leaver's go to somebody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hue_dti.accounts.account import Kind
from hue_dti.accounts.model import Actor, Grant, Role
from hue_dti.catalogue.load import load_catalogue
from hue_dti.errors import AccountRefused
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.services.assignments import assign, assigned
from hue_dti.units.load import load_units

NOW, PERIOD = datetime(2024, 5, 2, tzinfo=UTC), Period.parse("2024-Q2")
HOME = "483.phong-giao-duc"


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue(folder("criteria"))


@pytest.fixture
def district(storage):
    storage.save_units(load_units(folder("criteria")))
    for login, unit in (("anh", "483"), ("binh", "483"), ("chi", HOME)):
        storage.accounts.add(login, login.title(), "Chuyên viên", "", [Grant(Role.OFFICER, unit)], "kiểm thử", NOW, Kind.PERSON)
    return next(unit for unit in storage.units() if unit.code == "483")


def officer(login, unit):
    return Actor(login, login.title(), "", (Grant(Role.OFFICER, unit),))


def give(storage, catalogue, district, criteria, responsible, login=""):
    return assign(storage, district, catalogue.set_for(district.level, PERIOD.end), criteria, responsible, login, "Thư ký", NOW)


def test_what_nobody_was_given_falls_to_whoever_enters_at_the_unit(storage, catalogue, district):
    assert len(assigned(storage, catalogue, officer("anh", "483"), district, PERIOD)) == 53
    assert assigned(storage, catalogue, officer("chi", HOME), district, PERIOD) == frozenset()
    assert assigned(storage, catalogue, Actor("x", "X", "", (Grant(Role.APPROVER, "483"),)), district, PERIOD) == frozenset()


def test_what_a_unit_was_given_falls_to_its_people_and_those_above_and_what_a_person_was_given_to_that_person_alone(
    storage, catalogue, district
):
    assert give(storage, catalogue, district, ["I.1", "I.2"], HOME) == 2
    assert give(storage, catalogue, district, ["I.3"], "483", "anh") == 1
    assert assigned(storage, catalogue, officer("chi", HOME), district, PERIOD) == {"I.1", "I.2"}
    assert {"I.1", "I.3"} <= assigned(storage, catalogue, officer("anh", "483"), district, PERIOD)
    assert "I.3" not in assigned(storage, catalogue, officer("binh", "483"), district, PERIOD)


def test_a_new_word_takes_the_place_of_the_old_one_and_the_same_word_changes_nothing(storage, catalogue, district):
    give(storage, catalogue, district, ["I.1"], HOME)
    assert give(storage, catalogue, district, ["I.1"], HOME) == 0
    assert give(storage, catalogue, district, ["I.1"], "483", "binh") == 1
    assert assigned(storage, catalogue, officer("chi", HOME), district, PERIOD) == frozenset()
    assert give(storage, catalogue, district, ["I.1"], "") == 1
    assert "I.1" in assigned(storage, catalogue, officer("anh", "483"), district, PERIOD)


def test_a_leaver_s_criteria_go_to_somebody_else(storage, catalogue, district):
    give(storage, catalogue, district, ["I.1", "II.1"], "483", "anh")
    storage.accounts.hand_over("anh", "binh", (), False, "Quản trị", NOW)
    assert storage.assignments.of_person("anh") == ()
    assert {each.criterion for each in storage.assignments.of_person("binh")} == {"I.1", "II.1"}


@pytest.mark.parametrize(
    ("criteria", "responsible", "login", "said"),
    [
        (["X.9"], "483", "", "không có X.9"),
        ([], "483", "", "ít nhất một"),
        (["I.1"], "480", "", "không thuộc"),
        (["I.1"], "46", "", "không thuộc"),
        (["I.1"], "483", "chi", "không nhập số liệu ở đơn vị này"),
        (["I.1"], "483", "khong-co", "không nhập số liệu"),
    ],
)
def test_what_cannot_be_given_is_refused_with_why(criteria, responsible, login, said, storage, catalogue, district):
    with pytest.raises(AccountRefused, match=said):
        give(storage, catalogue, district, criteria, responsible, login)
    assert storage.assignments.of("483", catalogue.set_for(district.level, PERIOD.end).code) == {}
