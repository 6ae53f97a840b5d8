"""Sending and review in the browser: what goes, what comes back, who may do what, and that one of two is told."""

import re
from io import BytesIO
from uuid import uuid4

import pdfplumber

from hue_dti.accounts.model import Grant, Role
from hue_dti.evidence.pieces import Draft, Form
from hue_dti.services.evidence import Upload, keep_file
from tests.evidence.papers import png
from tests.people import signed_in
from tests.services.typing_desk import PERIOD
from tests.web.committee import BINH, Meanwhile, committee, installation, writer
from tests.web.conftest import words
from tests.web.forms_of_pages import Person

__all__ = ["committee", "installation"]


def test_an_officer_sends_gets_a_receipt_and_takes_it_back_while_nobody_has_opened_it(committee):
    officer = committee.officer
    leads = {each["href"] for each in officer.open("/viec-cua-toi").select(".today .chips a")}
    assert {f"/don-vi/{committee.unit}/{PERIOD}", f"/minh-chung/{committee.unit}/{PERIOD}"} < leads
    assert any(each.startswith("/so/") for each in leads)
    page = officer.open(f"/gui/{committee.unit}/{PERIOD}")
    assert "chưa gửi" in words(page.main)
    assert "Cơ sở kinh doanh dán mã VietQR" in next(words(each) for each in page.select("tr") if "thiếu minh chứng" in words(each))
    assert page.select_one(f"#minh-chung a[href^='/minh-chung/{committee.unit}/{PERIOD}/']")
    typing = officer.open(page.select_one("a.edit")["href"])
    assert f"/gui/{committee.unit}/{PERIOD}" in [link["href"] for link in typing.select("main a") if "Về trang kiểm tra" in words(link)]
    receipt = officer.press(page, "Gửi Ban Chỉ đạo duyệt")
    code = words(receipt.select_one(".huge strong"))
    assert re.fullmatch(r"[A-Z2-7]{5}-[A-Z2-7]{5}", code)
    assert "231" in words(receipt.select_one(".receipt-rows"))
    assert receipt.select_one(f".receipt-rows a[href='{committee.review}/o/{committee.unit}/shops']")
    paper = officer.client.get(f"/gui/{committee.unit}/{PERIOD}/bien-nhan.pdf")
    with pdfplumber.open(BytesIO(paper.data)) as pdf:
        printed = " ".join(each.extract_text() for each in pdf.pages)
    assert code in printed
    assert "Lê Văn An" in printed
    assert re.search(r"mã nhật ký: \d{6}-", printed)
    today = officer.open("/viec-cua-toi").select_one(".today")
    assert "Đã gửi Ban Chỉ đạo duyệt; các ô đang khóa." in words(today)
    assert "0 ô" not in words(today)
    assert receipt.select_one("main a")["href"].removesuffix(".pdf") in {each["href"] for each in today.select("a")}
    back = officer.press(receipt, "Rút lại để sửa")
    assert "đã rút lại" in words(back.main)
    assert committee.acts() == ["submission.sent", "export.made", "submission.withdrawn"]


def test_under_review_the_sender_reads_until_when_it_is_locked_and_has_no_button(committee):
    page = committee.opened().officer.open(f"/gui/{committee.unit}/{PERIOD}")
    assert "Đang thẩm tra, khóa đến 10/09/2024." in words(page.main)
    assert page.select("main button") == []


def test_the_confirm_says_how_many_and_what_it_does_and_the_officer_reads_the_reason(committee):
    approver = committee.opened().approver
    page = approver.open(committee.review)
    confirm = approver.press(page, "Trả lại các số đã chọn", check=(f"{committee.unit}/shops",))
    assert words(confirm.select_one(".huge")) == "1 số liệu do đơn vị nhập"
    assert "Điểm của quý" in words(confirm.main)
    assert not re.search(r"\d,\d{3,}", words(confirm.main)), "points with two decimals, exact in the title"
    assert "span" not in words(confirm.main)
    assert re.search(r"\d,\d{2,4} → ", confirm.select_one("p.measure span[title]")["title"])
    again = approver.press(confirm, "Trả lại", 409, ly_do="")
    assert "Chưa ghi lý do" in words(again.select_one("#loi"))
    done = approver.press(again, "Trả lại", ly_do="Thiếu thôn 3.")
    assert "bị trả lại Thiếu thôn 3." in words(done.select_one("tr.is-returned"))
    assert "Còn 1 số đang bị trả lại" in words(done.select_one("#ket-luan"))
    back = approver.press(approver.press(done, "Trả lại đơn vị để sửa 1 ô"), "Trả lại", ly_do="Sửa rồi gửi lại.")
    assert "bị trả lại" in words(back.select_one(".case-line"))
    seen = committee.officer.open(f"/gui/{committee.unit}/{PERIOD}")
    assert "Sửa rồi gửi lại." in words(seen.main)
    assert "Thiếu thôn 3." in words(seen.select_one("tr.is-returned"))
    assert committee.acts() == ["submission.sent", "submission.opened", "cell.returned", "submission.returned"]


def test_an_approver_finishes_on_one_page_and_may_undo_with_a_reason(committee):
    approver = committee.sent().approver
    done = approver.press(approver.open(f"/phe-duyet/{committee.unit}/{PERIOD}"), "Duyệt")
    assert "đã duyệt" in words(done.select_one(".case-line"))
    assert f"/don-vi/{committee.unit}/{PERIOD}" in {each["href"] for each in done.select(".approving a")}
    marks = committee.place.storage.reviews.marks([committee.unit], PERIOD)
    assert {(each.measure, each.verdict.value, each.by.login) for each in marks} == {
        (m, "approved", "binh") for m in ("shops", "shops_vietqr")
    }
    undone = approver.press(approver.press(approver.open(committee.review), "Hoàn tác"), "Hoàn tác", ly_do="Xem lại.")
    assert "đang thẩm tra" in words(undone.select_one(".case-line"))
    assert [each.verdict.value for each in committee.place.storage.reviews.marks([committee.unit], PERIOD)][-2:] == ["cleared", "cleared"]


def test_evidence_that_serves_elsewhere_too_is_pointed_out_to_whoever_judges(committee):
    hands, body = Meanwhile(committee).desk(f"an.{committee.unit}"), png(31)
    for criterion, period in (("VIII.1", PERIOD), ("IV.2", PERIOD), ("VIII.1", "2023-Q4"), ("VIII.1", "2024-Q2")):
        draft = Draft(uuid4(), committee.unit, period, criterion, "signed_file", Form.FILE)
        keep_file(hands, draft, Upload("bao-cao.png", BytesIO(body)))
    page = committee.opened().approver.open(committee.review)
    row = next(words(each) for each in page.select("tr") if "minh chứng dùng lại" in words(each))
    assert "VIII.1: tệp cũng dùng cho IV.2, Quý III/2024" in row
    assert "VIII.1: tệp cũng dùng cho VIII.1, Quý IV/2023" in row
    assert "Quý II/2024" not in row, "the same proof in the same year is no news"
    beside = words(committee.approver.open(f"{committee.review}/o/{committee.unit}/shops_vietqr").select_one("#minh-chung"))
    assert "cũng đang dùng cho tiêu chí IV.2" in beside
    assert "Hãy xem tài liệu có đúng là của việc này" in beside
    assert "hãy rút lại" not in beside, "who judges takes nothing back"


def test_who_typed_a_figure_is_shown_no_way_to_approve_it_and_has_none(committee):
    login = f"hai.{committee.unit}"
    both = committee.person(login, Grant(Role.OFFICER, committee.unit), BINH)
    committee.desk.type(240, by=writer(login))
    page = committee.sent() and both.open(f"/phe-duyet/{committee.unit}/{PERIOD}")
    assert [words(each) for each in page.select("main button")] == ["Trả lại"]
    button = page.select_one("main button")
    button["value"] = "duyet"
    refused = both.press(page, "Trả lại", 409)
    assert "hãy để người khác duyệt" in words(refused.select_one("#loi"))
    assert committee.place.storage.reviews.case(committee.unit, PERIOD).state.value == "sent"


def test_a_page_that_is_out_of_date_changes_nothing_and_says_who_came_first(committee):
    approver, member = committee.sent().approver, committee.person("nam", Grant(Role.MEMBER, "483"), name="Hồ Văn Nam")
    old = approver.open(f"/phe-duyet/{committee.unit}/{PERIOD}")
    member.press(member.open(committee.review), "Bắt đầu thẩm tra")
    told = approver.press(old, "Duyệt", 409)
    assert "trước bạn" in words(told.select_one("#loi"))
    assert committee.place.storage.reviews.case(committee.unit, PERIOD).state.value == "under_review"


def test_comments_and_the_history_of_a_cell_tell_who_when_old_new_and_why(committee):
    committee.desk.type(240, by=writer(f"an.{committee.unit}"), reason="thêm hai tổ")
    approver = committee.opened().approver
    address = f"{committee.review}/o/{committee.unit}/shops"
    said = approver.press(approver.open(address), "Gửi lời trao đổi", loi="Vì sao tăng?")
    assert "Trần Thị Bình , Phó Trưởng ban" in words(said.select_one(".said-by"))
    history = [words(each) for each in said.select(".history-of-cell li")]
    assert "Lê Văn An" in history[0]
    assert "nhập 231 → 240 · thêm hai tổ" in history[0].replace("cơ sở ", "")
    assert "Vì sao tăng?" in words(committee.officer.open(address).main)
    assert "dài nhất" in words(approver.press(said, "Gửi lời trao đổi", 409, loi=" ").select_one("#loi"))


def test_another_commune_s_officer_finds_none_of_it_and_a_member_only_the_review(committee):
    committee.opened()
    stranger = committee.person("khach.la", Grant(Role.OFFICER, "20161" if committee.unit != "20161" else "20164"))
    pages = [f"/gui/{committee.unit}/{PERIOD}", committee.review, f"{committee.review}/o/{committee.unit}/shops"]
    pages += [f"/phe-duyet/{committee.unit}/{PERIOD}", f"/tien-do/{committee.unit}/{PERIOD}", f"/mo-khoa/{committee.unit}/{PERIOD}"]
    pages += [f"/gui/{committee.unit}/{PERIOD}/bien-nhan", f"/gui/{committee.unit}/{PERIOD}/bien-nhan.pdf"]
    assert {address: stranger.client.get(address).status_code for address in pages} == dict.fromkeys(pages, 404)

    member = committee.person("nam", Grant(Role.MEMBER, "483"))
    ours = [committee.review, f"/phe-duyet/{committee.unit}/{PERIOD}", f"/gui/{committee.unit}/{PERIOD}"]
    assert [member.client.get(address).status_code for address in ours] == [200, 404, 404]


def test_progress_puts_who_has_not_sent_first_with_x_of_y_and_percent(committee):
    committee.sent()
    page = committee.approver.open(f"/tien-do/483/{PERIOD}")
    rows = [words(each) for each in page.select(".progress-rows tbody tr")]
    states = ["chưa gửi" in row for row in rows]
    assert states == sorted(states, reverse=True)
    mine = next(each for each in page.select(".progress-rows tbody tr") if f"/duyet/{committee.unit}/" in str(each))
    assert re.search(r"2/\d+ · \d+,\d\d%", words(mine))
    assert "ngày chốt số liệu 30/09/2024" in words(page.main)


def test_an_approver_comes_by_links_alone_to_the_quarter_worked_on_however_late_it_is(golden):
    binh = Person(signed_in(golden.app, "binh.tre", Grant(Role.APPROVER, "483")))
    menu = {each["href"] for each in binh.open("/").select(".person-menu a")}
    assert {"/tien-do", "/bao-cao"} < menu, "on a phone the person's menu is all there is of the frame"
    assert [each["href"] for each in binh.open("/tien-do").select("main a")][-1] == "/tien-do/483/2024-Q3"
