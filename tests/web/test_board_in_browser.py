"""The board in a real browser with a real worker: a source asked now comes along by itself, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.board import BOARD, board, worker
from tests.web.conftest import serving
from tests.web.test_browser import SMALL_TARGETS, browser, watched

__all__ = ["board", "browser"]


@pytest.fixture
def site(board):
    with serving(board.app) as base:
        yield base


def test_run_now_comes_along_from_the_queue_to_the_figures_by_itself(board, site, browser):
    with watched(browser) as page:
        page.goto(site + BOARD)
        page.click("#nguon-super_app button >> text=Chạy ngay")
        expect(page.locator("#bang-tay")).to_be_hidden()
        expect(page.locator("#tien-do")).to_contain_text("Đang chờ đến lượt")
        expect(page.locator("#tien-do")).to_contain_text("Không có tiến trình nào làm việc")
        address = page.url
        with worker(board):
            expect(page.locator("#tien-do")).to_contain_text("15 câu trả lời đã về")
            expect(page.locator("#tien-do")).to_contain_text("tốt · 230 số liệu")
        assert page.url == address, "the page was never loaded anew"
        page.click("text=Về bảng nguồn")
        expect(page.locator("#nguon-super_app .runs-chart rect.fill-achieved")).to_have_count(2)


def test_without_scripts_the_page_says_so_and_is_looked_at_again_by_hand(board, site, browser):
    with watched(browser, java_script_enabled=False) as page:
        page.goto(site + BOARD)
        page.click("#nguon-police button >> text=Chạy ngay")
        expect(page.locator("#bang-tay")).to_be_visible()
        board.work()
        expect(page.locator("#tien-do")).to_contain_text("Đang chờ đến lượt")
        page.click("a >> text=Xem lại")
        expect(page.locator("#tien-do")).to_contain_text("tốt · 1 số liệu")


def test_a_trial_shows_its_figures_when_it_is_done(board, site, browser):
    with watched(browser) as page, worker(board):
        page.goto(site + BOARD)
        page.click("#nguon-police button >> text=Thử hỏi nguồn")
        expect(page.locator(".trial-figures")).to_contain_text("82,00%")
        expect(page.locator(".trial-figures")).to_contain_text("sẽ ghi")


def test_a_failing_source_raises_an_alert_that_somebody_takes_on(board, site, browser):
    with watched(browser, 360) as page:
        page.goto(site + BOARD)
        page.click("#nguon-meetings button >> text=Chạy ngay")
        board.work()
        expect(page.locator("#tien-do")).to_contain_text("nguồn lỗi")
        page.goto(site + BOARD)
        expect(page.locator(".sources > li").first).to_have_attribute("id", "nguon-meetings")
        page.click(".top-links [href='/canh-bao']")
        page.fill("textarea[name='ly-do']", "Đã gọi đơn vị vận hành")
        page.click("text=Nhận xử lý cảnh báo này")
        expect(page.locator("#dang")).to_contain_text("Người quan.tri.thu, Chuyên viên nhận xử lý")
        expect(page.locator(".badge-count")).to_have_count(0)


def too_wide_or_small(page):
    """What is wrong with the page on a phone and on a desk."""
    found = []
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        found += [(width, "sideways")] if page.evaluate("document.scrollingElement.scrollWidth > innerWidth") else []
        found += [(width, target) for target in page.evaluate(SMALL_TARGETS)]
    return found


def test_no_page_of_the_board_scrolls_sideways_or_has_a_target_too_small(board, site, browser):
    with watched(browser) as page:
        for source in ("meetings", "super_app"):
            for act in ("Chạy ngay", "Thử hỏi nguồn"):
                page.goto(site + BOARD)
                page.click(f"#nguon-{source} button >> text={act}")
                board.work()
                expect(page.locator("[data-over=yes]")).to_be_visible()
                assert too_wide_or_small(page) == [], (source, act)
        for path in (BOARD, "/canh-bao"):
            page.goto(site + path)
            page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
            assert too_wide_or_small(page) == [], path
