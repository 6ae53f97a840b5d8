"""Handing in a file in a real browser: by keys alone, with its progress told, stopped, cut off and sent again, refused in plain words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.evidence.papers import pdf, png
from tests.people import browser_cookie
from tests.web.conftest import PATIENCE_MS, serving
from tests.web.officer import PERIOD, communes, office, officer
from tests.web.test_browser import SWITCHES, browser

__all__ = ["SWITCHES", "browser", "communes", "office", "officer"]
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 20_000}
FREE = {**SLOW, "uploadThroughput": -1}
LARGE = png(chunks=((b"tEXt", bytes(700_000)),))
SEND = "Gửi minh chứng"


@pytest.fixture
def at_the_form(officer, browser):
    """The page of a criterion's evidence on a phone, and its line, which can be made slow."""
    with serving(officer.office.app) as base, browser.new_context(viewport={"width": 360, "height": 740}) as context:
        context.add_cookies([browser_cookie(officer.office.app, base, f"an.{officer.unit.code}")])
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("filechooser", lambda _: None)  # told now, the browser knows before the key is pressed that it shall open no window
        page.goto(f"{base}/minh-chung/{officer.unit.code}/{PERIOD}/VIII.1")
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        yield page, line


def choose(page, name, body, kind="image/png"):
    """Choose a file as somebody at a keyboard does."""
    page.focus("#tep")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files({"name": name, "mimeType": kind, "buffer": body})


def press_by_keys(page, words):
    """Go on by Tab to the button of these words, and press it."""
    for _ in range(30):
        if page.evaluate("document.activeElement.innerText") == words:
            return page.keyboard.press("Enter")
        page.keyboard.press("Tab")
    raise AssertionError(words)


def handed_in(officer):
    return [each.draft.name for each in officer.office.storage.evidence.of([officer.unit.code], PERIOD)]


def test_by_keys_alone_a_file_is_sent_stopped_cut_off_and_sent_again_and_is_there_once(officer, at_the_form):
    page, line = at_the_form
    choose(page, "anh.png", LARGE)
    page.fill("#loi-tep", "Chụp tại chợ")
    line.send("Network.emulateNetworkConditions", SLOW)
    press_by_keys(page, SEND)
    expect(page.locator(".sent")).to_have_text(re.compile(r"Đang gửi [1-9]\d?%"))
    assert page.evaluate("document.querySelector('.sending progress').value") > 0
    assert page.evaluate("document.activeElement.innerText") == "Dừng gửi"
    page.keyboard.press("Enter")
    expect(page.locator("#loi")).to_have_text("Đã dừng gửi; tệp chưa được nhận.")
    assert handed_in(officer) == []
    line.send("Network.emulateNetworkConditions", FREE)
    page.route("**/VIII.1", lambda route: (route.fetch(), route.abort()))
    press_by_keys(page, SEND)
    expect(page.locator("#loi")).to_contain_text("Mất kết nối khi đang gửi; chưa biết tệp đã được nhận hay chưa.")
    assert page.input_value("#loi-tep") == "Chụp tại chợ"
    page.unroute("**/VIII.1")
    press_by_keys(page, SEND)
    expect(page.locator(".note.good")).to_contain_text("Đã nhận anh.png.")
    assert handed_in(officer) == ["anh.png"]


def test_what_is_not_taken_is_said_beside_the_form_and_what_was_typed_stays(officer, at_the_form, tmp_path):
    page, _ = at_the_form
    sent = []
    page.on("request", lambda request: sent.append(request.resource_type) if request.url == page.url else None)
    page.fill("#loi-tep", "Bản quét")
    for name, body, said in (
        ("anh.png", bytes(20_000_001), "Tệp lớn hơn 20 MB; hãy quét lại nhẹ hơn"),
        ("chay.exe", b"MZ", "không thuộc loại được nhận; hãy gửi tệp PDF, JPG, PNG, DOCX hoặc XLSX"),
        ("ke-hoach.pdf", LARGE, "đuôi .pdf nhưng bên trong là ảnh PNG; hãy gửi đúng tệp"),
    ):
        (tmp_path / name).write_bytes(body)
        page.set_input_files("#tep", tmp_path / name)
        page.click(f"text={SEND}")
        expect(page.locator("#loi")).to_contain_text(said)
        assert page.evaluate("document.activeElement.id") == "loi"
        assert page.evaluate("document.querySelector('.sending').hidden")
    assert sent == ["xhr", "xhr"]
    assert (page.input_value("#loi-tep"), handed_in(officer)) == ("Bản quét", [])
    page.set_input_files("#tep", {"name": "ke-hoach.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    page.click(f"text={SEND}")
    expect(page.locator(".note.good")).to_contain_text("Đã nhận ke-hoach.pdf.")
