"""Accounts: who there is, what they may do where, and the invitations by which they come in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Engine, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.accounts.account import Account, HeldGrant, Kind, Session
from hue_dti.accounts.model import Grant, Role
from hue_dti.collation import nfc
from hue_dti.errors import AccountRefused
from hue_dti.storage import account_rows
from hue_dti.storage.assignments import hand_over_criteria
from hue_dti.storage.engine import aware, glance, transaction
from hue_dti.storage.queue import Deferred, defer
from hue_dti.storage.sessions import end_all
from hue_dti.storage.tables_accounts import account, account_grant, account_identity, account_invitation
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

NEW_RIGHTS, NEW_PASSWORD, SWITCHED_OFF = "rights", "password", "disabled"
"""Why sign-ins were ended."""

_LAST = "Đây là quản trị viên cuối cùng còn đăng nhập được; hãy cấp vai trò quản trị không hạn cho người khác trước."


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code to come in by, as its hash, and how long it counts."""

    key: str
    expires: datetime


class AccountBook:
    """Every method is one transaction and raises StorageError as `Storage` does; changes take the events that tell of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def any(self) -> bool:
        """Whether there is any account at all."""
        with transaction(self._engine) as connection:
            return connection.execute(select(account.c.login).limit(1)).first() is not None

    def find(self, login: str) -> Account | None:
        """The account of this login, switched off or not."""
        with transaction(self._engine) as connection:
            return next(iter(account_rows.read(connection, account.c.login == login)), None)

    def behind(self, key: str) -> tuple[Session, Account] | None:
        """The sign-in of this hash with the person's account, over or not; in one look, for every page asks it."""
        with glance(self._engine) as connection:
            return account_rows.behind(connection, key)

    def all(self) -> tuple[Account, ...]:
        """Every account, by login."""
        with transaction(self._engine) as connection:
            return account_rows.read(connection)

    def add(
        self,
        login: str,
        name: str,
        post: str,
        email: str,
        grants: Iterable[Grant],
        by: str,
        at: datetime,
        kind: Kind = Kind.PERSON,
        trail: Sequence[Event] = (),
        invitation: Invitation | None = None,
    ) -> None:
        """Make an account without a password, with the invitation to it; AccountRefused when the login was ever used."""
        row = {"login": login, "name": nfc(name), "post": nfc(post), "email": nfc(email), "kind": kind.value, "disabled_by": ""}
        fresh = upsert(account).values({**row, "created_by": nfc(by), "created_at": aware(at)}).on_conflict_do_nothing()
        with transaction(self._engine) as connection:
            if connection.execute(fresh.returning(account.c.login)).first() is None:
                raise AccountRefused(f"Tên đăng nhập '{login}' đã có người dùng; hãy chọn tên khác, tên cũ không bao giờ cấp lại.")
            for each in grants:
                _grant(connection, login, each, by, at, None)
            if invitation is not None:
                _invite(connection, invitation, login, by, at)
            record(connection, *trail)

    def grant(self, login: str, role: Grant, by: str, at: datetime, until: date | None = None, trail: Sequence[Event] = ()) -> bool:
        """Give a role at a unit, up to a last day where one is said; False when it stands already. The person signs in again."""
        with transaction(self._engine) as connection:
            given = _grant(connection, login, role, by, at, until)
            if given:
                end_all(connection, login, NEW_RIGHTS, at)
                record(connection, *trail)
            return given

    def end_grant(self, login: str, number: int, by: str, at: datetime, trail: Sequence[Event] = ()) -> bool:
        """Take a role from a person; False when it did not stand, AccountRefused when nobody would administer any more."""
        row = account_grant.c
        standing = update(account_grant).where(row.id == number, row.login == login, row.ended_at.is_(None))
        with transaction(self._engine) as connection, _administered(connection):
            ended = connection.execute(standing.values(ended_by=nfc(by), ended_at=aware(at)).returning(row.id)).first() is not None
            if ended:
                end_all(connection, login, NEW_RIGHTS, at)
                record(connection, *trail)
            return ended

    def switch(self, login: str, active: bool, by: str, at: datetime, trail: Sequence[Event] = ()) -> None:
        """Switch an account off or on again; off ends its sign-ins and invitations.

        AccountRefused when nobody would administer any more.
        """
        with transaction(self._engine) as connection, _administered(connection):
            _switch(connection, login, active, by, at)
            record(connection, *trail)

    def hand_over(
        self, old: str, new: str, grants: Iterable[HeldGrant], off: bool, by: str, at: datetime, trail: Sequence[Event] = ()
    ) -> None:
        """Give somebody's criteria and these roles to an heir, who signs in again, and switch the account off where that is asked."""
        with transaction(self._engine) as connection, _administered(connection):
            given = [_grant(connection, new, held.grant, by, at, held.until) for held in grants]
            if any(given):
                end_all(connection, new, NEW_RIGHTS, at)
            hand_over_criteria(connection, old, new, by, at)
            if off:
                _switch(connection, old, False, by, at)
            record(connection, *trail)

    def password(self, login: str) -> str | None:
        """The hash of an active account's password; None where there is none."""
        with transaction(self._engine) as connection:
            asked = select(account.c.password_hash).where(account.c.login == login, account.c.disabled_at.is_(None))
            found: str | None = connection.execute(asked).scalar_one_or_none()
            return found

    def set_password(
        self, login: str, password_hash: str, at: datetime, keep: str = "", trail: Sequence[Event] = (), jobs: Sequence[Deferred] = ()
    ) -> None:
        """Set a password; every sign-in ends but the one to `keep`, and no invitation counts any more."""
        with transaction(self._engine) as connection:
            _set_password(connection, login, password_hash, at, keep)
            defer(connection, jobs)
            record(connection, *trail)

    def invite(self, key: str, login: str | None, by: str, at: datetime, expires: datetime, trail: Sequence[Event] = ()) -> None:
        """Keep an invitation by the hash of its code, in place of those before; without a login it is for the first administrator."""
        with transaction(self._engine) as connection:
            _invite(connection, Invitation(key, expires), login, by, at)
            record(connection, *trail)

    def invited(self, key: str, at: datetime) -> Account | None:
        """Whom a code that still counts invites."""
        with transaction(self._engine) as connection:
            login = connection.execute(select(account_invitation.c.login).where(*_counts(key, at))).scalar_one_or_none()
            return (
                next(iter(account_rows.read(connection, account.c.login == login, account.c.disabled_at.is_(None))), None)
                if login
                else None
            )

    def accept(self, key: str, password_hash: str, at: datetime, trail: Sequence[Event] = (), jobs: Sequence[Deferred] = ()) -> str | None:
        """Use up an invitation and set the password; the login, None when somebody was first or it no longer counts."""
        with transaction(self._engine) as connection:
            login = _use(connection, key, at)
            if login:
                _set_password(connection, login, password_hash, at)
                defer(connection, jobs)
                record(connection, *trail)
            return login

    def known_as(self, issuer: str, subject: str) -> Account | None:
        """Whose account is bound to this subject of the issuer."""
        row = account_identity.c
        asked = select(row.login).where(row.issuer == issuer, row.subject == subject)
        with transaction(self._engine) as connection:
            login = connection.execute(asked).scalar_one_or_none()
            return next(iter(account_rows.read(connection, account.c.login == login)), None) if login else None

    def bind(self, key: str, issuer: str, subject: str, at: datetime, trail: Sequence[Event] = ()) -> bool:
        """Use up an invitation by binding its account to a subject; False, and nothing used, when it does not count or either is bound."""
        with transaction(self._engine) as connection:
            told = select(account_invitation.c.login).where(*_counts(key, at)).with_for_update()
            login = connection.execute(told).scalar_one_or_none()
            fresh = (
                upsert(account_identity).values(issuer=issuer, subject=subject, login=login, bound_at=aware(at)).on_conflict_do_nothing()
            )
            bound = bool(login) and connection.execute(fresh.returning(account_identity.c.login)).first() is not None
            if bound:
                _use(connection, key, at)
                record(connection, *trail)
            return bound

    def begin(
        self, key: str, login: str, name: str, post: str, province: str, password_hash: str, at: datetime, trail: Sequence[Event] = ()
    ) -> bool:
        """Make the first administrator with the code of the terminal; False when there is an account already or the code does not count."""
        row = {"login": login, "name": nfc(name), "post": nfc(post), "email": "", "kind": Kind.PERSON.value, "disabled_by": ""}
        with transaction(self._engine) as connection:
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("hue_dti first account"))))
            if connection.execute(select(account.c.login).limit(1)).first() or _use(connection, key, at) is None:
                return False
            made = {"created_by": login, "created_at": aware(at), "password_hash": password_hash}
            connection.execute(insert(account).values({**row, **made}))
            _grant(connection, login, Grant(Role.PROVINCE_ADMIN, province), login, at, None)
            record(connection, *trail)
            return True


def _grant(connection: Connection, login: str, given: Grant, by: str, at: datetime, until: date | None) -> bool:
    row = {"login": login, "role": given.role.value, "unit": nfc(given.unit), "until": until, "granted_by": nfc(by), "ended_by": ""}
    fresh = upsert(account_grant).values({**row, "granted_at": aware(at)}).on_conflict_do_nothing()
    return connection.execute(fresh.returning(account_grant.c.id)).first() is not None


def _set_password(connection: Connection, login: str, password_hash: str, at: datetime, keep: str = "") -> None:
    connection.execute(update(account).where(account.c.login == login).values(password_hash=password_hash))
    end_all(connection, login, NEW_PASSWORD, at, keep)
    _end_invitations(connection, account_invitation.c.login == login, at)


def _switch(connection: Connection, login: str, active: bool, by: str, at: datetime) -> None:
    changed = {"disabled_at": None, "disabled_by": ""} if active else {"disabled_at": aware(at), "disabled_by": nfc(by)}
    connection.execute(update(account).where(account.c.login == login).values(**changed))
    if not active:
        end_all(connection, login, SWITCHED_OFF, at)
        _end_invitations(connection, account_invitation.c.login == login, at)


@contextmanager
def _administered(connection: Connection) -> Iterator[None]:
    """What the block changes leaves somebody who administers where there was somebody; AccountRefused, and nothing changed, otherwise."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("hue_dti last administrator"))))
    before = _is_administered(connection)
    yield
    if before and not _is_administered(connection):
        raise AccountRefused(_LAST)


def _is_administered(connection: Connection) -> bool:
    """Whether anybody who can come in administers for good."""
    held, person = account_grant.c, account.c
    bound = select(account_identity.c.login).where(account_identity.c.login == person.login).exists()
    comes_in = select(person.login).where(person.disabled_at.is_(None), person.password_hash.is_not(None) | bound)
    which = (held.role == Role.PROVINCE_ADMIN.value, held.ended_at.is_(None), held.until.is_(None), held.login.in_(comes_in))
    return connection.execute(select(held.id).where(*which).limit(1)).first() is not None


def _invite(connection: Connection, told: Invitation, login: str | None, by: str, at: datetime) -> None:
    same = account_invitation.c.login == login if login is not None else account_invitation.c.login.is_(None)
    _end_invitations(connection, same, at)
    row = {"code_sha256": told.key, "login": login, "made_by": nfc(by), "made_at": aware(at), "expires_at": aware(told.expires)}
    connection.execute(insert(account_invitation).values(row))


def _counts(key: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    row = account_invitation.c
    return row.code_sha256 == key, row.ended_at.is_(None), row.expires_at > aware(at)


def _use(connection: Connection, key: str, at: datetime) -> str | None:
    """Whom the invitation was for, empty for the first administrator; None when it does not count."""
    used = update(account_invitation).where(*_counts(key, at)).values(ended_at=aware(at)).returning(account_invitation.c.login)
    found = connection.execute(used).first()
    return None if found is None else found.login or ""


def _end_invitations(connection: Connection, which: ColumnElement[bool], at: datetime) -> None:
    connection.execute(update(account_invitation).where(which, account_invitation.c.ended_at.is_(None)).values(ended_at=aware(at)))
