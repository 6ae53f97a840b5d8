"""What stays as it was sent and closed, and the narrow way by which more comes in: a criterion opened, typed, the quarter closed again."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from hue_dti.accounts.model import Actor, Grant, Role
from hue_dti.errors import EntryRefused, EvidenceRefused
from hue_dti.evidence.pieces import Draft, Form
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.services.close import close_quarter
from hue_dti.services.desk import Desk
from hue_dti.services.evidence import add_link, withdraw
from hue_dti.services.quarter import frozen
from hue_dti.units.model import Level
from tests.services.typing_desk import PERIOD
from tests.web.committee import committee, installation, writer
from tests.web.conftest import words

__all__ = ["committee", "installation"]
AUTUMN = datetime(2024, 10, 2, 2, 0, tzinfo=UTC)
LINK = "https://huongxuan.example/tin/"


def key_of(page, criterion):
    """What the box of this criterion says it is, in the form of one unit's criteria."""
    return next(each.input["value"] for each in page.select("#mo .tick") if words(each.select_one(".code")) == criterion)


def hand_in(committee, link):
    place = committee.place
    who = Actor(f"an.{committee.unit}", "Lê Văn An", "", ())
    desk = Desk(place.storage, place.catalogue, place.settings, place.settings.home, who, place.app.config["CLOCK"])
    return desk, add_link(desk, Draft(uuid4(), committee.unit, PERIOD, "VIII.1", "", Form.LINK, link=link)).piece


def close(committee, reason=""):
    place, period = committee.place, Period.parse(PERIOD)
    district = next(each for each in place.storage.units() if each.code == "483" and each.exists_on(period.end))
    head = close_quarter(place.storage, place.catalogue, district, period, lambda: AUTUMN, "Trần Thị Bình", reason)
    return frozen(place.storage, head.sha256)


def test_what_was_sent_stays_beside_the_figures_and_only_what_came_later_is_taken_back(committee):
    address = f"/minh-chung/{committee.unit}/{PERIOD}/VIII.1"
    desk, sent = hand_in(committee, f"{LINK}1")
    assert committee.officer.open(address).select(".take-back")
    committee.sent()
    page = committee.officer.open(address)
    assert not page.select(".take-back")
    assert "đã gửi thẩm tra lúc" in words(page.select_one(".piece"))
    with pytest.raises(EvidenceRefused, match="nộp bản đúng và giải trình"):
        withdraw(desk, sent, "nhầm")
    desk, later = hand_in(committee, f"{LINK}2")
    assert withdraw(desk, later, "nhầm")
    assert [each.withdrawn is None for each in committee.place.storage.evidence.of([committee.unit], PERIOD)] == [True, False]


def test_criteria_of_one_unit_are_opened_by_one_confirmed_act_and_closed_together(committee):
    approver, address, logs = committee.sent().approver, f"/mo-khoa/{committee.unit}/{PERIOD}", committee.acts
    page = approver.open(address)
    two = (key_of(page, "VIII.1"), key_of(page, "III.1"))
    late = approver.press(page, "Xem lại rồi mở khóa", 409, check=two, den_ngay="05/12/2024", ly_do="sai số hộ")
    assert "chậm nhất 60 ngày" in words(late.select_one("#loi"))
    sure = approver.press(page, "Xem lại rồi mở khóa", check=two, den_ngay="20/09/2024", ly_do="sai số hộ")
    assert [words(each)[:6].split()[0] for each in sure.select("main .found li")] == ["VIII.1", "III.1"]
    assert committee.place.storage.reviews.exceptions([committee.unit], PERIOD) == ()
    opened = approver.press(sure, "Mở khóa")
    assert logs()[-2:] == ["lock.opened", "lock.opened"]
    seen = committee.person("nam", Grant(Role.MEMBER, "483")).open(address)
    assert [words(each)[:35] for each in seen.select("fieldset legend")] == ["Đến hết 20/09/2024 · sai số hộ Trần"]
    assert seen.select("main form") == []
    open_cells = {each["id"] for each in committee.officer.open(f"/nhap/{committee.unit}/{PERIOD}").select(".value")}
    assert {"v-shops", "v-shops_vietqr"} < open_cells
    both = tuple(each["value"] for each in opened.select("#dang-mo input[name=o]"))
    assert len(both) == 2
    shut = approver.press(opened, "Khóa lại các tiêu chí đã chọn", check=both, ly_do="đã nhập xong")
    assert shut.select("#dang-mo") == []
    assert logs()[-2:] == ["lock.closed", "lock.closed"]
    assert committee.officer.open(f"/nhap/{committee.unit}/{PERIOD}").select(".value") == []
    again = approver.press(opened, "Khóa lại các tiêu chí đã chọn", 409, check=both, ly_do="đã nhập xong")
    assert "hãy xem lại rồi chọn" in words(again.select_one("#loi"))


def test_one_criterion_is_opened_for_several_units_by_one_act_or_for_none(committee):
    approver, address = committee.approver, f"/mo-khoa/483/{PERIOD}"
    page = approver.open(address)
    form = page.select_one("#mo-nhieu-don-vi")
    criterion = next(each["value"] for each in form.select("option") if words(each).startswith("VIII.1 "))
    communes = [each["value"] for each in form.select("input[name=o]") if each["value"].isdigit()]
    units = tuple(each for each in communes if each not in {"483", committee.unit})[-2:]
    for wrong in ("20000", "46", "483"):
        asked = {
            "viec": "don-vi",
            "tieu-chi": criterion,
            "o": [committee.unit, wrong],
            "den-ngay": "20/09/2024",
            "ly-do": "sai",
            "chac": "1",
        }
        token = {"csrf_token": page.select_one("input[name=csrf_token]")["value"]}
        assert approver.client.post(address, data=asked | token).status_code == 409
    assert committee.place.storage.reviews.exceptions([committee.unit], PERIOD) == ()
    told = {"check": (committee.unit, *units), "tieu_chi": criterion, "den_ngay": "20/09/2024", "ly_do": "chung một lý do"}
    sure = approver.press(form, "Xem lại rồi mở khóa", **told)
    opened = approver.press(sure, "Mở khóa")
    act = next(each for each in opened.select("#dang-mo fieldset") if "chung một lý do" in words(each.legend))
    assert len(act.select("li")) == 3
    kept = committee.place.storage.reviews.exceptions([committee.unit, *units], PERIOD)
    assert {(each.unit, each.criterion) for each in kept} == {(unit, criterion) for unit in (committee.unit, *units)}


def test_a_criterion_opened_after_the_close_takes_a_figure_and_the_next_closing_has_it(committee):
    unit = committee.unit
    committee.opened().approver.press(committee.approver.open(committee.review), "Duyệt")
    close(committee)
    desk, form = committee.desk, f"/nhap/{unit}/{PERIOD}"
    with pytest.raises(EntryRefused, match="mở khóa tiêu chí"):
        desk.type(240, by=writer(f"an.{unit}"))
    shut = committee.officer.open(form)
    assert "đề nghị Ban Chỉ đạo mở khóa" in words(shut.select_one(".note"))
    assert shut.select(".value") == []
    assert not committee.officer.open(f"/don-vi/{unit}/{PERIOD}").select("main a[href^='/gui/']")
    assert "sẽ gửi" not in words(committee.officer.open(f"/gui/{unit}/{PERIOD}").main)
    unsent = next(
        each.code for each in reversed(tuple(committee.place.storage.units())) if each.level is Level.COMMUNE and each.parent == "483"
    )
    told = words(committee.approver.open(f"/duyet/{unsent}/{PERIOD}").main)
    assert ("đã chốt lúc" in told, "Gửi rồi mới bắt đầu" in told) == (True, False)
    opening = committee.approver.open(f"/mo-khoa/{unit}/{PERIOD}")
    sure = committee.approver.press(
        opening, "Xem lại rồi mở khóa", check=(key_of(opening, "VIII.1"),), den_ngay="20/09/2024", ly_do="đếm sót"
    )
    committee.approver.press(sure, "Mở khóa")
    mine = committee.officer.open(f"/viec-cua-toi?ky={PERIOD}")
    assert mine.select_one("#mo-khoa a")["href"] == form
    assert not mine.select("main a[href^='/gui/']")
    assert {each["id"] for each in committee.officer.open(form).select(".value")} == {"v-shops", "v-shops_vietqr"}
    desk.type(240, by=writer(f"an.{unit}"))
    figure = close(committee, "đếm sót một chợ").figure(unit, "shops")
    assert (figure.value, figure.state) == (240, State.REPORTED)
