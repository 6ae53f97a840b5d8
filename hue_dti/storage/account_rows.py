"""Accounts as they stand in their tables: read with the grants that stand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, bindparam, select

from hue_dti.accounts.account import Account, HeldGrant, Kind, Session
from hue_dti.accounts.model import Grant, Role
from hue_dti.storage.sessions import as_session
from hue_dti.storage.tables_accounts import account, account_grant, session

_STANDING = and_(account_grant.c.login == account.c.login, account_grant.c.ended_at.is_(None))
_BEHIND = (
    select(session, account, account_grant)
    .join_from(session, account, account.c.login == session.c.login)
    .outerjoin(account_grant, _STANDING)
    .where(session.c.id_sha256 == bindparam("key"))
    .order_by(account_grant.c.id)
)


def behind(connection: Connection, key: str) -> tuple[Session, Account] | None:
    """The sign-in of this hash with the person's account, in one statement."""
    rows = connection.execute(_BEHIND, {"key": key}).all()
    if not rows:
        return None
    held = tuple(_held(_of(row, account_grant)) for row in rows if row._mapping[account_grant.c.id] is not None)
    return as_session(_of(rows[0], session)), _account(_of(rows[0], account), held)


def read(connection: Connection, *which: ColumnElement[bool]) -> tuple[Account, ...]:
    """Accounts by login; each condition narrows them down."""
    rows = connection.execute(select(account).where(*which).order_by(account.c.login)).all()
    standing = select(account_grant).where(account_grant.c.ended_at.is_(None), account_grant.c.login.in_([row.login for row in rows]))
    held: dict[str, list[HeldGrant]] = {}
    for row in connection.execute(standing.order_by(account_grant.c.id)) if rows else ():
        held.setdefault(row.login, []).append(_held(row))
    return tuple(_account(row, tuple(held.get(row.login, ()))) for row in rows)


def _account(row: Any, held: tuple[HeldGrant, ...]) -> Account:
    told = {name: getattr(row, name) for name in ("login", "name", "post", "email", "created_at")}
    return Account(**told, kind=Kind(row.kind), active=row.disabled_at is None, has_password=row.password_hash is not None, held=held)


def _held(row: Any) -> HeldGrant:
    return HeldGrant(row.id, Grant(Role(row.role), row.unit), row.until, row.granted_by, row.granted_at)


def _of(row: Row[Any], table: Table) -> SimpleNamespace:
    """A table's part of a row that joins several."""
    return SimpleNamespace(**{column.name: row._mapping[column] for column in table.c})
