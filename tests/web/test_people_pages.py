"""The administrator's pages of persons, everybody's own account, and who answers for which criterion."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.passwords import hashed
from tests.people import enter, signed_in
from tests.web.board import page_of
from tests.web.conftest import now, place, words

PASSWORD, NEW = "con trâu ăn cỏ non", "mưa rơi trên mái lá"
HASH = hashed(PASSWORD)
ASSIGN = "/don-vi/483/2024-Q2/phan-cong"


@pytest.fixture(scope="module")
def site(server, catalogue, tmp_path_factory):
    with place(server, catalogue, tmp_path_factory.mktemp("people")) as made:
        yield made


def send(client, page, address, **fields):
    token = page_of(client, page).select_one("input[name=csrf_token]")["value"]
    return client.post(address, data={"csrf_token": token, **fields})


def acts(place):
    return [(each.event.act, each.event.actor, each.event.subject, each.event.unit) for each in place.storage.trail.page()]


def test_an_administrator_invites_a_person_who_comes_in_with_the_code_shown_once(site):
    admin = signed_in(site.app)
    told = {"ten": "le.thi.lan", "ho-ten": "Lê Thị Lan", "chuc-vu": "Công chức", "vai-tro": "officer", "don-vi": "20179 · Xã Hương Xuân"}
    page = send(admin, "/nguoi-dung/moi", "/nguoi-dung/moi", **told)
    code = re.search(r"(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}", page.text)[0]
    assert ("account.invited", "quan.tri.thu", "le.thi.lan", "20179") in acts(site)
    assert code not in admin.get("/nguoi-dung/le.thi.lan").text
    guest = site.app.test_client()
    fields = {"ma": code, "mat-khau": PASSWORD, "nhac-lai": PASSWORD}
    assert send(guest, "/nhan-loi-moi", "/nhan-loi-moi", **fields).status_code == 303
    assert "Lê Thị Lan" in guest.get("/tai-khoan").text
    assert guest.get("/nguoi-dung").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ten": "A B"}, "không dùng được"),
        ({"ten": "quan.tri.thu"}, "đã có người dùng"),
        ({"don-vi": "999"}, "Không có đơn vị"),
        ({"don-vi": ""}, "chọn đơn vị"),
        ({"vai-tro": "vua"}, "chọn vai trò"),
        ({"vai-tro": "operator"}, "chỉ cấp ở cấp tỉnh"),
        ({"ho-ten": "  "}, "Họ và tên phải có"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_with_the_rest_still_typed(wrong, said, site):
    told = {"ten": "moi.toi", "ho-ten": "Trần Mới", "chuc-vu": "Công chức", "vai-tro": "officer", "don-vi": "20179", **wrong}
    answer = send(signed_in(site.app), "/nguoi-dung/moi", "/nguoi-dung/moi", **told)
    assert answer.status_code == 409
    assert said in answer.text
    assert 'value="Công chức"' in answer.text
    assert site.storage.accounts.find("moi.toi") is None


def test_roles_are_given_until_a_day_and_taken_back_and_the_person_is_out_each_time(site):
    admin = signed_in(site.app)
    client = signed_in(site.app, "hoang", Grant(Role.OFFICER, "20179"))
    page = "/nguoi-dung/hoang"
    assert send(admin, page, f"{page}/cap", **{"vai-tro": "approver", "don-vi": "20179", "den-ngay": "2031-12-31"}).status_code == 303
    text = words(page_of(admin, page).main)
    assert "người duyệt" in text
    assert "31/12/2031" in text
    assert client.get("/tai-khoan").status_code == 302
    number = site.storage.accounts.find("hoang").held[0].number
    assert send(admin, page, f"{page}/thu", so=str(number)).status_code == 303
    assert [held.grant.role for held in site.storage.accounts.find("hoang").held] == [Role.APPROVER]
    assert send(admin, page, f"{page}/thu", so=str(number)).status_code == 409
    assert {("account.granted", "quan.tri.thu", "hoang", "20179"), ("account.revoked", "quan.tri.thu", "hoang", "20179")} <= set(acts(site))


def test_a_person_is_switched_off_and_on_again_but_nobody_locks_himself_out(site):
    admin = signed_in(site.app)
    client = signed_in(site.app, "tam", Grant(Role.OFFICER, "20179"))
    assert send(admin, "/nguoi-dung/tam", "/nguoi-dung/tam/khoa").status_code == 303
    assert client.get("/tai-khoan").status_code == 302
    assert "đã khóa" in admin.get("/nguoi-dung/tam").text
    assert send(admin, "/nguoi-dung/tam", "/nguoi-dung/tam/mo").status_code == 303
    assert site.storage.accounts.find("tam").active
    assert send(admin, "/nguoi-dung/quan.tri.thu", "/nguoi-dung/quan.tri.thu/khoa").status_code == 409
    own = next(held for held in site.storage.accounts.find("quan.tri.thu").held if held.grant.role is Role.PROVINCE_ADMIN)
    assert send(admin, "/nguoi-dung/quan.tri.thu", "/nguoi-dung/quan.tri.thu/thu", so=str(own.number)).status_code == 409


def test_a_leaver_s_criteria_and_roles_go_to_somebody_else(site):
    admin = signed_in(site.app)
    enter(site.storage, "nguoi.di", Grant(Role.SECRETARY, "483"))
    enter(site.storage, "nguoi.den", Grant(Role.READER, "483"))
    secretary = signed_in(site.app, "nguoi.di")
    assert send(secretary, ASSIGN, f"{ASSIGN}/giao", **{"tieu-chi": "III.1", "don-vi-nhan": "483", "nguoi": "nguoi.di"}).status_code == 303
    page = "/nguoi-dung/nguoi.di"
    assert send(admin, page, f"{page}/ban-giao", **{"nguoi-nhan": ""}).status_code == 409
    assert send(admin, page, f"{page}/ban-giao", **{"nguoi-nhan": "nguoi.den", "khoa": "1", "ly-do": "nghỉ hưu"}).status_code == 303
    assert not site.storage.accounts.find("nguoi.di").active
    assert {each.criterion for each in site.storage.assignments.of_person("nguoi.den")} == {"III.1"}
    assert Role.SECRETARY in {held.grant.role for held in site.storage.accounts.find("nguoi.den").held}
    after = page_of(admin, page)
    assert words(after.select_one(".note.good")) == "Đã bàn giao việc của Người nguoi.di cho Người nguoi.den và khóa tài khoản này."
    assert "không dùng được" in words(after.select_one("#vai-tro-dang-co"))
    assert not after.select("form[action$='/ban-giao']")


def test_work_is_handed_to_people_of_the_same_unit_first_and_to_nobody_who_runs_the_system(site):
    admin = signed_in(site.app)
    enter(site.storage, "a.xa.khac", Grant(Role.OFFICER, "20179"))
    for login, grant in (
        ("z.cung.xa", Grant(Role.READER, "20167")),
        ("truc.ban", Grant(Role.OPERATOR, "46")),
        ("ra.di", Grant(Role.OFFICER, "20167")),
    ):
        enter(site.storage, login, grant)
    heirs = [each["value"] for each in page_of(admin, "/nguoi-dung/ra.di").select("#nguoi-nhan option")]
    assert heirs[1] == "z.cung.xa"
    assert "a.xa.khac" in heirs
    assert not {"truc.ban", "quan.tri.thu"} & set(heirs)


def test_a_unit_may_be_typed_by_its_name_and_ended_ones_stand_last_with_their_day(site):
    admin = signed_in(site.app)
    told = {"ho-ten": "Hồ An", "chuc-vu": "Công chức", "thu": "", "vai-tro": "officer"}
    page = send(admin, "/nguoi-dung/moi", "/nguoi-dung/moi", ten="ho.an", **told, **{"don-vi": "phường an cựu"})
    assert page.status_code == 200
    grant = site.storage.accounts.find("ho.an").held[0].grant
    unit = next(unit for unit in site.storage.units() if unit.code == grant.unit and unit.valid_to is None)
    assert unit.name == "Phường An Cựu"
    offered = [each["value"] for each in page_of(admin, "/nguoi-dung/moi").select("#cac-don-vi option")]
    assert "đến ngày" in offered[-1]
    assert offered.index(f"{unit.code} · Phường An Cựu") < len(offered) / 2


def test_the_list_is_found_in_by_folded_name_or_unit(site):
    admin = signed_in(site.app)
    enter(site.storage, "phuong", Grant(Role.OFFICER, "20164"), name="Đặng Thị Phượng")
    for asked in ("dang phuong", "phuong", "huong phu"):
        assert "Đặng Thị Phượng" in admin.get("/nguoi-dung", query_string={"q": asked}).text
    assert "Không có người nào khớp" in admin.get("/nguoi-dung", query_string={"q": "zzz"}).text


def test_one_sees_and_ends_one_s_own_sign_ins_and_nobody_else_s(site):
    here, there = signed_in(site.app, "hai.noi", Grant(Role.OFFICER, "20179")), signed_in(site.app, "hai.noi")
    other = signed_in(site.app, "nguoi.la", Grant(Role.OFFICER, "20179"))
    keys = [each.key for each in site.storage.sessions.standing("hai.noi")]
    assert send(other, "/tai-khoan", "/tai-khoan/ket-thuc-phien", phien=keys[0]).status_code == 303
    assert there.get("/tai-khoan").status_code == 200
    assert send(here, "/tai-khoan", "/tai-khoan/ket-thuc-phien", phien="khac").status_code == 303
    assert (here.get("/tai-khoan").status_code, there.get("/tai-khoan").status_code) == (200, 302)


def test_a_new_password_needs_the_old_one_and_ends_every_other_sign_in(site):
    here, there = signed_in(site.app, "doi", Grant(Role.OFFICER, "20179")), signed_in(site.app, "doi")
    site.storage.accounts.set_password("doi", HASH, now() - timedelta(days=1))
    here, there = signed_in(site.app, "doi"), signed_in(site.app, "doi")
    change = "/tai-khoan/mat-khau"
    for old, new, again in (("sai", NEW, NEW), (PASSWORD, "ngắn", "ngắn"), (PASSWORD, NEW, PASSWORD)):
        assert send(here, "/tai-khoan", change, **{"mat-khau-cu": old, "mat-khau": new, "nhac-lai": again}).status_code == 409
    assert there.get("/tai-khoan").status_code == 200
    assert send(here, "/tai-khoan", change, **{"mat-khau-cu": PASSWORD, "mat-khau": NEW, "nhac-lai": NEW}).status_code == 303
    assert (here.get("/tai-khoan").status_code, there.get("/tai-khoan").status_code) == (200, 302)


def test_a_secretary_gives_criteria_and_a_member_only_reads_who_has_them(site):
    secretary = signed_in(site.app, "thu.ky", Grant(Role.SECRETARY, "483"))
    assert send(secretary, ASSIGN, f"{ASSIGN}/giao", **{"tieu-chi": ["I.1", "I.2"], "don-vi-nhan": "483.phong-giao-duc"}).status_code == 303
    row = next(each for each in page_of(secretary, ASSIGN).select("tbody tr") if "I.2" in words(each))
    assert "Phòng Giáo dục và Đào tạo" in words(row)
    assert send(secretary, ASSIGN, f"{ASSIGN}/giao", **{"don-vi-nhan": "483"}).status_code == 409
    member = signed_in(site.app, "thanh.vien", Grant(Role.MEMBER, "483"))
    assert 'type="checkbox"' not in member.get(ASSIGN).text
    token = page_of(member, ASSIGN).select_one("input[name=csrf_token]")["value"]
    assert member.post(f"{ASSIGN}/giao", data={"csrf_token": token, "tieu-chi": "I.1", "don-vi-nhan": ""}).status_code == 404
    assert signed_in(site.app, "can.bo", Grant(Role.OFFICER, "20179")).get(ASSIGN).status_code == 404


def test_refusals_at_the_door_and_sign_ins_are_in_the_trail(site):
    client = signed_in(site.app, "to.mo", Grant(Role.OFFICER, "20179"))
    client.get("/nguoi-dung")
    assert ("access.refused", "to.mo", "GET /nguoi-dung", "") in acts(site)
    guest = site.app.test_client()
    send(guest, "/dang-nhap", "/dang-nhap", ten="matkhau-go-nham", **{"mat-khau": "sai"})
    kept = site.storage.trail.page(most=1)[0].event
    assert kept.act == "account.sign_in_failed"
    assert "matkhau-go-nham" not in str(kept)
