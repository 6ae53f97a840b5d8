"""The wall in a real browser: it turns by itself, fits its screen, is readable from afar, outlives a lost server, and keeps nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from benchmarks.proofs.wall import CHROMIUM, COMPILERS_OFF, SWITCHES, held, refresh
from hue_dti.web import create_app
from tests.web.conftest import serving, sign_in_everywhere
from tests.web.province import province

START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
SCREENS = [(1920, 1080), (1366, 768), (360, 800)]
SMALLEST = """() => Math.min(...[...document.querySelectorAll('header *, .panel.current *')]
  .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(each => !each.closest('.unseen') && each.getClientRects().length).map(each => parseFloat(getComputedStyle(each).fontSize)))"""
CUT_OFF = """() => { const low = document.querySelector('.links').getBoundingClientRect().top + 1;
  return [...document.querySelectorAll('.panel.current *')].map(each => [each.getBoundingClientRect(), each])
    .filter(([box]) => box.bottom > low || box.right > innerWidth).map(([, each]) => each.outerHTML.slice(0, 200)); }"""
"""What reaches below the panel's place or over the screen's edge."""

SIDEWAYS = "document.scrollingElement.scrollWidth > innerWidth"
COUNT_TIMERS = """(() => { const own = {interval: 0, timeout: 0}; window.own = own;
  const interval = window.setInterval, timeout = window.setTimeout;
  window.setInterval = (...given) => { own.interval++; return interval(...given); };
  window.setTimeout = (...given) => { own.timeout++; return timeout(...given); }; })()"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        started = player.chromium.launch(executable_path=CHROMIUM, args=[*SWITCHES, COMPILERS_OFF])
        yield started
        started.close()


@contextmanager
def watched(browser: Browser, width: int = 1920, height: int = 1080, **options: Any) -> Iterator[Page]:
    """A page that fails the test for whatever the browser complains of, a lost server aside."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    sign_in_everywhere(context)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    yield page
    context.close()
    assert [each for each in complaints if "Failed to load resource" not in each] == []


@pytest.fixture(scope="module", params=[10, 40, 141])
def wide(request, server, tmp_path_factory) -> Iterator[str]:
    """The wall of a province with so many communes, with gaps, not closed."""
    home = tmp_path_factory.mktemp("criteria")
    with province(server, home, request.param) as (settings, storage), serving(create_app(settings, storage)) as base:
        yield f"{base}/man-hinh?don-vi=46&ky=2024-Q2"


def paused(page: Page, address: str) -> None:
    """Open the wall under a clock that only the test moves."""
    page.clock.install(time=START)
    page.clock.pause_at(START + timedelta(days=1))  # before the page is there: however long it is in coming, it finds the clock at rest
    page.goto(address)


def on_screen(page: Page) -> str:
    """The panel that is seen; exactly one is."""
    (seen,) = [panel.get_attribute("id") for panel in page.locator(".panel").all() if panel.is_visible()]
    return seen


def test_every_panel_fits_the_television_and_is_readable_from_afar(wide, browser):
    with watched(browser) as page:
        page.goto(wide)
        for _ in range(page.locator(".panel").count()):
            assert page.evaluate(CUT_OFF) == []
            assert page.evaluate(SMALLEST) >= 28
            assert page.evaluate("document.querySelector('main').scrollHeight <= document.querySelector('main').clientHeight")
            page.keyboard.press("ArrowRight")


def test_with_the_connection_lost_everything_still_fits(wide, browser):
    with watched(browser) as page:
        page.goto(wide)
        page.route("**/man-hinh*", lambda route: route.abort())
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("#mat-ket-noi")).to_be_visible()
        for _ in range(min(page.locator(".panel").count(), 6)):
            assert page.evaluate(CUT_OFF) == []
            page.keyboard.press("ArrowRight")


def test_no_screen_makes_the_wall_scroll_sideways(wide, browser):
    for width, height in SCREENS:
        with watched(browser, width, height) as page:
            page.goto(wide)
            assert not page.evaluate(SIDEWAYS), width


def test_the_closed_quarter_fits_too_and_its_table_is_one_click_away(browser, address):
    with watched(browser) as page:
        page.goto(f"{address}/man-hinh")
        for _ in range(4):
            assert page.evaluate(CUT_OFF) == []
            page.keyboard.press("ArrowRight")
        page.click("text=Xem dạng bảng")
        expect(page.locator("main table tbody tr")).to_have_count(10)


def test_it_turns_by_itself_round_and_round_and_stops_when_told(browser, address):
    with watched(browser) as page:
        paused(page, f"{address}/man-hinh?giay=5")
        round_ = ["tong-hop", "ban-do-1", "xep-hang-1", "nguon-1", "nguon-2"]
        first, seen = round_.index(on_screen(page)), []
        for _ in range(len(round_) + 1):
            seen.append(on_screen(page))
            page.clock.run_for(5_000)
        assert seen == [*round_[first:], *round_[:first], round_[first]]
        page.click("text=Dừng")
        stopped = on_screen(page)
        page.clock.run_for(30_000)
        assert on_screen(page) == stopped
        page.click("text=Chạy tiếp")
        page.clock.run_for(5_000)
        assert on_screen(page) != stopped


def test_on_a_phone_and_without_scripts_all_panels_stand_one_under_the_other(browser, address):
    for options in ({"width": 360, "height": 800}, {"java_script_enabled": False}):
        with watched(browser, **options) as page:
            page.goto(f"{address}/man-hinh")
            tops = [panel.bounding_box()["y"] for panel in page.locator(".panel").all()]
            assert len(tops) == 5
            assert tops == sorted(set(tops))


def test_nothing_moves_on_the_wall(browser, address):
    moving = """() => [...document.querySelectorAll('*')].filter(each => { const style = getComputedStyle(each);
      return style.animationName !== 'none' || style.transitionDuration !== '0s' || style.scrollBehavior === 'smooth'; }).length"""
    for motion in ("reduce", "no-preference"):
        with watched(browser, reduced_motion=motion) as page:
            page.goto(f"{address}/man-hinh")
            assert page.evaluate(moving) == 0


def test_a_lost_server_keeps_the_figures_says_since_when_and_lets_them_grow_old(browser, address, still):
    with watched(browser) as page:
        paused(page, f"{address}/man-hinh?giay=600")
        figures = page.locator("#tong-hop .sums").text_content()
        clock = page.locator("#man-hinh").get_attribute("data-now")[11:16]
        page.route("**/man-hinh*", lambda route: route.abort())
        page.clock.run_for(61_000)
        expect(page.locator("#mat-ket-noi")).to_have_text(f"Mất kết nối từ {clock}")
        assert page.evaluate("parseFloat(getComputedStyle(document.getElementById('mat-ket-noi')).fontSize)") >= 48
        page.clock.fast_forward(3 * 3600_000)
        page.clock.run_for(2_000)
        assert page.locator("#tong-hop .sums").text_content() == figures
        expect(page.locator("#tong-hop .age time")).to_have_text("3 giờ trước")
        page.clock.fast_forward(50 * 3600_000)
        page.clock.run_for(2_000)
        expect(page.locator("#tong-hop .age time")).to_have_text("2 ngày trước")
        expect(page.locator("#mat-ket-noi")).to_contain_text(re.compile(rf"{clock} \d\d/\d\d/\d{{4}}$|{clock}$"))
        assert page.evaluate(CUT_OFF) == []
        page.unroute("**/man-hinh*")
        page.clock.run_for(62_000)
        expect(page.locator("#mat-ket-noi")).to_be_hidden()
        expect(page.locator("#tong-hop .age time")).to_have_text(re.compile("vừa xong|phút trước|giờ trước"))


@pytest.mark.parametrize("status", [200, 404, 503])
def test_an_answer_that_is_not_the_wall_never_takes_its_place(status, browser, address):
    def another_page(route: Route) -> None:
        route.fulfill(status=status, content_type="text/html", body="<h1>Đăng nhập</h1>")

    with watched(browser) as page:
        page.goto(f"{address}/man-hinh")
        page.route("**/man-hinh*", another_page)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("#mat-ket-noi")).to_contain_text("Mất kết nối từ")
        assert ("máy chủ báo lỗi" in page.locator("#mat-ket-noi").inner_text()) is (status != 200)
        expect(page.locator("h1")).to_contain_text("Huyện Nam Đông")


def test_a_server_that_never_answers_is_given_up_and_asked_again(browser, address):
    with watched(browser) as page:
        paused(page, f"{address}/man-hinh")
        waiting: list[Route] = []
        page.route("**/man-hinh*", lambda route: waiting.append(route))
        with page.expect_request("**/man-hinh*"):
            page.clock.run_for(61_000)
        page.clock.run_for(18_000)
        expect(page.locator("#mat-ket-noi")).to_be_hidden()
        page.clock.run_for(2_000)
        expect(page.locator("#mat-ket-noi")).to_contain_text("Mất kết nối từ")
        with page.expect_request("**/man-hinh*"):
            page.clock.run_for(61_000)


def test_thirty_refreshes_leave_no_node_no_listener_and_no_timer_behind(browser, address):
    with watched(browser) as page:
        page.add_init_script(COUNT_TIMERS)
        page.goto(f"{address}/man-hinh?giay=5")
        refresh(page, 5)
        early = held(page)
        refresh(page, 30)
        late = held(page)
        assert late.nodes - early.nodes <= 5
        assert (late.listeners, late.documents) == (early.listeners, early.documents)
        assert page.evaluate("own.interval") == 1
        assert page.evaluate("performance.getEntriesByType('resource').length") <= 1


def test_a_newer_program_brings_its_own_script(browser, address):
    with watched(browser) as page:
        page.goto(f"{address}/man-hinh")
        page.evaluate("window.before = true; document.querySelector('script[src]').setAttribute('src', '/static/wall.js?v=0.0.1')")
        with page.expect_navigation():
            page.evaluate("dispatchEvent(new Event('online'))")
        assert page.evaluate("window.before === undefined")


def test_the_screen_s_own_clock_and_zone_do_not_matter(browser, address, still):
    with watched(browser, timezone_id="America/New_York") as page:
        page.clock.install(time="2001-01-01T00:00:00")
        page.goto(f"{address}/man-hinh")
        said = page.locator("#dong-ho").get_attribute("datetime")
        page.clock.run_for(1_000)
        assert page.locator("#dong-ho").inner_text() == said[11:16]
        assert page.locator("#ngay").inner_text() == f"{said[8:10]}/{said[5:7]}/{said[:4]}"
        expect(page.locator("#tong-hop .age time")).to_have_text(re.compile("vừa xong|phút trước"))
