"""Rights are given by somebody else, nobody both administers and approves, and an installation is never left without an administrator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.rights import at_odds
from hue_dti.errors import AccountRefused, HueDtiError
from hue_dti.resources import folder
from hue_dti.services.accounts import accept, add_account
from hue_dti.services.granting import give, hand_over, switch, take
from hue_dti.services.sign_in import Caller
from hue_dti.storage import open_storage
from hue_dti.trail.model import Hand
from hue_dti.units.load import load_units

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
HAND = Hand("quan.tri", "Nguyễn Quản Trị", "10.1.2.3", "R-1")
ADMIN = Grant(Role.PROVINCE_ADMIN, "46")
LINES = {"46": ("46",), "483": ("483", "46"), "20179": ("20179", "483", "46"), "99": ("99",)}


@pytest.fixture(scope="module")
def storage(server):
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as opened:
        opened.save_units(load_units(folder("criteria")))
        yield opened


def person(storage, login, *grants, password="băm"):
    storage.accounts.add(login, f"Người {login}", "Công chức", "", grants, "kiểm thử", NOW)
    if password:
        storage.accounts.set_password(login, password, NOW)
    return storage.accounts.find(login)


@pytest.mark.parametrize(
    ("held", "given", "odd"),
    [
        (ADMIN, Grant(Role.APPROVER, "20179"), True),
        (Grant(Role.OFFICER, "483"), ADMIN, True),
        (ADMIN, Grant(Role.APPRAISER, "46"), True),
        (ADMIN, Grant(Role.OPERATOR, "46"), True),
        (ADMIN, Grant(Role.MEMBER, "483"), False),
        (ADMIN, Grant(Role.APPROVER, "99"), False),
        (Grant(Role.OFFICER, "20179"), Grant(Role.APPROVER, "20179"), False),
    ],
)
def test_who_administers_a_place_does_not_make_or_judge_its_figures(held, given, odd):
    assert (at_odds([held], given, LINES.__getitem__) == held) is odd


def test_a_role_that_does_not_go_with_one_s_own_is_refused_in_every_way_it_could_come(storage):
    first, leaver = person(storage, "a.quan.tri", ADMIN), person(storage, "a.nghi", Grant(Role.APPROVER, "483"))
    with pytest.raises(AccountRefused, match="không duyệt"):
        give(storage, first, Grant(Role.APPROVER, "483"), HAND, NOW)
    with pytest.raises(AccountRefused, match="không duyệt"):
        hand_over(storage, leaver, first, False, HAND, NOW)
    with pytest.raises(AccountRefused, match="không duyệt"):
        add_account(storage, "a.ca.hai", "Cả Hai", "Công chức", "", [ADMIN, Grant(Role.OFFICER, "46")], "an", NOW)
    assert storage.accounts.find("a.ca.hai") is None


def test_two_administrators_who_take_each_other_s_office_leave_one(storage):
    people = [person(storage, f"b.{name}", ADMIN) for name in ("mot", "hai")]
    for account in storage.accounts.all():
        if account.login == "a.quan.tri":
            take(storage, account, account.held[0].number, HAND, NOW)
    person(storage, "b.chua.vao", ADMIN, password="")
    person(storage, "b.tam", ADMIN)
    temporary = storage.accounts.find("b.tam")
    storage.accounts.end_grant("b.tam", temporary.held[0].number, "an", NOW)
    storage.accounts.grant("b.tam", ADMIN, "an", NOW, date(2026, 12, 1))

    def off(account):
        try:
            return switch(storage, account, False, HAND, NOW)
        except AccountRefused as fault:
            return str(fault)

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(off, people))
    assert sorted(map(bool, told)) == [False, True], "one is switched off, the other is refused"
    assert any("quản trị viên cuối cùng" in str(each) for each in told)
    left = next(each for each in people if storage.accounts.find(each.login).active)
    with pytest.raises(AccountRefused, match="cuối cùng"):
        take(storage, storage.accounts.find(left.login), left.held[0].number, HAND, NOW)
    heir = person(storage, "b.thua.ke")
    hand_over(storage, storage.accounts.find(left.login), heir, True, HAND, NOW, "nghỉ hưu")
    acts = [(each.event.act, each.event.subject) for each in storage.trail.page(most=3)]
    assert acts == [("account.disabled", left.login), ("account.handed_over", left.login), ("account.granted", "b.thua.ke")]


def test_an_account_its_invitation_and_their_event_come_together_or_not_at_all(storage):
    unsayable = replace(HAND.did("account.invited", NOW, subject="c.khong.co"), act="")
    with pytest.raises(HueDtiError):
        add_account(storage, "c.khong.co", "Không Có", "Công chức", "", [Grant(Role.OFFICER, "20179")], "an", NOW, trail=[unsayable])
    assert storage.accounts.find("c.khong.co") is None
    code = add_account(storage, "c.co", "Có Mời", "Công chức", "", [Grant(Role.OFFICER, "20179")], "an", NOW)
    assert accept(storage, code, "mưa rơi trên mái lá", Caller("", ""), NOW).login == "c.co"
