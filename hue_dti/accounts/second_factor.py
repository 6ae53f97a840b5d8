"""The code a phone shows, which counts once, and the codes for when the phone is lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hmac import compare_digest

import pyotp

from hue_dti.accounts.account import Kind
from hue_dti.accounts.codes import new_code
from hue_dti.accounts.model import Grant, Role

STEP_S = 30
_AROUND = (0, -1, 1)
"""Steps before and after now that still count: clocks of phones go wrong by seconds."""

RECOVERY_CODES = 8
_ISSUER = "hue-dti"


def new_secret() -> str:
    """What the phone and this installation share."""
    return pyotp.random_base32()


def address(secret: str, login: str) -> str:
    """What the phone reads from the square."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=_ISSUER)


def step_of(secret: str, typed: str, now: datetime, after: int = 0) -> int | None:
    """The step in which this code counts, later than `after`; None when it is no such code."""
    code = "".join(typed.split())
    current = int(now.timestamp()) // STEP_S
    known = pyotp.TOTP(secret)
    for step in (current + around for around in _AROUND):
        if step > after and code.isascii() and compare_digest(known.generate_otp(step), code):
            return step
    return None


def recovery_codes() -> tuple[str, ...]:
    """Codes to keep on paper; each counts once, instead of the phone's."""
    return tuple(new_code()[:14] for _ in range(RECOVERY_CODES))


def is_due(kind: Kind, grants: Iterable[Grant], approvers_too: bool) -> bool:
    """Whether somebody with these roles has to have one."""
    roles = {grant.role for grant in grants}
    return kind is Kind.PERSON and (Role.PROVINCE_ADMIN in roles or (approvers_too and Role.APPROVER in roles))
