"""Three whole stories in a real browser, with their clicks and seconds: `python -m benchmarks.stories`.

An officer's quarter on a phone; the secretary, the approver and the issued report; an administrator who invites a person and reads the
trail. A script plays them, so the seconds are those of the machine and a lower bound for a person; the clicks are a person's.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from threading import Thread

import pyotp
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from reportlab.pdfgen.canvas import Canvas
from werkzeug.serving import make_server

from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.passwords import hashed
from hue_dti.config import Settings
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.services.close import close_quarter
from hue_dti.storage import Storage, kept_running, open_storage, upgrade
from hue_dti.units.load import load_units
from hue_dti.web import create_app
from hue_dti.web.site import EXTENSION

PERIOD, COMMUNE, DISTRICT = Period.parse("2024-Q2"), "20179", "483"
AT_WORK = datetime(2024, 6, 5, 2, 0, tzinfo=UTC)
PASSWORD = "gạo-lứt-bên-sông-Hương"
PERSONS = {
    "quan.tri": ("Nguyễn Thị Quản", "Quản trị hệ thống", Grant(Role.PROVINCE_ADMIN, "46")),
    "can.bo": ("Võ Thị Xuân", "Công chức Văn hóa - Xã hội", Grant(Role.OFFICER, COMMUNE)),
    "thu.ky": ("Phạm Thị Thư", "Thư ký Ban Chỉ đạo", Grant(Role.SECRETARY, DISTRICT)),
    "lanh.dao": ("Hồ Văn Duyệt", "Phó Chủ tịch UBND huyện", Grant(Role.APPROVER, DISTRICT)),
}
BROWSER = "/usr/bin/chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 90_000


@dataclass
class Hand:
    """A person before a page: what is clicked and sent is counted."""

    page: Page
    base: str
    seen: Callable[[Page], None] = lambda page: None
    clicks: int = 0
    fields: int = 0
    began: float = field(default_factory=time.monotonic)

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.seen(self.page)

    def press(self, words: str, role: str = "button") -> None:
        """Press the button, or follow the link, that says this in the page's main part; goes on once the page it leads to is there."""
        self.clicks += 1
        self.page.evaluate("window.left = true")
        self.page.locator("main").get_by_role(role, name=words, exact=True).first.click()  # type: ignore[arg-type]
        self.page.wait_for_function("() => !window.left && document.readyState === 'complete'")
        self.seen(self.page)

    def fill(self, name: str, text: str) -> None:
        self.fields += 1
        self.page.fill(f"main [name='{name}']", text)

    def sign_in(self, login: str) -> None:
        self.open("/dang-nhap")
        self.fill("ten", login)
        self.fill("mat-khau", PASSWORD)
        self.press("Đăng nhập")

    def told(self) -> str:
        """The words of the page's main part."""
        return " ".join(self.page.inner_text("main").split())

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


def prepare(storage: Storage) -> None:
    """The province's units and the persons of the stories."""
    storage.save_units(load_units(folder("criteria")))
    for login, (name, post, grant) in PERSONS.items():
        storage.accounts.add(login, name, post, "", [grant], "thử", AT_WORK)
        storage.accounts.set_password(login, hashed(PASSWORD), AT_WORK)


def officer(hand: Hand) -> str:
    """An officer types every cell of the quarter on a phone and sends them; returns the receipt's code."""
    hand.sign_in("can.bo")
    hand.press("Nhập tiếp", "link")
    cells = hand.page.locator("#nhap tr[data-measure] input.value")
    for place in range(cells.count()):
        cell = cells.nth(place)
        hand.fields += 1
        cell.fill("0" if "infected" in (cell.get_attribute("id") or "") else "20")
        cell.press("Enter")
    done = hand.page.locator("#da-xong")
    hand.page.wait_for_function("() => { const [a, b] = document.getElementById('da-xong').innerText.match(/\\d+/g); return a === b; }")
    assert done.is_visible()
    hand.open(f"/gui/{COMMUNE}/{PERIOD}")
    hand.press("Gửi Ban Chỉ đạo duyệt")
    return hand.page.locator(".huge strong").inner_text()


def approver(hand: Hand) -> str:
    """The approver, on a phone, approves what the commune sent; returns how the case then stands."""
    hand.sign_in("lanh.dao")
    hand.open(f"/phe-duyet/{COMMUNE}/{PERIOD}")
    hand.press("Duyệt")
    return hand.page.locator(".case-line .status").inner_text()


def secretary(hand: Hand, signed: bytes) -> str:
    """The secretary words the report of the closed quarter, submits it, and issues it with the signed paper; returns what is issued."""
    hand.sign_in("thu.ky")
    hand.open(f"/don-vi/{DISTRICT}/{PERIOD}/bao-cao/soan")
    hand.page.locator("#soan textarea").last.fill("Tổng điểm {tổng điểm}: tiếp tục đôn đốc các xã.")
    hand.press("Lưu bản số 1")
    hand.open(f"/don-vi/{DISTRICT}/{PERIOD}/bao-cao/phat-hanh")
    hand.press("Trình ký")
    hand.fill("number", "27")
    hand.fill("symbol", "BC-BCĐ")
    hand.fill("day", "11/06/2024")
    hand.fields += 2
    hand.page.get_by_label("Họ và tên người ký").fill("Hồ Văn Duyệt")
    hand.page.set_input_files("#signed", {"name": "bao-cao-da-ky.pdf", "mimeType": "application/pdf", "buffer": signed})
    hand.press("Phát hành báo cáo")
    return hand.page.locator(".issued dd").first.inner_text()


def administrator(hand: Hand, other: Hand, at: datetime) -> str:
    """An administrator sets the second factor up and invites a person, who comes in with the code; returns what the trail tells of it."""
    hand.sign_in("quan.tri")
    hand.open("/nguoi-dung")
    secret = hand.page.locator("code.spelt").inner_text().replace(" ", "")
    hand.fill("ma", pyotp.TOTP(secret).at(at))
    hand.press("Bật mã hai lớp")
    hand.open("/nguoi-dung")
    hand.press("Mời người dùng", "link")
    for name, text in {"ho-ten": "Lê Thị Mới", "chuc-vu": "Công chức Văn phòng", "ten": "le.moi", "don-vi": "20161"}.items():
        hand.fill(name, text)
    hand.press("Tạo tài khoản và lấy mã mời")
    code = hand.page.locator(".secret code").inner_text()
    other.open("/dang-nhap")
    other.press("Nhập mã mời và đặt mật khẩu", "link")
    for name, text in {"ma": code, "mat-khau": PASSWORD, "nhac-lai": PASSWORD}.items():
        other.fill(name, text)
    other.press("Đặt mật khẩu và vào")
    hand.open("/nhat-ky")
    return hand.told()


def signed_paper() -> bytes:
    """A page that stands for the report as it was signed and scanned."""
    kept = BytesIO()
    paper = Canvas(kept)
    paper.drawString(72, 770, "Scan")
    paper.save()
    return kept.getvalue()


def close(app: Flask, home: Path) -> None:
    """The district's quarter is closed on its day."""
    site = app.extensions[EXTENSION]
    unit = next(each for each in site.storage.units() if each.code == DISTRICT and each.exists_on(PERIOD.end))
    day_after = datetime(2024, 6, 11, 2, 0, tzinfo=UTC)
    app.config["CLOCK"] = lambda: day_after
    close_quarter(site.storage, site.catalogue, unit, PERIOD, lambda: day_after, "lịch chạy", home=home)


@contextmanager
def hand_of(browser: Browser, base: str, width: int, seen: Callable[[Page], None] = lambda page: None) -> Iterator[Hand]:
    """Somebody with a browser of their own; `seen` is called with every page that opens."""
    with browser.new_context(viewport={"width": width, "height": 740}, has_touch=width < 500) as context:
        context.set_default_timeout(PATIENCE_MS)
        yield Hand(context.new_page(), base, seen)


@contextmanager
def _site() -> Iterator[tuple[Flask, str, Path]]:
    with tempfile.TemporaryDirectory(prefix="hue-dti-stories-") as place:
        Path(place).chmod(0o755)
        settings = Settings(home=Path(place) / "home")
        with kept_running(settings):
            upgrade(settings)
            with open_storage(settings) as storage:
                prepare(storage)
                app = create_app(settings, storage)
                app.config["CLOCK"] = lambda: AT_WORK
                logging.getLogger("werkzeug").setLevel(logging.ERROR)
                server = make_server("127.0.0.1", 0, app, threaded=True)
                Thread(target=server.serve_forever, daemon=True).start()
                yield app, f"http://127.0.0.1:{server.server_port}", Path(place)
                server.shutdown()


def _say(story: str, hand: Hand) -> None:
    print(f"| {story} | {hand.clicks} | {hand.fields} | {hand.seconds:.1f} |")


def main() -> None:
    """Play the stories and print their clicks and seconds."""
    with sync_playwright() as player, _site() as (app, base, home):
        browser = player.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        print("| story | clicks | fields | seconds |\n| --- | --- | --- | --- |")
        with hand_of(browser, base, 360) as hand:
            officer(hand)
            _say("officer, the whole quarter on a phone", hand)
        with hand_of(browser, base, 360) as hand:
            approver(hand)
            _say("approver, one commune on a phone", hand)
        close(app, home)
        with hand_of(browser, base, 1366) as hand:
            secretary(hand, signed_paper())
            _say("secretary, from the closed quarter to the issued report", hand)
        with hand_of(browser, base, 1366) as hand, hand_of(browser, base, 360) as other:
            administrator(hand, other, app.config["CLOCK"]())
            _say("administrator, inviting and reading the trail", hand)
            _say("the person invited", other)
        browser.close()


if __name__ == "__main__":
    main()
