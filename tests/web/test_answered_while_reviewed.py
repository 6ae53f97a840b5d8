"""What both sides see while a unit is under review: the answer to a returned cell at once; names as they are, in either language."""

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


def test_on_english_pages_names_are_marked_as_vietnamese(committee):
    unit = next(each for each in committee.place.storage.units() if each.code == committee.unit)
    officer, approver = committee.opened().officer, committee.approver
    pages = {officer: (f"/gui/{unit.code}/{PERIOD}", f"/gui/{unit.code}/{PERIOD}/bien-nhan", f"/nhap/{unit.code}/{PERIOD}")}
    reviews = (committee.review, f"{committee.review}/o/{unit.code}/shops", f"/phe-duyet/{unit.code}/{PERIOD}", f"/tien-do/483/{PERIOD}")
    for person, addresses in {**pages, approver: reviews}.items():
        person.client.get("/ngon-ngu/en")
        for address in addresses:
            page = person.open(address)
            alone = {unit.name, "Cơ sở kinh doanh trên địa bàn"}
            named = [text for text in page.main.find_all(string=True) if text.strip() in alone]
            assert named, address
            assert all(text.find_parent(lang=True)["lang"] == "vi" for text in named), f"{address}: {named}"
