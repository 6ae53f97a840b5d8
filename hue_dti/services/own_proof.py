"""Before one's password or second factor changes: prove again who one is, for somebody else may have found the sign-in open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hue_dti.accounts.account import Account, Session
from hue_dti.accounts.codes import code_key
from hue_dti.accounts.passwords import matches
from hue_dti.accounts.second_factor import recovery_codes
from hue_dti.errors import AccountRefused
from hue_dti.services.granting import first_unit
from hue_dti.services.notices import notice
from hue_dti.services.sign_in import SECOND, Caller, must_wait, second_is_right
from hue_dti.storage import Storage
from hue_dti.storage.second_factors import SecondFactor
from hue_dti.trail.model import Hand
from hue_dti.vault import Vault

FRESH = timedelta(minutes=10)
"""How long after signing in nobody is asked for the password a second time to set up a first second factor, and how lately somebody
without a password has to have come in by the shared sign-in.
"""

FAILED = "account.proof_failed"
_WAIT = "Đã thử quá nhiều lần; hãy đợi ít phút rồi thử lại."
_PASSWORD = "Mật khẩu đang dùng không đúng; hãy gõ lại."  # noqa: S105 - what is said, not what is kept
_AGAIN = "Tài khoản này không có mật khẩu: hãy đăng xuất, đăng nhập lại bằng tài khoản dùng chung rồi làm ngay trong 10 phút."
_CODE = "Mã hai lớp đang dùng không đúng; hãy gõ mã mới trên điện thoại cũ, hoặc một mã dự phòng."
_FASTER = "Mã hai lớp vừa được đổi ở nơi khác; hãy xem lại trang Tài khoản của tôi."
_NEEDED = "Vai trò của bạn bắt buộc có mã hai lớp nên không tắt được; hãy cài lại trên điện thoại khác."


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody typed to prove it: the password in use, and the code of the phone in use or one kept on paper."""

    password: str = ""
    code: str = ""


def prove(
    storage: Storage, vault: Vault, account: Account, standing: Session, proof: Proof, caller: Caller, now: datetime
) -> SecondFactor | None:
    """The second factor in use, None when there is none; AccountRefused, and an event, for whoever cannot prove who they are."""
    prove_password(storage, account, standing, proof.password, caller, now)
    known = storage.second_factors.find(account.login)
    if known is None:
        return None
    if must_wait(storage, f"{account.login} {SECOND}", caller.address, now):
        raise AccountRefused(_WAIT)
    if not second_is_right(storage, vault, account.login, proof.code, now):
        storage.trail.note(caller.event(FAILED, account, "sai mã hai lớp", now))
        raise AccountRefused(_CODE)
    return known


def prove_password(storage: Storage, account: Account, standing: Session, password: str, caller: Caller, now: datetime) -> None:
    """The password in use, or for somebody who has none a shared sign-in of just now; AccountRefused, and an event, otherwise."""
    lately = now - standing.created_at <= FRESH
    if not account.has_password:
        if not lately:
            raise AccountRefused(_AGAIN)
        return
    if must_wait(storage, account.login, caller.address, now):
        raise AccountRefused(_WAIT)
    if not matches(storage.accounts.password(account.login), password):
        storage.trail.note(caller.event(FAILED, account, "sai mật khẩu", now))
        raise AccountRefused(_PASSWORD)


def asks_password(account: Account, standing: Session, known: SecondFactor | None, now: datetime) -> bool:
    """Whether setting up a second factor asks for the password: always to replace one, else only where the sign-in is not of just now."""
    return account.has_password and (known is not None or now - standing.created_at > FRESH)


def set_second(
    storage: Storage,
    vault: Vault,
    account: Account,
    standing: Session,
    secret: str,
    step: int,
    before: SecondFactor | None,
    caller: Caller,
    now: datetime,
) -> Sequence[str]:
    """Set the second factor whose first code was typed; its recovery codes, which are nowhere kept as written. Other sign-ins end."""
    codes = recovery_codes()
    kept, told = [code_key(each) for each in codes], caller.event("account.second_factor_set", account, "", now)
    jobs = notice(account, told.act, account.name, now)
    if not storage.second_factors.set(
        account.login, vault.seal(account.login, secret), step, kept, now, standing.key, [told], jobs, before
    ):
        raise AccountRefused(_FASTER)
    return codes


def remove_second(
    storage: Storage, vault: Vault, account: Account, standing: Session, proof: Proof, owed: bool, caller: Caller, now: datetime
) -> None:
    """Switch one's own second factor off; AccountRefused where the role asks for one, or the proof fails."""
    if owed:
        raise AccountRefused(_NEEDED)
    prove(storage, vault, account, standing, proof, caller, now)
    told = caller.event("account.second_factor_removed", account, "", now)
    storage.second_factors.remove(account.login, now, [told], notice(account, told.act, account.name, now), standing.key)


def reset_second(storage: Storage, account: Account, hand: Hand, now: datetime, reason: str) -> bool:
    """Take away the second factor of somebody who lost it, who is told by mail; every sign-in ends. False when there was none."""
    told = hand.did("account.second_factor_reset", now, unit=first_unit(account), subject=account.login, reason=reason)
    return storage.second_factors.remove(account.login, now, [told], notice(account, told.act, hand.name, now))
