"""Every act that the program records has a sentence; one that has none is still told."""

import ast
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from hue_dti.appraisal.model import State
from hue_dti.trail.model import CLOSED, Event
from hue_dti.trail.sentences import KINDS, NOBODY, SENTENCES, STATES, change, sentence

ROOT = Path(__file__).resolve().parents[2]
ACT = re.compile(rf"(?:{'|'.join({act.partition('.')[0] for act in SENTENCES})})\.[a-z_]+")
TELLING = {"did", "event", "Event", "_told"}


def told(act="base.approved", actor="binh", name="Trần Thị Bình", subject="households, năm 2024", old="", new="", reason=""):
    return Event(act, actor, name, "20167", subject, old, new, reason, datetime(2024, 6, 10, tzinfo=UTC))


def acts_in(path):
    """The acts that the file names: what a call records, and names of known families in tables."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and called(node.func) in TELLING:
            yield from (word for word in [getattr(node.args[0], "value", "")] if isinstance(word, str) and "." in word)
        word = getattr(node, "value", None)
        if isinstance(word, str) and ACT.fullmatch(word) and not word.endswith((".html", ".yaml")):
            yield word


def called(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


@cache
def used():
    return {act for folder in ("hue_dti", "jobs") for path in (ROOT / folder).rglob("*.py") for act in acts_in(path)} | {CLOSED}


def test_every_act_in_the_program_has_a_sentence():
    assert {"base.approved", "quarter.closed", "source.tried"} <= used()
    assert used() - set(SENTENCES) == set()


def test_every_act_belongs_to_a_kind_or_is_a_word_on_figures():
    families = {act.partition(".")[0] + "." for act in SENTENCES}
    assert families - set(KINDS) <= {"article.", "change.", "difference.", "name.", "profile."}


@pytest.mark.parametrize("act", SENTENCES)
def test_a_sentence_names_who_and_leaves_no_bracket_open(act):
    for event in (told(act), told(act, actor="", name="", subject="")):
        words = sentence(event, "Xã Hương Phú")
        assert "{" not in words
        assert words.startswith(("Trần Thị Bình (binh) ", "Người chưa đăng nhập "))


def test_a_sentence_reads_as_an_official_would_say_it():
    assert sentence(told(), "Xã Hương Phú") == "Trần Thị Bình (binh) duyệt số liệu nền households, năm 2024 của Xã Hương Phú"
    assert sentence(told("name.confirmed", subject="super_app: TT"), "Xã A") == "Trần Thị Bình (binh) xác nhận tên “super_app: TT” là Xã A"


def test_quarters_and_measures_are_told_by_name_and_addresses_stay_addresses():
    names = {"shops": "Cơ sở kinh doanh"}
    typed = sentence(told("entry.saved", subject="Cơ sở kinh doanh (shops), 2024-Q3"), "Xã A", names=names)
    assert typed == "Trần Thị Bình (binh) nhập Cơ sở kinh doanh, Quý III/2024 của Xã A"
    assert "trả lời phản ánh về số liệu Cơ sở kinh doanh, Quý III/2024" in sentence(
        told("figure.note_answered", subject="shops, 2024-Q3"), "", names=names
    )
    assert "GET /gui/20164/2024-Q3" in sentence(told("access.refused", subject="GET /gui/20164/2024-Q3"), "")
    assert "gui-20164-2024-Q3.pdf" in sentence(told("export.made", subject="gui-20164-2024-Q3.pdf"), "")
    assert "bỏ đánh giá trước đó về số liệu" in sentence(told("cell.cleared", subject="Số hộ (households), 2024-Q3"), "")


def test_a_name_that_is_the_login_is_said_once_and_no_unit_leaves_no_gap():
    assert sentence(told("backup.made", actor="an", name="an", subject="a.backup"), "") == "an sao lưu toàn bộ số liệu vào tệp a.backup"


def test_a_login_that_looks_like_the_code_of_a_measure_stays_beside_its_name():
    event = told("account.password_changed", subject="Võ Thị Sơn (huongson)")
    assert sentence(event, "").endswith("đổi mật khẩu của Võ Thị Sơn (huongson)")


def test_an_act_that_nobody_gave_a_sentence_is_told_by_its_own_name():
    assert sentence(told("moon.painted", subject="{who}"), "") == "Trần Thị Bình (binh): moon.painted {who}"


def test_what_changed_is_told_with_the_reason_and_hashes_are_cut():
    assert change(told(old="1", new="2", reason="gõ nhầm")) == "1 → 2; lý do: gõ nhầm"
    assert change(told(new="ab" * 32)) == "mới: abababababab…"
    assert change(told(old="7")) == "trước đó: 7"
    assert change(told()) == ""
    assert change(told("quarter.closed", old="ab" * 32, new="cd" * 32)) == "bản chốt abababababab… → bản chốt cdcdcdcdcdcd…"


def test_every_sentence_and_kind_has_english():
    with (ROOT / "templates" / "web" / "en.po").open("rb") as file:
        english = {message.id for message in read_po(file) if message.string}
    assert {*SENTENCES.values(), *KINDS.values(), NOBODY} - english == set()


def test_how_a_dossier_stands_is_told_in_words_that_have_english():
    assert change(told("submission.approved", old="under_review", new="approved, 7 số liệu")) == "đang thẩm tra → đã duyệt, 7 số liệu"
    assert change(told("entry.saved", old="draft", new="sent")) == "draft → sent"
    assert set(STATES) == set(State)
