"""Waiting for what other processes and threads bring about, and a port that nobody takes meanwhile."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import psycopg

T = TypeVar("T")

PATIENCE_S = 90
"""How long one waits for what must come, however busy the machine."""

HERE = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
"""Of all locks of the server those of this database: other tests have theirs on the same server."""


def until(happens: Callable[[], T]) -> T:
    """What `happens` returns once it returns something."""
    last = time.monotonic() + PATIENCE_S
    while not (found := happens()):
        assert time.monotonic() < last, "it never came"
        time.sleep(0.05)
    return found


def until_so_many_wait(connection: psycopg.Connection, many: int) -> None:
    """Return once so many wait for a matter of this database."""
    asked = f"SELECT count(*) >= {many} FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND {HERE}"
    until(lambda: connection.execute(asked).fetchone() == (True,))


def lasting_port() -> int:
    """A port that is free, and that the system gives to nobody by itself while a process is on its way to it."""
    while True:
        port = random.randrange(20_000, 30_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
