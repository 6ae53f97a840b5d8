"""The persons of the demonstration: one for each part, with a new password each time it begins."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from hue_dti.accounts.account import Kind
from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.passwords import hashed
from hue_dti.errors import SettingError
from hue_dti.storage import Storage
from hue_dti.trail.model import Hand

BY = "demo"
HAND = Hand(BY, "hue-dti demo")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Somebody of the demonstration."""

    login: str
    name: str
    post: str
    grant: Grant


USERS = (
    DemoUser("quantri", "Nguyễn Thị Quản", "Quản trị hệ thống của tỉnh", Grant(Role.PROVINCE_ADMIN, "46")),
    DemoUser("ioc", "Trần Văn Trực", "Trực Trung tâm IOC tỉnh", Grant(Role.OPERATOR, "46")),
    DemoUser("thamdinh", "Lê Thị Thẩm", "Chuyên viên Sở Thông tin và Truyền thông", Grant(Role.APPRAISER, "46")),
    DemoUser("tinh.thuky", "Hoàng Thị Lập", "Thư ký Ban Chỉ đạo tỉnh", Grant(Role.SECRETARY, "46")),
    DemoUser("tinh.duyet", "Trương Văn Chuẩn", "Phó Chủ tịch UBND tỉnh", Grant(Role.APPROVER, "46")),
    DemoUser("namdong.duyet", "Hồ Văn Duyệt", "Phó Chủ tịch UBND huyện Nam Đông", Grant(Role.APPROVER, "483")),
    DemoUser("namdong.thuky", "Phạm Thị Thư", "Thư ký Ban Chỉ đạo huyện Nam Đông", Grant(Role.SECRETARY, "483")),
    DemoUser("namdong.thanhvien", "Đoàn Văn Viên", "Thành viên Ban Chỉ đạo huyện Nam Đông", Grant(Role.MEMBER, "483")),
    DemoUser("huongson", "Võ Thị Sơn", "Công chức Văn hóa - Xã hội xã Hương Sơn", Grant(Role.OFFICER, "20167")),
    DemoUser("huongphu", "Ngô Văn Phú", "Công chức Văn phòng xã Hương Phú", Grant(Role.OFFICER, "20164")),
)


def demo_users(storage: Storage, now: datetime) -> tuple[tuple[DemoUser, str], ...]:
    """Make them where they are not yet there and give each a new password; SettingError where real persons have accounts."""
    known = {account.login: account for account in storage.accounts.all()}
    if any(account.kind is not Kind.DEMO for account in known.values()):
        raise SettingError("Cơ sở dữ liệu này đã có tài khoản thật nên không tạo tài khoản trình diễn; hãy dùng cơ sở dữ liệu đi kèm.")
    made = []
    for user in USERS:
        if user.login not in known:
            made_so = HAND.did("account.invited", now, unit=user.grant.unit, subject=user.login, new=f"{user.grant.role} {user.grant.unit}")
            storage.accounts.add(user.login, user.name, user.post, "", [user.grant], BY, now, Kind.DEMO, [made_so])
        password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
        changed = HAND.did("account.password_changed", now, unit=user.grant.unit, subject=user.login)
        storage.accounts.set_password(user.login, hashed(password), now, trail=[changed])
        made.append((user, password))
    return tuple(made)
