"""Make accounts, invite persons into them, and make the first one of an installation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hue_dti.accounts.account import Account, Kind, Session, checked_login
from hue_dti.accounts.codes import INVITED_FOR, code_key, new_code
from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.passwords import hashed, weakness
from hue_dti.errors import AccountRefused
from hue_dti.free_text import one_line
from hue_dti.services.granting import check_grant, keep_apart
from hue_dti.services.mail import ADDRESS
from hue_dti.services.notices import notice
from hue_dti.services.own_proof import prove_password
from hue_dti.services.sign_in import Caller
from hue_dti.storage import Invitation, Storage
from hue_dti.trail.model import Event, Hand
from hue_dti.units.model import Level, OrgUnit

LONGEST_NAME, LONGEST_MAIL = 120, 254
_NOT_COUNTED = "Mã mời không đúng, đã dùng hoặc quá 48 giờ; hãy xin người quản trị mã mới."


def add_account(
    storage: Storage,
    login: str,
    name: str,
    post: str,
    email: str,
    grants: Sequence[Grant],
    by: str,
    now: datetime,
    kind: Kind = Kind.PERSON,
    trail: Sequence[Event] = (),
) -> str:
    """Make an account and return the code by which its person comes in; AccountRefused for what cannot be."""
    checked, code = checked_login(login), new_code()
    for grant in grants:
        check_grant(storage, grant)
    keep_apart(storage, (), grants, now)
    said, at, mail = told(name, "Họ và tên"), told(post, "Chức vụ"), mail_address(email)
    storage.accounts.add(checked, said, at, mail, grants, by, now, kind, trail, Invitation(code_key(code), now + INVITED_FOR))
    return code


def invite(storage: Storage, login: str, by: str, now: datetime, trail: Sequence[Event] = ()) -> str:
    """A new single-use code for an account, in place of any before; it is nowhere kept as it is written."""
    code = new_code()
    storage.accounts.invite(code_key(code), login, by, now, now + INVITED_FOR, trail)
    return code


def accept(storage: Storage, code: str, password: str, caller: Caller, now: datetime) -> Account:
    """Use an invitation: set the password; AccountRefused for a code that does not count or a password easily guessed."""
    key = code_key(code)
    account = storage.accounts.invited(key, now)
    if account is None:
        raise AccountRefused(_NOT_COUNTED)
    strong(password, account.login, account.name)
    told = caller.event("account.accepted", account, "", now)
    jobs = notice(account, told.act, account.name, now) if account.has_password else ()
    if storage.accounts.accept(key, hashed(password), now, [told], jobs) != account.login:
        raise AccountRefused(_NOT_COUNTED)
    return account


def first_code(storage: Storage, hand: Hand, now: datetime) -> str | None:
    """The code by which the first administrator comes in; None once there is any account."""
    if storage.accounts.any():
        return None
    code = new_code()
    storage.accounts.invite(code_key(code), None, hand.actor, now, now + INVITED_FOR, [hand.did("account.first_code", now)])
    return code


def make_first(storage: Storage, code: str, login: str, name: str, post: str, password: str, caller: Caller, now: datetime) -> Account:
    """Make the first administrator; AccountRefused for what cannot be."""
    checked, said, at = checked_login(login), told(name, "Họ và tên"), told(post, "Chức vụ")
    strong(password, checked, said)
    province = province_of(storage.units())
    event = Event("account.began", checked, said, province, checked, "", Role.PROVINCE_ADMIN, "", now, caller.address, caller.request)
    if not storage.accounts.begin(code_key(code), checked, said, at, province, hashed(password), now, [event]):
        raise AccountRefused("Mã không đúng, đã dùng hoặc quá 48 giờ; hãy dừng rồi chạy lại 'hue-dti serve' để có mã mới.")
    made = storage.accounts.find(checked)
    if made is None:
        raise AccountRefused(_NOT_COUNTED)
    return made


def change_password(storage: Storage, account: Account, standing: Session, old: str, new: str, caller: Caller, now: datetime) -> None:
    """Change one's password, knowing the old one; every other sign-in ends, and the person is told by mail."""
    if not account.has_password:
        raise AccountRefused("Tài khoản này vào bằng tài khoản dùng chung nên không có mật khẩu để đổi.")
    prove_password(storage, account, standing, old, caller, now)
    strong(new, account.login, account.name)
    said = caller.event("account.password_changed", account, "", now)
    storage.accounts.set_password(account.login, hashed(new), now, standing.key, [said], notice(account, said.act, account.name, now))


def province_of(units: Sequence[OrgUnit]) -> str:
    """The code of the province, as it is now or was last."""
    provinces = [unit for unit in units if unit.level is Level.PROVINCE]
    if not provinces:
        raise AccountRefused("Danh sách đơn vị chưa có tỉnh nào nên chưa cấp quyền được; hãy chạy: hue-dti criteria check")
    return max(provinces, key=lambda unit: unit.valid_from).code


def mail_address(text: str) -> str:
    """An e-mail address in one line, empty for none; AccountRefused for what is none."""
    address = one_line(text, "Thư điện tử", LONGEST_MAIL, AccountRefused)
    if address and not ADDRESS.fullmatch(address):
        raise AccountRefused(
            f"Thư điện tử '{address[:LONGEST_NAME]}' không dùng được; hãy viết như lan.le@thuathienhue.gov.vn, hoặc để trống."
        )
    return address


def told(text: str, what: str) -> str:
    """A name or post in one line; AccountRefused when it is empty or too long."""
    said = one_line(text, what, LONGEST_NAME, AccountRefused)
    if not said:
        raise AccountRefused(f"{what} phải có; hãy ghi.")
    return said


def strong(password: str, *own: str) -> None:
    """AccountRefused, with what to do, for a password easily guessed."""
    why = weakness(password, *own)
    if why:
        raise AccountRefused(why)
