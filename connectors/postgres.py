"""Asks one view of a PostgreSQL database by a connection that can change nothing, and keeps its rows before anybody reads them.

Read only by the transaction, bounded in rows, bytes and time, at a judged address; never the database of this platform.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import errors, sql

from connectors.http import Answer
from connectors.settings import Limits, trusted_authorities
from hue_dti.addresses import AddressRefused, Network, resolved
from hue_dti.errors import SourceAnswerInvalid, SourceError, SourceRefused, SourceUnreachable
from hue_dti.observations.model import RawAnswer, RawStore, RecordedAnswers
from hue_dti.secrecy import hiding

NAME = re.compile(r"[^\W\d]\w{0,62}")
"""A table's or a column's name as it stands between quotes: letters, digits and `_`."""
_OWN_TABLES = ["raw_answer", "newest_observation", "snapshot_lower_unit"]
_OURS = "SELECT count(DISTINCT relname) FROM pg_catalog.pg_class WHERE relkind = 'r' AND relname = ANY(%s)"
_TLS = {"verify": "verify-full", "encrypt": "require", "none": "disable"}
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Question:
    """Which columns of which view, of the rows whose columns equal these texts, at most so many."""

    view: str
    columns: tuple[str, ...]
    where: Mapping[str, str]
    max_rows: int

    def __str__(self) -> str:
        """As it is kept with the rows: `bao_cao.tai_khoan (xa, so_tk) ma_huyen=483`."""
        return " ".join([f"{self.view} ({', '.join(self.columns)})", *(f"{column}={value}" for column, value in self.where.items())])

    def statement(self) -> sql.Composed:
        """The one SELECT, in an order that does not change from one pull to the next; one row more than may come."""
        columns = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        equal: list[sql.Composable] = [
            sql.SQL("{}::text = {}").format(sql.Identifier(column), sql.Literal(value)) for column, value in self.where.items()
        ]
        view = sql.Identifier(*self.view.split("."))
        order = sql.SQL(", ").join(map(sql.Literal, range(1, len(self.columns) + 1)))
        chosen = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {}")
        return chosen.format(columns, view, sql.SQL(" AND ").join(equal or [sql.SQL("true")]), order, sql.Literal(self.max_rows + 1))


def answered(source: str, question: Question, settings: Mapping[str, str], store: RawStore, now: Callable[[], datetime]) -> Answer:
    """The rows as `{"rows": [{column: value}]}`, kept first; raise SourceError when they cannot be had or are too many.

    Of recorded answers: the rows as they came then.
    """
    host, port = settings["host"], int(settings.get("port", "5432"))
    request = f"SQL postgresql://{host}:{port}/{settings['database']} {question}"
    if isinstance(store, RecordedAnswers):
        kept = store.recorded(request)
        return Answer(source, request, kept.sha256, kept.body)
    limits = Limits.from_settings(source, settings)
    try:
        with _connected(source, settings, limits) as connection, _ended_in_time(connection, limits.total_timeout_s):
            body = _body(connection, question, limits)
    except (psycopg.Error, AddressRefused, OSError, _TooMuch) as error:
        raise _failure(source, request, error, settings) from None
    body = hiding(settings).bytes(body)
    sha256 = store.keep(RawAnswer(hashlib.sha256(body).hexdigest(), request, 200, "application/json", now(), body))
    return Answer(source, request, sha256, body)


class _TooMuch(ValueError):
    """More came than may come; the message says of what."""


@contextlib.contextmanager
def _connected(source: str, settings: Mapping[str, str], limits: Limits) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the judged address; nothing of the environment or of a service file goes into it."""
    host, port = settings["host"], int(settings.get("port", "5432"))
    addresses = resolved(host, port, Network.from_settings(settings))
    tls = settings.get("tls", "verify")
    authorities = trusted_authorities(source, settings)
    options = {
        "host": ",".join([host] * len(addresses)),
        "hostaddr": ",".join(addresses),
        "port": port,
        "dbname": settings["database"],
        "user": settings["user"],
        "password": settings.get("password", ""),
        "passfile": os.devnull,
        "sslmode": _TLS[tls],
        "connect_timeout": max(2, math.ceil(limits.connect_timeout_s)),
        "tcp_user_timeout": int(limits.total_timeout_s * 1000),
        "gssencmode": "disable",
        "application_name": "hue-dti",
        "options": " ".join(f"-c {name}={value}" for name, value in _session(limits).items()),
    }
    if tls == "verify":
        options["sslrootcert"] = authorities if isinstance(authorities, str) else "system"
    with psycopg.connect(**options) as connection:  # type: ignore[arg-type]
        connection.read_only = True
        yield connection
        connection.rollback()


def _session(limits: Limits) -> dict[str, object]:
    return {
        "statement_timeout": int(limits.read_timeout_s * 1000),
        "default_transaction_read_only": "on",
        "TimeZone": "Asia/Ho_Chi_Minh",
    }


@contextlib.contextmanager
def _ended_in_time(connection: psycopg.Connection[Any], seconds: float) -> Iterator[None]:
    """Cut the line of a server that answers too slowly, whatever it is doing."""

    def cut() -> None:
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _body(connection: psycopg.Connection[Any], question: Question, limits: Limits) -> bytes:
    """Canonical JSON of the rows; _TooMuch for one row or byte too many."""
    found = connection.execute(_OURS, (_OWN_TABLES,)).fetchone()
    if found is not None and found[0] == len(_OWN_TABLES):
        raise AddressRefused("là cơ sở dữ liệu của hệ thống này", "sửa 'host' và 'database' của nguồn")
    lines: list[str] = []
    length = 0
    with connection.cursor(name="hue_dti_rows") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(question.statement())
        for row in cursor:
            lines.append(json.dumps(dict(zip(question.columns, map(_plain, row), strict=True)), ensure_ascii=False, sort_keys=True))
            length += len(lines[-1].encode())
            if len(lines) > question.max_rows or length > limits.max_bytes:
                limit = f"{question.max_rows} dòng" if len(lines) > question.max_rows else f"{limits.max_bytes} byte"
                raise _TooMuch(limit)
    return ('{"rows": [' + ",\n".join(lines) + "]}\n").encode()


def _plain(value: object) -> object:
    """A value as JSON has it; a day, a number that JSON does not have and any other kind as a text that nobody takes for a count."""
    if isinstance(value, float | Decimal):
        return _number(Decimal(repr(value)) if isinstance(value, float) else value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else f"{type(value).__name__}: {value}"[:200]


def _number(value: Decimal) -> int | float | str:
    if not value.is_finite() or value.adjusted() > 18:
        return str(value)
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)


def _failure(source: str, request: str, error: Exception, settings: Mapping[str, str]) -> SourceError:
    """What went wrong in words; the server's own message is told on one line and without a secret."""
    kind: type[SourceError] = SourceUnreachable
    if isinstance(error, AddressRefused):
        kind, what = SourceRefused, f"{error.what}; {error.remedy}"
    elif isinstance(error, _TooMuch):
        kind, what = SourceAnswerInvalid, f"khung nhìn dài quá {error}; thêm 'where', hoặc tăng 'max_rows', 'max_bytes'"
    elif isinstance(error, errors.QueryCanceled):
        what = "câu hỏi chạy quá lâu nên bị dừng; nhờ đơn vị quản lý làm khung nhìn nhanh hơn, hoặc tăng 'read_timeout_s'"
    elif isinstance(error, errors.UndefinedTable | errors.UndefinedColumn | errors.InvalidSchemaName):
        kind, what = SourceAnswerInvalid, f"khung nhìn hoặc cột không có ({_told(error)}); kiểm tra 'view', 'figures', 'unit', 'where'"
    elif isinstance(error, errors.InsufficientPrivilege | errors.InvalidAuthorizationSpecification | errors.ReadOnlySqlTransaction):
        kind, what = SourceRefused, f"bị từ chối ({_told(error)}); nhờ đơn vị quản lý cấp quyền đọc khung nhìn này"
    elif isinstance(error, errors.Error) and error.sqlstate:
        kind, what = SourceAnswerInvalid, f"máy chủ báo lỗi ({_told(error)}); báo cho đơn vị quản lý cơ sở dữ liệu"
    else:
        what = f"không kết nối được hoặc kết nối bị ngắt ({_told(error)}); kiểm tra địa chỉ, mật khẩu, 'tls', rồi thử lại"
    return kind(hiding(settings).text(f"Nguồn {source}, {request}: {what}."))


def _told(error: Exception) -> str:
    line = " ".join(str(error).split())
    return "".join(sign if sign.isprintable() else "?" for sign in line)[:200]
