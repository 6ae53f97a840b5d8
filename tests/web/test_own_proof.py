"""A sign-in found open changes neither password nor second factor; whoever lost one is told when it is taken away."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pyotp
import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.passwords import hashed
from hue_dti.services.notices import tell
from tests.people import enter, signed_in
from tests.services.post_office import Box, post_office
from tests.web.board import page_of
from tests.web.conftest import place, words

PASSWORD = "con trâu ăn cỏ non"
HASH = hashed(PASSWORD)
NOW = datetime(2026, 11, 22, 1, 0, 5, tzinfo=UTC)
SETUP, OFF = "/tai-khoan/ma-hai-lop", "/tai-khoan/tat-ma-hai-lop"
OFFICER = Grant(Role.OFFICER, "20179")


@pytest.fixture(scope="module")
def site(server, catalogue, tmp_path_factory):
    with place(server, catalogue, tmp_path_factory.mktemp("proof")) as made:
        yield made


class Person:
    """Somebody with a second factor, signed in twenty minutes ago; the clock goes on by a step with every code."""

    def __init__(self, site, login, grant=OFFICER, mail=""):
        self.site, self.login, self.moment = site, login, NOW
        site.storage.accounts.add(login, f"Người {login}", "Công chức", mail, [grant], "kiểm thử", NOW)
        site.storage.accounts.set_password(login, HASH, NOW)
        self.client = signed_in(site.app, login, at=NOW)
        self.old = ""
        self.clock()
        first = self.set_up()
        assert first.status_code == 200, words(page_of(self.client, SETUP))
        self.codes = re.findall(r"<code>((?:[2-9A-Z]{4}-?){3})</code>", first.text)
        self.clock(timedelta(minutes=20))

    def clock(self, passed=timedelta(seconds=30)):
        self.moment += passed
        moment = self.moment
        self.site.app.config["CLOCK"] = lambda: moment

    def code(self):
        self.clock()
        return pyotp.TOTP(self.old).at(self.moment)

    def send(self, address, **fields):
        token = page_of(self.client, "/tai-khoan").select_one("input[name=csrf_token]")["value"]
        return self.client.post(address, data={"csrf_token": token, **fields})

    def set_up(self, **proof):
        secret = page_of(self.client, SETUP).select_one(".spelt").text.replace(" ", "")
        answer = self.send(SETUP, ma=pyotp.TOTP(secret).at(self.moment), **proof)
        if answer.status_code == 200:
            self.old = secret
        return answer


def acts(site, login):
    return [each.event.act.removeprefix("account.") for each in site.storage.trail.page() if each.event.subject == login]


def test_another_phone_needs_the_password_and_a_code_of_the_first_one_or_of_the_paper(site):
    person = Person(site, "doi.may")
    elsewhere = signed_in(site.app, "doi.may", at=person.moment)
    for proof in ({}, {"mat-khau-cu": PASSWORD}, {"mat-khau-cu": PASSWORD, "ma-cu": "000000"}, {"mat-khau-cu": "sai", "ma-cu": "x"}):
        assert person.set_up(**proof).status_code == 409, proof
    assert acts(site, "doi.may")[:1] == ["proof_failed"]
    assert person.set_up(**{"mat-khau-cu": PASSWORD, "ma-cu": person.code()}).status_code == 200
    assert elsewhere.get("/tai-khoan").status_code == 302, "other sign-ins are over"
    assert person.client.get("/tai-khoan").status_code == 200
    used = {"mat-khau-cu": PASSWORD, "ma-cu": person.codes[0]}
    assert person.set_up(**used).status_code == 409, "a paper of the first phone counts no more"
    assert "đổi mật khẩu hoặc mã hai lớp không thành công" in person.client.get("/tai-khoan").text


def test_switching_it_off_needs_the_same_and_is_refused_to_an_administrator(site):
    person = Person(site, "tat.ma")
    assert person.send(OFF, **{"mat-khau-cu": PASSWORD}).status_code == 409
    assert person.send(OFF, **{"mat-khau-cu": PASSWORD, "ma-cu": person.codes[1]}).status_code == 303
    assert site.storage.second_factors.find("tat.ma") is None
    assert acts(site, "tat.ma")[0] == "second_factor_removed"
    admin = Person(site, "quan.tri.ma", Grant(Role.PROVINCE_ADMIN, "46"))
    assert admin.send(OFF, **{"mat-khau-cu": PASSWORD, "ma-cu": admin.code()}).status_code == 409
    assert site.storage.second_factors.find("quan.tri.ma") is not None


def test_two_who_set_one_up_at_once_do_not_both_win(site):
    person = Person(site, "hai.lan")
    seen = site.storage.second_factors.find("hai.lan")
    assert site.storage.second_factors.set("hai.lan", "A" * 32, 1, ["x"], NOW, "", before=seen)
    assert not site.storage.second_factors.set("hai.lan", "B" * 32, 1, ["x"], NOW, "", before=seen)
    assert not site.storage.second_factors.set("hai.lan", "B" * 32, 1, ["x"], NOW, "")
    assert person.login


def test_who_has_no_password_comes_in_again_first(site):
    enter(site.storage, "dung.chung", OFFICER, at=NOW)
    moment = NOW + timedelta(minutes=11)
    site.app.config["CLOCK"] = lambda: moment
    client = signed_in(site.app, "dung.chung", at=NOW)
    token = page_of(client, "/tai-khoan").select_one("input[name=csrf_token]")["value"]
    answer = client.post(OFF, data={"csrf_token": token})
    assert answer.status_code == 409
    assert "đăng nhập lại bằng tài khoản dùng chung" in answer.text


def test_whoever_s_factor_is_taken_away_is_told_by_mail_and_finds_it_on_the_own_page(site):
    person = Person(site, "mat.may.roi", mail="mat.may@dti.example")
    admin = signed_in(site.app, at=person.moment)
    page = "/nguoi-dung/mat.may.roi"
    token = page_of(admin, page).select_one("input[name=csrf_token]")["value"]
    assert admin.post(f"{page}/bo-ma", data={"csrf_token": token, "ly-do": "mất điện thoại"}).status_code == 303
    assert acts(site, "mat.may.roi")[0] == "second_factor_reset"
    again = signed_in(site.app, "mat.may.roi", at=person.moment)
    assert "bỏ xác thực hai lớp của Người mat.may.roi (mat.may.roi)" in again.get("/tai-khoan").text
    with psycopg.connect(site.storage.address) as connection:
        queued = [each for each in _queued(connection) if each["act"] == "account.second_factor_reset"]
    assert [(each["login"], each["by"]) for each in queued] == [("mat.may.roi", "Người quan.tri.thu")]
    box = Box()
    with post_office(box) as smtp:
        told = {**queued[0], "at": datetime.fromisoformat(queued[0]["at"])}
        assert tell(site.storage, replace(site.settings, smtp=smtp), **told, now=NOW)
    assert box.recipients == [["mat.may@dti.example"]]
    assert "Mã hai lớp của bạn vừa bị bỏ" in box.letters[0]["Subject"]
    assert "người làm: Người quan.tri.thu" in box.letters[0].get_content()
    assert PASSWORD not in box.letters[0].get_content()


def _queued(connection):
    return [row[0] for row in connection.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'tell_person'")]


def test_an_administrator_does_nothing_of_the_kind_to_the_own_account(site):
    site.app.config["CLOCK"] = lambda: NOW
    admin = signed_in(site.app, "quan.tri.minh", at=NOW)
    page = "/nguoi-dung/quan.tri.minh"
    token = page_of(admin, page).select_one("input[name=csrf_token]")["value"]
    fields = {"csrf_token": token, "vai-tro": "operator", "don-vi": "46", "ly-do": "x", "nguoi-nhan": "quan.tri.thu"}
    for what in ("moi-lai", "cap", "khoa", "ban-giao", "bo-ma"):
        answer = admin.post(f"{page}/{what}", data=fields)
        assert (what, answer.status_code) == (what, 409)
        assert "chính mình" in answer.text
    assert acts(site, "quan.tri.minh") == []
