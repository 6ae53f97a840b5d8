"""Samples of the long proofs of the trail: tampers by whoever owns the table, and acts killed at named points."""

from dataclasses import replace

import pytest

from benchmarks.proofs import killed_acts
from benchmarks.proofs.audit_tampers import KINDS, prove
from benchmarks.proofs.killed_acts import AFTER_ACK, DEEDS, Place, kill_and_send_again
from hue_dti.catalogue.load import load_catalogue
from hue_dti.resources import folder
from hue_dti.units.load import load_units


@pytest.fixture
def place(storage, database, tmp_path):
    storage.save_units(load_units(folder("criteria")))
    return Place(replace(database.settings, home=tmp_path), storage, load_catalogue(folder("criteria")))


def test_each_kind_of_tamper_is_found_with_the_head_outside(storage, database, tmp_path):
    alone, found = prove(storage, database.owner_url, tmp_path, len(KINDS) * 2)
    assert dict(found) == dict.fromkeys(KINDS, 2)
    assert (alone["cắt đuôi"], alone["tính lại"]) == (0, 0)


@pytest.mark.parametrize(
    ("deed", "point"),
    [
        ("nhập", "after-figure-row"),
        ("nhập", "before-commit"),
        ("nhập", AFTER_ACK),
        ("nộp tài liệu", "after-file-rename"),
        ("duyệt", "after-event"),
    ],
)
def test_a_killed_act_is_whole_or_absent_and_sent_again_is_there_once(place, deed, point):
    assert set(kill_and_send_again(place, DEEDS[deed], point, 1001).values()) == {False}


def test_the_proof_sees_a_figure_that_lost_its_event(place, monkeypatch):
    monkeypatch.setattr(killed_acts.trail, "record", lambda connection, *events: None)
    wrong = kill_and_send_again(place, DEEDS["nhập"], "after-commit", 1001)
    assert wrong["có mà không có sự kiện, hoặc ngược lại"]
