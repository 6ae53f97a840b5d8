"""Come in with a password: the same words and the same work for whoever is there or not, slowed down where somebody guesses."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from hue_dti.accounts.account import Account, Kind, limits
from hue_dti.accounts.codes import code_key, key_of, new_token
from hue_dti.accounts.model import Role
from hue_dti.accounts.passwords import matches
from hue_dti.accounts.second_factor import step_of
from hue_dti.config import Settings
from hue_dti.errors import SealBroken
from hue_dti.periods import LOCAL
from hue_dti.storage import Storage
from hue_dti.trail.model import Event
from hue_dti.vault import Vault

_LOG = logging.getLogger(__name__)

WITHIN = timedelta(minutes=15)
MOST_PER_LOGIN, MOST_PER_ADDRESS = 10, 100
"""Tries within that time; the next one has to wait until the first of them is that long ago. Nobody is locked out for good."""

LONGEST_LOGIN = 60
SECOND = "(mã)"
"""What tries with codes are counted as, beside those with passwords."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody came in; with `wait_s`, so many seconds have to pass before it is looked at again."""

    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class Halfway:
    """The password was right; the code of the person's phone is still to come."""

    account: Account


@dataclass(frozen=True, slots=True)
class Opened:
    """A sign-in: the number for the browser, whose it is, and whether it outlasts the browser's closing."""

    token: str
    account: Account
    lasting: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """Who knocks: the address, the browser's name for itself, the request's number."""

    address: str
    browser: str
    request: str = ""

    def event(self, act: str, account: Account | None, reason: str, now: datetime) -> Event:
        """What happened at the door to whom; of a login that nobody has nothing is kept, since it may be a password."""
        told = (account.login, account.name) if account else ("", "")
        unit = account.held[0].grant.unit if account and account.held else ""
        return Event(act, *told, unit, told[0], "", "", reason, now, self.address, self.request)


def sign_in(storage: Storage, settings: Settings, login: str, password: str, caller: Caller, now: datetime) -> Opened | Halfway | Refused:
    """Check the password and open a sign-in, or ask for the second factor where the person has one."""
    typed = login.strip().lower()[:LONGEST_LOGIN]
    wait = must_wait(storage, typed, caller.address, now)
    account = storage.accounts.find(typed)
    if wait:
        storage.trail.note(caller.event("account.sign_in_failed", account, "thử quá nhiều lần", now))
        return Refused(wait)
    right = matches(storage.accounts.password(typed), password)
    if not right or account is None or not may_come_in(account, settings):
        storage.trail.note(caller.event("account.sign_in_failed", account, "sai tên hoặc mật khẩu", now))
        return Refused()
    if storage.second_factors.find(account.login) is not None:
        return Halfway(account)
    return open_session(storage, account, caller, now)


def sign_in_further(
    storage: Storage, settings: Settings, vault: Vault, login: str, typed: str, caller: Caller, now: datetime
) -> Opened | Refused:
    """Check the code of somebody whose password was right: the phone's, or one of those kept on paper."""
    wait = must_wait(storage, f"{login} {SECOND}", caller.address, now)
    account = storage.accounts.find(login)
    if not wait and account is not None and may_come_in(account, settings) and second_is_right(storage, vault, login, typed, now):
        return open_session(storage, account, caller, now)
    storage.trail.note(caller.event("account.sign_in_failed", account, "thử quá nhiều lần" if wait else "sai mã hai lớp", now))
    return Refused(wait)


def second_is_right(storage: Storage, vault: Vault, login: str, typed: str, now: datetime) -> bool:
    """Whether this is a code of the person's phone or one kept on paper; it is used up by being right."""
    known = storage.second_factors.find(login)
    if known is None:
        return False
    try:
        step = step_of(vault.open(login, known.secret), typed, now, known.last_step)
    except SealBroken as fault:
        _LOG.error("%s: %s", login, fault)
        step = None  # a code kept on paper still counts
    return storage.second_factors.use(login, step) if step is not None else storage.second_factors.recover(login, code_key(typed))


def must_wait(storage: Storage, login: str, address: str, now: datetime) -> int:
    """Note a try; how many seconds it is too early, 0 when it may be looked at."""
    tried = storage.sessions.tried(login, address, now, WITHIN)
    firsts = [
        first
        for count, most, first in (
            (tried.login, MOST_PER_LOGIN, tried.first_login),
            (tried.address, MOST_PER_ADDRESS, tried.first_address),
        )
        if count > most
    ]
    return max((max(1, int((first + WITHIN - now).total_seconds())) for first in firsts), default=0)


def may_come_in(account: Account, settings: Settings) -> bool:
    """Whether the account is one that this installation lets in."""
    return account.active and (account.kind is not Kind.DEMO or settings.demo)


def open_session(storage: Storage, account: Account, caller: Caller, now: datetime) -> Opened:
    """Open a sign-in for somebody who proved who they are."""
    token, event = new_token(), caller.event("account.signed_in", account, "", now)
    storage.sessions.open(key_of(token), account.login, caller.address, caller.browser, now, [event])
    grants = account.grants(now.astimezone(LOCAL).date())
    return Opened(token, account, limits(grants).idle is None and bool(grants) and all(each.role is Role.SCREEN for each in grants))
