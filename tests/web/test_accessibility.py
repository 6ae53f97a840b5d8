"""Every page of the province against the rules of accessibility; those of persons' work are held against them as the stories are played."""

from __future__ import annotations

from tests.web.axe import breaches
from tests.web.test_browser import PAGES, browser, watched  # noqa: F401 - browser is a fixture


def test_every_page_keeps_the_rules_on_a_phone(browser, address):  # noqa: F811
    found = []
    with watched(browser, 360) as page:
        for path in PAGES:
            page.goto(address + path)
            found += breaches(page)
    assert found == []
