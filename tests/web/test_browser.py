"""The site in a real browser: nothing blocked, nothing sideways, three clicks to the raw answer, usable by keys and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.web.conftest import sign_in_everywhere

CHROMIUM = "/usr/bin/chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
QUARTER = "/don-vi/483/2024-Q2"
PAGES = [
    "/",
    "/tim?q=huong",
    "/nguon",
    "/canh-bao",
    "/so-lieu-nen",
    "/so-lieu-nen?don-vi=20167&nam=2024",
    "/don-vi/46",
    "/don-vi/483/2024-Q1",
    "/khong-co",
    "/xep-hang/xa/2024-Q2",
    "/man-hinh/bang",
    "/don-vi/20179/2024-Q2",
    "/don-vi/483.mn-huong-phu/2024-Q2",
    QUARTER,
    f"{QUARTER}?nhom=III&tinh-trang=in_progress",
    f"{QUARTER}/tieu-chi/I.9",
    f"{QUARTER}/tieu-chi/III.1",
    f"{QUARTER}/tieu-chi/VI.7",
    f"{QUARTER}/bao-cao",
]
SMALL_TARGETS = """() => [...document.querySelectorAll('.btn, .chips a, .periods a, .tally a, .filters select, .filters input[type=search],'
  + ' .find input, .top-links a:not(.wide-only), .foot nav a, .steps a')]
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5).map(each => each.outerHTML)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        started = player.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield started
        started.close()


@contextmanager
def watched(browser: Browser, width: int = 1366, **options: object) -> Iterator[Page]:
    """A page that fails the test for whatever the browser complains of, and for a request to anywhere else."""
    context = browser.new_context(viewport={"width": width, "height": 768}, **options)
    sign_in_everywhere(context)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("requestfailed", lambda request: complaints.append(f"{request.failure} {request.url}"))
    page.on("request", lambda request: complaints.append(request.url) if urlsplit(request.url).hostname != "127.0.0.1" else None)
    yield page
    context.close()
    expected = ("404", "net::ERR_ABORTED")  # the page of an error, and what a page left behind no longer waits for
    assert [each for each in complaints if not any(word in each for word in expected)] == []


@pytest.mark.parametrize(("width", "language"), [(360, "vi"), (1366, "vi"), (360, "en")])
def test_no_page_scrolls_sideways_or_is_blocked_by_its_own_policy(width, language, browser, address):
    with watched(browser, width) as page:
        page.goto(f"{address}/ngon-ngu/{language}")
        for path in PAGES:
            page.goto(address + path)
            assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), path
            assert page.evaluate(SMALL_TARGETS) == [], path
            assert page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor") == "rgb(11, 61, 110)"


@pytest.mark.parametrize("width", [360, 1366])
def test_every_kind_of_raw_answer_fits_its_page(width, browser, address, snapshot):
    kinds = [
        ("20179", "accounts"),
        ("483", "leader_news"),
        ("20179", "computers"),
        ("20179", "staff"),
        ("20179", "teams"),
        ("483", "directives_issued"),
    ]
    with watched(browser, width) as page:
        for unit, measure in kinds:
            figure = snapshot.figure(unit, measure)
            page.goto(f"{address}/cau-tra-loi-goc/{figure.origin.raw_sha256}?cua=483/2024-Q2/{unit}/{measure}")
            assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), measure
            frame, place = page.locator(".scroll:has(.marked), .raw").first.bounding_box(), page.locator("#vi-tri").bounding_box()
            assert frame["y"] <= place["y"] <= frame["y"] + frame["height"], measure


@pytest.mark.parametrize("scripts", [True, False])
def test_a_filter_narrows_the_table_with_and_without_scripts(scripts, browser, address):
    with watched(browser, java_script_enabled=scripts) as page:
        page.goto(address + QUARTER)
        expect(page.locator("tr.criterion")).to_have_count(53)
        page.select_option("select[name=nhom]", "III")
        if not scripts:
            page.click(".filters button")
        expect(page.locator("tr.criterion")).to_have_count(6)
        page.click(".chips a.not-started")
        expect(page.locator("tr.criterion")).to_have_count(1)
        page.click(".filters .clear")
        expect(page.locator("tr.criterion")).to_have_count(53)


def test_from_the_quarter_the_raw_answer_is_three_clicks_away(browser, address):
    with watched(browser) as page:
        page.goto(address + QUARTER)
        page.locator("tr.criterion", has_text="95,14%").locator(".share").click(force=True)
        expect(page.locator("h1")).to_have_text("Tỷ lệ công chức, viên chức người lao động sử dụng điện thoại thông minh")
        page.locator(".figure a[href^='/cau-tra-loi-goc/']").first.click()
        expect(page.locator("#vi-tri")).to_be_visible()
        expect(page.locator(".facts")).to_contain_text("GET http://127.0.0.1")


def test_the_keys_alone_reach_the_first_row_and_open_it(browser, address):
    with watched(browser) as page:
        page.goto(address + QUARTER)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.locator(".skip:focus")).to_have_text("Đến bảng tiêu chí")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        focused = page.locator("tr.criterion a:focus")
        expect(focused).to_have_text("Ban chỉ đạo chuyển đổi số")
        assert page.evaluate("getComputedStyle(document.activeElement, '::after').outlineStyle") == "solid"
        page.keyboard.press("Enter")
        expect(page.locator(".label").first).to_have_text("Tiêu chí I.1")


def test_the_head_of_a_long_table_stays_in_sight(browser, address):
    with watched(browser) as page:
        page.goto(f"{address}{QUARTER}#tieu-chi")
        page.evaluate("window.scrollTo(0, 2000)")
        assert page.locator(".criteria thead th").first.bounding_box()["y"] < 2


def test_a_figure_on_the_paper_opens_its_criterion(browser, address):
    with watched(browser) as page:
        page.goto(f"{address}{QUARTER}/bao-cao")
        page.click("a[data-path='criteria/III.1/part']")
        expect(page.locator("h1")).to_contain_text("điện thoại thông minh")
        assert page.url.endswith("/tieu-chi/III.1#so-lieu")


def test_the_outline_is_open_beside_the_paper_and_folded_on_a_phone(browser, address):
    for width, is_open in ((1366, True), (360, False)):
        with watched(browser, width) as page:
            page.goto(f"{address}{QUARTER}/bao-cao")
            assert page.evaluate("document.querySelector('details.outline').open") is is_open


def test_search_is_one_field_away_from_everywhere(browser, address):
    with watched(browser, 360) as page:
        page.goto(f"{address}{QUARTER}/tieu-chi/I.1")
        page.fill("input[type=search]", "huong xuan")
        page.keyboard.press("Enter")
        page.click(".found a >> text=Xã Hương Xuân")
        expect(page.locator("h1")).to_contain_text("Xã Hương Xuân")


def test_on_paper_only_the_figures_are_printed(browser, address):
    with watched(browser) as page:
        page.goto(address + QUARTER)
        page.emulate_media(media="print")
        for hidden in (".top", ".filters", ".chips", ".foot"):
            expect(page.locator(hidden)).to_be_hidden()
        expect(page.locator("tr.criterion").first).to_be_visible()
