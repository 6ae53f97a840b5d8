"""Close a quarter in the browser: what it lacks is shown first, its day is kept, and it leads to the frozen quarter."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.services.closing import times_closed
from hue_dti.storage import Deferred
from tests.people import signed_in
from tests.web.board import page_of
from tests.web.conftest import PERIOD, place, words

PAGE = "/chot/483/2024-Q2"
SECRETARY = Grant(Role.SECRETARY, "483")
LATER = datetime(2024, 7, 1, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(server, catalogue, tmp_path_factory):
    """Nam Đông with one figure of its own in the quarter."""
    with place(server, catalogue, tmp_path_factory.mktemp("closing")) as made:
        tell(made.storage, 24)
        yield made


def tell(storage, value, at=LATER):
    run = storage.begin_pull("web_news", "483", PERIOD, at)
    origin = Origin("web_news", "GET /tin", at, "", "")
    told = Observation("483", "leader_news", PERIOD, value, State.MEASURED, PERIOD.end, origin)
    storage.save_observations(run, [told])
    storage.finish_pull(run, "ok", "", 1, 1, (), at)


def browse(site, at, login="thu.ky.chot", *grants):
    site.app.config["CLOCK"] = lambda: at
    return signed_in(site.app, login, *(grants or (SECRETARY,)), at=at)


def close(client, **fields):
    page = page_of(client, PAGE)
    sent = {
        name: page.select_one(f"input[name={name}]")["value"]
        for name in ("csrf_token", "noi-dung")
        if page.select_one(f"input[name={name}]")
    }
    return client.post(PAGE, data={**sent, **fields})


def test_before_its_day_nobody_closes_and_the_page_says_from_when(site):
    early = browse(site, datetime(2024, 6, 1, 2, 0, tzinfo=UTC))
    page = page_of(early, PAGE)
    assert page.select_one("form[action*=chot]") is None
    assert "Chưa đến ngày chốt" in words(page.main)
    token = page_of(early, "/tai-khoan").select_one("input[name=csrf_token]")["value"]
    answer = early.post(PAGE, data={"csrf_token": token, "da-xem": "1", "noi-dung": "x" * 64})
    assert answer.status_code == 409
    assert site.storage.newest_head("483") is None


def test_the_page_shows_what_is_missing_and_one_confirmed_button_freezes_just_that(site):
    secretary = browse(site, LATER)
    text = words(page_of(secretary, PAGE).main)
    for said in (
        "số liệu đã có",
        "chưa được duyệt",
        "bị trả lại",
        "chỗ mâu thuẫn",
        "Chưa có",
        "Đơn vị chưa xong",
        "Ai cũng xem được quý đã chốt",
    ):
        assert said in text
    assert close(secretary).status_code == 409, "what is missing has to be ticked as seen"
    held = page_of(secretary, PAGE)
    tell(site.storage, 25, LATER + timedelta(minutes=1))
    stale = {name: held.select_one(f"input[name={name}]")["value"] for name in ("csrf_token", "noi-dung")}
    answer = secretary.post(PAGE, data={**stale, "da-xem": "1"})
    assert answer.status_code == 409
    assert "vừa thay đổi" in answer.text
    assert site.storage.newest_head("483") is None
    done = close(secretary, **{"da-xem": "1"})
    assert (done.status_code, done.headers["Location"]) == (303, PAGE)
    head = site.storage.newest_head("483")
    assert (head.sequence, head.closed_by) == (1, "Người thu.ky.chot")
    told = site.storage.trail.page(most=1)[0].event
    assert (told.act, told.actor, told.unit, told.new) == ("quarter.closed", "thu.ky.chot", "483", head.sha256)
    with psycopg.connect(site.settings.database_url) as connection:
        queued = connection.execute("SELECT args ->> 'unit' FROM procrastinate_jobs WHERE task_name = 'draft_report'").fetchall()
    assert queued == [("483",)], "the report is written without anybody asking"
    after = page_of(secretary, PAGE).main
    assert "chốt lần 1 của quý này" in words(after.select_one(".case-line"))
    assert "Chốt rồi" not in words(after), "no future tense of what was done"
    links = {link["href"] for link in after.select("a")}
    assert {"/don-vi/483/2024-Q2", "/don-vi/483/2024-Q2/bao-cao/soan"} <= links
    assert site.app.test_client().get("/don-vi/483/2024-Q2").status_code == 200, "a closed quarter is everybody's"


def test_closing_again_wants_a_change_and_a_reason(site):
    secretary = browse(site, LATER + timedelta(hours=1))
    if site.storage.newest_head("483") is None:
        close(secretary, **{"da-xem": "1"})
    before = site.storage.newest_head("483").sequence
    assert page_of(secretary, PAGE).select_one("form[action*=chot]") is None, "nothing differs"
    tell(site.storage, 26, LATER + timedelta(hours=2))
    seen = page_of(secretary, PAGE)
    assert "1 số liệu đã thay đổi từ khi chốt" in words(seen.main)
    assert re.fullmatch(r"Huyện Nam Đông: Tin hoạt động của lãnh đạo 2[45] → 26", words(seen.select_one("#thay-doi li")))
    assert close(secretary, **{"da-xem": "1", "ly-do": "  "}).status_code == 409
    assert close(secretary, **{"da-xem": "1", "ly-do": "đếm sót một tin"}).status_code == 303
    head = site.storage.newest_head("483")
    assert (head.sequence, head.reason) == (before + 1, "đếm sót một tin")
    assert "chốt lần 2 của quý này" in words(page_of(secretary, PAGE).select_one(".case-line"))
    assert times_closed(site.storage, "483", PERIOD.previous()) == 0, "closings of other quarters are not this one's"


def test_while_sources_are_asked_the_page_says_to_wait(site):
    secretary = browse(site, LATER + timedelta(hours=3))
    assert "Đang lấy số liệu từ nguồn" not in words(page_of(secretary, PAGE).main)
    site.storage.defer(Deferred("pull_source", {"source": "web_news", "unit": "483", "period": "2024-Q2"}))
    assert "Đang lấy số liệu từ nguồn" in words(page_of(secretary, PAGE).main)


@pytest.mark.parametrize(
    ("grant", "status"),
    [
        (Grant(Role.OPERATOR, "46"), 200),
        (Grant(Role.APPROVER, "483"), 404),
        (Grant(Role.OFFICER, "483"), 404),
        (Grant(Role.SECRETARY, "20179"), 404),
        (Grant(Role.PROVINCE_ADMIN, "46"), 404),
    ],
)
def test_the_unit_s_secretary_or_the_operator_closes_and_nobody_else(grant, status, site):
    client = browse(site, LATER, f"x.{grant.role.value}.{grant.unit}".replace("_", "."), grant)
    assert client.get(PAGE).status_code == status
    assert client.get("/chot/20179/2024-Q2").status_code == 404, "a commune's quarter is told by its district's"
