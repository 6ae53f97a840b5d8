"""Pages of the province against the rules of accessibility, the richest of each kind; the proof `accessibility` opens every page.

Those of persons' work are held against the rules as the stories are played.
"""

from __future__ import annotations

from tests.web.axe import breaches
from tests.web.test_browser import QUARTER, browser, watched  # noqa: F401 - browser is a fixture

PAGES = ("/nguon", "/so-lieu-nen?don-vi=20167&nam=2024", "/man-hinh/bang", QUARTER, f"{QUARTER}/tieu-chi/III.1", f"{QUARTER}/bao-cao")


def test_the_richest_pages_keep_the_rules_on_a_phone(browser, address):  # noqa: F811
    found = []
    with watched(browser, 360) as page:
        for path in PAGES:
            page.goto(address + path)
            found += breaches(page)
    assert found == []
