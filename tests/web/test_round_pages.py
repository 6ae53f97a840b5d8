"""A round on its pages: opened, marked in its days by whom it belongs to, published for everybody; nobody sees another's sheet before."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from bs4 import BeautifulSoup

from hue_dti.accounts.model import Grant, Role
from hue_dti.appraisal.rounds import Phase
from hue_dti.rollup.rounds import thaw
from hue_dti.services.round_opening import TAKEN
from tests.people import signed_in
from tests.web.conftest import Reader, place, words

ROUND = "/dot-danh-gia/huyen-2024"
SHEET = f"{ROUND}/don-vi/483"
DAYS = {
    Phase.ENTRY: ("24/05/2024", "15/06/2024"),
    Phase.APPRAISAL: ("16/06/2024", "26/06/2024"),
    Phase.EXPLANATION: ("27/06/2024", "10/07/2024"),
    Phase.SETTLING: ("11/07/2024", "20/07/2024"),
    Phase.PUBLISHING: ("01/08/2024", "31/08/2024"),
}


@dataclass
class Hall:
    """An installation with the persons of a round."""

    place: object
    appraiser: Reader
    approver: Reader
    officer: Reader
    other: Reader

    def on(self, month, day):
        self.place.app.config["CLOCK"] = lambda: datetime(2024, month, day, 3, tzinfo=UTC)

    def post(self, reader, address, page, **sent):
        token = reader.open(page).find("input", attrs={"name": "csrf_token"})["value"]
        return reader.client.post(address, data={"csrf_token": token, **sent})

    def write(self, reader, **sent):
        return self.post(reader, SHEET, SHEET, **sent)


def hall_in(made):
    """The persons of a round, signed in at this installation; one of them has an address besides."""
    told = ("thu.ky.483", "Phạm Thị Thư", "Thư ký", "thu.ky@hue.example", [Grant(Role.SECRETARY, "483")])
    made.storage.accounts.add(*told, "a", datetime(2024, 5, 1, tzinfo=UTC))
    who = (
        ("tham.dinh", Role.APPRAISER, "46"),
        ("phe.duyet", Role.APPROVER, "46"),
        ("can.bo.483", Role.OFFICER, "483"),
        ("can.bo.481", Role.OFFICER, "481"),
    )
    return Hall(made, *(Reader(signed_in(made.app, login, Grant(role, unit))) for login, role, unit in who))


def main(answer):
    return words(BeautifulSoup(answer.get_data(as_text=True), "html.parser").select_one("main"))


@pytest.fixture(scope="module")
def hall(server, catalogue, tmp_path_factory):
    with place(server, catalogue, tmp_path_factory.mktemp("rounds")) as made:
        yield hall_in(made)


def form(**more):
    days = {f"{end}-{phase.value}": day for phase, both in DAYS.items() for end, day in zip(("tu", "den"), both, strict=True)}
    told = {"ten": "Đánh giá các huyện năm 2024", "ma": "huyen-2024", "nam-do": "2024", "don-vi": "46", "khung": "hue-district-2024"}
    return {**told, "theo": "dong", "cap": "district", **days, **more}


def hand_in_much(reader, text):
    """The text as a filled form; sent as bytes, for the test client leaves a large file open."""
    token = reader.open(SHEET).find("input", attrs={"name": "csrf_token"})["value"]
    head = "--x\r\nContent-Disposition: form-data; name="
    body = f'{head}"csrf_token"\r\n\r\n{token}\r\n{head}"tep"; filename="diem.csv"\r\n\r\n{text}\r\n--x--\r\n'
    return reader.client.post(f"{SHEET}/tep", data=body.encode(), content_type="multipart/form-data; boundary=x")


def test_a_round_is_opened_for_the_districts_with_its_days(hall):
    hall.on(5, 20)
    opening = "/dot-danh-gia/mo"
    wrong = hall.post(hall.appraiser, opening, opening, **form(**{"tu-appraisal": "10/06/2024"}))
    assert (wrong.status_code, "khi tự đánh giá chưa xong (15/06/2024)" in main(wrong)) == (409, True)
    no_day = hall.post(hall.appraiser, opening, opening, **form(**{"den-appraisal": "31/06/2024"}))
    assert "Thẩm định, đến hết ngày: '31/06/2024': lịch không có ngày này" in main(no_day)
    assert hall.officer.get(opening).status_code == 404
    assert hall.post(hall.appraiser, opening, opening, **form()).status_code == 303
    assert "chờ tự đánh giá, từ 24/05/2024" in words(hall.appraiser.open("/dot-danh-gia").main)
    page = hall.appraiser.open(ROUND)
    assert len(page.select("#don-vi tbody tr")) == 9
    assert "0 /9 đơn vị đã tự đánh giá" in words(page.select_one(".round-tally"))
    assert "–" in words(page.select_one("#don-vi tbody tr"))
    assert "chưa đến" in words(page.select_one("#cac-buoc"))


def test_no_round_is_called_as_another_page_beside_the_rounds(hall):
    beside = {rule.rule.split("/")[2] for rule in hall.place.app.url_map.iter_rules() if rule.rule.startswith("/dot-danh-gia/")}
    assert beside == {"<round_code>", *TAKEN}


def test_a_unit_gives_its_marks_in_its_days_and_sees_nobody_else_s(hall):
    hall.on(5, 20)
    assert "Chưa đến thời gian tự đánh giá" in words(hall.officer.open(SHEET).main)
    hall.on(6, 1)
    page = hall.officer.open(ROUND)
    assert len(page.select("#don-vi tbody tr")) == 1
    assert hall.other.get(SHEET).status_code == 404
    assert hall.officer.get(f"{ROUND}/bang.xlsx").status_code == 404
    assert "Tệp lớn hơn 900 kB" in main(hand_in_much(hall.officer, "Mã,Điểm tự đánh giá\nI.1,1\n" + ",\n" * 450_000))
    too_much = hall.write(hall.officer, buoc="self", **{"d-I.1": "500"})
    assert "điểm phải từ 0 đến 5" in main(too_much)
    assert 'value="500"' in too_much.get_data(as_text=True)
    assert hall.write(hall.officer, buoc="self", **{"d-I.1": "4,5", "l-I.1": "Đã ban hành", "k-I.1": "https://a.vn/1"}).status_code == 303
    assert hall.write(hall.officer, buoc="self", **{"d-I.2": "javascript", "k-I.2": ""}).status_code == 409
    assert "Huyện Nam Đông: 52 dòng chưa tự đánh giá" in words(hall.officer.open("/viec-cua-toi").main)
    everywhere = Reader(signed_in(hall.place.app, "can.bo.46", Grant(Role.OFFICER, "46")))
    assert "9 đơn vị: 476 dòng chưa tự đánh giá" in words(everywhere.open("/viec-cua-toi").main)
    sheet = words(hall.officer.open(SHEET).main)
    assert "4,50 điểm tự đánh giá" in sheet
    assert hall.write(hall.officer, buoc="appraised", **{"d-I.1": "5", "l-I.1": "x"}).status_code == 409


def test_a_filled_workbook_fills_the_form_and_keeps_nothing_by_itself(hall):
    hall.on(6, 2)
    book = openpyxl.load_workbook(BytesIO(hall.officer.get(f"{SHEET}/mau.xlsx").data))
    page = book.active
    assert (page.cell(4, 3).protection.locked, page.cell(4, 4).protection.locked) == (True, False)
    rows = {page.cell(row, 1).value: row for row in range(1, page.max_row + 1)}
    page.cell(rows["I.2"], 4).value = "3,25"
    page.cell(rows["I.3"], 4).value = "nhiều"

    def send():
        body = BytesIO()
        book.save(body)
        body.seek(0)
        return hall.post(hall.officer, f"{SHEET}/tep", SHEET, tep=(body, "mau.xlsx"))

    refused = send()
    assert (refused.status_code, f"ô D{rows['I.3']}: 'nhiều' không phải điểm" in main(refused)) == (409, True)
    page.cell(rows["I.3"], 4).value = None
    filled = BeautifulSoup(send().get_data(as_text=True), "html.parser")
    assert filled.select_one("input[name='d-I.2']")["value"] == "3,25"
    assert "chưa lưu gì" in words(filled.main)
    assert len(hall.place.storage.rounds.self_marks("huyen-2024")) == 1
    fields = {each["name"]: each.get("value", "") for each in filled.select("#bang input[name]")}
    assert hall.officer.client.post(SHEET, data=fields).status_code == 303
    assert len(hall.place.storage.rounds.self_marks("huyen-2024")) == 2


def test_days_are_filled_in_for_all_phases_then_kept_with_a_reason_and_the_old_ones_shown(hall):
    hall.on(6, 10)
    days = f"{ROUND}/ngay"
    assert hall.officer.get(days).status_code == 404
    assert "từ 1 đến 366" in main(hall.post(hall.appraiser, days, days, viec="dien", them="500"))
    filled = BeautifulSoup(hall.post(hall.appraiser, days, days, viec="dien", them="2").get_data(as_text=True), "html.parser")
    fields = {each["name"]: each.get("value", "") for each in filled.select("form.broad input[name]")}
    assert (fields["den-entry"], fields["tu-appraisal"], "tu-entry" in fields) == ("17/06/2024", "18/06/2024", False)
    assert hall.place.storage.rounds.find("huyen-2024").moved == 0
    refused = hall.appraiser.client.post(days, data={**fields, "viec": "luu"})
    assert (refused.status_code, "Chưa ghi lý do dời ngày" in main(refused)) == (409, True)
    wrong = hall.appraiser.client.post(days, data={**fields, "viec": "luu", "den-appraisal": "31/06/2024", "ly-do": "bão"})
    assert "Thẩm định, đến hết ngày: '31/06/2024': lịch không có ngày này" in main(wrong)
    fields["den-publishing"] = "30/09/2024"
    assert hall.appraiser.client.post(days, data={**fields, "viec": "luu", "ly-do": "bão số 4"}).status_code == 303
    again = hall.appraiser.client.post(days, data={**fields, "viec": "luu", "ly-do": "bão số 4"})
    assert "đã được dời từ khi trang này mở" in main(again)
    told = words(hall.officer.open(ROUND).select_one("#da-doi"))
    assert "thư báo: chờ gửi 1" in told
    assert [
        each for each in ("bão số 4", "24/05/2024 – 15/06/2024", "24/05/2024 – 17/06/2024", "01/08/2024 – 31/08/2024") if each not in told
    ] == []
    back = {"tu-publishing": "01/08/2024", "viec": "luu", "ly-do": "không cần nữa", "lan": "1"}
    assert hall.appraiser.client.post(days, data={**fields, **back}).status_code == 303


def test_appraiser_unit_and_last_word_each_in_their_days(hall):
    hall.on(6, 20)
    assert hall.write(hall.appraiser, buoc="appraised", **{"d-I.1": "2", "l-I.1": "thiếu chữ ký số"}).status_code == 303
    assert "Đã hết thời gian tự đánh giá" in main(hall.write(hall.officer, buoc="self", **{"d-I.1": "5"}))
    hall.on(7, 1)
    assert hall.write(hall.officer, buoc="explained", **{"l-I.1": "Đã ký số ngày 05/01"}).status_code == 303
    hall.on(7, 15)
    assert hall.write(hall.appraiser, buoc="final", **{"d-I.1": "4", "l-I.1": "chấp nhận"}).status_code == 303
    told = words(hall.officer.open(SHEET).select_one("[id='I.1']"))
    assert [words_of for words_of in ("thiếu chữ ký số", "Đã ký số ngày 05/01", "chấp nhận") if words_of not in told] == []
    more = {"ai": "481", "buoc": "entry", "den-ngay": "18/07/2024", "ly-do": "sáp nhập phòng"}
    assert hall.post(hall.appraiser, f"{ROUND}/gia-han", ROUND, **more).status_code == 303
    assert "sáp nhập phòng" in words(hall.appraiser.open(ROUND).select_one("#gia-han"))
    late = f"{ROUND}/don-vi/481"
    assert "Đang mở tự đánh giá đến hết 18/07/2024" in words(hall.other.open(late).main)
    assert "53 dòng chưa tự đánh giá hạn 18/07/2024" in words(hall.other.open("/viec-cua-toi").main)
    assert hall.post(hall.other, late, late, buoc="self", **{"d-I.1": "5"}).status_code == 303
    assert "1 dòng nộp muộn" in words(hall.appraiser.open(ROUND).select_one("#don-vi"))


def test_the_result_is_published_for_everybody_and_stays_when_published_again(hall):
    hall.on(8, 2)
    assert hall.place.anonymous().get(f"{ROUND}/cong-bo/1").status_code == 404
    assert "Chưa có đợt đánh giá nào công bố kết quả" in words(hall.place.anonymous().open("/dot-danh-gia").main)
    assert hall.post(hall.appraiser, f"{ROUND}/cong-bo", ROUND).status_code == 404
    assert hall.post(hall.approver, f"{ROUND}/cong-bo", ROUND).status_code == 303
    public = hall.place.anonymous()
    stranger = Reader(signed_in(hall.place.app, "can.bo.482", Grant(Role.OFFICER, "482")))
    for reader in (public, Reader(signed_in(hall.place.app, "xa.20044", Grant(Role.OFFICER, "20044")))):
        listed = reader.open("/dot-danh-gia")
        assert [each["href"] for each in listed.select("main table a")] == [f"{ROUND}/cong-bo/1"]
    assert [each["href"] for each in stranger.open("/dot-danh-gia").select("main table a")] == [ROUND]
    first = words(public.open(f"{ROUND}/cong-bo/1").select_one("tbody"))
    assert first.startswith("1 Huyện Nam Đông 7,25")
    by_line = public.open(f"{ROUND}/cong-bo/1?theo=dong-I.2")
    told = hall.place.storage.rounds.bundle("huyen-2024", 1)
    marks = {code: each["I.2"]["points"] for code, each in thaw(told)["marks"].items()}
    ranked = [words(row) for row in by_line.select("tbody tr")]
    best = max(("483", "481"), key=marks.__getitem__)
    assert ranked[0].startswith("1 Huyện Nam Đông" if best == "483" else "1 Huyện A Lưới")
    assert words(by_line.select_one("option[selected]")).startswith("I.2 ")
    assert "thiếu chữ ký số" not in words(public.open(f"{ROUND}/cong-bo/1").main)
    assert public.get(ROUND).status_code in (302, 404)
    more = {"ai": "483", "buoc": "settling", "den-ngay": "10/08/2024", "ly-do": "kiến nghị"}
    assert hall.post(hall.appraiser, f"{ROUND}/gia-han", ROUND, **more).status_code == 303
    assert hall.write(hall.appraiser, buoc="final", **{"d-I.2": "0", "l-I.2": "chưa họp"}).status_code == 303
    assert "1 dòng điểm đã đổi" in words(hall.approver.open(ROUND).select_one("#cong-bo"))
    assert hall.post(hall.approver, f"{ROUND}/cong-bo", ROUND, **{"ly-do": "Sau kiến nghị"}).status_code == 303
    assert words(public.open(f"{ROUND}/cong-bo/1").select_one("tbody")) == first
    assert "công bố lần 2" in words(public.open(f"{ROUND}/cong-bo/1").main)
    book = openpyxl.load_workbook(BytesIO(public.get(f"{ROUND}/cong-bo/2/ket-qua.xlsx").data))
    assert book.active.cell(2, 2).value in {"Huyện A Lưới", "Huyện Nam Đông"}
    assert isinstance(book.active.cell(2, 3).value, int | float)
    standing = openpyxl.load_workbook(BytesIO(hall.approver.get(f"{ROUND}/bang.xlsx").data))
    lines = {row[1]: row[3:7] for row in standing["Từng dòng"].iter_rows(min_row=2, values_only=True) if row[0] == "Huyện Nam Đông"}
    assert (lines["I.2"][0], lines["I.2"][3]) == (10, 0)
    assert public.get(f"{ROUND}/cong-bo/2/ban-cong-bo").status_code == 302
    assert hall.officer.get(f"{ROUND}/cong-bo/2/ban-cong-bo").status_code == 404
    assert hall.approver.get(f"{ROUND}/cong-bo/2/ban-cong-bo").data == hall.place.storage.rounds.bundle("huyen-2024", 2)


def test_the_form_offers_what_can_be_opened_today_and_makes_a_code_of_the_title(hall):
    hall.on(5, 20)
    page = hall.appraiser.open("/dot-danh-gia/mo")
    offered = [each["value"] for each in page.select("#khung option")]
    assert (offered[0].startswith("hue-"), "national-922" in offered, "province-922" in offered) == (True, False, True)
    assert words(page.select_one("#cap option")) == "Các huyện (9)"
    told = form(ma="", ten="Đợt thử các huyện")
    assert hall.post(hall.appraiser, "/dot-danh-gia/mo", "/dot-danh-gia/mo", **told).headers["Location"].endswith("/dot-thu-cac-huyen")
    hall.on(8, 2)
    hall.place.app.config["CLOCK"] = lambda: datetime(2026, 1, 5, 3, tzinfo=UTC)
    assert words(hall.appraiser.open("/dot-danh-gia/mo").select_one("#cap option")) == "Các xã, phường (40)"
