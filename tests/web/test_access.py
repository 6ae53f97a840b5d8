"""Rights at the door: every route is in the matrix, the public sees what is closed, the others their own units."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from hue_dti.accounts.model import Act, Actor, Grant, Role
from hue_dti.accounts.rights import may
from hue_dti.alerts.model import Finding, Kind, Verdict
from hue_dti.errors import SettingError
from hue_dti.units.lines import Lines
from hue_dti.web import access
from tests.people import signed_in
from tests.web.board import page_of
from tests.web.conftest import QUARTER, now

OFFICER = Grant(Role.OFFICER, "20179")
SECRETARY = Grant(Role.SECRETARY, "483")
PUBLIC_PAGES = ["/", "/tim?q=huong", "/don-vi/46", QUARTER, f"{QUARTER}/tieu-chi/III.1", "/don-vi/20179/2024-Q2", "/xep-hang/xa/2024-Q2"]
INSIDE = [
    f"{QUARTER}/bao-cao",
    f"{QUARTER}/bao-cao.xlsx",
    f"{QUARTER}/ban-chot",
    f"{QUARTER}/doi-chieu",
    "/don-vi/483/2024-Q1",
    "/xep-hang/xa/2024-Q1?huyen=483",
    "/nguon",
    "/canh-bao",
    "/ten-don-vi",
    "/so-lieu-nen",
    "/man-hinh",
    "/nguon/tin-cho-xem",
]


def test_a_route_without_a_line_in_the_matrix_stops_the_start():
    app = Flask("x")
    for endpoint in [*access.matrix().keys() - {"static", "wall"}, "moi"]:
        app.add_url_rule(f"/{endpoint}", endpoint, lambda: "")
    with pytest.raises(SettingError, match=r"trang 'moi' chưa có dòng; dòng 'wall' không có trang nào"):
        access.complete(app)


@pytest.mark.parametrize("line", [{}, {"public": True, "signed_in": True}, {"act": "read_live"}, {"cong_khai": True}])
def test_a_line_that_says_nothing_clear_is_refused(line):
    with pytest.raises(SettingError, match="đúng một trong"):
        access._line("x", line)


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_closed_quarters_are_open_to_everybody(address, anonymous):
    assert anonymous.get(address, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("address", INSIDE)
def test_everything_else_leads_the_public_to_the_door(address, anonymous):
    answer = anonymous.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/dang-nhap?ve=%2F") or answer.headers["Location"].startswith("/dang-nhap?ve=/")


def test_an_act_of_somebody_who_is_not_signed_in_is_answered_401(anonymous):
    answer = anonymous.client.post("/nguon/police/chay-ngay", data={"don-vi": "483", "ky": "2024-Q2"})
    assert answer.status_code == 401
    assert "đăng nhập" in answer.text


def test_what_does_not_exist_says_so_to_everybody(anonymous):
    for address in ("/don-vi/999/2024-Q2", "/don-vi/483/2024-Q9", "/khong-co", "/xep-hang/xa/2024-Q2?huyen=999"):
        assert anonymous.get(address).status_code == 404


def test_no_page_shows_the_public_a_link_that_would_not_open(anonymous):
    waiting, seen = ["/"], {"/"}
    while waiting:
        address = waiting.pop()
        answer = anonymous.get(address)
        assert answer.status_code == 200 or re.match("/(don-vi|tinh)/", answer.headers["Location"]), address
        for link in re.findall(r'href="(/[^"#]*)', unescape(answer.text) if answer.mimetype == "text/html" else ""):
            kind = re.sub(
                r"\d{5}|[IVX]+\.\d+|nhom=\w+|tinh-trang=\w+|483\.[a-z-]+|(?<=/tinh/)\d{4}-Q\d|(?<=-Q\d/)[\w.]+$|don-vi=\d+", "_", link
            )
            if kind not in seen and not link.startswith(("/static", "/bootstrap", "/ngon-ngu", "/dang-nhap?")):
                seen.add(kind)
                waiting.append(link)
    assert len(seen) > 7


def test_a_unit_s_person_sees_the_unit_and_gets_404_for_every_other(golden):
    officer = signed_in(golden.app, "can.bo.huong.xuan", OFFICER)
    assert officer.get("/don-vi/20179/2024-Q2/bao-cao").status_code == 200
    for address in ("/don-vi/20161/2024-Q2/bao-cao", f"{QUARTER}/bao-cao", "/don-vi/20161/2024-Q1", "/nguon?don-vi=483&ky=2024-Q2"):
        assert officer.get(address).status_code == 404, address
    secretary = signed_in(golden.app, "thu.ky", SECRETARY)
    for address in (
        "/don-vi/20161/2024-Q2/bao-cao",
        f"{QUARTER}/bao-cao",
        "/nguon?don-vi=483&ky=2024-Q2",
        "/don-vi/483.mn-huong-phu/2024-Q1",
    ):
        assert secretary.get(address).status_code in {200, 302}, address
    assert secretary.get("/don-vi/480/2024-Q2").status_code == 404
    assert secretary.get("/ten-don-vi").status_code == 404


def test_a_raw_answer_opens_for_who_may_see_the_unit_it_was_asked_for(golden, snapshot):
    figure = snapshot.figure("20179", "accounts")
    address = f"/cau-tra-loi-goc/{figure.origin.raw_sha256}"
    assert signed_in(golden.app, "thu.ky", SECRETARY).get(address).status_code == 200
    officer = signed_in(golden.app, "can.bo.huong.xuan", OFFICER)
    assert officer.get(address).status_code == 404, "it tells of other communes too"
    assert address not in officer.get("/don-vi/20179/2024-Q2/tieu-chi/III.1").text
    assert officer.get(f"/cau-tra-loi-goc/{'0' * 64}").status_code == 404


def test_a_request_that_names_two_units_is_refused(golden):
    secretary = signed_in(golden.app, "thu.ky", SECRETARY)
    assert secretary.get("/nguon?don-vi=483&ky=2024-Q2&quy=480/2024-Q2").status_code in {200, 400, 404}
    operator = signed_in(golden.app)
    page = page_of(operator, "/nguon?don-vi=483&ky=2024-Q2")
    form = {"csrf_token": page.select_one("input[name=csrf_token]")["value"], "don-vi": "483", "ky": "2024-Q2"}
    assert operator.post("/nguon/police/chay-ngay?don-vi=480", data=form).status_code == 400


def test_only_an_operator_s_page_has_buttons_that_ask_sources(golden):
    secretary = signed_in(golden.app, "thu.ky", SECRETARY)
    text = secretary.get("/nguon?don-vi=483&ky=2024-Q2").text
    assert "Chạy ngay</button>" not in text
    assert "Chạy ngay</button>" in signed_in(golden.app).get("/nguon?don-vi=483&ky=2024-Q2").text


def test_alerts_are_shown_to_who_may_see_their_unit_and_taken_on_by_operators_only(bare):
    at = now()
    for code, what in (("483", "Nam Đông chậm"), ("480", "Phong Điền chậm")):
        bare.storage.alerts.settle(code, Verdict((Finding("cham", Kind.BEHIND, "s", what, at),), frozenset()), at)
    secretary = signed_in(bare.app, "thu.ky", SECRETARY)
    text = secretary.get("/canh-bao").text
    assert "Nam Đông chậm" in text
    assert "Phong Điền chậm" not in text
    assert "take-on" not in text
    assert 'class="badge-count">1<' in text
    assert 'class="badge-count">2<' in signed_in(bare.app).get("/canh-bao").text
    assert "badge-count" not in signed_in(bare.app, "can.bo.huong.xuan", OFFICER).get("/").text
    number = next(each.id for each in bare.storage.alerts.open() if each.unit == "483")
    form = {"csrf_token": page_of(secretary, "/").select_one("input[name=csrf_token]")["value"], "nguoi": "B", "ly-do": "x"}
    assert secretary.post(f"/canh-bao/{number}/nhan", data=form).status_code == 404


def test_a_screen_sees_the_wall_and_nothing_else(golden):
    screen = signed_in(golden.app, "man.hinh", Grant(Role.SCREEN, "483"))
    assert screen.get("/man-hinh").status_code == 200
    for address in (f"{QUARTER}/bao-cao", "/nguon", "/canh-bao", "/so-lieu-nen", "/man-hinh?don-vi=480&ky=2024-Q2"):
        assert screen.get(address).status_code == 404, address


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_the_measures_are_for_this_machine_and_not_for_who_comes_through_a_proxy(header, anonymous):
    assert anonymous.get("/metrics").status_code == 200
    assert anonymous.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_a_role_reaches_down_and_never_up_or_sideways(golden):
    lines = Lines(golden.storage.units(), golden.storage.units()[0].valid_from)
    secretary = Actor("a", "A", "", (SECRETARY,))
    assert lines.of("20179")[:2] == ("20179", "483")
    assert may(secretary, Act.ENTER, lines.of("20179"))
    assert may(secretary, Act.ENTER, lines.of("483.mn-huong-phu"))
    assert not may(secretary, Act.ENTER, lines.of("480"))
    assert not may(secretary, Act.ENTER, lines.of("46"))
    assert not may(secretary, Act.ENTER, lines.of("khong-co"))
    assert not may(secretary, Act.APPROVE, lines.of("483"))


def test_a_place_told_after_the_question_mark_does_not_stand_for_that_of_the_address(anonymous):
    """A unit that there is not lets a page answer for itself; the page must then be about that unit, and no other."""
    for more in ("code=999", "code=483&code=999", "code=20179", "code="):
        answer = anonymous.get(f"/xep-hang/xa/2024-Q1?huyen=483&{more}")
        assert answer.status_code in {302, 400}, more
        assert "Hương Xuân" not in answer.text, more


@pytest.mark.parametrize("spelt", ["2024-q2", "%202024-Q2", "2024-Q2%20", "%E0%A5%A8024-Q2"])
def test_a_period_has_one_address(spelt, golden, anonymous):
    operator, officer = signed_in(golden.app), signed_in(golden.app, "can.bo.huong.xuan", OFFICER)
    assert anonymous.get(f"/don-vi/483/{spelt}").status_code == 404
    for client in (operator, officer):
        assert client.get(f"/don-vi/20179/{spelt}/bao-cao").status_code == 404
        assert client.get(f"/minh-chung/20179/{spelt}").status_code == 404


@pytest.mark.parametrize("address", ["/nguoi-dung/%00", "/nhat-ky?nguoi=%00", "/cau-tra-loi-goc/%00", "/nguon?don-vi=%00&ky=2024-Q2"])
def test_a_zero_byte_is_no_reader_s_and_no_fault_of_the_database(address, golden):
    assert signed_in(golden.app).get(address).status_code == 400


def test_a_form_with_a_zero_byte_is_refused_at_the_door(anonymous):
    assert anonymous.client.post("/dang-nhap", data={"ten": "a\0b", "mat-khau": "x"}).status_code == 400
    page = page_of(anonymous.client, "/dang-nhap")
    form = {"csrf_token": page.select_one("input[name=csrf_token]")["value"], "ten": "a\0b", "mat-khau": "x"}
    assert anonymous.client.post("/dang-nhap", data=form).status_code == 400
