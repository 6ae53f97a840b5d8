"""Every page against the rules of WCAG 2.2 AA that a machine can check, in a real browser, on a phone and on a PC."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tests.web.test_browser import PAGES, browser, watched  # noqa: F401 - browser is a fixture

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => (await axe.run(document, {runOnly: tags, resultTypes: ['violations']})).violations
  .flatMap(each => each.nodes.map(node => `${each.impact} ${each.id}: ${node.target} ${node.failureSummary}`))"""


@pytest.mark.parametrize("width", [360, 1366])
def test_every_page_keeps_the_rules(browser, address, width):  # noqa: F811
    found = []
    with watched(browser, width) as page:
        for path in PAGES:
            page.goto(address + path)
            page.evaluate(AXE)
            found += [f"{path}: {each}" for each in page.evaluate(RUN, RULES)]
    assert found == []
