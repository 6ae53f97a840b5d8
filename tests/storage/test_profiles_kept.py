"""General information of units: the newest counts, nothing told before is lost, and a mailbox never passes to another unit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hue_dti.errors import UnknownUnit
from hue_dti.units.model import Level
from hue_dti.units.profile import ProfileVersion, UnitProfile

OFFICE = UnitProfile("483", post="Chánh Văn phòng", email="vanphong@namdong.example", villages=60, area_ha=64_782)


@pytest.fixture
def book(storage, make):
    storage.save_units([make.unit("483")])
    return storage.profiles


def test_what_was_told_last_counts_and_all_of_it_is_kept(book, make):
    later = replace(OFFICE, email="chuyendoiso@namdong.example")
    assert book.save(OFFICE, "Lê Văn An", make.at)
    assert book.save(later, "Trần Thị Bình", make.at + timedelta(days=1))
    assert book.newest("483") == later
    assert book.history("483") == (
        ProfileVersion(OFFICE, "Lê Văn An", make.at),
        ProfileVersion(later, "Trần Thị Bình", make.at + timedelta(days=1)),
    )


def test_telling_the_same_again_adds_nothing(book, make):
    book.save(OFFICE, "Lê Văn An", make.at)
    assert not book.save(OFFICE, "Trần Thị Bình", make.at + timedelta(days=1))
    assert len(book.history("483")) == 1


def test_a_unit_nobody_told_anything_of_has_no_profile(book):
    assert book.newest("483") is None
    assert book.newest("20161") is None


def test_nothing_is_told_of_a_code_nobody_bears(book, make):
    with pytest.raises(UnknownUnit, match="484"):
        book.save(replace(OFFICE, unit="484"), "Lê Văn An", make.at)


def test_a_code_given_to_another_unit_does_not_take_the_mailbox_along(storage, make):
    old = make.unit("20179", "Xã Hương Xuân", Level.COMMUNE, valid_to=date(2025, 6, 30))
    storage.save_units([old])
    storage.profiles.save(UnitProfile("20179", email="huongxuan@namdong.example"), "Lê Văn An", make.at)
    storage.save_units([make.unit("20179", "Xã Nam Đông", Level.COMMUNE, valid_from=date(2025, 7, 1))])
    assert storage.profiles.newest("20179") is None
    assert storage.profiles.newest(old).email == "huongxuan@namdong.example"


def test_a_unit_under_a_new_superior_keeps_its_mailbox(storage, make):
    storage.save_units([make.unit("20179", "Xã Hương Xuân", Level.COMMUNE, valid_to=date(2024, 12, 31))])
    storage.profiles.save(UnitProfile("20179", email="huongxuan@namdong.example"), "Lê Văn An", make.at)
    storage.save_units([make.unit("20179", "Xã Hương Xuân", Level.COMMUNE, valid_from=date(2025, 1, 1), parent="482")])
    assert storage.profiles.newest("20179").email == "huongxuan@namdong.example"
