"""What script adds to the report's workspace: a figure goes in where one types, and unsaved words are not lost by a slip."""

from __future__ import annotations

from hue_dti.accounts.model import Grant, Role
from tests.people import browser_cookie
from tests.web.conftest import QUARTER, UNIT
from tests.web.test_browser import browser, watched

__all__ = ["browser"]


def test_a_figure_is_inserted_where_one_types_and_leaving_unsaved_words_asks_first(golden, address, browser):
    with watched(browser) as page:
        page.context.add_cookies([browser_cookie(golden.app, address, "thu.ky", Grant(Role.SECRETARY, UNIT))])
        page.goto(f"{address}{QUARTER}/bao-cao/soan")
        page.fill("#causes", "Còn  tài khoản.")
        page.evaluate("document.getElementById('causes').setSelectionRange(4, 4)")
        page.fill("#ten-so-lieu", "III.1: còn thiếu")
        page.press("#ten-so-lieu", "Enter")
        assert page.input_value("#causes") == "Còn {III.1: còn thiếu} tài khoản."
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.click("text=Xem báo cáo")
        page.wait_for_url("**/bao-cao")
        assert asked == ["beforeunload"]
