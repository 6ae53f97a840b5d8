"""The door: who comes in, for how long, and what somebody who guesses learns."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hue_dti.accounts.account import Kind
from hue_dti.accounts.codes import key_of
from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.passwords import hashed, weakness
from hue_dti.services.accounts import add_account, first_code
from hue_dti.trail.model import Hand
from hue_dti.web import create_app
from tests.people import COOKIE, PROVINCE, cookie, enter
from tests.web.board import page_of, token

PASSWORD = "con trâu ăn cỏ non"
OFFICER, APPROVER, SCREEN = Grant(Role.OFFICER, "20179"), Grant(Role.APPROVER, "483"), Grant(Role.SCREEN, PROVINCE)
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
HASH = hashed(PASSWORD)


@pytest.fixture
def site(bare):
    """An installation whose clock the test moves, with one officer."""
    bare.app.config["CLOCK"] = lambda: NOW
    person(bare, "huong.xuan", OFFICER)
    return bare


def person(place, login, *grants, kind=Kind.PERSON):
    place.storage.accounts.add(login, f"Người {login}", "Công chức", "", grants, "kiểm thử", NOW, kind)
    place.storage.accounts.set_password(login, HASH, NOW)


def knock(client, login, password, **more):
    sent = {"csrf_token": token(client, "/dang-nhap"), "ten": login, "mat-khau": password, **more}
    return client.post("/dang-nhap", data=sent)


def later(place, passed):
    place.app.config["CLOCK"] = lambda: NOW + passed


def is_in(client):
    return client.get("/so-lieu-nen?don-vi=20179&nam=2024").status_code == 200


def test_who_asks_for_a_page_is_led_to_the_door_and_then_to_that_page(site):
    client = site.app.test_client()
    asked = "/so-lieu-nen?don-vi=20179&nam=2024"
    door = client.get(asked)
    assert door.status_code == 302
    page = page_of(client, door.headers["Location"])
    wanted = page.select_one("form input[name=ve]")["value"]
    assert wanted == asked
    answer = knock(client, " Huong.Xuan ", PASSWORD, ve=wanted)
    assert (answer.status_code, answer.headers["Location"]) == (303, asked)
    assert "Người huong.xuan" in client.get(asked).text


@pytest.mark.parametrize("wanted", ["//la.example/", "https://la.example/", "/\\la.example", "javascript:alert(1)"])
def test_the_door_leads_to_no_other_site(wanted, site):
    assert knock(site.app.test_client(), "huong.xuan", PASSWORD, ve=wanted).headers["Location"] == "/"


def test_a_wrong_password_an_unknown_person_and_one_switched_off_get_the_same_answer(site):
    person(site, "da.nghi", OFFICER)
    site.storage.accounts.switch("da.nghi", False, "kiểm thử", NOW)
    site.storage.accounts.add("chua.vao", "Chưa vào", "Công chức", "", [OFFICER], "kiểm thử", NOW)
    told = set()
    for login, password in (("huong.xuan", "sai"), ("khong.co", PASSWORD), ("da.nghi", PASSWORD), ("chua.vao", ""), ("", "")):
        answer = knock(site.app.test_client(), login, password)
        page = re.sub(r'value="[^"]*"', "", answer.text)
        told.add((answer.status_code, page))
    assert len(told) == 1
    assert told.pop()[0] == 401


def test_the_database_keeps_neither_the_number_of_a_sign_in_nor_a_password(site, server):
    client = site.app.test_client()
    knock(client, "huong.xuan", PASSWORD)
    with client.session_transaction() as kept:
        number = kept["_user_id"]
    assert len(bytes.fromhex(number)) == 16
    database = server.database(site.settings.database_url.partition("?")[0].rpartition("/")[2])
    with database.connect("postgres") as connection:
        stored = str(connection.execute("SELECT s, a FROM session s JOIN account a USING (login)").fetchall())
    assert key_of(number) in stored
    assert number not in stored
    assert PASSWORD not in stored
    assert "$argon2id$" in stored


def test_signing_in_changes_what_the_browser_held_before(site):
    client = site.app.test_client()
    before = token(client, "/dang-nhap")
    knock(client, "huong.xuan", PASSWORD)
    with client.session_transaction() as kept:
        first = kept["_user_id"]
    assert client.post("/dang-xuat", data={"csrf_token": before}).status_code == 400, "the token of before is none"
    again = site.app.test_client()
    knock(again, "huong.xuan", PASSWORD)
    with again.session_transaction() as kept:
        assert kept["_user_id"] != first


def test_after_signing_out_the_cookie_of_before_opens_nothing(site):
    client = site.app.test_client()
    knock(client, "huong.xuan", PASSWORD)
    stolen = client.get_cookie(COOKIE).value
    answer = client.post("/dang-xuat", data={"csrf_token": token(client, "/")})
    assert answer.status_code == 303
    assert {"cache", "storage"} <= set(re.findall(r'"(\w+)"', answer.headers["Clear-Site-Data"]))
    thief = site.app.test_client()
    thief.set_cookie(COOKIE, stolen)
    assert not is_in(thief)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("grants", "idle", "most"),
    [
        ([OFFICER], timedelta(hours=8), timedelta(hours=12)),
        ([APPROVER], timedelta(minutes=30), timedelta(hours=12)),
        ([OFFICER, Grant(Role.PROVINCE_ADMIN, PROVINCE)], timedelta(minutes=30), timedelta(hours=12)),
        ([SCREEN], None, timedelta(days=400)),
    ],
)
def test_a_sign_in_ends_when_nobody_is_there_and_at_the_latest_after_its_time(grants, idle, most, site):
    def standing(passed):
        later(site, passed)
        return client.get("/dang-nhap").status_code == 303

    client = site.app.test_client()
    client.set_cookie(COOKIE, cookie(site.app, enter(site.storage, "nguoi.thu", *grants, at=NOW)))
    step = (idle or timedelta(days=30)) - timedelta(minutes=2)
    passed = timedelta()
    while passed + step < most:
        passed += step
        assert standing(passed)
    assert standing(most - timedelta(seconds=1)) or most - passed > step
    assert not standing(most + timedelta(seconds=1))
    if idle:
        later(site, timedelta())
        client.set_cookie(COOKIE, cookie(site.app, enter(site.storage, "nguoi.thu", at=NOW)))
        assert not standing(idle + timedelta(seconds=1))


@pytest.mark.parametrize("change", ["switched off", "a new role", "a role less", "a new password"])
def test_whose_rights_or_password_change_is_out_at_the_next_request(change, site):
    client = site.app.test_client()
    knock(client, "huong.xuan", PASSWORD)
    assert is_in(client)
    book = site.storage.accounts
    if change == "switched off":
        book.switch("huong.xuan", False, "kiểm thử", NOW)
    elif change == "a new role":
        assert book.grant("huong.xuan", Grant(Role.SECRETARY, "20179"), "kiểm thử", NOW)
    elif change == "a role less":
        assert book.end_grant("huong.xuan", book.find("huong.xuan").held[0].number, "kiểm thử", NOW)
    else:
        book.set_password("huong.xuan", HASH, NOW)
    assert not is_in(client)


def test_a_role_until_a_day_ends_with_that_day_without_anybody_s_doing(site):
    person(site, "pho", Grant(Role.READER, "20182"))
    site.storage.accounts.grant("pho", Grant(Role.APPROVER, "20179"), "kiểm thử", NOW, (NOW + timedelta(days=1)).date())
    for days, status in ((0, 200), (1, 200), (2, 404)):
        later(site, timedelta(days=days))
        client = site.app.test_client()
        client.set_cookie(COOKIE, cookie(site.app, enter(site.storage, "pho", at=NOW + timedelta(days=days))))
        assert client.get("/so-lieu-nen?don-vi=20179&nam=2024").status_code == status


def test_who_guesses_waits_and_nobody_is_locked_out_for_good(site):
    person(site, "khac", OFFICER)
    client = site.app.test_client()
    for _ in range(10):
        assert knock(client, "huong.xuan", "sai").status_code == 401
    slow = knock(client, "huong.xuan", PASSWORD)
    assert slow.status_code == 429
    assert 0 < int(slow.headers["Retry-After"]) <= 900
    assert "không bị khóa" in slow.text
    assert knock(client, "khong.co", "sai").status_code == 401
    assert knock(site.app.test_client(), "khac", PASSWORD).status_code == 303
    later(site, timedelta(minutes=16))
    assert knock(client, "huong.xuan", PASSWORD).status_code == 303


def test_an_unknown_login_is_slowed_down_just_the_same(site):
    client = site.app.test_client()
    assert [knock(client, "khong.co", "sai").status_code for _ in range(11)] == [401] * 10 + [429]


def test_one_address_may_not_try_one_name_after_the_other(site):
    tried = site.storage.sessions.tried
    for number in range(100):
        tried(f"nguoi{number}", "10.0.0.9", NOW, timedelta(minutes=15))
    client = site.app.test_client()
    client.environ_base["REMOTE_ADDR"] = "127.0.0.1"
    assert knock(client, "huong.xuan", PASSWORD).status_code == 303
    assert tried("nguoi100", "10.0.0.9", NOW, timedelta(minutes=15)).address == 101


def test_tries_at_the_same_moment_are_all_counted(site):
    with ThreadPoolExecutor(8) as pool:
        counts = pool.map(lambda _: site.storage.sessions.tried("mot.nguoi", "::1", NOW, timedelta(minutes=15)).login, range(40))
    assert sorted(counts) == list(range(1, 41))


def test_the_demonstration_s_persons_come_in_there_and_nowhere_else(site):
    person(site, "thu", OFFICER, kind=Kind.DEMO)
    assert knock(site.app.test_client(), "thu", PASSWORD).status_code == 401
    demo = create_app(replace(site.settings, demo=True), site.storage)
    demo.config["CLOCK"] = lambda: NOW
    assert knock(demo.test_client(), "thu", PASSWORD).status_code == 303


def accept(client, code, password=PASSWORD, again=None):
    sent = {"csrf_token": token(client, "/nhan-loi-moi"), "ma": code, "mat-khau": password, "nhac-lai": again or password}
    return client.post("/nhan-loi-moi", data=sent)


def test_an_invitation_is_used_once_by_its_person_who_chooses_the_password(site):
    code = add_account(site.storage, "moi", "Người mới", "Công chức", "", [OFFICER], "kiểm thử", NOW)
    client = site.app.test_client()
    assert "khác nhau" in accept(client, code, again="khác").text
    assert "ít nhất 12" in accept(client, code, "ngắn").text
    assert accept(client, code.lower().replace("-", " ")).status_code == 303
    assert is_in(client)
    assert accept(site.app.test_client(), code).status_code == 409
    assert knock(site.app.test_client(), "moi", PASSWORD).status_code == 303


@pytest.mark.parametrize("code", ["", "SAI", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"])
def test_no_other_code_counts(code, site):
    assert accept(site.app.test_client(), code).status_code == 409


def test_an_invitation_counts_for_48_hours_and_a_new_one_takes_its_place(site):
    first = add_account(site.storage, "moi", "Người mới", "Công chức", "", [OFFICER], "kiểm thử", NOW)
    later(site, timedelta(hours=48, seconds=1))
    assert accept(site.app.test_client(), first).status_code == 409
    later(site, timedelta())
    from hue_dti.services.accounts import invite

    second = invite(site.storage, "moi", "kiểm thử", NOW)
    assert accept(site.app.test_client(), first).status_code == 409
    assert accept(site.app.test_client(), second).status_code == 303


def test_the_first_administrator_is_made_once_with_the_code_of_the_terminal(bare):
    code = first_code(bare.storage, Hand("root", "root"), datetime.now(UTC))
    client = bare.app.test_client()
    assert "Chưa có tài khoản nào" in client.get("/dang-nhap").text
    told = {"ten": "quan.tri", "ho-ten": "Nguyễn Văn An", "chuc-vu": "Trưởng phòng", "mat-khau": PASSWORD, "nhac-lai": PASSWORD}
    wrong = client.post("/bat-dau", data={**told, "ma": "SAI", "csrf_token": token(client, "/bat-dau")})
    assert wrong.status_code == 409
    assert 'value="Nguyễn Văn An"' in wrong.text
    assert PASSWORD not in wrong.text
    made = client.post("/bat-dau", data={**told, "ma": code, "csrf_token": token(client, "/bat-dau")})
    assert made.status_code == 303
    assert client.get("/ten-don-vi").headers["Location"] == "/tai-khoan/ma-hai-lop", "a second factor comes first"
    assert bare.app.test_client().get("/bat-dau").status_code == 404
    assert first_code(bare.storage, Hand("root", "root"), datetime.now(UTC)) is None


def test_what_a_signed_in_person_sees_is_kept_in_no_cache(site):
    client = site.app.test_client()
    assert client.get("/").headers["Cache-Control"] == "no-cache"
    knock(client, "huong.xuan", PASSWORD)
    for address in ("/", "/so-lieu-nen?don-vi=20179&nam=2024", "/khong-co", "/nguon/tin-cho-xem"):
        assert client.get(address).headers["Cache-Control"] == "no-store", address
    assert "no-store" not in client.get("/static/hue.css", buffered=True).headers["Cache-Control"]


GUESSED = """|ngắn|11 ký tự...|matkhau123456|Matkhau@2024!|password12345|P@ssw0rd12345|123456789012|987654321098|ThuaThienHue2024!
|NamDong@2024abc|huyennamdong123|aaaaaaaaaaaaaa|abababababababab|qwertyuiop123|admin123456789|nguyenvanan2024|Nguyen.Van.An.1
|chuyendoiso2025@|UBND-Hue-123456""".replace("\n", "").split("|")
GOOD = ["con trâu ăn cỏ non", "sông Hương núi Ngự", "7K2M-9PQX-AB3D", "correct horse battery", "mưa rơi trên mái lá", "z8#Lq0!vTn2w"]


@pytest.mark.parametrize("password", [*GUESSED, "x" * 257])
def test_a_password_easily_guessed_is_refused(password):
    assert weakness(password, "nguyen.van.an", "Nguyễn Văn An")


@pytest.mark.parametrize("password", [*GOOD, "mười hai con giáp " * 5])
def test_a_long_password_of_any_kind_is_taken(password):
    assert weakness(password, "nguyen.van.an", "Nguyễn Văn An") == ""
