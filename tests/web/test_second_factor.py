"""The second factor: asked of administrators, a code counts once, a lost phone is no lost account."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from hue_dti.accounts.account import Kind
from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.passwords import hashed
from hue_dti.accounts.second_factor import step_of
from hue_dti.services.accounts import invite
from hue_dti.web import create_app
from tests.people import signed_in
from tests.web.board import page_of
from tests.web.conftest import place

PASSWORD = "con trâu ăn cỏ non"
HASH = hashed(PASSWORD)
NOW = datetime(2026, 11, 22, 1, 0, 5, tzinfo=UTC)
SETUP = "/tai-khoan/ma-hai-lop"


@pytest.fixture(scope="module")
def site(server, catalogue, tmp_path_factory):
    with place(server, catalogue, tmp_path_factory.mktemp("second")) as made:
        yield made


@pytest.fixture(autouse=True)
def at_its_time(site):
    site.app.config["CLOCK"] = lambda: NOW


def person(site, login, role, unit, kind=Kind.PERSON):
    site.storage.accounts.add(login, f"Người {login}", "Công chức", "", [Grant(role, unit)], "kiểm thử", NOW, kind)
    site.storage.accounts.set_password(login, HASH, NOW)


def send(client, address, **fields):
    token = page_of(client, address).select_one("input[name=csrf_token]")["value"]
    return client.post(address, data={"csrf_token": token, **fields})


def knock(site, login, app=None):
    client = (app or site.app).test_client()
    return client, send(client, "/dang-nhap", ten=login, **{"mat-khau": PASSWORD})


def set_up(client, at=NOW):
    secret = page_of(client, SETUP).select_one(".spelt").text.replace(" ", "")
    done = send(client, SETUP, ma=pyotp.TOTP(secret).at(at))
    return secret, re.findall(r"<code>((?:[2-9A-Z]{4}-?){3})</code>", done.text)


def test_an_administrator_sets_it_up_before_anything_else_and_then_needs_it(site):
    person(site, "quan.tri.moi", Role.PROVINCE_ADMIN, "46")
    client, _ = knock(site, "quan.tri.moi")
    for address in ("/nguoi-dung", "/canh-bao", "/ten-don-vi"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (303, SETUP)
    square = page_of(client, SETUP).select_one("img.square")["src"]
    assert square.startswith("data:image/svg+xml")
    assert send(client, SETUP, ma="000000").status_code == 409
    secret, codes = set_up(client)
    assert len(set(codes)) == 8
    assert client.get("/nguoi-dung").status_code == 200
    later = NOW + timedelta(seconds=60)
    site.app.config["CLOCK"] = lambda: later
    again, answer = knock(site, "quan.tri.moi")
    assert answer.headers["Location"] == "/dang-nhap/ma"
    assert again.get("/nguoi-dung").status_code == 302, "the password alone opens nothing"
    assert send(again, "/dang-nhap/ma", ma=pyotp.TOTP(secret).at(later)).status_code == 303
    assert again.get("/nguoi-dung").status_code == 200


def test_a_code_counts_once_and_none_from_before_it(site):
    person(site, "mot.lan", Role.OFFICER, "20179")
    client, _ = knock(site, "mot.lan")
    secret, _ = set_up(client)
    for moment, status in ((NOW, 401), (NOW + timedelta(seconds=30), 303), (NOW + timedelta(seconds=30), 401), (NOW, 401)):
        site.app.config["CLOCK"] = lambda moment=moment: moment
        guest, _ = knock(site, "mot.lan")
        assert send(guest, "/dang-nhap/ma", ma=pyotp.TOTP(secret).at(moment)).status_code == status


def test_a_recovery_code_stands_in_for_the_phone_once(site):
    person(site, "mat.may", Role.OFFICER, "20179")
    client, _ = knock(site, "mat.may")
    _, codes = set_up(client)
    for code, status in ((codes[0].lower().replace("-", " "), 303), (codes[0], 401), (codes[1], 303), ("AAAA-AAAA-AAAA", 401)):
        guest, _ = knock(site, "mat.may")
        assert send(guest, "/dang-nhap/ma", ma=code).status_code == status
    assert site.storage.second_factors.find("mat.may").codes == 6


def test_who_guesses_codes_waits(site):
    person(site, "bi.doan", Role.OFFICER, "20179")
    client, _ = knock(site, "bi.doan")
    secret, _ = set_up(client)
    guest, _ = knock(site, "bi.doan")
    assert [send(guest, "/dang-nhap/ma", ma=f"{n:06d}").status_code for n in range(11)] == [401] * 10 + [429]
    later = NOW + timedelta(seconds=31)
    site.app.config["CLOCK"] = lambda: later
    assert send(guest, "/dang-nhap/ma", ma=pyotp.TOTP(secret).at(later)).status_code == 429


def test_the_right_password_counts_for_five_minutes(site):
    person(site, "cham", Role.OFFICER, "20179")
    client, _ = knock(site, "cham")
    set_up(client)
    guest, _ = knock(site, "cham")
    site.app.config["CLOCK"] = lambda: NOW + timedelta(minutes=6)
    assert guest.get("/dang-nhap/ma").headers["Location"] == "/dang-nhap"


def test_setting_it_up_ends_every_other_sign_in_and_taking_it_away_all_of_them(site):
    person(site, "hai.may", Role.OFFICER, "20179")
    (here, _), (there, _) = knock(site, "hai.may"), knock(site, "hai.may")
    set_up(here)
    assert (here.get("/tai-khoan").status_code, there.get("/tai-khoan").status_code) == (200, 302)
    admin = signed_in(site.app, at=NOW)
    page = "/nguoi-dung/hai.may"
    token = page_of(admin, page).select_one("input[name=csrf_token]")["value"]
    assert admin.post(f"{page}/bo-ma", data={"csrf_token": token}).status_code == 409, "a reason is asked for"
    assert admin.post(f"{page}/bo-ma", data={"csrf_token": token, "ly-do": "mất điện thoại"}).status_code == 303
    assert here.get("/tai-khoan").status_code == 302
    assert knock(site, "hai.may")[1].headers["Location"] != "/dang-nhap/ma"


@pytest.mark.parametrize(("setting", "owes"), [("admins", False), ("approvers", True)])
def test_approvers_need_it_where_the_province_says_so(setting, owes, site):
    login = f"duyet.{setting}"
    person(site, login, Role.APPROVER, "483")
    app = create_app(replace(site.settings, second_factor=setting), site.storage)
    app.config["CLOCK"] = lambda: NOW
    client, _ = knock(site, login, app)
    assert (client.get("/so-lieu-nen?don-vi=483&nam=2024").status_code == 303) is owes


def test_the_demonstration_s_administrator_needs_none(site):
    person(site, "thu.quan.tri", Role.PROVINCE_ADMIN, "46", Kind.DEMO)
    app = create_app(replace(site.settings, demo=True), site.storage)
    app.config["CLOCK"] = lambda: NOW
    client, _ = knock(site, "thu.quan.tri", app)
    assert client.get("/nguoi-dung").status_code == 200


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345"])
def test_what_is_no_code_is_no_code(typed):
    assert step_of("JBSWY3DPEHPK3PXP" * 2, typed, NOW) is None


def test_an_invitation_s_new_password_does_not_stand_in_for_the_phone(site):
    person(site, "moi.lai", Role.OFFICER, "20179")
    client, _ = knock(site, "moi.lai")
    secret, _ = set_up(client)
    code, guest = invite(site.storage, "moi.lai", "kiểm thử", NOW), site.app.test_client()
    answer = send(guest, "/nhan-loi-moi", ma=code, **{"mat-khau": "chim hót đầu làng xưa", "nhac-lai": "chim hót đầu làng xưa"})
    assert answer.headers["Location"] == "/dang-nhap/ma"
    assert guest.get("/viec-cua-toi").status_code == 302, "the invitation alone opens nothing"
    later = NOW + timedelta(seconds=30)
    site.app.config["CLOCK"] = lambda: later
    assert send(guest, "/dang-nhap/ma", ma=pyotp.TOTP(secret).at(later)).status_code == 303
    assert guest.get("/viec-cua-toi").status_code == 200
