"""Three whole stories in a real browser: an officer's quarter, the way to the issued report, an administrator's morning."""

from __future__ import annotations

import pytest
from playwright.sync_api import sync_playwright

from benchmarks.stories import (
    AT_WORK,
    BROWSER,
    COMMUNE,
    DISTRICT,
    PERIOD,
    SWITCHES,
    administrator,
    approver,
    close,
    hand_of,
    officer,
    prepare,
    secretary,
    signed_paper,
)
from hue_dti.appraisal.model import State
from hue_dti.services.quarter import frozen
from tests.web.axe import breaches
from tests.web.conftest import place, serving


@pytest.fixture(scope="module")
def played(server, catalogue, tmp_path_factory):
    """The stories one after another, with what each told and what its pages broke."""
    home, told, broken = tmp_path_factory.mktemp("stories"), {}, []

    known = set()

    def seen(page):
        if page.url not in known:
            known.add(page.url)
            broken.extend(breaches(page))

    with place(server, catalogue, home) as made, serving(made.app) as base, sync_playwright() as player:
        prepare(made.storage)
        made.app.config["CLOCK"] = lambda: AT_WORK
        browser = player.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        with hand_of(browser, base, 360, seen) as hand:
            told["officer"] = officer(hand)
            told["sent"] = made.storage.reviews.case(COMMUNE, str(PERIOD))
        with hand_of(browser, base, 360, seen) as hand:
            told["approver"] = approver(hand)
        close(made.app, home)
        with hand_of(browser, base, 1366, seen) as hand:
            told["secretary"] = secretary(hand, signed_paper())
        with hand_of(browser, base, 1366, seen) as hand, hand_of(browser, base, 360) as other:
            told["administrator"] = administrator(hand, other, made.app.config["CLOCK"]())
        browser.close()
        yield made, told, broken


def test_an_officer_types_the_quarter_on_a_phone_and_keeps_a_receipt(played):
    made, told, _ = played
    assert (told["sent"].state, told["sent"].code) == (State.SENT, told["officer"])
    typed = made.storage.entries.newest([COMMUNE], str(PERIOD))
    assert {each.typed.value for each in typed} == {0, 20}
    snapshot = frozen(made.storage, made.storage.newest_head(DISTRICT).sha256)
    assert {snapshot.figure(COMMUNE, each.typed.measure).value for each in typed} == {0, 20}


def test_an_approver_answers_on_one_page(played):
    made, told, _ = played
    assert made.storage.reviews.case(COMMUNE, str(PERIOD)).state is State.APPROVED
    assert told["approver"] == "đã duyệt"


def test_the_secretary_s_words_and_the_signed_paper_are_the_issued_report(played):
    made, told, _ = played
    assert told["secretary"] == "27/BC-BCĐ"
    paper = made.anonymous().open(f"/don-vi/{DISTRICT}/{PERIOD}/bao-cao").get_text(" ")
    assert "27/BC-BCĐ" in paper
    assert "tiếp tục đôn đốc các xã" in paper


def test_an_administrator_reads_of_all_this_in_the_trail(played):
    _, told, _ = played
    for words in ("Nguyễn Thị Quản", "Lê Thị Mới", "Phạm Thị Thư", "Hồ Văn Duyệt"):
        assert words in told["administrator"]


def test_every_page_of_the_stories_keeps_the_rules_of_accessibility(played):
    assert played[2] == []
