"""Make accounts, invite persons into them, and make the first one of an installation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hue_dti.accounts.account import Account, Kind, checked_login
from hue_dti.accounts.codes import INVITED_FOR, code_key, new_code
from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.passwords import hashed, matches, weakness
from hue_dti.errors import AccountRefused
from hue_dti.free_text import one_line
from hue_dti.services.sign_in import Caller
from hue_dti.storage import Storage
from hue_dti.trail.model import Event
from hue_dti.units.model import Level, OrgUnit

LONGEST_NAME, LONGEST_MAIL = 120, 254
AT_PROVINCE = frozenset({Role.PROVINCE_ADMIN, Role.OPERATOR, Role.APPRAISER})
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
    checked = checked_login(login)
    for grant in grants:
        check_grant(storage, grant)
    storage.accounts.add(checked, told(name, "Họ và tên"), told(post, "Chức vụ"), mail_address(email), grants, by, now, kind)
    return invite(storage, checked, by, now, trail)


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
    if storage.accounts.accept(key, hashed(password), now, [told]) != account.login:
        raise AccountRefused(_NOT_COUNTED)
    return account


def first_code(storage: Storage, now: datetime) -> str | None:
    """The code by which the first administrator comes in; None once there is any account."""
    if storage.accounts.any():
        return None
    code = new_code()
    storage.accounts.invite(code_key(code), None, "hue-dti", now, now + INVITED_FOR)
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


def change_password(
    storage: Storage, account: Account, old: str, new: str, now: datetime, keep: str = "", trail: Sequence[Event] = ()
) -> None:
    """Change one's password, knowing the old one; every sign-in ends but the one to `keep`."""
    if not matches(storage.accounts.password(account.login), old):
        raise AccountRefused("Mật khẩu đang dùng không đúng; hãy gõ lại.")
    strong(new, account.login, account.name)
    storage.accounts.set_password(account.login, hashed(new), now, keep, trail)


def province_of(units: Sequence[OrgUnit]) -> str:
    """The code of the province, as it is now or was last."""
    provinces = [unit for unit in units if unit.level is Level.PROVINCE]
    if not provinces:
        raise AccountRefused("Danh sách đơn vị chưa có tỉnh nào nên chưa cấp quyền được; hãy chạy: hue-dti criteria check")
    return max(provinces, key=lambda unit: unit.valid_from).code


def check_grant(storage: Storage, grant: Grant) -> None:
    """AccountRefused for a unit there is not, or a province's role somewhere else."""
    spans = [unit for unit in storage.units() if unit.code == grant.unit]
    if not spans:
        raise AccountRefused(f"Không có đơn vị mã '{grant.unit}'; hãy xem lại mã đơn vị.")
    if grant.role in AT_PROVINCE and all(unit.level is not Level.PROVINCE for unit in spans):
        raise AccountRefused(f"Vai trò '{grant.role}' chỉ cấp ở cấp tỉnh, không cấp ở {spans[-1].name}; hãy chọn đơn vị là tỉnh.")


def told(text: str, what: str) -> str:
    """A name or post in one line; AccountRefused when it is empty or too long."""
    said = one_line(text, what, LONGEST_NAME, AccountRefused)
    if not said:
        raise AccountRefused(f"{what} phải có; hãy ghi.")
    return said


def mail_address(text: str) -> str:
    """An e-mail address, empty where there is none; AccountRefused for what no letter would reach."""
    said = one_line(text, "Địa chỉ thư", LONGEST_MAIL, AccountRefused)
    name, at, host = said.rpartition("@")
    if said and (not said.isascii() or " " in said or not (name and at) or "." not in host):
        raise AccountRefused(f"Địa chỉ thư '{said[:60]}' không đúng; hãy viết như an.le@example.vn, hoặc để trống.")
    return said


def strong(password: str, *own: str) -> None:
    """AccountRefused, with what to do, for a password easily guessed."""
    why = weakness(password, *own)
    if why:
        raise AccountRefused(why)
