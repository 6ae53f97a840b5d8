"""What a reviewer may not judge, and what comes back: own figures however they were given, cells sent again, a single cell returned."""

from hue_dti.accounts.model import Grant, Role
from tests.services.typing_desk import PERIOD
from tests.web.committee import BINH, Meanwhile, committee, installation
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
