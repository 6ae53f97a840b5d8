"""Registers in the browser: a row by form, many by workbook with a look before, what they count to beside what stands."""

from __future__ import annotations

import io

import openpyxl
import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from hue_dti.accounts.model import Grant, Role
from tests.people import signed_in
from tests.web.conftest import Reader, words

PAGE = "/so/hop-ban-chi-dao/483/2024-Q2"


@pytest.fixture
def officer(bare):
    """An officer of Nam Đông with the page's forms at hand."""

    class Officer(Reader):
        storage = bare.storage

        def send(self, act="", **fields):
            page = self.open(PAGE)
            form = page.select_one(f"form[action='{PAGE}{act}']")
            hidden = {each["name"]: each["value"] for each in form.select("input[type=hidden]")} if form else {}
            token = {"csrf_token": page.select_one("input[name=csrf_token]")["value"]}
            sent = MultiDict({**token, **hidden, **{name.replace("_", "-"): value for name, value in fields.items()}})
            boundary, whole = encode_multipart(sent)
            return self.client.post(f"{PAGE}{act}", data=whole, content_type=f"multipart/form-data; boundary={boundary}")

    made = Officer(signed_in(bare.app, "an.le", Grant(Role.OFFICER, "483")))
    made.as_of = lambda login, *grants: Reader(signed_in(bare.app, login, *grants))
    return made


def test_a_row_by_form_is_shown_with_what_the_register_counts(officer):
    assert "Sổ chưa có dòng nào" in words(officer.open(PAGE))
    assert officer.send(day="5/2/2024", subject="Họp quý I", conclusion="9/TB").status_code == 303
    page = officer.open(PAGE)
    assert words(page.select_one("table.stack tbody tr")).startswith("05/02/2024 Họp quý I 9/TB")
    assert [words(cell) for cell in page.select("table.units tbody td")] == ["1", "1"]


def test_a_wrong_cell_is_named_beside_it_and_what_was_typed_stays(officer):
    answer = officer.send(day="hôm qua", subject="Họp <b>")
    assert answer.status_code == 422
    assert 'value="hôm qua"' in answer.text
    assert "Họp &lt;b&gt;</textarea>" in answer.text
    assert 'aria-describedby="day-loi"' in answer.text
    assert officer.storage.registers.rows("483", "hop-ban-chi-dao") == ()


def test_a_row_is_changed_and_taken_back_with_a_reason(officer):
    officer.send(day="5/2/2024", subject="Họp")
    (row,) = officer.storage.registers.rows("483", "hop-ban-chi-dao")
    named = {"dong": str(row.row), "ban": str(row.number)}
    assert officer.send(day="6/2/2024", subject="Họp", **named).status_code == 303
    assert officer.send(day="7/2/2024", subject="Họp", **named).status_code == 422
    (row,) = officer.storage.registers.rows("483", "hop-ban-chi-dao")
    assert row.content["day"] == "2024-02-06"
    named = {"dong": str(row.row), "ban": str(row.number), "rut": "1"}
    assert officer.send(day="", subject="", **named).status_code == 422
    assert officer.send(day="", subject="", ly_do="ghi hai lần", **named).status_code == 303
    assert officer.storage.registers.rows("483", "hop-ban-chi-dao") == ()


def test_a_workbook_is_looked_at_first_and_kept_when_confirmed(officer):
    book = openpyxl.load_workbook(io.BytesIO(officer.get(f"{PAGE}/bieu-mau.xlsx").data))
    book.active["A2"], book.active["B2"] = "05/02/2024", "=HYPERLINK(1)"
    book.active["B2"].data_type = "s"
    made = io.BytesIO()
    book.save(made)
    answer = officer.send("/tep", tep=FileStorage(io.BytesIO(made.getvalue()), "so.xlsx", "tep"))
    assert "1 dòng mới, 0 dòng sửa, 0 dòng không đổi, 0 dòng có lỗi" in answer.text
    assert officer.storage.registers.rows("483", "hop-ban-chi-dao") == ()
    from bs4 import BeautifulSoup

    form = BeautifulSoup(answer.text, "html.parser").select_one(f"form[action='{PAGE}/xac-nhan']")
    told = {each["name"]: each.get("value") or each.text for each in form.select("input[type=hidden], textarea")}
    assert [each["value"] for each in form.select("input[name=so]")] == ["chua", "du"]
    told["so"] = "du"
    for _ in range(2):
        assert officer.client.post(f"{PAGE}/xac-nhan", data=told).status_code == 303
    (row,) = officer.storage.registers.rows("483", "hop-ban-chi-dao")
    assert row.content["subject"] == "=HYPERLINK(1)"
    assert officer.storage.registers.words(["483"], "2024-Q2")["483", "hop-ban-chi-dao"].full
    again = openpyxl.load_workbook(io.BytesIO(officer.get(f"{PAGE}/bieu-mau.xlsx").data))
    assert again.active["B2"].data_type == "s"


def test_a_register_is_still_being_written_until_somebody_says_it_is_full(officer):
    assert officer.open(PAGE).select("#tinh-trang") == []
    officer.send(day="5/2/2024", subject="Họp quý I")
    for answer, told in (("", "Sổ còn đang ghi"), ("du", "Sổ đã đủ cho"), ("du", "Sổ đã đủ cho"), ("chua", "Sổ còn đang ghi")):
        if answer:
            assert officer.send("/tinh-trang", so=answer).status_code == 303
        assert words(officer.open(PAGE).select_one("#tinh-trang .status")).startswith(told)
    acts = [each.event.act for each in officer.storage.trail.every() if each.event.act in {"register.full", "register.filling"}]
    assert acts == ["register.full", "register.filling"]
    assert officer.send("/tinh-trang", so="chua", vi_sao="a" * 301).status_code == 422
    assert officer.send("/tinh-trang", so="chua", vi_sao="chờ xã gửi").status_code == 303
    assert "chờ xã gửi" in words(officer.open(PAGE).select_one("#tinh-trang"))
    officer.send("/tinh-trang", so="du")
    officer.send(day="6/2/2024", subject="Họp bù")
    later = words(officer.open(PAGE).select_one("#tinh-trang"))
    assert "Có dòng ghi sau khi báo đủ" in later
    assert "1 dòng ghi sau khi báo đủ, sau cùng" in later


def test_who_only_reads_writes_nothing_and_strangers_see_nothing(officer):
    reader = officer.as_of("doc.gia", Grant(Role.READER, "483"))
    assert reader.get(PAGE).status_code == 200
    assert "Ghi vào sổ" not in reader.get(PAGE).text
    assert reader.client.post(PAGE, data={}).status_code == 404
    stranger = officer.as_of("la.nguoi", Grant(Role.OFFICER, "482"))
    assert {stranger.get(address).status_code for address in (PAGE, f"{PAGE}/bieu-mau.xlsx")} == {404}
    assert officer.get("/so/to-cong-nghe/483/2024-Q2").status_code == 404
