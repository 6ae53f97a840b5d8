"""Filled workbooks of the province's values and a round's marks: locked but for what is asked, faults by cell, kept when confirmed."""

from io import BytesIO

import openpyxl
import pytest
from bs4 import BeautifulSoup

from hue_dti.appraisal.model import Stage
from hue_dti.services import provincial_sheet, round_marks
from tests.web.conftest import place, words
from tests.web.test_round_pages import ROUND, form, hall_in

PROVINCE = "/tinh/2024-Q2"
MARKS = f"{ROUND}/tham-dinh"


@pytest.fixture(scope="module")
def hall(server, catalogue, tmp_path_factory):
    """A round in its appraisal, in which two districts marked their first criteria."""
    with place(server, catalogue, tmp_path_factory.mktemp("books")) as made:
        hall = hall_in(made)
        hall.on(5, 20)
        assert hall.post(hall.appraiser, "/dot-danh-gia/mo", "/dot-danh-gia/mo", **form()).status_code == 303
        hall.on(6, 1)
        for reader, unit in ((hall.officer, "483"), (hall.other, "481")):
            sheet = f"{ROUND}/don-vi/{unit}"
            assert hall.post(reader, sheet, sheet, buoc="self", **{"d-I.1": "4,5", "d-I.2": "3"}).status_code == 303
        hall.on(6, 20)
        yield hall


def opened(reader, address):
    book = openpyxl.load_workbook(BytesIO(reader.get(address).data))
    return book, book.active


def rows(page, *columns):
    """The lines of a form by what stands in these columns."""
    return {tuple(page.cell(at, column + 1).value for column in columns): at for at in range(4, page.max_row + 1)}


def send(hall, reader, book, address, page):
    body = BytesIO()
    book.save(body)
    body.seek(0)
    answer = hall.post(reader, address, page, tep=(body, "mau.xlsx"))
    return answer, BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def confirm(reader, page):
    held = page.select_one("main form input[name=sealed]")
    fields = {each["name"]: each["value"] for each in held.find_parent("form").select("input[name]")}
    return reader.client.post(held.find_parent("form")["action"], data=fields)


def kept(hall):
    return {(mark.unit, mark.criterion): mark.points for mark in hall.place.storage.rounds.marks("huyen-2024")}


def test_marks_of_all_units_are_looked_at_first_and_kept_all_or_none(hall):
    assert hall.officer.get(MARKS).status_code == 404
    book, page = opened(hall.appraiser, f"{MARKS}/appraised.xlsx")
    at = rows(page, round_marks.UNIT, round_marks.LINE)
    assert len(at) == 9 * 53
    points, why = round_marks.POINTS + 1, round_marks.REASON + 1
    assert (page.protection.sheet, page.cell(4, points).protection.locked, page.cell(4, 7).protection.locked) == (True, False, True)
    for key, given, reason in (
        (("483", "I.1"), "2", "thiếu chữ ký số"),
        (("481", "I.1"), "500", "nhiều"),
        (("481", "I.2"), "hai", "ít"),
        (("481", "I.3"), "1", None),
        (("483", "I.3"), None, "chỉ có lời"),
    ):
        page.cell(at[key], points).value, page.cell(at[key], why).value = given, reason
    answer, looked = send(hall, hall.appraiser, book, f"{MARKS}/appraised", MARKS)
    said = words(looked.main)
    assert (answer.status_code, "1 dòng sẽ ghi, 0 dòng không đổi, 4 dòng có lỗi. Chưa lưu gì" in said) == (200, True)
    faults = (
        ("O{}", ("481", "I.1"), "'500' không phải điểm từ 0 đến 5;"),
        ("O{}", ("481", "I.2"), "'hai' không phải điểm"),
        ("P{}", ("481", "I.3"), "chưa ghi căn cứ"),
    )
    for cell, key, told in (*faults, ("O{}", ("483", "I.3"), "có căn cứ mà chưa có điểm")):
        line = next(each for each in looked.select("main tbody tr") if each.code.text == cell.format(at[key]))
        assert told in words(line)
    assert kept(hall) == {}
    stale = BeautifulSoup(str(looked), "html.parser")
    assert "Đã lưu 1 dòng" in words(BeautifulSoup(confirm(hall.appraiser, looked).get_data(as_text=True), "html.parser").main)
    assert kept(hall) == {("483", "I.1"): 20_000}
    assert confirm(hall.appraiser, stale).status_code == 422
    assert confirm(hall.approver, stale).status_code == 404
    again, told = send(hall, hall.appraiser, book, f"{MARKS}/appraised", MARKS)
    assert (again.status_code, "0 dòng sẽ ghi, 1 dòng không đổi" in words(told.main)) == (200, True)


def test_a_form_of_marks_is_refused_for_another_step_and_where_somebody_wrote_meanwhile(hall):
    old, page = opened(hall.appraiser, f"{MARKS}/appraised.xlsx")
    at = rows(page, round_marks.UNIT, round_marks.LINE)[("481", "I.1")]
    page.cell(at, round_marks.POINTS + 1).value, page.cell(at, round_marks.REASON + 1).value = "4", "x"
    sheet = f"{ROUND}/don-vi/481"
    assert hall.post(hall.appraiser, sheet, sheet, buoc="appraised", **{"d-I.1": "3", "l-I.1": "trước"}).status_code == 303
    assert "đã có người ghi dòng này sau khi tải mẫu" in words(send(hall, hall.appraiser, old, f"{MARKS}/appraised", MARKS)[1].main)
    assert "Tệp là mẫu của đợt hoặc bước khác" in words(send(hall, hall.appraiser, old, f"{MARKS}/{Stage.FINAL.value}", MARKS)[1].main)
    wrong = hall.post(hall.appraiser, f"{MARKS}/appraised", MARKS, tep=(BytesIO(b"PK khong phai"), "mau.xlsx"))
    assert (wrong.status_code, "Tệp không đọc được" in wrong.text) == (422, True)


def test_who_may_not_write_now_is_told_why_and_his_form_is_locked(hall):
    hall.on(6, 28)
    assert "Đã hết thời gian thẩm định" in words(hall.appraiser.open(MARKS).main)
    _, page = opened(hall.appraiser, f"{MARKS}/appraised.xlsx")
    assert page.cell(4, round_marks.POINTS + 1).protection.locked
    hall.on(6, 20)


def test_values_of_the_province_are_looked_at_first_and_counted_when_confirmed(hall):
    hall.on(6, 20)
    assert hall.officer.get(f"{PROVINCE}/tep").status_code == 404
    book, page = opened(hall.appraiser, f"{PROVINCE}/mau.xlsx")
    at = rows(page, provincial_sheet.CODE)
    result, most, document = (each + 1 for each in (provincial_sheet.RESULT, provincial_sheet.MOST, provincial_sheet.DOCUMENT))
    assert ("3.3",) not in at
    known = at[("3.4",)]
    assert (page.cell(known, most).value, page.cell(known, most).protection.locked, page.cell(known, result).protection.locked) == (
        "10",
        True,
        False,
    )
    listed = {str(place) for each in page.data_validations.dataValidation for place in each.sqref.ranges}
    assert any(place.startswith(page.cell(at[("2.1",)], result).coordinate) for place in listed)
    for code, *given in (
        ("3.4", "100%", None, "Công văn 12"),
        ("2.1", "khoảng 80", None, "x"),
        ("1.1", "có", None, None),
        ("1.4", "có", "999", "y"),
    ):
        for column, text in zip((result, most, document), given, strict=True):
            page.cell(at[(code,)], column).value = text or page.cell(at[(code,)], column).value
    answer, looked = send(hall, hall.appraiser, book, f"{PROVINCE}/tep", f"{PROVINCE}/tep")
    said = words(looked.main)
    assert (answer.status_code, "1 dòng sẽ ghi, 0 dòng không đổi, 3 dòng có lỗi" in said) == (200, True)
    for letter, code, told in (("H", "2.1", "không đọc được"), ("J", "1.1", "Chưa ghi tài liệu"), ("I", "1.4", "cộng lại là")):
        line = next(each for each in looked.select("main tbody tr") if each.code.text == f"{letter}{at[(code,)]}")
        assert told in words(line)
    book_of = hall.place.storage.provincial
    assert book_of.newest("46", "2024-Q2", "province-922") == {}
    assert "Đã lưu 1 dòng" in confirm(hall.appraiser, looked).text
    assert {code: value.result for code, value in book_of.newest("46", "2024-Q2", "province-922").items()} == {"3.4": "100%"}
    (event,) = [each.event for each in hall.place.storage.trail.page() if each.event.act == "province.given"]
    assert (event.actor, event.subject) == ("tham.dinh", "3.4, 2024-Q2")
    assert "sau khi tải mẫu" not in words(send(hall, hall.appraiser, book, f"{PROVINCE}/tep", f"{PROVINCE}/tep")[1].main)
    page.cell(known, result).value = "90%"
    assert "đã có người ghi sau khi tải mẫu" in words(send(hall, hall.appraiser, book, f"{PROVINCE}/tep", f"{PROVINCE}/tep")[1].main)
