"""`hue-dti user`: persons' accounts; nobody's password is ever asked or told here."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import click

from hue_dti.accounts.account import ROLES, Account, checked_login
from hue_dti.accounts.model import Grant, Role
from hue_dti.cli.common import Workplace, hand, machine_account, now, workplace
from hue_dti.errors import AccountRefused
from hue_dti.numerals import format_date
from hue_dti.periods import LOCAL
from hue_dti.services import accounts as act
from hue_dti.services import granting
from hue_dti.services.own_proof import reset_second

by_option = click.option("--by", default=machine_account, metavar="NGƯỜI", help="Người làm; mặc định là tài khoản đang dùng máy.")
login_argument = click.argument("login", metavar="TÊN_ĐĂNG_NHẬP")
role_option = click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="Vai trò.")
unit_option = click.option("--unit", required=True, metavar="MÃ", help="Mã đơn vị; vai trò có cả ở các đơn vị bên dưới.")


@click.group()
def user() -> None:
    """Tài khoản: mời người dùng, xem ai có quyền gì, thu quyền, khóa tài khoản."""


@user.command()
@login_argument
@click.option("--name", required=True, metavar="HỌ_TÊN", help="Họ và tên.")
@click.option("--post", required=True, metavar="CHỨC_VỤ", help="Chức vụ.")
@click.option("--email", default="", metavar="THƯ", help="Thư điện tử.")
@role_option
@unit_option
@by_option
def add(login: str, name: str, post: str, email: str, role: str, unit: str, by: str) -> None:
    """Tạo tài khoản và in mã mời dùng một lần trong 48 giờ; người được mời tự đặt mật khẩu."""
    with workplace() as place:
        event = hand(by).did("account.invited", now(), unit=unit, subject=checked_login(login), new=f"{role} {unit}")
        code = act.add_account(place.storage, login, name, post, email, [Grant(Role(role), unit)], by, now(), trail=[event])
    _say_code(checked_login(login), code)


@user.command()
@login_argument
@by_option
def invite(login: str, by: str) -> None:
    """In mã mời mới cho tài khoản đã có (quên mật khẩu, mã cũ quá hạn)."""
    with workplace() as place:
        account = _account(place, login)
        if not account.active:
            raise AccountRefused(f"Tài khoản '{account.login}' đang bị khóa; hãy mở lại bằng: hue-dti user enable {account.login}")
        code = act.invite(place.storage, account.login, by, now(), [hand(by).did("account.invited", now(), subject=account.login)])
    _say_code(account.login, code)


@user.command()
@login_argument
@role_option
@unit_option
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="NGÀY", help="Ngày cuối có vai trò này (YYYY-MM-DD), ví dụ khi ký thay."
)
@by_option
def grant(login: str, role: str, unit: str, until: datetime | None, by: str) -> None:
    """Cấp thêm một vai trò ở một đơn vị."""
    with workplace() as place:
        account, given = _account(place, login), Grant(Role(role), unit)
        done = granting.give(place.storage, account, given, hand(by), now(), until.date() if until else None)
    click.echo(f"{account.login}: đã cấp vai trò {ROLES[given.role]} ở {unit}" if done else f"{account.login}: đã có vai trò này từ trước")


@user.command()
@login_argument
@click.argument("number", type=int, metavar="SỐ")
@by_option
def revoke(login: str, number: int, by: str) -> None:
    """Thu một vai trò, theo số mà 'hue-dti user list' in."""
    with workplace() as place:
        account = _account(place, login)
        granting.take(place.storage, account, number, hand(by), now())
    click.echo(f"{account.login}: đã thu vai trò số {number}")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def list_(as_json: bool) -> None:
    """Mọi tài khoản với vai trò và tình trạng."""
    with workplace() as place:
        everybody = place.storage.accounts.all()
        names = {unit.code: unit.name for unit in place.storage.units()}
    if as_json:
        click.echo(json.dumps([_told(each) for each in everybody], ensure_ascii=False, indent=2))
        return
    today = now().astimezone(LOCAL).date()
    for each in everybody:
        click.echo(f"{each.login} · {each.name}, {each.post} · {standing(each)}")
        for held in each.held:
            click.echo(
                f"   số {held.number}: {ROLES[held.grant.role]} · {names.get(held.grant.unit, held.grant.unit)}{_until(held.until, today)}"
            )
    if not everybody:
        click.echo("Chưa có tài khoản nào; chạy 'hue-dti serve' rồi làm theo lời nhắc, hoặc 'hue-dti user add'.")


@user.command()
@login_argument
@by_option
def disable(login: str, by: str) -> None:
    """Khóa tài khoản: mọi phiên đăng nhập hết ngay; tên đăng nhập không cấp lại cho người khác."""
    _switch(login, False, by)
    click.echo(f"{login}: đã khóa, mọi phiên đăng nhập đã hết")


@user.command()
@login_argument
@by_option
def enable(login: str, by: str) -> None:
    """Mở lại tài khoản đã khóa."""
    _switch(login, True, by)
    click.echo(f"{login}: đã mở lại")


@user.command("reset-second-factor")
@login_argument
@by_option
def reset_second_factor(login: str, by: str) -> None:
    """Bỏ mã hai lớp của một người mất điện thoại; người đó cài lại khi đăng nhập."""
    with workplace() as place:
        account = _account(place, login)
        done = reset_second(place.storage, account, hand(by), now(), "")
    click.echo(f"{account.login}: đã bỏ mã hai lớp, mọi phiên đăng nhập đã hết" if done else f"{account.login}: chưa bật mã hai lớp")


def standing(account: Account) -> str:
    """How an account stands, in words."""
    if not account.active:
        return "đã khóa"
    return "đang dùng" if account.has_password else "chờ nhận lời mời"


def _switch(login: str, active: bool, by: str) -> None:
    with workplace() as place:
        granting.switch(place.storage, _account(place, login), active, hand(by), now())


def _account(place: Workplace, login: str) -> Account:
    found = place.storage.accounts.find(login.strip().lower())
    if found is None:
        raise AccountRefused(f"Không có tài khoản '{login}'; hãy xem: hue-dti user list")
    return found


def _until(day: date | None, today: date) -> str:
    if day is None:
        return ""
    return f" · đến {format_date(day)}" + (" (đã hết)" if day < today else "")


def _told(account: Account) -> dict[str, Any]:
    grants = [
        {"number": each.number, "role": each.grant.role.value, "unit": each.grant.unit, "until": each.until and each.until.isoformat()}
        for each in account.held
    ]
    told = {name: getattr(account, name) for name in ("login", "name", "post", "email", "active", "has_password")}
    return {**told, "kind": account.kind.value, "grants": grants}


def _say_code(login: str, code: str) -> None:
    click.echo(f"Mã mời của {login}: {code}")
    click.echo("Dùng một lần trong 48 giờ. Gửi riêng cho người đó; họ mở trang /nhan-loi-moi, nhập mã và tự đặt mật khẩu.")


COMMANDS = (user,)
