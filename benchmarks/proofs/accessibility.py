"""Every page before every role in a real browser, on a phone and on a PC: `python -m benchmarks.proofs.accessibility [ROLE…]`.

The rules of WCAG 2.2 AA by axe, nothing sideways, no link that leads nowhere, no page above 150 KB on a first visit. A page whose
content is the same for another role is looked at once, and of the pages of a kind (the same route, kind of unit, period and question) one.
A role is walked through while the browser looks at the pages of the one before, as the walk met them.

`--pages WORD` looks only at pages whose route or address has the word; `--list` opens no browser and tells only which pages nobody is led
to, which links lead nowhere and what is too heavy.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Queue
from time import monotonic

from playwright.sync_api import Browser, Route, sync_playwright
from playwright.sync_api import Page as Tab

from benchmarks.proofs.at_work import CLOSED, COMMUNE, DISTRICT, OPEN, PERSONS, AtWork, district_at_work, served
from benchmarks.proofs.furnished import furnish
from benchmarks.proofs.furnished_aside import GIVEN
from benchmarks.proofs.person import COOKIE
from benchmarks.proofs.walk import Page, Walk
from benchmarks.stories import BROWSER, SWITCHES
from tests.web.axe import breaches

WIDTHS, HEAVIEST = (360, 1366), 150_000
NOT_LINKED = (
    *("/tim?q=huong", "/man-hinh", "/man-hinh/bang", "/dang-nhap", "/nhan-loi-moi", "/bat-dau", "/nguon/tin-cho-xem", "/ten-don-vi"),
    *(f"/duyet/{COMMUNE}/{OPEN}/xac-nhan?viec={what}" for what in ("duyet", "tra-lai")),
    *(f"/don-vi/{DISTRICT}/{CLOSED}/doi-chieu", f"/don-vi/{DISTRICT}/{CLOSED}/tin/leader_news", f"/nhap/{COMMUNE}/{OPEN}/tep"),
    *(f"/nguon/police/{what}?don-vi={DISTRICT}&ky={OPEN}&viec=1&sau=0" for what in ("lan-chay", "lan-thu")),
    *(f"/duyet/{COMMUNE}/{OPEN}/o/{COMMUNE}/shops", f"/tinh/{CLOSED}/{GIVEN}", f"/nguon/police/nop-tep/{DISTRICT}/{OPEN}"),
)
"""Pages that forms lead to, that are opened by hand, or that have more to show than others of their kind."""

NEVER_OPENED = {"sign_in_code", "shared_sign_in", "shared_return", "entry_token", "first_run"}
"""A second step of signing in, sign-in by another system, what only scripts ask, the first run: opened in tests of their own."""

_MAIN, _TAG = re.compile(r"<main.*?</main>", re.DOTALL), re.compile(r"<(\w+)([^>]*)>")
_SAYS = re.compile(r'(?:class|role|type|scope|aria-hidden|aria-current|hidden|open|disabled|checked|tabindex)(?:="[^"]*")?|[\w-]+(?==")')
_ROW = re.compile(r"\|(?=(?:tr|li|section|article) )")


@dataclass
class Tally:
    """What was opened and what was found wrong."""

    opened: int = 0
    links: int = 0
    heaviest: tuple[int, str] = (0, "")
    wrong: list[str] = field(default_factory=list)
    slight: Counter[str] = field(default_factory=Counter)
    endpoints: set[str] = field(default_factory=set)
    known: set[tuple[str, ...]] = field(default_factory=set)

    def note(self, who: str, broken: Sequence[str]) -> None:
        """Sort what a page breaks by how bad it is."""
        for each in broken:
            told = f"{who}: {each}"
            if re.search(r": (?:serious|critical) ", told):
                print(told, flush=True)
                self.wrong.append(told)
            else:
                self.slight[each.split(": ", 1)[1]] += 1


def walks(place: AtWork, logins: Collection[str], tally: Tally) -> Iterator[tuple[str, list[Page]]]:
    """Each one's pages, the next one on the way while the last one's pages are looked at; nobody's login is empty."""
    found: Queue[tuple[str, list[Page]] | None] = Queue()

    def go() -> None:
        try:
            for login in logins:
                walk = Walk(place.app, place.browse(login))
                pages = list(walk.pages("/", *NOT_LINKED))
                weigh(pages, walk, tally)
                found.put((login, pages))
        finally:
            found.put(None)

    with ThreadPoolExecutor(1) as apart:
        going = apart.submit(go)
        yield from iter(found.get, None)
        going.result()


def weigh(pages: Sequence[Page], walk: Walk, tally: Tally) -> None:
    """Note links that lead nowhere, anchors that are not there, and pages too heavy."""
    texts = {page.address: page.text for page in pages}
    tally.wrong += [f"liên kết hỏng {each}" for each in walk.dead]
    tally.wrong += [f"không có chỗ #{anchor} ở {at}" for at, anchor in walk.anchors if at in texts and f'id="{anchor}"' not in texts[at]]
    tally.wrong += [f"{page.address}: {page.weight} byte" for page in pages if page.weight > HEAVIEST]
    tally.heaviest = max(tally.heaviest, *((page.weight, page.address) for page in pages))
    tally.links += walk.links
    tally.endpoints |= {page.endpoint for page in pages} | set(walk.files)


def new_kinds(pages: Sequence[Page], tally: Tally, word: str) -> list[Page]:
    """The pages that nobody saw built like this."""
    found = []
    for page in pages:
        tally.opened += len(WIDTHS)
        built = built_of(page.text)
        if built not in tally.known and (word in page.endpoint or word in page.address):
            tally.known.add(built)
            found.append(page)
    return found


def look(place: AtWork, browser: Browser, base: str, login: str, pages: Sequence[Page], tally: Tally) -> None:
    """Hold each page against the rules, at both widths."""
    with browser.new_context() as context:
        if login:
            context.add_cookies([{"name": COOKIE, "value": place.token(login), "url": base, "httpOnly": True}])
        tab = context.new_page()
        for page in pages:
            show(tab, base, page)
            for width in WIDTHS:
                tab.set_viewport_size({"width": width, "height": 768})
                tally.note(f"{login or 'không ai'}, {width}", breaches(tab))
                if not tab.evaluate("document.scrollingElement.scrollWidth <= innerWidth"):
                    tally.wrong.append(f"{login}, {width}: {page.address} rộng hơn màn hình")


def show(tab: Tab, base: str, page: Page) -> None:
    """Open the page as the walk met it: its text and headers are not asked of the site a second time, what it loads is."""

    def answer(route: Route) -> None:
        route.fulfill(status=200, headers=dict(page.headers), body=page.text)

    address = base + page.address.partition("#")[0]
    tab.route(address, answer, times=1)
    tab.goto(address)


def built_of(text: str) -> tuple[str, ...]:
    """How the page's main part is built: its elements with what they are to a reader of screens, like rows once, no words."""
    main = _MAIN.search(text)
    built = [f"{name} {' '.join(sorted(_SAYS.findall(rest)))}" for name, rest in _TAG.findall(main[0] if main else text)]
    return tuple(dict.fromkeys(_ROW.split("|".join(built))))


def missed(place: AtWork, tally: Tally) -> set[str]:
    """Pages of the site that nobody was led to."""
    routes = {rule.endpoint for rule in place.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    told = {"static", "bootstrap.static", "language", "healthz", "readyz", "metrics"}
    return routes - told - NEVER_OPENED - tally.endpoints


def sweep(place: AtWork, logins: Collection[str], tally: Tally, word: str, only_list: bool) -> None:
    """Open what each of these persons can reach, and look at every kind of page once."""
    with served(place.app) as base, sync_playwright() as player:
        browser = None if only_list else player.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        for login, pages in walks(place, logins, tally):
            new = new_kinds(pages, tally, word)
            print(f"{login or 'không ai'}: {len(pages)} trang, {len(new)} kiểu chưa xem", flush=True)
            if browser is not None:
                look(place, browser, base, login, new, tally)
        if browser is not None:
            browser.close()


def main(arguments: Sequence[str]) -> int:
    """Sweep and tell."""
    asking = ArgumentParser(prog="python -m benchmarks.proofs.accessibility")
    asking.add_argument("roles", nargs="*", metavar="ROLE")
    asking.add_argument("--pages", default="", metavar="WORD")
    asking.add_argument("--list", action="store_true")
    asked = asking.parse_args(arguments)
    begun, tally = monotonic(), Tally()
    with district_at_work() as place:
        furnish(place)
        sweep(place, asked.roles or ("", *PERSONS), tally, asked.pages, asked.list)
        unseen = set() if asked.roles else missed(place, tally)
    for each in (*tally.wrong, *(f"không ai tới được {name}" for name in sorted(unseen))):
        print(each)
    for told, times in tally.slight.most_common():
        print(f"nhẹ, {times} lần: {told}")
    if asked.list:
        print(f"{len(tally.known)} kiểu trang khác nhau, {tally.links} liên kết, chưa mở trình duyệt; {monotonic() - begun:.0f} giây")
    else:
        print(closing(tally, len(asked.roles or PERSONS) + (not asked.roles), monotonic() - begun))
    return 1 if tally.wrong or unseen else 0


def closing(tally: Tally, roles: int, seconds: float) -> str:
    """What the whole of it came to."""
    heaviest, address = tally.heaviest
    return (
        f"{tally.opened} lượt trang × vai trò × cỡ màn hình ({roles} vai trò kể cả người không đăng nhập, "
        f"{' và '.join(map(str, WIDTHS))} px), {len(tally.known)} kiểu trang khác nhau qua axe ở cả hai cỡ, {tally.links} liên kết: "
        f"{len(tally.wrong)} lỗi nặng, {sum(tally.slight.values())} nhắc nhẹ; "
        f"trang nặng nhất {heaviest / 1000:.0f} KB ({address}); {seconds:.0f} giây"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
