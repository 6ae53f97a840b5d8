"""Alerts on the page: what nobody has taken on first, a form to take one on, what is over below; the count in every head."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from hue_dti.alerts.model import Finding, Kind, Verdict
from hue_dti.units.model import Level
from tests.people import signed_in
from tests.web.board import board, page_of, token

__all__ = ["board"]
NOW = datetime.now(UTC)
SCRIPT = "<script>alert(1)</script>"


def words(node):
    return " ".join(node.get_text(" ").split())


def opened(board, *subjects, what="Sổ họp: 2 lần liền không lấy được số liệu"):
    found = tuple(Finding("nguon-loi", Kind.FAILED, subject, what, NOW) for subject in subjects)
    board.storage.alerts.settle("483", Verdict(found), NOW)
    return {alert.subject: alert.id for alert in board.storage.alerts.open()}


def take_on(client, number, why="Đã gọi đơn vị vận hành"):
    return client.post(f"/canh-bao/{number}/nhan", data={"csrf_token": token(client, "/canh-bao"), "nguoi": "Người Khác", "ly-do": why})


def test_a_quiet_board_says_that_all_is_quiet(board):
    page = page_of(board.browse(), "/canh-bao")
    assert "Không có cảnh báo nào đang mở" in words(page.main)
    assert page.select_one(".badge-count") is None


@pytest.mark.parametrize("address", ["/", "/nguon", "/canh-bao", "/don-vi/483/2024-Q2", "/khong-co"])
def test_every_page_counts_those_nobody_has_taken_on(address, board):
    numbers = opened(board, "meetings", "police")
    client = board.browse()
    assert words(page_of(client, address).select_one(".badge-count")) == "2"
    board.storage.alerts.acknowledge([numbers["police"]], "B", "đã gọi", NOW)
    assert words(page_of(client, address).select_one(".badge-count")) == "1"


def test_an_alert_is_taken_on_in_the_account_s_own_name_with_a_reason(board):
    number = opened(board, "meetings")["meetings"]
    client = signed_in(board.app, "ioc.truc", name="Trần Văn B", post="trực IOC")
    assert "Trần Văn B, trực IOC" in words(page_of(client, "/canh-bao").select_one("form.take-on"))
    answer = take_on(client, number)
    assert (answer.status_code, answer.location) == (303, f"/canh-bao#canh-bao-{number}")
    page = page_of(client, "/canh-bao")
    assert page.select_one("#cho") is None
    assert "Trần Văn B, trực IOC nhận xử lý lúc" in words(page.select_one("#dang"))
    assert "Đã gọi đơn vị vận hành" in words(page.select_one("#dang"))
    assert page.select_one("form.take-on") is None


def test_a_source_that_is_dead_for_several_units_is_one_alert_that_names_them_and_is_taken_on_once(board):
    down, other = (Finding("nguon-loi", Kind.FAILED, subject, "Sổ họp: 2 lần liền", NOW) for subject in ("meetings", "police"))
    for unit, findings in (("479", (down,)), ("483", (down, other)), ("480", (down,))):
        board.storage.alerts.settle(unit, Verdict(findings), NOW)
    numbers = {(alert.unit, alert.subject): alert.id for alert in board.storage.alerts.open()}
    client = board.browse()
    page = page_of(client, "/canh-bao")
    assert words(page.select_one(".badge-count")) == "2"
    cards = [words(card) for card in page.select("#cho .cards > li")]
    assert len(cards) == 2
    (card,) = [each for each in cards if "3 đơn vị" in each]
    assert all(unit.name in card for unit in board.storage.units() if unit.code in ("479", "480", "483") and unit.level is Level.DISTRICT)
    assert take_on(client, numbers["483", "meetings"]).status_code == 303
    told = {(each.unit, each.subject): each.acknowledgement for each in board.storage.alerts.open()}
    why = "Đã gọi đơn vị vận hành"
    assert told == {**dict.fromkeys([("479", "meetings"), ("480", "meetings"), ("483", "meetings")], why), ("483", "police"): ""}
    assert len(page_of(client, "/canh-bao").select("#dang .cards > li")) == 1
    assert take_on(client, numbers["479", "meetings"]).status_code == 409


@pytest.mark.parametrize(("why", "said"), [("", "Chưa ghi lý do"), ("x" * 501, "dài quá 500 chữ")])
def test_what_is_left_out_is_said_beside_the_form_with_the_rest_still_in_it(why, said, board):
    number = opened(board, "meetings", "police")["meetings"]
    client = board.browse()
    answer = take_on(client, number, why)
    assert answer.status_code == 409
    card = BeautifulSoup(answer.text, "html.parser").select_one(f"#canh-bao-{number}")
    assert said in words(card.select_one("[role=alert]"))
    assert card.details.has_attr("open")
    assert card.textarea.text.strip() == why
    assert [each.unit for each in board.storage.alerts.waiting()] == ["483", "483"]


def test_the_second_who_takes_an_alert_on_is_told_who_has_it(board):
    number = opened(board, "meetings")["meetings"]
    client = board.browse()
    take_on(client, number)
    opened(board, "meetings", "police")
    answer = take_on(client, number, "tôi nữa")
    assert answer.status_code == 409
    assert "đã có Người quan.tri.thu, Chuyên viên nhận xử lý" in answer.text


def test_an_alert_that_is_not_there_cannot_be_taken_on(board):
    opened(board, "meetings")
    client = board.browse()
    for number in ("999", "99999999999999999999999", "x"):
        assert take_on(client, number).status_code == 404


def test_code_in_a_reason_a_name_or_a_source_s_words_appears_literally(board):
    number = opened(board, "meetings", what=f"nguồn nói {SCRIPT}")["meetings"]
    client = signed_in(board.app, "ioc.code", name=f"B {SCRIPT}")
    take_on(client, number, f'"><img src=x onerror=alert(1)> {SCRIPT} {{{{7*191}}}}')
    for address in ("/canh-bao", "/nguon?don-vi=483&ky=2024-Q2"):
        text = client.get(address).text
        assert SCRIPT not in text
        assert "<img" not in text
        assert "1337" not in text
        assert "&lt;script&gt;" in text
    board.storage.alerts.settle("483", Verdict(()), NOW + timedelta(hours=1))
    closed = page_of(client, "/canh-bao").select_one("#da-dong")
    assert SCRIPT in closed.text
    assert closed.script is None


def test_an_alert_that_is_over_stays_in_sight_with_who_saw_to_it(board):
    numbers = opened(board, "meetings", "police")
    board.storage.alerts.acknowledge([numbers["meetings"]], "B", "đã gọi", NOW)
    board.storage.alerts.settle("483", Verdict(()), NOW + timedelta(hours=1))
    rows = [words(row) for row in page_of(board.browse(), "/canh-bao").select("#da-dong tbody tr")]
    assert len(rows) == 2
    assert any("B: đã gọi" in row for row in rows)
    assert any("tự đóng, chưa ai nhận" in row for row in rows)


def test_the_board_shows_the_alerts_of_its_unit_only(board):
    opened(board, "meetings")
    board.storage.alerts.settle("490", Verdict((Finding("x", Kind.FAILED, "police", "của huyện khác", NOW),)), NOW)
    section = page_of(board.browse(), "/nguon?don-vi=483&ky=2024-Q2").select_one("#canh-bao")
    assert len(section.select("li")) == 1
    assert "của huyện khác" not in section.text
