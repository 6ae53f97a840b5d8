"""A whole quarter by the keyboard alone, in a real browser: `python -m benchmarks.proofs.by_keys`.

An officer signs in, types every cell, explains a missing proof and sends; an approver reviews and approves; the quarter is closed; the
secretary words, submits and issues the report which the approver approves. Only Tab, Enter, Space, arrows and letters; at every stop the
focus is in sight and not covered, it is never lost and never caught, and every page begins with a link that skips to its content.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.proofs.at_work import COMMUNE, DISTRICT, FIRST, OPEN, PERSONS, AtWork, district_at_work, served
from benchmarks.stories import BROWSER, PASSWORD, SWITCHES
from hue_dti.accounts.passwords import hashed
from hue_dti.services.close import close_quarter
from hue_dti.services.evidence_overview import overview
from hue_dti.units.model import OrgUnit

AFTERWARDS = datetime(2024, 10, 2, 2, 0, tzinfo=UTC)
MOST_STOPS = 900
STOP = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const it = document.activeElement;
  if (!it || it === document.body || it === document.documentElement) { return null; }
  const words = text => (text || '').trim().replace(/\\s+/g, ' ');
  const box = it.getClientRects()[0] || it.getBoundingClientRect();
  const upper = Math.max(box.top, 0), lower = Math.min(box.bottom, innerHeight), across = box.left + Math.min(box.width / 2, 20);
  const shows = part => {
    const top = document.elementFromPoint(across, upper + (lower - upper) * part);
    return !!top && (top === it || it.contains(top) || top.contains(it) && top !== document.documentElement && top !== document.body);
  };
  const ringed = part => { const s = getComputedStyle(it, part); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0; };
  const caught = window.lastStop === it;
  window.lastStop = it;
  return {
    name: words(it.getAttribute('aria-label') || (it.labels && it.labels[0] ? it.labels[0].innerText : '') || it.innerText || it.value),
    tag: it.tagName, id: it.id, kind: it.className, caught,
    seen: box.width > 0 && lower - upper >= Math.min(box.height, 20) && [.1, .3, .5, .7, .9].some(shows),
    ringed: ringed(null) || ringed('::after') || ringed('::before'),
  };
}"""


@dataclass
class Keys:
    """A person with a keyboard; what was pressed, and what was wrong on the way."""

    page: Page
    base: str
    pressed: int = 0
    stops: int = 0
    wrong: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Type an address; the first stop of the page skips to its content."""
        self.page.goto(self.base + path)
        first = self.tab()
        if first is None or "skip" not in first["kind"]:
            self.wrong.append(f"{path}: không có liên kết bỏ qua phần đầu")

    def press(self, key: str) -> None:
        self.pressed += 1
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.pressed += len(text)
        self.page.keyboard.type(text)

    def tab(self) -> dict[str, str] | None:
        """Go on to the next stop, and look whether one sees where one is."""
        self.press("Tab")
        found: dict[str, str] | None = self.page.evaluate(STOP)
        if found is not None:
            self.stops += 1
            for what, wrong in (("bị giữ lại", found["caught"]), ("không thấy", not found["seen"]), ("không viền", not found["ringed"])):
                if wrong:
                    self.wrong.append(f"{self.page.url}: tiêu điểm {what} ở {found['tag']} {found['name'][:60]}")
        return found

    def reach(self, name: str, tag: str = "") -> None:
        """Tab on to what is called so; beyond the end of a page one comes to its beginning, once."""
        ends = 0
        for _ in range(MOST_STOPS):
            found = self.tab()
            ends += found is None
            if found is not None and found["name"] == name and tag in ("", found["tag"]):
                return
            if ends > 1:
                break
        raise AssertionError(f"{self.page.url}: phím Tab không tới được '{name}'")

    def do(self, name: str, tag: str = "") -> None:
        """Reach a link or a button and follow it with Enter."""
        self.reach(name, tag)
        with self.page.expect_navigation():
            self.press("Enter")

    def sign_in(self, login: str) -> None:
        self.open("/dang-nhap")
        self.reach("Tên đăng nhập")
        self.write(login)
        self.reach("Mật khẩu")
        self.write(PASSWORD)
        with self.page.expect_navigation():
            self.press("Enter")


def officer(keys: Keys, criterion: str) -> str:
    """Type every open cell, explain a missing proof, send; the receipt's code."""
    keys.sign_in(FIRST)
    keys.do("Nhập tiếp")
    keys.page.wait_for_selector("body.with-script")
    cells = keys.page.locator("#nhap tr[data-measure] .value").count()
    for _ in range(cells):
        at = keys.page.evaluate(STOP)
        if at is None or "value" not in at["kind"]:
            break
        if at["tag"] == "SELECT":
            keys.press("ArrowDown")
        else:
            keys.write("0" if "infected" in at["id"] else "60")
        keys.press("Enter")
    keys.page.wait_for_function("() => { const [a, b] = document.getElementById('da-xong').innerText.match(/\\d+/g); return a === b; }")
    keys.open(f"/minh-chung/{COMMUNE}/{OPEN}/{criterion}")
    keys.reach("Chưa có minh chứng: giải trình")
    keys.press("Enter")
    keys.reach("Vì sao chưa có, khi nào có")
    keys.write("Chờ huyện ký, có trước ngày 20.")
    keys.do("Gửi giải trình")
    keys.open(f"/gui/{COMMUNE}/{OPEN}")
    keys.do("Gửi Ban Chỉ đạo duyệt")
    return keys.page.locator(".huge strong").inner_text()


def committee(keys: Keys, commune: str) -> str:
    """Find the commune in the list, review and approve; how its case then stands."""
    keys.sign_in("namdong.duyet")
    keys.open(f"/tien-do/{DISTRICT}/{OPEN}")
    keys.do(commune)
    keys.do("Bắt đầu thẩm tra")
    keys.do("Duyệt")
    keys.do("Duyệt")
    return keys.page.locator(".case-line .status").inner_text()


def report(secretary: Keys, leader: Keys) -> str:
    """Word the closed quarter's report, submit it, have it approved, issue it; its number."""
    address = f"/don-vi/{DISTRICT}/{OPEN}/bao-cao"
    secretary.sign_in("namdong.thuky")
    secretary.open(f"{address}/soan")
    while (found := secretary.tab()) is None or found["tag"] != "TEXTAREA":
        pass
    secretary.write("Quý này các xã đã nhập đủ số liệu. ")
    secretary.do("Lưu bản số 1")
    secretary.open(f"{address}/phat-hanh")
    secretary.do("Trình ký")
    leader.sign_in("namdong.duyet")
    leader.open(f"{address}/phat-hanh")
    leader.do("Duyệt báo cáo")
    secretary.open(f"{address}/phat-hanh")
    for name, text in (("Số", "31"), ("Ký hiệu", "BC-BCĐ"), ("Ngày ban hành", "02/10/2024"), ("Họ và tên người ký", "Hồ Văn Duyệt")):
        secretary.reach(name)
        secretary.write(text)
    secretary.do("Phát hành báo cáo")
    return secretary.page.locator(".issued dd").first.inner_text()


def let_in(place: AtWork) -> None:
    """The persons of the quarter with their passwords."""
    for login in (FIRST, "namdong.duyet", "namdong.thuky"):
        who = PERSONS[login]
        place.storage.accounts.add(login, who.name, who.post, "", [who.grant], "thử", place.now())
        place.storage.accounts.set_password(login, hashed(PASSWORD), place.now())


def unit_of(place: AtWork, code: str) -> OrgUnit:
    """The unit as it stands in the open quarter."""
    return next(each for each in place.storage.units() if each.code == code and each.exists_on(OPEN.end))


def criterion_of(place: AtWork) -> str:
    """The commune's first criterion that asks for a proof."""
    return overview(place.storage, place.catalogue, unit_of(place, COMMUNE), OPEN)[0].criterion.code


def close(place: AtWork) -> None:
    """The open quarter's day is over."""
    place.app.config["CLOCK"] = lambda: AFTERWARDS
    close_quarter(place.storage, place.catalogue, unit_of(place, DISTRICT), OPEN, lambda: AFTERWARDS, "lịch chạy", home=place.settings.home)


@contextmanager
def keys_of(browser: Browser, base: str) -> Iterator[Keys]:
    """Somebody with a browser of their own."""
    with browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce") as context:
        yield Keys(context.new_page(), base)


def main() -> int:
    """Play the quarter and tell."""
    begun = monotonic()
    with district_at_work() as place, served(place.app) as base, sync_playwright() as player:
        let_in(place)
        browser = player.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        with keys_of(browser, base) as first, keys_of(browser, base) as second:
            told = [officer(first, criterion_of(place)), committee(second, unit_of(place, COMMUNE).name)]
        close(place)
        with keys_of(browser, base) as third, keys_of(browser, base) as fourth:
            told.append(report(third, fourth))
        browser.close()
    hands = (first, second, third, fourth)
    wrong = list(dict.fromkeys(each for keys in hands for each in keys.wrong))
    for each in wrong:
        print(each)
    done = bool(told[0]) and told[1:] == ["đã duyệt", "31/BC-BCĐ"]
    print(
        f"cả quý chỉ bằng bàn phím (nhập, giải trình, gửi, thẩm tra, duyệt, báo cáo, phát hành): {', '.join(told)}; "
        f"{sum(keys.pressed for keys in hands)} phím, {sum(keys.stops for keys in hands)} chỗ dừng, {len(wrong)} chỗ không thấy, mất hay "
        f"kẹt tiêu điểm; {monotonic() - begun:.0f} giây"
    )
    return 0 if done and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
