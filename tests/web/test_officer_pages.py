"""The officer's pages: one click from the tasks to the first empty cell, a cell or a whole page saved, faults told where they are."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from uuid import uuid4

import openpyxl
import pytest
from bs4 import BeautifulSoup

from hue_dti.accounts.model import Role
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.reports.entry_xlsx import CHOICE, VALUE
from hue_dti.trail.model import Selection
from tests.web.conftest import words
from tests.web.officer import AT, BEFORE, PERIOD, communes, office, officer, reader_of

__all__ = ["communes", "office", "officer"]


def test_signing_in_leads_an_officer_to_the_tasks_and_one_click_to_the_first_empty_cell(officer):
    page = officer.open(f"/viec-cua-toi?ky={PERIOD}")
    assert words(page.find("h1")) == f"{officer.unit.name} Quý IV năm 2024"
    assert words(page.select_one(".today .huge")).startswith("25 ô còn trống trong 25 ô cần nhập")
    assert "quý chưa chốt nên vẫn nhập được" in words(page.select_one(".today-line"))
    (go,) = page.select(".btn.act")
    address, _, cell = go["href"].partition("#")
    assert words(go) == "Nhập tiếp"
    assert officer.open(address).find(id=cell).name == "input"


def test_tasks_are_told_in_points_the_most_first_with_three_statuses(officer):
    officer.send("shops", "200")
    officer.send("shops_vietqr", "150")
    officer.send("teams", "4")
    page = officer.open(f"/viec-cua-toi?ky={PERIOD}")
    told = [words(each) for each in page.select("ol.tasks li")]
    assert any("thêm 50 cơ sở kinh doanh dán mã VietQR = +2,5 điểm" in each for each in told)
    assert {words(each) for each in page.select(".tasks .status")} == {"Chưa nhập", "Đang nhập", "Xong"}


def test_a_saved_cell_answers_with_its_time_and_how_it_is_read(officer):
    told = officer.send("shops", "1.627 cơ sở").json
    assert (told["reading"], told["needs_reason"], told["error"]) == ("1.627 cơ sở", False, None)
    assert len(told["saved_at"]) == 5
    assert officer.stands("shops").value == 1627
    event = officer.office.storage.trail.page()[0].event
    assert (event.act, event.unit, event.address, event.new) == ("entry.saved", officer.unit.code, "127.0.0.1", "1.627")


@pytest.mark.parametrize(
    ("text", "words_of_it"),
    [
        ("1,627", "số lượng không có phần thập phân"),
        ("nhiều", "'nhiều'"),
        ("-3", "dấu - ở trước"),
        ("", "Ô để trống"),
        ("1" * 70, "quá dài"),
    ],
)
def test_what_cannot_be_read_is_told_and_not_kept(officer, text, words_of_it):
    answer = officer.send("shops", text)
    assert (answer.status_code, officer.stands("shops")) == (422, None)
    assert words_of_it in answer.json["error"]


def test_a_cell_sent_twice_is_one_and_another_figure_under_its_number_is_a_conflict(officer):
    number = str(uuid4())
    first, again = (officer.send("shops", "200", id=number) for _ in range(2))
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert officer.send("shops", "201", id=number).status_code == 409
    assert len(officer.entries("shops")) == 1


def test_who_typed_meanwhile_is_told_with_what_stands_there(officer):
    officer.send("shops", "200")
    answer = officer.send("shops", "300", replaces="00000000-0000-0000-0000-000000000000")
    assert (answer.status_code, answer.json["standing"]["reading"], answer.json["standing"]["by"]) == (409, "200 cơ sở", "Lê Văn An")


def test_a_great_change_is_saved_and_asks_for_a_line(officer):
    officer.pulled("shops", 100, State.REPORTED, BEFORE)
    told = officer.send("shops", "231").json
    assert told["asks"] == "Quý trước 100 cơ sở, nay 231 cơ sở (+131,00%). Vì sao?"
    assert "nay 5.000 cơ sở (gấp 50 lần). Vì sao?" in officer.send("shops", "5000").json["asks"]
    help_of = {row["id"]: words(row.dl) for row in officer.open().select("tr.cell")}
    assert all(words_.startswith("Cách ghi ví dụ: ") for words_ in help_of.values())
    assert help_of["o-shops"].startswith("Cách ghi ví dụ: 1.627 cơ sở ")
    officer.send("shops", "231")
    line = officer.open().select_one("#o-shops .line")
    assert (told["needs_reason"], line.has_attr("hidden"), words(line.find("label"))) == (True, False, told["asks"])
    assert not officer.send("shops", "231", reason="hai chợ sáp nhập").json["needs_reason"]


def test_without_a_script_the_page_saves_as_a_whole_and_faults_stand_on_top_and_beside_their_fields(officer):
    answer = officer.fill(v_shops="100", v_shops_vietqr="120", v_teams="6", c_villages="not_yet")
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    link, other = page.select("#loi a")
    assert (link["href"], other["href"]) == ("#v-shops_vietqr", "#v-shops")
    assert words(page.find(id="e-shops_vietqr")) in words(link)
    assert "lớn hơn" in words(link)
    assert page.title.string.startswith("Lỗi")
    assert (page.find(id="v-shops_vietqr")["value"], page.find(id="v-shops_vietqr")["aria-invalid"]) == ("120", "true")
    assert (officer.stands("shops").value, officer.stands("teams").value) == (100, 6)
    assert (officer.stands("villages").value, officer.stands("villages").reason) == (None, "chưa có")
    assert officer.fill(v_shops_vietqr="90").status_code == 302
    assert officer.stands("shops_vietqr").value == 90


def test_a_page_saved_without_a_change_writes_nothing(officer):
    officer.fill(v_shops="100", c_teams="no_data")
    before = officer.entries("shops"), officer.entries("teams")
    assert officer.fill().status_code == 302
    assert (officer.entries("shops"), officer.entries("teams")) == before


def test_a_machine_s_figure_is_locked_with_its_source_and_time_and_a_note_goes_to_its_keeper(officer):
    officer.pulled("accounts", 2585)
    row = officer.open().find(id="o-accounts")
    assert row.find("input") is None
    assert "2.585 tài khoản" in words(row)
    assert "Ứng dụng Hue-S, 06:00 06/10/2024" in words(row)
    address = row.find("a", string="Số này chưa đúng")["href"].partition("#")[0]
    assert officer.post(address, note="thiếu thôn Đa Phú, đúng là 2.700 theo danh sách ngày 01/10").status_code == 302
    assert "thiếu thôn Đa Phú" in words(officer.open(address))
    operator = officer.office.browse()
    board = operator.open("/nguon").find(id="so-bi-bao")
    assert f"{officer.unit.name} · Tài khoản Hue-S của người dân: 2.585 tài khoản" in words(board)
    answer = {"csrf_token": board.find("input", attrs={"name": "csrf_token"})["value"], "answer": "đã lấy lại, nay là 2.700"}
    assert operator.client.post(board.find("form")["action"], data=answer).status_code == 302
    assert operator.open("/nguon").find(id="so-bi-bao") is None
    assert "đã lấy lại, nay là 2.700" in words(officer.open(address))
    told = officer.office.storage.trail.page(Selection(units=(officer.unit.code,)))
    assert [each.event.act for each in told] == ["figure.note_answered", "figure.noted"]


def test_the_cells_of_another_commune_are_not_there(officer):
    for address in ("/nhap/20167/2024-Q4", "/nhap/483/2024-Q4", "/nhap/20167/2024-Q4/mau.xlsx", "/nhap/20167/2024-Q4/o/shops"):
        assert officer.reader.get(address).status_code == 404
    answer = officer.reader.client.post("/nhap/20167/2024-Q4/o", json={}, headers={"X-CSRFToken": officer.token()})
    assert answer.status_code == 404
    assert reader_of(officer.office, "chi.bd", Role.MEMBER, "46").get(officer.form).status_code == 404


def test_a_secretary_sees_own_tasks_and_how_far_the_units_below_are(officer):
    secretary = reader_of(officer.office, "binh.nd", Role.SECRETARY, "483")
    page = secretary.open("/viec-cua-toi")
    assert "Huyện Nam Đông" in words(page.find("h1"))
    assert "Xã Hương Phú" in words(page)
    assert "Xã Hương Phú" in words(secretary.open("/viec-cua-toi?don-vi=20164").find("h1"))


def sheet_of(officer):
    answer = officer.reader.get(f"{officer.form}/mau.xlsx")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def handed(officer, body):
    return officer.post(f"{officer.form}/tep", tep=(io.BytesIO(body), "mau.xlsx"))


def test_the_form_goes_out_locked_with_lists_and_comes_in_after_a_look_and_once(officer):
    officer.pulled("accounts", 2585)
    book = sheet_of(officer)
    page = book.active
    rows = {page.cell(at, 2).value: at for at in range(4, page.max_row + 1)}
    assert (page.protection.sheet, page.column_dimensions["A"].hidden) == (True, True)
    assert (page.cell(rows["shops"], VALUE + 1).protection.locked, page.cell(rows["accounts"], VALUE + 1).protection.locked) == (
        False,
        True,
    )
    assert any("không phát sinh (0),chưa có,không có số liệu" in each.formula1 for each in page.data_validations.dataValidation)
    page.cell(rows["shops_vietqr"], VALUE + 1).value = 90
    page.cell(rows["shops"], VALUE + 1).value = "100"
    page.cell(rows["teams"], CHOICE + 1).value = "không có số liệu"
    page.cell(rows["villages"], VALUE + 1).value = 6.5
    page.cell(rows["accounts"], VALUE + 1).value = "3000"
    content = io.BytesIO()
    book.save(content)
    looked = handed(officer, content.getvalue())
    found = BeautifulSoup(looked.text, "html.parser")
    assert "3 ô sẽ ghi, 0 ô không đổi, 2 ô có lỗi. Chưa lưu gì." in words(found)
    assert f"Nhập số liệu!I{rows['villages']}" in words(found)
    assert "số lượng không có phần thập phân" in words(found)
    assert officer.stands("shops") is None
    sealed = found.find("input", attrs={"name": "sealed"})["value"]
    for _ in range(2):
        stored = officer.post(f"{officer.form}/tep/ghi", sealed=sealed)
        assert "Đã lưu 3 ô." in words(BeautifulSoup(stored.text, "html.parser"))
    assert (officer.stands("shops").value, officer.stands("shops_vietqr").value) == (100, 90)
    assert len(officer.entries("shops")) == 1
    assert officer.colleague("khac.hp").post(f"{officer.form}/tep/ghi", sealed=sealed).status_code == 422


@pytest.mark.parametrize("body", [b"", b"khong phai", b"PK\x03\x04xx"])
def test_a_file_that_is_not_the_form_is_refused_in_words(officer, body):
    answer = handed(officer, body)
    assert (answer.status_code, "Tệp không đọc được" in answer.text) == (422, True)


def test_words_of_a_hostile_name_are_no_formula_in_the_form(officer):
    officer.office.storage.save_units([replace(officer.unit, name='=HYPERLINK("http://x","Xã Hương Phú")')])
    page = sheet_of(officer).active
    assert {page.cell(at, 4).data_type for at in range(1, page.max_row + 1)} <= {"s", "n"}


def test_help_history_and_the_quarters_before_stand_with_the_cell(officer):
    officer.pulled("shops", 106, State.REPORTED, BEFORE)
    officer.send("shops", "110")
    officer.send("shops", "112", reason="đếm lại ở chợ")
    row = officer.open().find(id="o-shops")
    assert "106" in [words(each) for each in row.select(".past-value")]
    details = words(row.find("details"))
    assert "110 → 112 cơ sở" in details
    assert "đếm lại ở chợ" in details
    assert "Hỏi ai Phòng Văn hóa và Thông tin huyện" in details
    assert "10 điểm × (Cơ sở kinh doanh dán mã VietQR ÷ Cơ sở kinh doanh trên địa bàn)" in details
    assert "Ví dụ 45 trên 60: 10 × 45 ÷ 60 = 7,5 điểm" in details
    assert officer.open(f"{officer.form}/o/shops").find("h1").string == "Cơ sở kinh doanh trên địa bàn"


def test_a_criterion_given_to_a_colleague_leaves_one_s_tasks_and_stands_in_the_colleague_s(officer):
    colleague = officer.colleague(f"binh.{officer.unit.code}")
    given = officer.office.catalogue.set_for(officer.unit.level, Period.parse(PERIOD).end).code
    login = f"binh.{officer.unit.code}"
    officer.office.storage.assignments.assign(officer.unit.code, given, ["VIII.1"], officer.unit.code, login, "thuky", AT)

    def names(reader, more=""):
        return {words(each) for each in reader.open(f"/viec-cua-toi{more}").select(".tasks .task-side .small")}

    assert "VIII.1" not in names(officer)
    assert "VIII.1" in names(officer, "?tat-ca=1")
    assert "VIII.1" in names(colleague)


def test_half_a_letter_in_a_cell_is_told_as_what_cannot_be_read(officer):
    body = json.dumps({"id": str(uuid4()), "measure": "shops", "text": "\ud8001", "choice": "value", "reason": ""})
    headers = {"X-CSRFToken": officer.token(), "Content-Type": "application/json"}
    sent = officer.reader.client.post(f"{officer.form}/o", data=body, headers=headers)
    assert (sent.status_code, "không phải là số" in sent.json["error"]) == (422, True)


def test_the_fresh_token_that_the_page_asks_for_is_taken_for_a_save(officer):
    fresh = officer.reader.client.get(f"{officer.form}/the").json["token"]
    body = {"id": str(uuid4()), "measure": "shops", "text": "231", "choice": "value", "reason": ""}
    assert officer.reader.client.post(f"{officer.form}/o", json=body, headers={"X-CSRFToken": fresh}).status_code == 200
