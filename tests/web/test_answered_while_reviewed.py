"""A returned cell is answered at once, while the rest of its unit is still under review: by a new figure, or by the same with a reason."""

from tests.services.typing_desk import PERIOD
from tests.web.committee import committee, installation
from tests.web.conftest import words

__all__ = ["committee", "installation"]


def test_a_returned_figure_that_is_right_is_kept_during_review_with_a_line_that_says_why(committee):
    approver, officer, unit = committee.opened().approver, committee.officer, committee.unit
    returned = approver.press(approver.open(committee.review), "Trả lại các số đã chọn", check=(f"{unit}/shops",))
    approver.press(returned, "Trả lại", ly_do="Thiếu ảnh.")
    form = officer.open(f"/nhap/{unit}/{PERIOD}?chi=tra-lai")
    row = form.select_one("#o-shops")
    assert "Thiếu ảnh. · Nộp minh chứng VIII.1" in words(row.select_one(".returned-why"))
    assert "nếu giữ nguyên, viết vì sao" in words(row.select_one(".line:not([hidden]) label"))
    shown = {each["name"]: each.get("value", "") for each in form.select("#nhap input")} | {"c-shops": "value"}
    for line, saved in (("", 0), ("Đã nộp ảnh ngày 20/9.", 1)):
        answer = officer.client.post(f"/nhap/{unit}/{PERIOD}", data={**shown, "l-shops": line}, follow_redirects=True)
        assert f"Đã lưu {saved} ô" in answer.text
    page = approver.open(committee.review)
    assert "đã sửa sau khi bị trả lại Thiếu ảnh; đơn vị trả lời: Đã nộp ảnh ngày 20/9." in words(page.select_one("#can-xem"))
    assert committee.desk.stands("shops").value == 231
