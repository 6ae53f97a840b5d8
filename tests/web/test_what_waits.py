"""What waits for somebody of the committee stands first, then what needs judgement: objections, registers, proof; counts agree."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

from hue_dti.accounts.model import Grant, Role
from hue_dti.evidence.pieces import Draft, Form
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.periods import Period
from hue_dti.services.evidence import Upload, add_file
from tests.evidence.papers import pdf
from tests.services.typing_desk import PERIOD
from tests.web.committee import NOON, Meanwhile, committee, installation, writer
from tests.web.conftest import words

__all__ = ["committee", "installation"]

EARLIER = "2024-Q2"
LATE = datetime(2024, 10, 5, 5, 0, tzinfo=UTC)


def test_what_waits_for_the_committee_stands_first_for_whoever_it_waits_for(committee):
    approver, officer, unit = committee.approver, committee.officer, committee.unit
    secretary = committee.person("thu.ky", Grant(Role.SECRETARY, "483"))
    assert waiting(approver, unit) == []
    assert {"/viec-cua-toi", "/tien-do"} <= {each["href"] for each in approver.open("/").select(".person-menu a")}
    committee.sent()
    assert waiting(approver, unit) == [("đã gửi số liệu Quý III/2024, chờ duyệt", f"/phe-duyet/{unit}/{PERIOD}")]
    assert waiting(secretary, unit) == [("đã gửi số liệu Quý III/2024, chờ mở thẩm tra", committee.review)]
    assert officer.open("/viec-cua-toi").select("#cho-ban") == []
    page = secretary.open("/viec-cua-toi")
    assert page.main.select_one("section")["id"] == "cho-ban"
    assert len(page.select(".btn.act")) == 1, "one accent a page"
    assert page.select_one("#con-phai-nhap > details:not([open])")
    secretary.press(secretary.open(committee.review), "Bắt đầu thẩm tra")
    confirm = approver.press(approver.open(committee.review), "Trả lại các số đã chọn", check=(f"{unit}/shops",))
    told = approver.press(confirm, "Trả lại", ly_do="Thiếu thôn 3.").select_one(".note[data-focus]")
    assert words(told) == "Đã trả lại 1 số; đơn vị thấy ngay cùng lý do."
    assert approver.open(committee.review).select(".note[data-focus]") == [], "said once"
    said = "đang được thẩm tra số liệu Quý III/2024, chờ duyệt ; 1 ô bị trả lại, đơn vị chưa sửa"
    assert waiting(approver, unit) == [(said, f"/phe-duyet/{unit}/{PERIOD}")]
    committee.desk.type(240, by=writer(f"an.{unit}"))
    assert waiting(secretary, unit) == [("đã sửa 1 ô bị trả lại của Quý III/2024, chờ xem lại", committee.review)]
    page = approver.open(f"/phe-duyet/{unit}/{PERIOD}")
    assert "Đã duyệt số liệu Quý III/2024 của" in words(approver.press(page, "Duyệt").select_one(".note[data-focus]"))
    assert waiting(approver, unit) == []


def waiting(person, unit):
    """What the first screen says of the unit, and where it leads."""
    name = next(each.name for each in units_of(person) if each.code == unit)
    rows = person.open("/viec-cua-toi").select("#cho-ban .tasks a")
    told = [(words(row.select_one(".task-words")), row["href"]) for row in rows if words(row.strong) == name]
    return [(said.removeprefix(f"{name} "), href) for said, href in told]


def units_of(person):
    return person.client.application.extensions["hue_dti"].storage.units()


def test_progress_is_filtered_by_state_and_closes_only_once_most_have_sent(committee):
    unit = committee.sent().unit
    secretary = committee.person("thu.ky", Grant(Role.SECRETARY, "483"))
    page = secretary.open(f"/tien-do/483/{PERIOD}")
    assert f"/duyet/{unit}/{PERIOD}" in {each["href"] for each in page.select("#cho-ban a")}
    chosen = next(each for each in page.select("#loc a") if words(each).startswith("đã gửi, chờ mở"))
    rows = secretary.open(chosen["href"]).select(".progress-rows tbody tr")
    assert rows
    assert all("đã gửi, chờ mở" in words(row) for row in rows)
    assert len(rows) == int(words(chosen).split()[-1])
    acts = {words(each): each["href"] for each in page.select("main .acts a")}
    assert secretary.client.get(acts["Tải công văn đôn đốc (DOCX)"]).status_code == 200
    committee.place.app.config["CLOCK"], clock = lambda: LATE, committee.place.app.config["CLOCK"]
    late = secretary.open(f"/tien-do/483/{PERIOD}")
    committee.place.app.config["CLOCK"] = clock
    assert "Chốt số liệu" not in {words(each) for each in late.select("main .acts a")}
    assert late.select(".btn.act") == []


def test_what_the_unit_its_register_and_its_proof_say_against_a_figure_is_shown_to_who_judges_it(committee):
    unit, desk = committee.unit, committee.desk
    machine_tells(committee, 81)
    officer = committee.officer
    form = f"/nhap/{unit}/{PERIOD}/o/addresses"
    token = officer.open(form).select_one("[name=csrf_token]")["value"]
    assert officer.client.post(form, data={"csrf_token": token, "note": "Số đúng là 96 hộ."}).status_code == 302
    Meanwhile(committee).writes_teams(f"an.{unit}")
    desk.type(5, "villages", by=writer(f"an.{unit}"))
    hand_in = Draft(uuid4(), unit, PERIOD, "VIII.1", "signed_file", Form.FILE)
    add_file(Meanwhile(committee).desk(f"an.{unit}"), hand_in, Upload("giay.pdf", BytesIO(pdf())))
    page = committee.opened(so_to_cong_nghe="du").approver.open(committee.review)
    flagged = {words(row.th.a): words(row.select_one(".judged")) for row in page.select("#can-xem tbody tr")}
    assert "đơn vị báo chưa đúng Lê Văn An: Số đúng là 96 hộ." in flagged["Hộ có địa chỉ số đã xác nhận"]
    assert "khác sổ Tổ công nghệ số cộng đồng đếm được 1" in flagged["Thôn, bản, tổ dân phố"]
    assert "minh chứng cần xem VIII.1: chưa ký số" in flagged["Cơ sở kinh doanh dán mã VietQR"]
    cell = committee.approver.open(f"{committee.review}/o/{unit}/addresses")
    assert "Lê Văn An" in words(cell.select_one("#bao"))
    assert "Số đúng là 96 hộ." in words(cell.select_one("#bao"))
    machine_tells(committee, 96)
    mended = committee.approver.open(committee.review)
    assert "đơn vị báo chưa đúng" not in words(mended.main), "the machine tells another figure now"


def test_a_machine_s_figure_in_the_place_of_an_approved_one_says_who_approved_which(committee):
    unit, desk, shown = committee.unit, committee.desk, "Hộ có địa chỉ số đã xác nhận"
    desk.type(96, "addresses", by=writer(f"an.{unit}"))
    approver = committee.opened().approver
    confirm = approver.press(approver.open(committee.review), "Duyệt các số đã chọn", check=(f"{unit}/addresses",))
    assert "Đã duyệt 1 số" in words(approver.press(confirm, "Duyệt").main)
    machine_tells(committee, 81)
    flagged = {words(row.th.a): words(row.select_one(".judged")) for row in approver.open(committee.review).select("#can-xem tbody tr")}
    assert "máy thay số đã duyệt Trần Thị Bình đã duyệt 96" in flagged[shown]
    machine_tells(committee, 96)
    assert "máy thay số đã duyệt" not in words(approver.open(committee.review).main), "the machine tells what was approved"


def test_the_mean_of_units_of_its_level_stands_beside_a_figure_and_no_column_where_nobody_else_told(committee):
    desk, address = committee.desk, f"/duyet/{committee.unit}/{EARLIER}"
    for value, measure in ((231, "shops"), (180, "shops_vietqr")):
        desk.type(value, measure, by=writer(f"an.{committee.unit}"), period=EARLIER)

    def beside():
        page = committee.approver.open(address).select_one("#can-xem table")
        cells = {words(row.th.a): row.select_one("td[data-label='Trung bình cùng cấp']") for row in page.select("tbody tr")}
        return "Trung bình cùng cấp" in [words(each) for each in page.select("thead th")], cells["Cơ sở kinh doanh dán mã VietQR"]

    assert beside() == (False, None)
    other = replace(desk, unit="20161" if committee.unit != "20161" else "20164")
    for value, measure in ((150, "shops"), (101, "shops_vietqr")):
        other.type(value, measure, by=writer(f"an.{other.unit}"), period=EARLIER)
    there, cell = beside()
    assert (there, words(cell)) == (True, "140,5")


def test_a_returned_cell_is_told_once_and_counted_alike_everywhere(committee):
    approver, officer, unit = committee.opened().approver, committee.officer, committee.unit
    locked = officer.open(f"/nhap/{unit}/{PERIOD}").select_one("#o-shops_vietqr")
    assert "Lê Văn An" in words(locked), "who typed it, not who owns the source"
    before = counted(approver.open(committee.review))
    confirm = approver.press(approver.open(committee.review), "Trả lại các số đã chọn", check=(f"{unit}/shops",))
    page = approver.press(confirm, "Trả lại", ly_do="Thiếu thôn 3.")
    assert counted(page) == before - 1
    assert "1 bị trả lại, chưa tính" in words(page.select_one(".tally"))
    tasks = officer.open(f"/viec-cua-toi?ky={PERIOD}")
    naming = [each for each in tasks.select(".tasks li") if "#v-shops" in each.a["href"] and "v-shops_" not in each.a["href"]]
    assert len(naming) == 1
    assert words(tasks.select_one("#can-nhap .huge")).startswith("1 ô còn phải làm")
    rows = approver.open(f"/tien-do/483/{PERIOD}").select(".progress-rows tbody tr")
    (mine,) = [words(row) for row in rows if f"/duyet/{unit}/" in str(row)]
    assert f" {before - 1}/" in mine


def machine_tells(committee, value):
    storage, unit = committee.place.storage, committee.unit
    run = storage.begin_pull("digital_address", unit, PERIOD, NOON)
    origin = Origin("digital_address", "GET /ho", NOON, "", "")
    told = Observation(unit, "addresses", Period.parse(PERIOD), value, State.MEASURED, NOON.date(), origin)
    storage.finish_pull(run, "ok", "", 1, 1, (), NOON, [told])


def counted(page):
    return int(words(page.select_one(".tally strong")).split("/")[0])
