"""The rules of WCAG 2.2 AA that a machine can check, held against a page of a real browser."""

from __future__ import annotations

from importlib.resources import files

from playwright.sync_api import Page

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async tags => (await axe.run(document, {runOnly: tags, resultTypes: ['violations']})).violations
  .flatMap(each => each.nodes.map(node => `${each.impact} ${each.id}: ${node.target} ${node.failureSummary}`))"""


def breaches(page: Page) -> list[str]:
    """What the page breaks, each with the place on the page and what would mend it."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_AXE)
    return [f"{page.url}: {each}" for each in page.evaluate(_RUN, _RULES)]
