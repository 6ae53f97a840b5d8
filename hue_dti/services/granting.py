"""Give roles and take them back, switch accounts off and on, hand a leaver's work over: one transaction each, with what the trail tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice

from hue_dti.accounts.account import ROLES, Account, HeldGrant
from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.rights import at_odds
from hue_dti.errors import AccountRefused
from hue_dti.numerals import format_date
from hue_dti.periods import LOCAL
from hue_dti.storage import Storage
from hue_dti.trail.model import Hand
from hue_dti.units.lines import Lines
from hue_dti.units.model import Level

AT_PROVINCE = frozenset({Role.PROVINCE_ADMIN, Role.OPERATOR, Role.APPRAISER})


def give(storage: Storage, account: Account, grant: Grant, hand: Hand, now: datetime, until: date | None = None) -> bool:
    """Give a role at a unit, to a last day where one is said; False when it stands already, AccountRefused for what cannot be."""
    check_grant(storage, grant)
    keep_apart(storage, account.held, [grant], now)
    said = hand.did(
        "account.granted",
        now,
        unit=grant.unit,
        subject=account.login,
        new=f"{grant.role} {grant.unit}",
        reason=f"đến {format_date(until)}" if until is not None else "",
    )
    return storage.accounts.grant(account.login, grant, hand.actor, now, until, [said])


def take(storage: Storage, account: Account, number: int, hand: Hand, now: datetime) -> None:
    """Take a role back by its number; AccountRefused when it does not stand, or it is the last that administers."""
    held = next((each for each in account.held if each.number == number), None)
    gone = AccountRefused(f"'{account.login}' không có vai trò số {number}; hãy xem lại danh sách.")
    if held is None:
        raise gone
    told = hand.did("account.revoked", now, unit=held.grant.unit, subject=account.login, old=f"{held.grant.role} {held.grant.unit}")
    if not storage.accounts.end_grant(account.login, number, hand.actor, now, [told]):
        raise gone


def switch(storage: Storage, account: Account, active: bool, hand: Hand, now: datetime, reason: str = "") -> None:
    """Switch an account off or on again; AccountRefused for the last one that administers."""
    act = "account.enabled" if active else "account.disabled"
    told = hand.did(act, now, unit=first_unit(account), subject=account.login, reason=reason)
    storage.accounts.switch(account.login, active, hand.actor, now, [told])


def hand_over(storage: Storage, leaver: Account, heir: Account, off: bool, hand: Hand, now: datetime, reason: str = "") -> None:
    """A leaver's criteria and roles to somebody else, and the leaver's account switched off where that is asked."""
    has = {each.grant for each in heir.held}
    fresh = [each for each in leaver.held if each.grant not in has]
    keep_apart(storage, heir.held, [each.grant for each in fresh], now)
    told = [
        hand.did(
            "account.granted",
            now,
            unit=each.unit,
            subject=heir.login,
            new=f"{each.role} {each.unit}",
            reason=f"nhận bàn giao từ {leaver.name}",
        )
        for each in (held.grant for held in fresh)
    ]
    unit = first_unit(leaver)
    told.append(hand.did("account.handed_over", now, unit=unit, subject=leaver.login, old=leaver.login, new=heir.login, reason=reason))
    if off:
        told.append(hand.did("account.disabled", now, unit=unit, subject=leaver.login, reason=reason))
    storage.accounts.hand_over(leaver.login, heir.login, fresh, off, hand.actor, now, told)


def check_grant(storage: Storage, grant: Grant) -> None:
    """AccountRefused for a unit there is not, or a province's role somewhere else."""
    spans = [unit for unit in storage.units() if unit.code == grant.unit]
    if not spans:
        raise AccountRefused(f"Không có đơn vị mã '{grant.unit}'; hãy xem lại mã đơn vị.")
    if grant.role in AT_PROVINCE and all(unit.level is not Level.PROVINCE for unit in spans):
        raise AccountRefused(f"Vai trò '{grant.role}' chỉ cấp ở cấp tỉnh, không cấp ở {spans[-1].name}; hãy chọn đơn vị là tỉnh.")


def keep_apart(storage: Storage, held: Iterable[HeldGrant], given: Iterable[Grant], now: datetime) -> None:
    """AccountRefused when somebody would both administer a place and enter, approve or appraise its figures."""
    today = now.astimezone(LOCAL).date()
    lines = Lines(storage.units(), today)
    standing = [each.grant for each in held if each.until is None or today <= each.until]
    for grant in given:
        other = at_odds(standing, grant, lines.of)
        if other is not None:
            raise AccountRefused(
                f"Người này đang là {ROLES[other.role]} nên không làm {ROLES[grant.role]} ở cùng nơi: người quản trị quyền không nhập, "
                "không duyệt, không thẩm định số liệu. Hãy chọn người khác, hoặc thu vai trò kia trước."
            )
        standing.append(grant)


def at_odds_now(storage: Storage, now: datetime) -> tuple[tuple[Account, Grant, Grant], ...]:
    """The active accounts that hold two roles which do not go together, each with its first two such roles."""
    today = now.astimezone(LOCAL).date()
    lines = Lines(storage.units(), today)
    found = []
    for account in storage.accounts.all():
        grants = account.grants(today) if account.active else ()
        pairs = ((other, grant) for at, grant in enumerate(grants) if (other := at_odds(grants[:at], grant, lines.of)) is not None)
        found += [(account, *pair) for pair in islice(pairs, 1)]
    return tuple(found)


def first_unit(account: Account) -> str:
    """The unit of a person's first role, empty without one."""
    return account.held[0].grant.unit if account.held else ""
