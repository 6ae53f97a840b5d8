"""`hue-dti secret`: the installation's key, changed without anybody being put out; no key is ever printed."""

from __future__ import annotations

import click

from hue_dti.cli.common import hand, now, workplace
from hue_dti.errors import SettingError
from hue_dti.numerals import format_count
from hue_dti.services.sealed import how_sealed, reseal
from hue_dti.services.secret_key import retire as retire_keys
from hue_dti.services.secret_key import rotate as rotate_key
from hue_dti.services.secret_key import secret_keys
from hue_dti.vault import Vault

_AGAIN = "Hãy khởi động lại mọi tiến trình của trang web, rồi chạy: hue-dti secret rewrap"


@click.group()
def secret() -> None:
    """Khóa bí mật của hệ thống: thay khóa, mã hóa lại các bí mật đang giữ, bỏ khóa cũ."""


@secret.command()
def rotate() -> None:
    """Tạo khóa mới trong thư mục dữ liệu; khóa cũ vẫn nhận cookie, biểu mẫu và bí mật cũ cho tới khi bỏ."""
    with workplace() as place:
        secret_keys(place.settings, make=False)
        place.storage.trail.note(hand().did("secret.rotated", now()))
        rotate_key(place.settings)
    click.echo(f"Đã thay khóa bí mật, khóa cũ còn được nhận. {_AGAIN}")


@secret.command()
def rewrap() -> None:
    """Mã hóa lại mọi bí mật đang giữ bằng khóa mới nhất (mã kết thúc 1 khi có bí mật không mở được)."""
    with workplace() as place:
        vault = Vault(secret_keys(place.settings, make=False))
        done = reseal(place.storage, vault, hand(), now())
        broken = how_sealed(place.storage, vault).broken
    click.echo(f"Đã mã hóa lại {format_count(done)} bí mật bằng khóa mới nhất")
    for login in broken:
        click.echo(f"{login}: không khóa nào mở được; hãy thêm khóa cũ vào HUE_DTI_SECRET_KEY_FALLBACKS, hoặc đặt lại mã hai lớp", err=True)
    if broken:
        raise SystemExit(1)


@secret.command()
def retire() -> None:
    """Bỏ khóa cũ khi không bí mật nào còn cần nó; phiên và biểu mẫu ký bằng khóa cũ hết dùng."""
    with workplace() as place:
        newest, *_ = secret_keys(place.settings, make=False)
        left = how_sealed(place.storage, Vault([newest]))
        if left.newest < left.all:
            raise SettingError(f"Còn {format_count(left.all - left.newest)} bí mật dưới khóa cũ; hãy chạy trước: hue-dti secret rewrap")
        place.storage.trail.note(hand().did("secret.retired", now()))
        done = retire_keys(place.settings)
    click.echo("Đã bỏ khóa cũ; hãy khởi động lại trang web" if done else "Không có khóa cũ nào")


COMMANDS = (secret,)
