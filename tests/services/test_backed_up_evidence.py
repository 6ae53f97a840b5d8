"""Backups carry the files of evidence, and bring them back only as they were handed in."""

import hashlib
import io
import zipfile
from dataclasses import replace
from uuid import UUID

import pytest

from hue_dti.accounts.model import Actor
from hue_dti.config import Settings
from hue_dti.errors import BackupError
from hue_dti.evidence.pieces import Draft, Form
from hue_dti.services.backup import back_up, restore_backup
from hue_dti.services.desk import Desk
from hue_dti.services.evidence import Upload, add_file
from hue_dti.services.evidence_files import body_of, place_of
from hue_dti.trail.model import Hand
from tests.evidence.papers import png

HAND = Hand("an.le", "Lê Văn An", "10.1.2.3", "R-17")


@pytest.fixture
def installed(empty_database, tmp_path):
    """Another installation, whose database has no tables yet."""
    return replace(empty_database.settings, home=tmp_path / "other")


def test_the_files_of_evidence_go_along_and_come_back_to_their_places(district, installed, tmp_path):
    sha256 = with_evidence(district)
    kept = back_up(district.storage, tmp_path / "with.backup", district.home, district.now)
    assert kept.missing == ()
    restore_backup(installed, kept.path, installed.home, district.now(), HAND)
    assert body_of(installed.home, sha256) == body_of(district.home, sha256)


def test_a_file_of_evidence_that_is_gone_is_told_and_costs_no_backup(district, tmp_path):
    sha256 = with_evidence(district)
    place_of(district.home, sha256).unlink()
    assert back_up(district.storage, tmp_path / "without.backup", district.home, district.now).missing == (sha256,)


def test_a_file_of_evidence_that_is_not_what_its_name_says_stops_the_restore(district, installed, tmp_path):
    sha256 = with_evidence(district)
    whole_one = back_up(district.storage, tmp_path / "whole.backup", district.home, district.now).path
    forged = tmp_path / "forged.backup"
    with zipfile.ZipFile(whole_one) as kept, zipfile.ZipFile(forged, "w") as made:
        for name in kept.namelist():
            made.writestr(name, b"khac" if name.endswith(sha256) else kept.read(name))
    forged.with_name("forged.backup.sha256").write_text(f"{hashlib.sha256(forged.read_bytes()).hexdigest()}  forged.backup\n")
    with pytest.raises(BackupError, match="không còn như lúc nhận"):
        restore_backup(installed, forged, installed.home, district.now(), HAND)
    assert not place_of(installed.home, sha256).exists()


def with_evidence(district):
    """A picture put beside a criterion; its hash."""
    desk = Desk(district.storage, district.catalogue, Settings(), district.home, Actor("an", "Lê Văn An", "", ()), district.now)
    draft = Draft(UUID(int=1), "483", "2024-Q2", "I.1", "", Form.FILE)
    return add_file(desk, draft, Upload("a.png", io.BytesIO(png()))).piece.draft.sha256
