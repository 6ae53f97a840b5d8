"""A quarter in a real browser whose scripts are off, on a phone: `python -m benchmarks.proofs.without_scripts`.

An officer signs in, types, hands in a picture, checks and sends; an approver reviews, returns one figure with a reason, and approves
what comes back. Everything is read and sent by plain pages and forms.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from playwright.sync_api import Browser, sync_playwright

from benchmarks.proofs.at_work import COMMUNE, DISTRICT, FIRST, OPEN, AtWork, district_at_work, served
from benchmarks.proofs.by_keys import criterion_of, let_in
from benchmarks.stories import BROWSER, SWITCHES, Hand
from tests.evidence.papers import png


def officer(hand: Hand, criterion: str) -> str:
    """Type all that is open, hand a picture in, send; the receipt's code."""
    hand.sign_in(FIRST)
    hand.press("Nhập tiếp", "link")
    cells = hand.page.locator("#nhap tr[data-measure] input.value")
    for place in range(cells.count()):
        cell = cells.nth(place)
        hand.fields += 1
        cell.fill("0" if "infected" in (cell.get_attribute("id") or "") else "60")
    hand.press("Lưu cả trang")
    assert "Đã lưu" in hand.told(), hand.told()[:300]
    hand.open(f"/minh-chung/{COMMUNE}/{OPEN}/{criterion}")
    hand.page.set_input_files("#tep", {"name": "anh-chup.png", "mimeType": "image/png", "buffer": png()})
    hand.press("Gửi minh chứng")
    assert "Đã nhận anh-chup.png" in hand.told(), hand.told()[:300]
    hand.open(f"/gui/{COMMUNE}/{OPEN}")
    hand.press("Gửi Ban Chỉ đạo duyệt")
    return hand.page.locator(".huge strong").inner_text()


def return_one(hand: Hand) -> None:
    """Review what came and return one figure with the reason."""
    hand.open(f"/duyet/{COMMUNE}/{OPEN}")
    hand.press("Bắt đầu thẩm tra")
    for details in hand.page.locator("main details:not([open]) > summary").all():
        details.click()
    hand.page.check(f"input[name='o'][value='{COMMUNE}/shops']")
    hand.press("Trả lại các số đã chọn")
    hand.fill("ly-do", "Thiếu thôn 3.")
    hand.press("Trả lại")


def mend(hand: Hand) -> None:
    """Type the returned figure anew, which goes to the committee by itself."""
    hand.open(f"/nhap/{COMMUNE}/{OPEN}?chi=tra-lai")
    assert "Thiếu thôn 3." in hand.told()
    hand.fill("v-shops", "64")
    hand.press("Lưu cả trang")
    assert "Đã lưu 1 ô" in hand.told(), hand.told()[:300]


def approve(hand: Hand) -> str:
    """Approve on the one page; how the case then stands."""
    hand.open(f"/phe-duyet/{COMMUNE}/{OPEN}")
    hand.press("Duyệt")
    return hand.page.locator(".case-line .status").inner_text()


@contextmanager
def hand_of(browser: Browser, base: str) -> Iterator[Hand]:
    """Somebody with a phone that runs no scripts."""
    with browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, java_script_enabled=False) as context:
        yield Hand(context.new_page(), base)


def play(place: AtWork, browser: Browser, base: str) -> tuple[list[str], list[Hand]]:
    """What each step told, and the hands."""
    criterion = criterion_of(place)
    with hand_of(browser, base) as first, hand_of(browser, base) as second:
        told = [officer(first, criterion)]
        second.sign_in("namdong.duyet")
        return_one(second)
        mend(first)
        told.append(approve(second))
    return told, [first, second]


def main() -> int:
    """Play it and tell."""
    begun = monotonic()
    with district_at_work() as place, served(place.app) as base, sync_playwright() as player:
        let_in(place)
        browser = player.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        told, hands = play(place, browser, base)
        kept = place.storage.evidence.of([COMMUNE], str(OPEN))
        browser.close()
    print(
        f"cả quý của {DISTRICT} trên điện thoại không JavaScript (nhập, minh chứng, gửi, trả lại, sửa, duyệt): {', '.join(told)}; "
        f"{len(kept)} minh chứng, {sum(each.clicks for each in hands)} lần bấm, {sum(each.fields for each in hands)} ô; "
        f"{monotonic() - begun:.0f} giây"
    )
    return 0 if told[-1] == "đã duyệt" and len(kept) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
