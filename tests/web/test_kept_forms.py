"""A plain form sent after its sign-in had ended comes back filled in; what is secret never does, and nobody else's ever."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.passwords import hashed
from hue_dti.web.refill import refilled
from tests.services.typing_desk import PERIOD
from tests.web.committee import NOON, committee, installation
from tests.web.conftest import words
from tests.web.forms_of_pages import Person

__all__ = ["committee", "installation"]
PASSWORD = "mot cau that dai de nho"


@pytest.fixture
def later(committee):
    """The person's sign-in is over by the time the form is sent; signing in again works."""
    before = committee.place.app.config["CLOCK"]

    def late(login):
        enter(committee, login)
        moment = NOON + timedelta(hours=9)
        committee.place.app.config["CLOCK"] = lambda: moment

    yield late
    committee.place.app.config["CLOCK"] = before


def enter(committee, login):
    """Let the person sign in with a password alone."""
    committee.place.storage.accounts.set_password(login, hashed(PASSWORD), NOON, "", [])
    committee.place.storage.second_factors.remove(login, NOON, [])


def sent(person, page, selector, **typed):
    """Send the form as a browser would that stands on the page."""
    form = page.select_one(selector)
    data = {each["name"]: each.get("value", "") for each in form.select("input[name]")} | typed
    answer = person.client.post(form.get("action") or person.at, data=data, headers={"Referer": f"http://localhost{person.at}"})
    return answer.status_code, BeautifulSoup(answer.text, "html.parser")


class At(Person):
    """A person who stands on a page."""

    at = ""

    def stand(self, address):
        object.__setattr__(self, "at", address)
        return self.open(address)


def again(person, door, login):
    inside = person.press(door, "Đăng nhập", ten=login, **{"mat-khau": PASSWORD})
    return person.press(inside, "Mở lại trang đang gõ")


def test_an_officer_s_page_of_figures_comes_back_filled_in_and_is_then_saved(committee, later):
    login = f"an.{committee.unit}"
    officer = At(committee.officer.client)
    page = officer.stand(f"/nhap/{committee.unit}/{PERIOD}")
    later(login)
    status, door = sent(officer, page, "#nhap", **{"v-shops": "244", "c-teams": "not_yet", "l-shops": "thêm một chợ <b>"})
    assert (status, "còn đây" in words(door.h1)) == (401, True)
    assert "thêm một chợ <b>" in words(door.select_one(".typed-words"))
    back = again(officer, door, login)
    assert "chưa gửi" in words(back.select_one("#nhap .note"))
    assert (back.select_one("#v-shops")["value"], back.select_one("#l-shops")["value"]) == ("244", "thêm một chợ <b>")
    assert back.select_one("select[name=c-teams] option[selected]")["value"] == "not_yet"
    assert committee.desk.stands().value == 231, "nothing is saved before it is sent again"
    form = {each["name"]: each.get("value", "") for each in back.select("#nhap input[name]")}
    form |= {each["name"]: (each.select_one("[selected]") or {"value": ""})["value"] for each in back.select("#nhap select")}
    assert officer.client.post(back.select_one("#nhap")["action"], data=form).status_code == 302
    assert committee.desk.stands().value == 244


def test_a_reviewer_s_words_come_back_and_open_for_nobody_else(committee, later):
    member = At(committee.opened().person("nam.giu", Grant(Role.MEMBER, "483"), name="Hồ Văn Nam").client)
    address = f"{committee.review}/o/{committee.unit}/shops"
    page = member.stand(address)
    later("nam.giu")
    _, door = sent(member, page, "form.confirm", loi="Vì sao tăng?\n</textarea><script>")
    other = At(committee.person("la.khac", Grant(Role.MEMBER, "483")).client)
    enter(committee, "la.khac")
    token = other.open("/dang-nhap").select_one("[name=csrf_token]")["value"]
    kept = door.select_one("[name=giu]")["value"]
    told = {"csrf_token": token, "ten": "la.khac", "mat-khau": PASSWORD, "giu": kept}
    other.press(BeautifulSoup(other.client.post("/dang-nhap", data=told).text, "html.parser"), "Mở lại trang đang gõ", 404)
    back = again(member, door, "nam.giu")
    assert back.select_one("#loi-trao-doi").text.strip() == "Vì sao tăng?\n</textarea><script>"
    assert not back.select("script:not([src])")
    assert "Vì sao tăng?" in words(member.press(back, "Gửi lời trao đổi", loi="Vì sao tăng?").main)


def test_passwords_and_too_much_are_never_kept(committee, later):
    client = At(committee.officer.client).client
    later(f"an.{committee.unit}")
    for told in ({"mat-khau-cu": "cu", "mat-khau": "moi moi", "nhac-lai": "moi"}, {"loi": "x" * 100_001}):
        door = client.post(f"{committee.review}/o/{committee.unit}/shops/trao-doi", data=told)
        assert door.status_code == 401
        assert BeautifulSoup(door.text, "html.parser").select_one("[name=giu]") is None
        assert "moi moi" not in door.text


def test_a_form_older_than_its_sign_in_comes_back_where_the_browser_says_it_is_ours(committee):
    person, address = At(committee.officer.client), f"{committee.review}/o/{committee.unit}/shops"
    told = {"csrf_token": "old", "loi": "Số này đã đếm lại."}
    assert "Mở lại trang đang gõ" not in person.client.post(f"{address}/trao-doi", data=told).text
    ours = {"Referer": f"http://localhost{address}", "Origin": "http://localhost"}
    page = BeautifulSoup(person.client.post(f"{address}/trao-doi", data=told, headers=ours).text, "html.parser")
    assert person.press(page, "Mở lại trang đang gõ").select_one("#loi-trao-doi").text.strip() == "Số này đã đếm lại."


def test_only_the_one_form_is_filled_and_what_the_page_hides_in_it_stays():
    page = """<details class="way"><summary>a</summary><form method="post" action="/a"><input type="hidden" name="v" value="2">
<input type="checkbox" name="o" value="1" checked><input type="checkbox" name="o" value="2"><input name="t" value="old"/>
<select name="s"><option value="">-</option><option value="x" selected>x</option><option value="y">y &amp; z</option></select>
<textarea name="w">old &lt;b&gt;</textarea></form></details><form method="post" action="/b"><input name="t" value="keep"></form>"""
    typed = {"v": ["1"], "o": ["2"], "t": ['"new" <i>'], "s": ["y"], "w": ["</textarea>&amp;"]}
    made = BeautifulSoup(refilled(page, "/a", "/page", typed, "note & more"), "html.parser")
    first, second = made.select("form")
    assert made.details.has_attr("open")
    assert first.select_one("[name=v]")["value"] == "2"
    assert [each.has_attr("checked") for each in first.select("[name=o]")] == [False, True]
    assert (first.select_one("[name=t]")["value"], second.select_one("[name=t]")["value"]) == ('"new" <i>', "keep")
    assert [each["value"] for each in first.select("option[selected]")] == ["y"]
    assert first.textarea.text.strip() == "</textarea>&amp;"
    assert refilled(page, "/c", "/page", typed, "") is None


def test_words_typed_into_more_fields_than_the_page_now_has_are_all_filled_in():
    fields = '<input id="dv" name="dv" aria-label="Unit 1"><input name="dv" aria-label="Unit 2"><input name="x">'
    page = f'<form method="post" action="/a">{fields}</form>'
    made = BeautifulSoup(refilled(page, "/a", "/page", {"dv": ["A", "B", "C&D", ""], "x": [""]}, ""), "html.parser")
    filled = [(each["aria-label"], each["value"]) for each in made.select("[name=dv]")]
    assert filled == [("Unit 1", "A"), ("Unit 2", "B"), ("Unit 3", "C&D")]
    assert len(made.select("#dv")) == len(made.select("[name=x]")) == 1
