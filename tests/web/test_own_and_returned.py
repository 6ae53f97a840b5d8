"""What a reviewer may not judge, and what comes back: own figures however they were given, cells sent again, a single cell returned."""

from io import BytesIO
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from hue_dti.accounts.model import Grant, Role
from hue_dti.errors import EntryRefused
from hue_dti.evidence.pieces import Draft, Form
from hue_dti.services.evidence import Upload, add_file
from tests.evidence.papers import pdf, png
from tests.services.typing_desk import PERIOD
from tests.web.committee import BINH, Meanwhile, committee, installation, writer
from tests.web.conftest import words

__all__ = ["committee", "installation"]


def test_who_kept_a_register_never_approves_what_is_counted_from_it_and_reads_why(committee):
    login = f"hai.{committee.unit}"
    both = committee.person(login, Grant(Role.OFFICER, committee.unit), BINH)
    Meanwhile(committee).writes_teams(login)
    approver = committee.opened(so_to_cong_nghe="du").approver
    assert "bạn đã ghi sổ Tổ công nghệ số cộng đồng" in words(both.open(f"{committee.review}/o/{committee.unit}/teams").select_one(".note"))
    refused = both.press(both.open(committee.review), "Duyệt các số đã chọn", check=(f"{committee.unit}/teams",))
    assert "bạn đã ghi sổ Tổ công nghệ" in words(both.press(refused, "Duyệt", 409).select_one("#loi"))
    assert "bạn đã ghi sổ Tổ công nghệ" in words(both.open(f"/phe-duyet/{committee.unit}/{PERIOD}").main)
    approver.press(approver.press(approver.open(committee.review), "Duyệt các số đã chọn", check=(f"{committee.unit}/teams",)), "Duyệt")
    kept = committee.place.storage.reviews.marks([committee.unit], PERIOD)
    assert [(each.measure, each.entered_by) for each in kept] == [("teams", login)]


def test_what_a_register_still_being_written_counts_to_is_marked_everywhere_and_not_sent_without_a_word(committee):
    officer, address = committee.officer, f"/gui/{committee.unit}/{PERIOD}"
    Meanwhile(committee).writes_teams(f"an.{committee.unit}")
    marked = {
        place: words(officer.open(page).select_one(found))
        for place, page, found in (
            ("tasks", f"/viec-cua-toi?ky={PERIOD}", "#so-dang-ghi"),
            ("entry", f"/nhap/{committee.unit}/{PERIOD}", "#o-teams"),
            ("sending", address, "#can-xem"),
        )
    }
    assert {place for place, said in marked.items() if "sổ còn đang ghi" in said.lower()} == set(marked)
    refused = officer.press(officer.open(address), "Gửi Ban Chỉ đạo duyệt", 409)
    assert "Sổ Tổ công nghệ số cộng đồng còn đang ghi; hãy xác nhận" in words(refused.select_one("#loi"))
    page = committee.opened(vi_sao_to_cong_nghe="Thôn 2 gửi sau.").approver.open(committee.review)
    teams = next(row for row in page.select("#can-xem tbody tr") if "/teams" in str(row.th))
    assert "sổ còn đang ghi Thôn 2 gửi sau." in words(teams)
    secretary = committee.person("thu.ky", Grant(Role.SECRETARY, "483"))
    left = secretary.open(f"/chot/483/{PERIOD}").select("#so-dang-ghi li")
    assert [words(each).endswith("Sổ Tổ công nghệ số cộng đồng · Thôn 2 gửi sau.") for each in left if committee.unit in str(each)] == [
        True
    ]
    assert committee.acts().count("register.filling") == 1


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
    assert "các ô khác vẫn khóa" in words(task)
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


def test_no_page_takes_words_that_turn_round_and_every_one_says_where(committee):
    member = committee.opened().person("nam", Grant(Role.MEMBER, "483"), name="Hồ Văn Nam")
    address = f"{committee.review}/o/{committee.unit}/shops"
    refused = member.press(member.open(address), "Gửi lời trao đổi", 400, loi="Số đúng: \u202e132")
    assert "Lời bạn gõ có ký tự đảo chiều chữ sau “Số đúng: ”" in words(refused.main)
    kept = member.press(member.open(address), "Gửi lời trao đổi", loi="Số\u200b đúng:\n132")
    assert words(kept.select_one(".said-by p:last-child")) == "Số đúng: 132"


def test_what_no_page_sends_is_answered_as_a_fault_of_the_sender(committee):
    client, form = committee.officer.client, f"/nhap/{committee.unit}/{PERIOD}"
    token = committee.officer.open(form).select_one("[name=csrf_token]")["value"]
    told = {"Content-Type": "application/json", "X-CSRFToken": token}
    deep = '{"text": ' + "[" * 100_000 + "]" * 100_000 + "}"
    assert client.post(f"{form}/o", data=deep, headers=told).status_code == 400
    assert client.post(f"{form}/o", data='{"text": [[["1"]]], "measure": "shops"}', headers=told).status_code == 400
    for text in ("Infinity", "NaN", '"1e999"', '"∞"'):
        body = f'{{"id": "{uuid4()}", "measure": "shops", "choice": "value", "text": {text}}}'
        assert client.post(f"{form}/o", data=body, headers=told).status_code == 422
    rows = "/so/to-cong-nghe/" + form.removeprefix("/nhap/") + "/xac-nhan"
    for lines in ("[[Infinity, {}]]", "[[NaN, {}]]", "[" * 100_000):
        assert client.post(rows, data={"csrf_token": token, "cac-dong": lines}).status_code == 400


def test_a_quarter_named_in_an_address_opens_only_for_whom_its_own_page_opens(committee):
    answer = committee.desk.stands().origin.raw_sha256
    for quarter, opens in ((committee.unit, True), ("483", False), (committee.unit.lower() + "x", False)):
        page = committee.officer.open(f"/cau-tra-loi-goc/{answer}?cua={quarter}/{PERIOD}/{committee.unit}/shops")
        assert ("Cơ sở kinh doanh" in words(page.h1)) is opens
        assert opens or f"/don-vi/483/{PERIOD}" not in {link["href"] for link in page.select("a[href]")}


def test_a_picture_and_a_calm_paper_are_shown_beside_the_figure_and_what_acts_by_itself_only_as_pictures_of_its_pages(committee):
    desk, unit = Meanwhile(committee).desk(f"an.{committee.unit}"), committee.unit
    for name, body in (
        ("anh.png", png()),
        ("giay.pdf", pdf()),
        ("chay.pdf", pdf(catalog=b"/OpenAction<</S/JavaScript/JS(app.alert)>>")),
    ):
        draft = Draft(uuid4(), unit, PERIOD, "VIII.1", "", Form.FILE)
        add_file(desk, draft, Upload(name, BytesIO(body)))
    approver = committee.opened().approver
    answer = approver.client.get(f"{committee.review}/o/{unit}/shops")
    page = BeautifulSoup(answer.text, "html.parser")
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "frame-src" not in approver.client.get(committee.review).headers["Content-Security-Policy"]
    shown = {each["src"] for each in page.select(".viewer:not(.pages) :is(img, iframe)")}
    pieces = {words(each.a): each for each in page.select(".piece")}
    assert set(pieces) == {"anh.png", "giay.pdf", "chay.pdf"}
    (drawn,) = [each["src"] for each in pieces["chay.pdf"].select(".viewer.pages img")]
    assert len(shown) == 2
    stranger = committee.person("khach.xem", Grant(Role.OFFICER, "20161" if unit != "20161" else "20164"))
    picture = approver.client.get(drawn)
    assert (picture.status_code, picture.mimetype, picture.data[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert approver.client.get(drawn.removesuffix("1") + "2").status_code == 404
    for address in (*shown, drawn):
        file = approver.client.get(address)
        assert (file.status_code, file.headers["X-Content-Type-Options"]) == (200, "nosniff")
        assert "frame-ancestors 'self'" in file.headers["Content-Security-Policy"]
        assert stranger.client.get(address).status_code == 404
    acting = pieces["chay.pdf"].a["href"].removesuffix("tep") + "xem"
    assert approver.client.get(acting).status_code == 404
