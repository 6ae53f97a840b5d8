"""Typing in a real browser: a quarter by keys alone on a PC; on a phone, what is typed while the line is cut arrives, once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.people import browser_cookie
from tests.web.conftest import PATIENCE_MS, serving
from tests.web.officer import communes, office, officer
from tests.web.test_browser import SWITCHES, browser

__all__ = ["SWITCHES", "browser", "communes", "office", "officer"]
SAVED = re.compile(r"Đã lưu \d\d:\d\d")


@pytest.fixture
def at_the_form(officer, browser):
    """Opens the officer's form in a browser of this width, signed in."""
    contexts = []
    with serving(officer.office.app) as base:

        def open_form(width, **options):
            context = browser.new_context(viewport={"width": width, "height": 768}, **options)
            context.set_default_timeout(PATIENCE_MS)
            context.add_cookies([browser_cookie(officer.office.app, base, f"an.{officer.unit.code}")])
            contexts.append(context)
            page = context.new_page()
            page.goto(base + officer.form)
            return page

        yield open_form
        for context in contexts:
            context.close()


def saved(page, measure):
    return expect(page.locator(f"#o-{measure} .state"))


def test_a_quarter_is_typed_by_keys_alone(officer, at_the_form):
    officer.pulled("shops", 100, period="2024-Q3")
    page = at_the_form(1366)
    assert page.evaluate("document.querySelectorAll('input[type=number]').length") == 0
    page.focus("#v-staff")
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    saved(page, "staff").to_have_text(SAVED)
    expect(page.locator("#r-staff .echo")).to_have_text("25 người")
    assert page.evaluate("document.activeElement.id") == "v-offices"
    page.keyboard.type("1,627")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#e-offices")).to_contain_text("số lượng không có phần thập phân")
    assert page.input_value("#v-offices") == "1,627"
    page.focus("#v-teams")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.name") == "c-teams"
    page.select_option("[name=c-teams]", "no_data")
    expect(page.locator("#r-teams .echo")).to_have_text("không có số liệu")
    page.focus("#v-shops")
    page.keyboard.type("231")
    page.keyboard.press("Tab")
    expect(page.locator("label[for=l-shops]")).to_contain_text("Quý trước 100 cơ sở, nay 231 cơ sở")
    page.focus("#l-shops")
    page.keyboard.type("hai chợ sáp nhập")
    page.keyboard.press("Enter")
    saved(page, "shops").to_have_text(SAVED)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#o-shops_vietqr details")).to_have_attribute("open", "")
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text", "900\\n4.100\\n6\\n");
        const first = document.getElementById("v-households");
        first.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""
    )
    for measure in ("households", "residents", "villages"):
        saved(page, measure).to_have_text(SAVED)
    found = {each.measure: each.value for each in officer.office.storage.observations([officer.unit.code], "2024-Q4")}
    assert found == {"staff": 25, "teams": None, "shops": 231, "households": 900, "residents": 4100, "villages": 6}
    assert officer.entries("shops")[-1].typed.reason == "hai chợ sáp nhập"


def test_a_column_pasted_over_a_locked_row_keeps_to_its_rows_and_says_what_was_left_out(officer, at_the_form):
    officer.pulled("accounts", 100)
    page = at_the_form(1366)
    rows = page.evaluate("Array.from(document.querySelectorAll('tr.cell'), row => row.dataset.measure || '')")
    at = rows.index("", 1)
    first, after = rows[at - 1], next(row for row in rows[at:] if row)
    column = ["7", *("8" for row in rows[at : rows.index(after)]), "9"]
    page.evaluate(
        """([first, text]) => {
        const data = new DataTransfer();
        data.setData("text", text);
        const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
        document.getElementById("v-" + first).dispatchEvent(event); }""",
        [first, "\n".join(column)],
    )
    expect(page.locator("#gui")).to_have_text(f"Đã dán 2 dòng; {len(column) - 2} dòng rơi vào ô khóa được bỏ qua.")
    assert (page.input_value(f"#v-{first}"), page.input_value(f"#v-{after}")) == ("7", "9")


def test_a_figure_refused_for_its_neighbour_is_saved_once_the_neighbour_is_mended(officer, at_the_form):
    page = at_the_form(1366)
    page.fill("#v-shops_vietqr", "1800")
    page.locator("#v-shops_vietqr").blur()
    saved(page, "shops_vietqr").to_have_text(SAVED)
    page.fill("#v-shops", "200")
    page.locator("#v-shops").blur()
    expect(page.locator("#e-shops")).to_contain_text("lớn hơn")
    page.fill("#v-shops_vietqr", "180")
    page.locator("#v-shops_vietqr").blur()
    saved(page, "shops").to_have_text(SAVED)
    expect(page.locator("#e-shops")).to_be_hidden()
    found = {each.measure: each.value for each in officer.office.storage.observations([officer.unit.code], "2024-Q4")}
    assert found == {"shops": 200, "shops_vietqr": 180}


def test_what_is_typed_on_a_phone_while_the_line_is_cut_is_kept_and_arrives_once(officer, at_the_form):
    page = at_the_form(360, has_touch=True, is_mobile=True)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    lost = []
    page.route("**/o", lambda route: (route.fetch(), lost.append(route.request.post_data), route.abort()))
    page.fill("#v-shops", "231")
    page.locator("#v-shops").blur()
    saved(page, "shops").to_have_text("Chưa gửi được, sẽ thử lại")
    expect(page.locator("#gui")).to_contain_text("Mất kết nối")
    page.context.clear_cookies()  # first, or what is sent again of itself still comes in
    page.unroute("**/o")
    expect(page.locator("#gui a")).to_have_text("Đăng nhập lại để gửi")
    assert "Đã lưu" not in page.locator("#o-shops .state").inner_text()
    base = page.url.partition("/nhap")[0]
    page.context.add_cookies([browser_cookie(officer.office.app, base, f"an.{officer.unit.code}")])
    page.reload()
    saved(page, "shops").to_have_text(SAVED)
    (kept,) = officer.entries("shops")
    assert (kept.typed.value, str(kept.typed.client) in lost[0]) == (231, True)
    assert page.evaluate("Object.keys(localStorage)") == []


def test_signing_out_leaves_no_figure_in_the_browser(officer, at_the_form):
    page = at_the_form(1366)
    page.evaluate("localStorage.setItem('hue-dti x 1 2', '{}')")
    page.click(".person summary")
    page.click("text=Đăng xuất")
    expect(page.locator(".person")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage)") == []
