"""The report's workspace in the browser: typing without script, two editors, the way to the issued paper, who sees what."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from pypdf import PdfReader

from hue_dti.accounts.model import Grant, Role
from hue_dti.observations.registers import MEETINGS
from hue_dti.storage.registers import Change
from hue_dti.web import create_app
from tests.evidence.signing import added_to, signed
from tests.people import signed_in
from tests.web.conftest import QUARTER, UNIT, words

PAPER, DESK, ISSUE, HISTORY = (f"{QUARTER}/bao-cao{page}" for page in ("", "/soan", "/phat-hanh", "/lich-su"))
SECRETARY, LEADER, OFFICER = Grant(Role.SECRETARY, UNIT), Grant(Role.APPROVER, UNIT), Grant(Role.OFFICER, UNIT)
OF_ANOTHER = Grant(Role.SECRETARY, "479")
NUMBERED = {
    "number": "12",
    "symbol": "BC-BCĐ",
    "day": "24/6/2024",
    "acting_for": "KT. TRƯỞNG BAN",
    "post": "PHÓ TRƯỞNG BAN",
    "signer": "Lê Văn An",
}


@dataclass
class Office:
    """A quarter and the people who work on its report."""

    quarter: Any
    app: Any

    def person(self, login: str, *grants: Grant) -> Browser:
        return Browser(signed_in(self.app, login, *grants, name=f"Người {login}"))

    def anonymous(self) -> Browser:
        return Browser(self.app.test_client())


@dataclass
class Browser:
    """Somebody without JavaScript: opens pages, fills in their forms."""

    client: FlaskClient

    def get(self, address: str) -> Any:
        return self.client.get(address, buffered=True)

    def open(self, address: str, status: int = 200) -> BeautifulSoup:
        answer = self.get(address)
        assert answer.status_code == status, f"{address}: {answer.status_code}"
        return BeautifulSoup(answer.text, "html.parser")

    def filled(self, address: str, action: str, **typed: Any) -> dict[str, Any]:
        """What a form of the page sends, with what was typed into it."""
        form = self.open(address).find("form", action=lambda given: given and given.endswith(action))
        sent = {box["name"]: box.get("value", "") for box in form.select("input[name]") if box.get("type") != "file"}
        sent |= {box["name"]: box.get_text()[1:] if box.get_text().startswith("\n") else box.get_text() for box in form.select("textarea")}
        return sent | typed

    def send(self, address: str, action: str, sent: dict[str, Any], status: int = 303) -> BeautifulSoup:
        place = f"{QUARTER}/bao-cao{action}"
        answer = self.client.post(place, data=sent, buffered=True, content_type="multipart/form-data")
        assert answer.status_code == status, f"{place}: {answer.status_code}"
        assert status != 303 or not answer.headers["Location"].startswith("http")
        return self.open(answer.headers["Location"]) if status == 303 else BeautifulSoup(answer.text, "html.parser")

    def fill(self, address: str, action: str, status: int = 303, **typed: Any) -> BeautifulSoup:
        return self.send(address, action, self.filled(address, action, **typed), status)


@pytest.fixture
def live(another_quarter: Any) -> Office:
    """The quarter before its close."""
    quarter = another_quarter()
    return Office(quarter, create_app(quarter.settings, quarter.storage))


@pytest.fixture
def office(live: Office) -> Office:
    """The quarter closed."""
    live.quarter.close()
    return live


def test_words_are_typed_checked_saved_and_printed_without_script(office):
    binh = office.person("binh", SECRETARY)
    sent = binh.filled(DESK, "/soan")
    refused = binh.send(
        DESK, "/soan", {**sent, "causes": "Còn {III.1: con thieu} tài khoản.", "recommendations": "Đề nghị tỉnh hỗ trợ."}, 422
    )
    assert "có phải {III.1: còn thiếu}?" in words(refused.select_one("#loi"))
    assert refused.select_one("#causes")["aria-invalid"] == "true"
    assert refused.select_one("#recommendations").get_text().strip() == "Đề nghị tỉnh hỗ trợ."
    mended = {**sent, "causes": "Còn {III.1: còn thiếu} tài khoản <b>.", "recommendations": "Đề nghị tỉnh hỗ trợ."}
    preview = binh.send(DESK, "/soan", {**mended, "viec": "xem"}, 200)
    assert "chưa lưu" in words(preview.select_one(".note"))
    kept = binh.send(DESK, "/soan", mended)
    assert "Đã lưu bản số 1" in words(kept.select_one(".kept"))
    assert "Dự thảo, bản số 1" in words(kept.select_one(".report-stands"))
    page = binh.open(PAPER)
    assert "tài khoản <b>." in words(page.select_one(".report-body"))
    assert page.select_one('.report-body a.report-figure[data-path="criteria/III.1/missing"]')
    file = zipfile.ZipFile(io.BytesIO(binh.get(f"{PAPER}.docx").data))
    assert "V. KIẾN NGHỊ, ĐỀ XUẤT" in file.read("word/document.xml").decode()


def test_a_figure_typed_by_hand_is_asked_about_and_kept(office):
    binh = office.person("binh", SECRETARY)
    points = words(binh.open(f"{DESK}/so-lieu").find("code", string="{tổng điểm}").find_parent("tr").select_one("td"))
    kept = binh.fill(DESK, "/soan", causes=f"Mới được {points} điểm.")
    assert "{tổng điểm}" in words(kept.select_one("#phan-causes .asked"))


def test_of_two_editors_the_later_is_told_by_whom_and_keeps_the_typing(office):
    binh, hoa = office.person("binh", SECRETARY), office.person("hoa", SECRETARY)
    mine = hoa.filled(DESK, "/soan", causes="Lời của Hoa.")
    binh.fill(DESK, "/soan", causes="Lời của Bình.")
    told = hoa.send(DESK, "/soan", mine, 409)
    assert "Người binh đã lưu bản số 1" in words(told.select_one("#loi"))
    assert words(told.select_one("#loi ins")) == "Hoa."
    assert told.select_one("#causes").get_text().strip() == "Lời của Hoa."
    again = {**mine, "ban": told.select_one("input[name=ban]")["value"]}
    assert "Đã lưu bản số 2" in words(hoa.send(DESK, "/soan", again).select_one(".kept"))
    history = hoa.open(HISTORY)
    assert [words(each) for each in history.select(".differences del, .differences ins")] == ["Bình.", "Hoa."]
    back = hoa.fill(f"{HISTORY}?ban=1", "/lich-su")
    assert back.select_one("#causes").get_text().strip() == "Lời của Bình."
    assert "lấy lại bản số 1" in words(hoa.open(HISTORY))


def test_before_the_close_every_page_says_draft_and_nothing_is_submitted(live):
    binh = live.person("binh", SECRETARY)
    binh.fill(DESK, "/soan", causes="Nguồn chậm.")
    assert binh.open(PAPER).select_one(".report-draft")
    pages = PdfReader(io.BytesIO(binh.get(f"{PAPER}.pdf").data)).pages
    assert all("DỰ THẢO" in page.extract_text() for page in pages)
    page = binh.open(ISSUE)
    assert "chưa chốt" in words(page)
    assert page.find("form", action=f"{PAPER}/trinh-ky") is None
    token = binh.filled(DESK, "/soan")["csrf_token"]
    assert "chưa chốt" in words(binh.send(ISSUE, "/trinh-ky", {"csrf_token": token, "ban": "1"}, 409).select_one(".note.wrong"))


def test_the_way_to_an_issued_report_that_everybody_may_read(office):
    binh, lan, nobody = office.person("binh", SECRETARY), office.person("lan", LEADER), office.anonymous()
    binh.fill(DESK, "/soan", causes="Nguồn chậm.")
    assert nobody.get(PAPER).status_code == 302
    binh.fill(ISSUE, "/trinh-ky")
    assert "rút về sửa trước" in words(binh.open(DESK))
    assert binh.open(DESK).select_one("#causes").has_attr("readonly")
    assert "chờ bạn" in words(lan.open("/bao-cao").select_one("table"))
    assert "chờ bạn" not in words(binh.open("/bao-cao"))
    assert office.person("khac", OF_ANOTHER).open("/bao-cao").select_one("table") is None
    stale = lan.filled(ISSUE, "/duyet")
    lan.fill(ISSUE, "/tra-lai", **{"ly-do": "Thiếu nguyên nhân"})
    binh.fill(ISSUE, "/trinh-ky")
    assert "vừa có người" in words(lan.send(ISSUE, "/duyet", stale, 409).select_one(".note.wrong"))
    lan.fill(ISSUE, "/duyet")
    wrong = binh.fill(ISSUE, "/phat-hanh", 409, **{**NUMBERED, "symbol": "12"})
    assert "ví dụ BC-BCĐ" in words(wrong.select_one("#symbol-loi"))
    assert wrong.select_one("#signer")["value"] == "Lê Văn An"
    done = binh.fill(ISSUE, "/phat-hanh", **NUMBERED)
    assert "Đã phát hành số 12/BC-BCĐ ngày 24/06/2024" in words(done.select_one(".report-stands"))
    assert "số 12/BC-BCĐ ngày 24/06/2024" in words(binh.open("/bao-cao").select_one("table"))
    page = nobody.open(PAPER)
    assert "Số: 12/BC-BCĐ" in words(page.select_one(".report-head"))
    assert "KT. TRƯỞNG BAN PHÓ TRƯỞNG BAN" in words(page.select_one(".report-signer"))
    assert nobody.get(f"{PAPER}.pdf").status_code == 200
    assert nobody.get(f"{PAPER}?ban=1").status_code == 404
    acts = [each.event.act for each in office.quarter.storage.trail.page() if each.event.act.startswith("report.")]
    assert acts == ["report.issued", "report.approved", "report.submitted", "report.returned", "report.submitted", "report.saved"]
    assert "Thiếu nguyên nhân" in words(binh.open(HISTORY))


def test_a_signed_file_approves_for_a_leader_who_never_signs_in(office):
    binh = office.person("binh", SECRETARY)
    binh.fill(ISSUE, "/trinh-ky")
    assert "đã ký" in words(binh.fill(ISSUE, "/phat-hanh", 409, **NUMBERED).select_one(".note.wrong"))
    body = signed()
    changed = {**NUMBERED, "signed": (io.BytesIO(added_to(body)), "da-ky.pdf")}
    assert "Đã bị sửa sau khi ký" in words(binh.fill(ISSUE, "/phat-hanh", 409, **changed).select_one("#signed-loi"))
    own, storage = uuid4(), office.quarter.storage
    storage.registers.save(
        UNIT,
        MEETINGS.slug,
        [Change(own, own, {"day": "2024-02-05", "subject": "Họp"})],
        "lan",
        "Vũ Lan",
        datetime(2024, 6, 12, 5, 0, tzinfo=UTC),
    )
    shut = binh.fill(ISSUE, "/phat-hanh", 409, **{**NUMBERED, "signed": (io.BytesIO(body), "da-ky.pdf")})
    assert "Sổ họp Ban Chỉ đạo còn đang ghi; hãy xác nhận sổ đã đủ" in words(shut.select_one(".note.wrong"))
    person = office.person("binh2", OFFICER)
    page = person.open(f"/so/{MEETINGS.slug}/{UNIT}/2024-Q2")
    said = {"csrf_token": page.select_one("[name=csrf_token]")["value"], "so": "chua", "vi-sao": "còn biên bản quý I"}
    assert person.client.post(f"/so/{MEETINGS.slug}/{UNIT}/2024-Q2/tinh-trang", data=said).status_code == 303
    done = binh.fill(ISSUE, "/phat-hanh", **{**NUMBERED, "signed": (io.BytesIO(body), "../đã ký.pdf")})
    assert "bằng bản đã ký của Lê Văn An" in words(done.select_one(".issued"))
    assert "người ký số trong tệp khác người ký đã ghi" in words(done.select_one(".issued"))
    link = done.select_one('.issued a[href$=".pdf"]')
    answer = binh.get(link["href"])
    assert words(link) == "đã ký.pdf"
    assert answer.data == body
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    case = office.quarter.storage.reviews.case("483", "2024-Q2")
    assert (case.state.value, case.by.name, case.by.login, case.sender) == ("approved", "Lê Văn An", "văn bản 12/BC-BCĐ", "binh")
    (told,) = [each.event for each in office.quarter.storage.trail.page() if each.event.act == "submission.approved"]
    assert (told.actor, "số 12/BC-BCĐ" in told.reason, "đã ký.pdf" in told.reason) == ("binh", True, True)
    assert office.person("khac", OF_ANOTHER).get(link["href"]).status_code == 404


def test_a_replacing_report_stands_beside_the_one_in_force_until_it_is_issued(office):
    binh, nobody = office.person("binh", SECRETARY), office.anonymous()
    binh.fill(ISSUE, "/trinh-ky")
    binh.fill(ISSUE, "/phat-hanh", **{**NUMBERED, "signed": (io.BytesIO(signed()), "da-ky.pdf")})
    figure = binh.fill(ISSUE, "/dinh-chinh", 409, **_correction("921", "930"))
    assert "lập báo cáo thay thế" in words(figure.select_one(".note.wrong"))
    binh.fill(ISSUE, "/dinh-chinh", **_correction("Quý hai", "Quý II"))
    assert "“Quý hai” sửa là “Quý II”" in words(nobody.open(PAPER))
    binh.fill(ISSUE, "/thay-the", **{"ly-do": "Sai tên cơ quan"})
    assert "Số: 12/BC-BCĐ" in words(nobody.open(PAPER))
    assert "Báo cáo này thay thế Báo cáo số 12/BC-BCĐ" in words(binh.open(f"{PAPER}?ban=nhap"))
    binh.fill(ISSUE, "/trinh-ky")
    taken = {**NUMBERED, "signed": (io.BytesIO(signed()), "da-ky.pdf")}
    assert "đã cấp cho báo cáo Quý II/2024" in words(binh.fill(ISSUE, "/phat-hanh", 409, **taken).select_one("#number-loi"))
    binh.fill(ISSUE, "/phat-hanh", **{**taken, "number": "13", "signed": (io.BytesIO(signed()), "da-ky.pdf")})
    assert "Số: 13/BC-BCĐ" in words(nobody.open(PAPER))
    assert "đã được thay thế bởi báo cáo số 13/BC-BCĐ" in words(nobody.open(f"{PAPER}?lan=1"))


def test_each_page_and_act_is_for_those_whose_work_it_is(office):
    pages = {DESK: {"binh"}, f"{DESK}/so-lieu": {"binh"}, HISTORY: {"binh", "lan", "nam"}, ISSUE: {"binh", "lan", "nam"}}
    people = {"binh": SECRETARY, "lan": LEADER, "nam": OFFICER, "khac": OF_ANOTHER}
    browsers = {login: office.person(login, grant) for login, grant in people.items()}
    for page, allowed in pages.items():
        assert {login for login, browser in browsers.items() if browser.get(page).status_code == 200} == allowed, page
        assert office.anonymous().get(page).status_code == 302
    acts = {"soan": "binh", "lich-su": "binh", "trinh-ky": "binh", "rut-ve": "binh", "phat-hanh": "binh", "ban-ky": "binh"}
    acts |= {"dinh-chinh": "binh", "thay-the": "binh", "tra-lai": "lan", "duyet": "lan", "lanh-dao-phat-hanh": "lan"}
    tokens = {
        login: browser.open(HISTORY).select_one("[name=csrf_token]")["value"] for login, browser in browsers.items() if login != "khac"
    }
    for act, whose in acts.items():
        for login in tokens.keys() - {whose}:
            answer = browsers[login].client.post(f"{PAPER}/{act}", data={"csrf_token": tokens[login]})
            assert answer.status_code == 404, (act, login)
        assert office.anonymous().client.post(f"{PAPER}/{act}").status_code in {400, 401}
    assert not office.quarter.storage.reports.case(UNIT, "2024-Q2").begun


def _correction(wrong: str, right: str) -> dict[str, str]:
    return {"correction": "13/ĐC-BCĐ", "correction-day": "25/6/2024", "wrong": wrong, "right": right, "ly-do": "viết sai"}
