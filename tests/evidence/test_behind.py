"""Who has a hand in what units told: whoever does may not appraise them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

from hue_dti.accounts.model import Actor
from hue_dti.evidence.pieces import Paper
from hue_dti.observations.registers import MEETINGS, TRAINING, read_row
from hue_dti.periods import Period
from hue_dti.services.behind import Behind
from hue_dti.services.evidence import withdraw
from hue_dti.services.registers import save_rows
from hue_dti.storage.registers import Change
from tests.evidence.conftest import PLAN, Office
from tests.evidence.papers import docx

Q2 = Period.parse("2024-Q2")
DISTRICT, OTHER = "483", "474"


def as_of(office, login):
    return Office(replace(office.desk, actor=Actor(login, login, "", ())))


def writes(office, login, spec, code, **row):
    content, faults = read_row(spec, row)
    assert faults == {}
    own, desk = uuid4(), as_of(office, login).desk
    save_rows(desk, desk.unit(code, Q2), Q2, spec, [Change(own, own, content)])


def test_everybody_who_kept_a_register_or_attached_or_took_back_a_document_has_a_hand_in_it(office):
    writes(office, "so", MEETINGS, DISTRICT, day="05/02/2024", subject="Họp")
    writes(office, "so.khac", TRAINING, OTHER, day="05/04/2024", subject="Tập huấn", attendees="60")
    as_of(office, "dinh.kem").file(docx("Kế hoạch"), "kh.docx", paper=PLAN)
    decision = Paper("3/QĐ", date(2024, 2, 1), "", "Kiện toàn", "UBND", "issued")
    piece = as_of(office, "dua.vao").file(docx("Quyết định"), "qd.docx", criterion="I.1", paper=decision).piece
    withdraw(as_of(office, "rut").desk, piece, "nhầm")
    behind = Behind(office.storage, Q2)
    assert behind.everybody([DISTRICT]) == {"so", "dinh.kem", "rut"}
    assert behind.everybody([DISTRICT, OTHER]) == {"so", "so.khac", "dinh.kem", "rut"}
    assert Behind(office.storage, Period.parse("2025-Q2")).everybody([DISTRICT, OTHER]) == {"so", "so.khac"}
    assert behind.everybody([]) == frozenset()
