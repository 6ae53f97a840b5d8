"""The wall in a real browser over 500 refreshes: nothing grows. `python -m benchmarks.proofs.wall`.

The page asks for itself again and turns one panel on; the memory is read from the browser after a garbage collection.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from benchmarks.proofs.installation import CLOSED_UNIT, installation
from benchmarks.proofs.person import PROVINCE, browser_cookie
from benchmarks.proofs.quarters import PERIOD
from hue_dti.accounts.model import Grant, Role
from hue_dti.catalogue.load import load_catalogue
from hue_dti.config import Settings
from hue_dti.numerals import format_count
from hue_dti.resources import folder
from hue_dti.services.close import close_quarter
from hue_dti.storage import open_storage
from hue_dti.web import create_app

CHROMIUM, SWITCHES = "/usr/bin/chromium", ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
READINGS = (50, 500)
"""After how many refreshes the memory is read."""

COMPILERS_OFF = "--js-flags=--no-opt --no-sparkplug --no-maglev --no-flush-bytecode"
"""What the browser compiles anew of code that runs often comes in steps of tens of KB and would hide what the page keeps."""

HEAP_MAY_GROW, NODES_MAY_DIFFER = 1.02, 5


@dataclass(frozen=True, slots=True)
class Held:
    """What the page holds after a garbage collection: bytes of script memory, nodes, listeners, documents."""

    heap: int
    nodes: int
    listeners: int
    documents: int


def held(page: Page) -> Held:
    """Ask the browser; twice collected, since what one collection frees may let go of more."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    found = {each["name"]: int(each["value"]) for each in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return Held(found["JSHeapUsedSize"], found["Nodes"], found["JSEventListeners"], found["Documents"])


REFRESHES = """async times => {
  const wall = () => document.getElementById("man-hinh").dataset.now, wait = () => new Promise(done => setTimeout(done, 5));
  for (let done = 0; done < times; done++) {
    const before = wall();
    dispatchEvent(new Event("online"));
    while (wall() === before) { await wait(); }
    document.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight"}));
  }
}"""
"""As when the network comes back, and a key that turns one panel on; in the page itself, so that asking leaves nothing behind."""


def refresh(page: Page, times: int) -> None:
    """Let the page ask for itself again so many times, turning one panel on each time."""
    page.evaluate(REFRESHES, times)


def watch(address: str, signed_in: Any) -> list[Held]:
    """What the page holds at each reading; `signed_in` is the cookie of somebody who may see it."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=[*SWITCHES, COMPILERS_OFF])
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        context.add_cookies([signed_in])
        page = context.new_page()
        page.goto(f"{address}/man-hinh?giay=5")
        found, done = [], 0
        for reading in READINGS:
            refresh(page, reading - done)
            found, done = [*found, held(page)], reading
        browser.close()
        return found


@contextmanager
def served(settings: Settings) -> Iterator[tuple[str, Any]]:
    """The site over a closed quarter, on loopback, and the cookie of a screen."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    catalogue = load_catalogue(folder("criteria"))
    with open_storage(settings) as storage:
        unit = next(unit for unit in storage.units() if unit.code == CLOSED_UNIT)
        close_quarter(storage, catalogue, unit, PERIOD, lambda: datetime.now(UTC), "proof", home=settings.home)
        app = create_app(settings, storage)
        server: Any = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            base = f"http://127.0.0.1:{server.server_port}"
            yield base, browser_cookie(app, base, "man.hinh", Grant(Role.SCREEN, PROVINCE))
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def main() -> int:
    """Watch, and judge what grew."""
    began = monotonic()
    with installation() as place:
        place.fill()
        with served(place.settings()) as (address, signed_in):
            found = watch(address, signed_in)
    said = ", ".join(
        f"{words} {' → '.join(map(format_count, numbers))}"
        for words, numbers in (
            ("bộ nhớ JavaScript (KB)", [each.heap // 1000 for each in found]),
            ("nút DOM", [each.nodes for each in found]),
            ("trình nghe", [each.listeners for each in found]),
            ("tài liệu", [each.documents for each in found]),
        )
    )
    at = ", ".join(map(format_count, READINGS))
    print(f"{format_count(READINGS[-1])} lần làm mới, đọc ở lần {at}: {said} ({monotonic() - began:.0f} giây)")
    return 0 if flat(*found) else 1


def flat(early: Held, late: Held) -> bool:
    """Whether nothing was kept between two readings."""
    same = (early.listeners, early.documents) == (late.listeners, late.documents)
    return same and late.nodes - early.nodes <= NODES_MAY_DIFFER and late.heap <= early.heap * HEAP_MAY_GROW


if __name__ == "__main__":
    sys.exit(main())
