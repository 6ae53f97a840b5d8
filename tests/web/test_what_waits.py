"""What waits for somebody of the committee stands first, each with the page where it is done; what was done is said in words."""

from datetime import UTC, datetime

from hue_dti.accounts.model import Grant, Role
from tests.services.typing_desk import PERIOD
from tests.web.committee import committee, installation, writer
from tests.web.conftest import words

__all__ = ["committee", "installation"]

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
