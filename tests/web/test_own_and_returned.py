"""What a reviewer may not judge, and what comes back: own figures however they were given, cells sent again, a single cell returned."""

import pytest
from bs4 import BeautifulSoup

from hue_dti.accounts.model import Grant, Role
from hue_dti.errors import EntryRefused
from tests.services.typing_desk import PERIOD
from tests.web.committee import BINH, Meanwhile, committee, installation, writer
from tests.web.conftest import words

__all__ = ["committee", "installation"]


def test_who_kept_a_register_never_approves_what_is_counted_from_it_and_reads_why(committee):
    login = f"hai.{committee.unit}"
    both = committee.person(login, Grant(Role.OFFICER, committee.unit), BINH)
    Meanwhile(committee).writes_teams(login)
    approver = committee.opened().approver
    assert "bạn đã ghi sổ Tổ công nghệ số cộng đồng" in words(both.open(f"{committee.review}/o/{committee.unit}/teams").select_one(".note"))
    refused = both.press(both.open(committee.review), "Duyệt các số đã chọn", check=(f"{committee.unit}/teams",))
    assert "bạn đã ghi sổ Tổ công nghệ" in words(both.press(refused, "Duyệt", 409).select_one("#loi"))
    assert "bạn đã ghi sổ Tổ công nghệ" in words(both.open(f"/phe-duyet/{committee.unit}/{PERIOD}").main)
    approver.press(approver.press(approver.open(committee.review), "Duyệt các số đã chọn", check=(f"{committee.unit}/teams",)), "Duyệt")
    kept = committee.place.storage.reviews.marks([committee.unit], PERIOD)
    assert [(each.measure, each.entered_by) for each in kept] == [("teams", login)]


def test_a_file_handed_in_is_judged_like_what_was_typed_and_not_by_whoever_handed_it_in(committee):
    binh = committee.approver
    Meanwhile(committee).hands_in("Trần Thị Bình")
    committee.opened()
    cell = (f"{committee.unit}/offices_assigned",)
    refused = binh.press(binh.press(binh.open(committee.review), "Duyệt các số đã chọn", check=cell), "Duyệt", 409)
    assert "bạn đã nộp tệp có số này" in words(refused.select_one("#loi"))
    done = binh.press(binh.press(binh.open(committee.review), "Trả lại các số đã chọn", check=cell), "Trả lại", ly_do="Thiếu thôn 3.")
    assert "bị trả lại Thiếu thôn 3." in words(done.select_one("tr.is-returned"))
    nga = committee.person("nga", BINH, name="Phan Thị Nga")
    after = nga.press(nga.press(nga.open(committee.review), "Duyệt các số đã chọn", check=cell), "Duyệt")
    assert [each["value"] for each in after.select("tr:has(.status.achieved) input[name=o]")] == [*cell]


def test_a_returned_cell_reaches_the_officer_at_once_and_only_that_cell_is_open_until_another_word_is_said(committee):
    approver, desk, unit = committee.opened().approver, committee.desk, committee.unit
    approver.press(
        approver.press(approver.open(committee.review), "Trả lại các số đã chọn", check=(f"{unit}/shops",)),
        "Trả lại",
        ly_do="Thiếu thôn 3.",
    )
    task = committee.officer.open(f"/viec-cua-toi?ky={PERIOD}").select_one("#tra-lai")
    assert "Cơ sở kinh doanh trên địa bàn: Thiếu thôn 3." in words(task)
    assert "các ô khác vẫn khoá" in words(task)
    assert task.a["href"] == f"/nhap/{unit}/{PERIOD}?chi=tra-lai#v-shops"
    with pytest.raises(EntryRefused, match="Đang thẩm tra"):
        desk.type(150, "shops_vietqr", by=writer(f"an.{unit}"))
    old = approver.press(approver.open(committee.review), "Duyệt các số đã chọn", check=(f"{unit}/shops", f"{unit}/shops_vietqr"))
    for value in (240, 241):
        desk.type(value, by=writer(f"an.{unit}"))
    assert "Vừa có số mới" in words(approver.press(old, "Duyệt", 409).select_one("#loi"))
    page = approver.open(committee.review)
    assert "đã sửa sau khi bị trả lại Thiếu thôn 3." in words(page.select_one("#can-xem"))
    approver.press(approver.press(page, "Duyệt các số đã chọn", check=(f"{unit}/shops",)), "Duyệt")
    with pytest.raises(EntryRefused, match="Đang thẩm tra"):
        desk.type(242, by=writer(f"an.{unit}"))


def test_a_returned_cell_is_sent_again_only_with_a_new_figure_new_evidence_or_an_explanation(committee):
    approver, officer, unit = committee.opened().approver, committee.officer, committee.unit
    approver.press(approver.press(approver.open(committee.review), "Trả lại"), "Trả lại", ly_do="Xem lại cả hai.")
    sending, desk = f"/gui/{unit}/{PERIOD}", committee.desk
    page = officer.open(sending)
    assert [each["name"] for each in page.select("#chua-sua li textarea")] == [f"gt-{unit}/shops", f"gt-{unit}/shops_vietqr"]
    assert {f"/nhap/{unit}/{PERIOD}?tu=gui#v-shops", f"/minh-chung/{unit}/{PERIOD}/VIII.1"} <= {
        each["href"] for each in page.select("#chua-sua a")
    }
    desk.type(231, by=writer(f"an.{unit}"))
    refused = officer.press(officer.open(sending), "Gửi Ban Chỉ đạo duyệt", 409)
    assert "Còn ô bị trả lại chưa có số mới" in words(refused.select_one("#loi"))
    assert len(refused.select("#chua-sua li")) == 2, "the same figure typed again mends nothing"
    desk.type(240, by=writer(f"an.{unit}"))
    told = {f"gt-{unit}/shops_vietqr": "Đã đếm lại, đúng 180."}
    officer.press(officer.open(sending), "Gửi Ban Chỉ đạo duyệt", **told)
    approver.press(approver.open(committee.review), "Bắt đầu thẩm tra")
    seen = words(approver.open(committee.review).select_one("tr.is-returned"))
    assert "Lê Văn An: Giải trình: Đã đếm lại, đúng 180." in seen
    approver.press(approver.press(approver.open(committee.review), "Trả lại đơn vị để sửa 1 ô"), "Trả lại", ly_do="Chưa đủ.")
    assert len(officer.open(sending).select("#chua-sua li")) == 1, "what was explained before the last sending counts no more"


def test_a_refusal_under_the_filter_links_to_the_cell_that_the_filter_hides(committee):
    approver, officer, unit = committee.opened().approver, committee.officer, committee.unit
    cell = (f"{unit}/shops_vietqr",)
    approver.press(approver.press(approver.open(committee.review), "Trả lại các số đã chọn", check=cell), "Trả lại", ly_do="Đếm lại.")
    page = officer.open(f"/nhap/{unit}/{PERIOD}?chi=tra-lai")
    assert len(page.select("tr.cell")) == 1
    form = {each["name"]: each.get("value", "") for each in page.select("#nhap input")} | {
        "c-shops_vietqr": "value",
        "v-shops_vietqr": "900",
    }
    answer = officer.client.post(f"/nhap/{unit}/{PERIOD}?chi=tra-lai", data=form)
    assert answer.status_code == 422
    links = [each["href"] for each in BeautifulSoup(answer.text, "html.parser").select("#loi a")]
    assert links == ["#v-shops_vietqr", f"/nhap/{unit}/{PERIOD}#o-shops"]
