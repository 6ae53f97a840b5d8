"""Many persons are invited from one workbook: looked at first, made when confirmed, each code shown once."""

from __future__ import annotations

import re
from io import BytesIO

import openpyxl
import pytest
from bs4 import BeautifulSoup

from tests.people import signed_in
from tests.web.board import page_of
from tests.web.conftest import place, words

PAGE = "/nguoi-dung-tu-tep"
CODE = re.compile(r"(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}")
COMMUNE, NAME = "20179", "xã nam đông"
PASSWORD = "con trâu ăn cỏ non"


@pytest.fixture(scope="module")
def site(server, catalogue, tmp_path_factory):
    with place(server, catalogue, tmp_path_factory.mktemp("many")) as made:
        yield made


def form(admin):
    return openpyxl.load_workbook(BytesIO(admin.get(f"{PAGE}/mau.xlsx").data))


def sent(admin, book, address=PAGE):
    body = BytesIO()
    book.save(body)
    token = page_of(admin, PAGE).select_one("main input[name=csrf_token]")["value"]
    answer = admin.post(address, data={"csrf_token": token, "tep": (BytesIO(body.getvalue()), "mau.xlsx")})
    return answer.status_code, BeautifulSoup(answer.text, "html.parser")


def filled(admin, *rows):
    """The form with these rows at its head, as unit, role, name, post, mail and login."""
    book = form(admin)
    for at, row in enumerate(rows, start=4):
        for column, text in enumerate(row, start=1):
            book.active.cell(at, column).value = text
    return book


def confirm(client, page):
    held = page.select_one("main form input[name=sealed]").find_parent("form")
    data = {each["name"]: each["value"] for each in held.select("input[name]")}
    return client.post(held["action"], data=data)


def test_the_form_has_a_line_for_every_unit_of_today_with_roles_to_choose_from(site):
    page = form(signed_in(site.app)).active
    offered = [page.cell(at, 1).value for at in range(4, page.max_row + 1)]
    assert {"46 · Thành phố Huế", "20179 · Xã Nam Đông"} <= {*offered}
    assert offered[-1] in {None, ""}, "there are lines to spare"
    assert page.protection.sheet
    assert not page["C4"].protection.locked
    assert "cán bộ nhập số liệu" in page.data_validations.dataValidation[0].formula1


def test_nobody_is_invited_before_it_is_confirmed_and_then_everybody_once_with_a_code_of_their_own(site):
    admin = signed_in(site.app)
    rows = [
        (COMMUNE, "thư ký", "Đặng Thị Thư Ký", "Văn phòng", "thu.ky@thuathienhue.gov.vn", ""),
        (NAME, "Cán bộ nhập số liệu", "Lê Văn Nhập", "Công chức <b>", "", "LE.NHAP"),
    ]
    status, page = sent(admin, filled(admin, *rows))
    assert (status, "2 dòng sẽ ghi" in words(page.main)) == (200, True)
    assert site.storage.accounts.find("dang.thi.thu.ky") is None
    made = confirm(admin, page)
    codes = CODE.findall(made.text)
    assert (made.status_code, len(set(codes)), made.headers["Cache-Control"]) == (200, 2, "no-store")
    kept = [site.storage.accounts.find(login) for login in ("dang.thi.thu.ky", "le.nhap")]
    assert [(each.post, [held.grant.unit for held in each.held], each.has_password) for each in kept] == [
        ("Văn phòng", [COMMUNE], False),
        ("Công chức <b>", [COMMUNE], False),
    ]
    told = [each.event for each in site.storage.trail.page() if each.event.act == "account.invited"]
    assert {(each.subject, each.actor, each.new) for each in told} >= {("dang.thi.thu.ky", "quan.tri.thu", f"secretary {COMMUNE}")}
    guest = site.app.test_client()
    token = page_of(guest, "/nhan-loi-moi").select_one("input[name=csrf_token]")["value"]
    fields = {"csrf_token": token, "ma": codes[0], "mat-khau": PASSWORD, "nhac-lai": PASSWORD}
    assert guest.post("/nhan-loi-moi", data=fields).status_code == 303
    again = confirm(admin, page)
    assert "đã có người dùng" in again.text
    assert CODE.findall(again.text) == [], "sent twice, nobody gets a second code"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("999", "thư ký", "Ai Đó", "Công chức", "", ""), "Không có đơn vị"),
        (("", "thư ký", "Ai Đó", "Công chức", "", ""), "Hãy ghi đơn vị"),
        ((COMMUNE, "vua", "Ai Đó", "Công chức", "", ""), "Không có vai trò 'vua'"),
        ((COMMUNE, "", "Ai Đó", "Công chức", "", ""), "Hãy chọn vai trò"),
        ((COMMUNE, "trực IOC", "Ai Đó", "Công chức", "", ""), "chỉ cấp ở cấp tỉnh"),
        ((COMMUNE, "thư ký", "Ai Đó", "", "", ""), "Chức vụ phải có"),
        ((COMMUNE, "thư ký", "Ai Đó", "Công chức", "khong-phai-thu", ""), "không dùng được"),
        ((COMMUNE, "thư ký", "Ai Đó", "Công chức", "", "A B"), "không dùng được"),
        ((COMMUNE, "thư ký", "Ai Đó", "Công chức", "", "quan.tri.thu"), "đã có người dùng"),
        ((COMMUNE, "thư ký", "Nguyễn Tốt", "Công chức", "", ""), "đã có ở dòng 4"),
    ],
)
def test_a_row_that_cannot_be_is_named_by_its_cell_and_the_others_go_on(row, said, site):
    admin = signed_in(site.app)
    _, page = sent(
        admin,
        filled(
            admin,
            (COMMUNE, "thư ký", "Nguyễn Tốt", "Công chức", "", "nguyen.tot"),
            (*row[:5], row[5] or "nguyen.tot") if "dòng 4" in said else row,
        ),
    )
    faults = words(page.select("main table")[0])
    assert said in faults
    assert "C5" in faults
    assert "1 dòng sẽ ghi" in words(page.main)
    assert site.storage.accounts.find("nguyen.tot") is None


def test_what_is_no_form_is_refused_and_what_another_looked_at_is_not_confirmed(site):
    admin, other = signed_in(site.app), signed_in(site.app, "quan.tri.hai")
    status, page = sent(admin, openpyxl.Workbook())
    assert (status, "không phải mẫu" in words(page.main)) == (422, True)
    _, page = sent(admin, filled(admin, (COMMUNE, "thư ký", "Trần Ba", "Công chức", "", "tran.ba")))
    token = page_of(other, PAGE).select_one("main input[name=csrf_token]")["value"]
    page.select_one("main form input[name=csrf_token]")["value"] = token
    assert confirm(other, page).status_code == 422
    assert site.storage.accounts.find("tran.ba") is None
