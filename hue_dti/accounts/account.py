"""A person's account as it is kept, and how long a sign-in of theirs lasts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from hue_dti.accounts.model import Actor, Grant, Role
from hue_dti.errors import AccountRefused

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")

ROLES = {
    Role.PROVINCE_ADMIN: "quản trị tỉnh",
    Role.OPERATOR: "trực IOC",
    Role.APPRAISER: "thẩm định tỉnh",
    Role.APPROVER: "người duyệt",
    Role.MEMBER: "thành viên Ban Chỉ đạo",
    Role.SECRETARY: "thư ký",
    Role.OFFICER: "cán bộ nhập số liệu",
    Role.READER: "người xem",
    Role.SCREEN: "màn hình lớn",
}
"""What each role is called."""


class Kind(StrEnum):
    """Who uses the account: a person, or somebody trying the demonstration, which no real installation lets in."""

    PERSON = "person"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """A grant with its number and who gave it; `until` is its last day, None while it is meant to last."""

    number: int
    grant: Grant
    until: date | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account with the grants that stand."""

    login: str
    name: str
    post: str
    email: str
    kind: Kind
    active: bool
    has_password: bool
    created_at: datetime
    held: tuple[HeldGrant, ...] = ()

    def grants(self, day: date) -> tuple[Grant, ...]:
        """What counts that day."""
        return tuple(each.grant for each in self.held if each.until is None or day <= each.until)

    def actor(self, day: date) -> Actor:
        """Who this is for the one answer to what one may do."""
        return Actor(self.login, self.name, self.post, self.grants(day))


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that stands in the database; `key` is the hash of the number that the browser holds."""

    key: str
    login: str
    created_at: datetime
    last_seen: datetime
    ended_at: datetime | None
    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a sign-in lasts without a sign of life, and at most; None is no limit."""

    idle: timedelta | None
    absolute: timedelta


_SCREEN = Limits(None, timedelta(days=400))
_SHORT = Limits(timedelta(minutes=30), timedelta(hours=12))
_LONG = Limits(timedelta(hours=8), timedelta(hours=12))


def limits(grants: Iterable[Grant]) -> Limits:
    """Short for who approves or administers, a working day for who enters, months for a screen that does nothing else."""
    roles = {grant.role for grant in grants}
    if roles == {Role.SCREEN}:
        return _SCREEN
    return _SHORT if roles & {Role.APPROVER, Role.PROVINCE_ADMIN} else _LONG


def is_over(session: Session, grants: Iterable[Grant], now: datetime) -> bool:
    """Whether the sign-in no longer counts."""
    lasting = limits(grants)
    silent = lasting.idle is not None and now - session.last_seen > lasting.idle
    return session.ended_at is not None or silent or now - session.created_at > lasting.absolute


def checked_login(text: str) -> str:
    """The login as it is kept; AccountRefused for what cannot be one."""
    login = text.strip().lower()
    if not LOGIN.fullmatch(login):
        raise AccountRefused(
            f"Tên đăng nhập '{text}' không dùng được; hãy viết 3 đến 60 chữ không dấu, chữ số, dấu chấm, gạch nối, ví dụ nguyen.van.an"
        )
    return login
