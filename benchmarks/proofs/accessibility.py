"""Every page before every role in a real browser, on a phone and on a PC: `python -m benchmarks.proofs.accessibility [ROLE…]`.

The rules of WCAG 2.2 AA by axe, nothing sideways, no link that leads nowhere, no page above 150 KB on a first visit. A page whose
content is the same for another role is looked at once, and of the pages of a kind (the same route, kind of unit, period and question) one.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from time import monotonic

from playwright.sync_api import Browser, sync_playwright

from benchmarks.proofs.at_work import CLOSED, COMMUNE, DISTRICT, OPEN, PERSONS, AtWork, district_at_work, served
from benchmarks.proofs.furnished import furnish
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
)
"""Pages that forms lead to, or that are opened by hand."""

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


def sweep(place: AtWork, browser: Browser, base: str, logins: Collection[str], tally: Tally) -> None:
    """Open what each of these persons can reach; the empty login is nobody's."""
    for login in logins:
        walk = Walk(place.app, place.browse(login))
        pages = list(walk.pages("/", *NOT_LINKED))
        print(f"{login or 'không ai'}: {len(pages)} trang", flush=True)
        weigh(pages, walk, tally)
        look(place, browser, base, login, pages, tally)


def weigh(pages: Sequence[Page], walk: Walk, tally: Tally) -> None:
    """Note links that lead nowhere, anchors that are not there, and pages too heavy."""
    texts = {page.address: page.text for page in pages}
    tally.wrong += [f"liên kết hỏng {each}" for each in walk.dead]
    tally.wrong += [f"không có chỗ #{anchor} ở {at}" for at, anchor in walk.anchors if at in texts and f'id="{anchor}"' not in texts[at]]
    tally.wrong += [f"{page.address}: {page.weight} byte" for page in pages if page.weight > HEAVIEST]
    tally.heaviest = max(tally.heaviest, *((page.weight, page.address) for page in pages))
    tally.links += walk.links
    tally.endpoints |= {page.endpoint for page in pages} | set(walk.files)


def look(place: AtWork, browser: Browser, base: str, login: str, pages: Sequence[Page], tally: Tally) -> None:
    """Hold each page that nobody saw yet against the rules, at both widths."""
    with browser.new_context() as context:
        if login:
            context.add_cookies([{"name": COOKIE, "value": place.token(login), "url": base, "httpOnly": True}])
        tab = context.new_page()
        for page in pages:
            tally.opened += len(WIDTHS)
            built = built_of(page.text)
            if built in tally.known:
                continue
            tally.known.add(built)
            tab.goto(base + page.address)
            for width in WIDTHS:
                tab.set_viewport_size({"width": width, "height": 768})
                tally.note(f"{login or 'không ai'}, {width}", breaches(tab))
                if not tab.evaluate("document.scrollingElement.scrollWidth <= innerWidth"):
                    tally.wrong.append(f"{login}, {width}: {page.address} rộng hơn màn hình")


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


def main(logins: Sequence[str]) -> int:
    """Sweep and tell."""
    begun, tally = monotonic(), Tally()
    with district_at_work() as place, served(place.app) as base, sync_playwright() as player:
        furnish(place)
        browser = player.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        sweep(place, browser, base, logins or ("", *PERSONS), tally)
        browser.close()
        unseen = set() if logins else missed(place, tally)
    for each in (*tally.wrong, *(f"không ai tới được {name}" for name in sorted(unseen))):
        print(each)
    for told, times in tally.slight.most_common():
        print(f"nhẹ, {times} lần: {told}")
    heaviest, address = tally.heaviest
    print(
        f"{tally.opened} lượt trang × vai trò × cỡ màn hình ({len(logins or PERSONS) + (not logins)} vai trò kể cả người không đăng nhập, "
        f"{' và '.join(map(str, WIDTHS))} px), {len(tally.known)} kiểu trang khác nhau qua axe ở cả hai cỡ, {tally.links} liên kết: "
        f"{len(tally.wrong)} lỗi nặng, {sum(tally.slight.values())} nhắc nhẹ; "
        f"trang nặng nhất {heaviest / 1000:.0f} KB ({address}); {monotonic() - begun:.0f} giây"
    )
    return 1 if tally.wrong or unseen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
