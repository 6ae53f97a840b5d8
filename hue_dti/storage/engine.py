"""Connections: one engine for each role, its transactions, and database faults told in the user's words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from hue_dti.errors import DatabaseBusy, DatabaseUnreachable, NoRoom, SettingError, StorageError

OLDEST_SERVER = 15
_DRIVER = "postgresql+psycopg"


def parse_url(text: str, setting: str) -> URL:
    """Read a `postgres://` or `postgresql://` address for the psycopg driver; raise SettingError naming the setting."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in {"postgres", "postgresql", _DRIVER} or not url.database:
        raise SettingError(
            f"Biến môi trường {setting} không phải địa chỉ PostgreSQL; hãy viết như postgresql://nguoi_dung:mat_khau@may_chu:5432/hue_dti"
        )
    return url.set(drivername=_DRIVER)


IDLE_S = 1.0
"""A connection that rested longer is asked whether it still stands before it is used."""


_glancing: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
"""Beside each engine one whose connections know no transactions, so that a single statement costs nothing around it."""


def make_engine(url: URL, patience_s: float | None = None) -> Engine:
    """An engine whose sessions speak UTC, notice a restarted server before they are used, and give a lock up after `patience_s`."""
    engine = _engine(url, patience_s)
    beside = _engine(url, patience_s, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
    _glancing[engine] = beside
    event.listen(engine, "engine_disposed", lambda _: beside.dispose())
    _lost_together(engine, beside)
    _lost_together(beside, engine)
    return engine


def _lost_together(one: Engine, other: Engine) -> None:
    """What tells the one that the server has gone tells the other that its connections have, too."""

    def told(context: ExceptionContext) -> None:
        if context.is_disconnect:
            other.dispose()

    event.listen(one, "handle_error", told)


def glancing(engine: Engine) -> Engine:
    """The one beside it, for single statements."""
    return _glancing[engine]


def _engine(url: URL, patience_s: float | None, **more: Any) -> Engine:
    options = "-c timezone=UTC" if patience_s is None else f"-c timezone=UTC -c lock_timeout={round(patience_s * 1000)}"
    engine = create_engine(url, pool_size=10, connect_args={"options": options, "connect_timeout": 10}, **more)
    event.listen(engine, "checkin", _note_the_time)
    event.listen(engine, "checkout", _ask_the_rested)
    return engine


def _note_the_time(connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _ask_the_rested(connection: psycopg.Connection, record: ConnectionPoolEntry, _: Any) -> None:
    if time.monotonic() - record.info.get("used_at", time.monotonic()) > IDLE_S:
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except psycopg.OperationalError as fault:
            raise DisconnectionError from fault


@contextmanager
def transaction(engine: Engine, awaited: bool = True) -> Iterator[Connection]:
    """One transaction, committed at the end; raise StorageError for what the database refuses.

    A commit that is not `awaited` outlives this process at once and a fall of the machine after a moment, or with the next commit that
    is: for steps on the way to one that is acknowledged.
    """
    with _told(engine), engine.begin() as connection:
        if not awaited:
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
        yield connection


@contextmanager
def glance(engine: Engine) -> Iterator[Connection]:
    """For one statement, without a transaction around it; raise StorageError as `transaction` does."""
    with _told(engine), glancing(engine).connect() as connection:
        yield connection


QUICK = "(SELECT set_config('synchronous_commit', 'off', true) AS how) AS quick"
"""What a single statement selects from so that its commit is not waited for; it stands for itself in a `glance`."""


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    try:
        yield
    except (OperationalError, psycopg.OperationalError) as fault:
        cause = fault.orig if isinstance(fault, OperationalError) else fault
        if isinstance(cause, psycopg.errors.LockNotAvailable):
            raise DatabaseBusy("Cơ sở dữ liệu đang bận việc khác nên chưa ghi được; hãy đợi một phút rồi làm lại.") from fault
        if isinstance(cause, psycopg.errors.DiskFull):
            raise NoRoom("Đĩa của máy chủ đã đầy nên chưa ghi được; hãy báo quản trị dọn đĩa (hue-dti doctor), rồi làm lại.") from fault
        raise DatabaseUnreachable(
            f"Không làm việc được với cơ sở dữ liệu {_place(engine.url)}: {_first_line(fault)}; hãy chạy: hue-dti doctor"
        ) from fault
    except IntegrityError as fault:
        raise StorageError(f"Cơ sở dữ liệu không nhận: {_first_line(fault)}") from fault
    except (DBAPIError, psycopg.Error) as fault:
        raise StorageError(f"Cơ sở dữ liệu báo lỗi: {_first_line(fault)}; hãy chạy: hue-dti doctor") from fault


def driver(connection: Connection) -> psycopg.Connection:
    """The psycopg connection below, in the same transaction, for COPY."""
    found = connection.connection.driver_connection
    if not isinstance(found, psycopg.Connection):
        raise TypeError(f"COPY needs psycopg, not {type(found)}")
    return found


def aware(moment: datetime) -> datetime:
    """The moment in UTC; raise ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; give an aware datetime.")
    return moment.astimezone(UTC)


def _place(url: URL) -> str:
    """User, host, port and database only: the query of an address may carry a password too."""

    def said(name: str) -> str:
        asked = url.query.get(name, "")
        return asked if isinstance(asked, str) else ",".join(asked)

    user, host, port = url.username or said("user"), url.host or said("host"), url.port or said("port")
    return f"{user}@{host}" + (f":{port}" if port else "") + f"/{url.database}"


def _first_line(fault: BaseException) -> str:
    cause = fault.orig if isinstance(fault, DBAPIError) and fault.orig is not None else fault
    lines = str(cause).strip().splitlines()
    return "; ".join(line.strip() for line in lines[:2]) if lines else type(cause).__name__
