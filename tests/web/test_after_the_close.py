"""What stays as it was sent and closed, and the narrow way by which more comes in: a criterion opened, typed, the quarter closed again."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from hue_dti.accounts.model import Actor
from hue_dti.errors import EntryRefused, EvidenceRefused
from hue_dti.evidence.pieces import Draft, Form
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.services.close import close_quarter
from hue_dti.services.desk import Desk
from hue_dti.services.evidence import add_link, withdraw
from hue_dti.services.quarter import frozen
from tests.services.typing_desk import PERIOD
from tests.web.committee import committee, installation, writer
from tests.web.conftest import words

__all__ = ["committee", "installation"]
AUTUMN = datetime(2024, 10, 2, 2, 0, tzinfo=UTC)
LINK = "https://huongxuan.example/tin/"


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


def test_a_criterion_opened_after_the_close_takes_a_figure_and_the_next_closing_has_it(committee):
    unit = committee.unit
    committee.opened().approver.press(committee.approver.open(committee.review), "Duyệt")
    close(committee)
    desk, form = committee.desk, f"/nhap/{unit}/{PERIOD}"
    with pytest.raises(EntryRefused, match="mở khoá tiêu chí"):
        desk.type(240, by=writer(f"an.{unit}"))
    shut = committee.officer.open(form)
    assert "đề nghị Ban Chỉ đạo mở khoá" in words(shut.select_one(".note"))
    assert shut.select(".value") == []
    opening = committee.approver.open(f"/mo-khoa/{unit}/{PERIOD}")
    criterion = next(each["value"] for each in opening.select("option") if "VIII.1" in words(each))
    committee.approver.press(opening, "Mở khoá tiêu chí này", tieu_chi=criterion, den_ngay="20/09/2024", ly_do="đếm sót")
    told = committee.officer.open(f"/viec-cua-toi?ky={PERIOD}").select_one("#mo-khoa a")
    assert told["href"] == form
    assert {each["id"] for each in committee.officer.open(form).select(".value")} == {"v-shops", "v-shops_vietqr"}
    desk.type(240, by=writer(f"an.{unit}"))
    figure = close(committee, "đếm sót một chợ").figure(unit, "shops")
    assert (figure.value, figure.state) == (240, State.REPORTED)
