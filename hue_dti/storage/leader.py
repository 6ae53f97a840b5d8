"""Who leads: one holder of a PostgreSQL advisory lock, on a connection of its own that is used for nothing else."""

from __future__ import annotations

import hashlib
from contextlib import suppress

from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

_KEEP_ALIVE = {"keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "connect_timeout": 5}
"""A leader behind a cut cable is noticed within about ten seconds, by itself and by the server."""


class Leadership:
    """A claim to lead in one matter; ask `held` again and again. The server gives the lock to another when this connection ends."""

    def __init__(self, url: URL, matter: str) -> None:
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=dict(_KEEP_ALIVE))
        self._key = int.from_bytes(hashlib.sha256(matter.encode()).digest()[:8], signed=True)
        self._connection: Connection | None = None
        self._leads = False

    def held(self) -> bool:
        """Whether we lead just now; tries to become the leader when nobody is."""
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            if self._leads:
                self._connection.execute(text("SELECT 1"))
            else:
                found = self._connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key})
                self._leads = bool(found.scalar_one())
        except DBAPIError:
            self._leads = False  # the server has given the lock to nobody or to another; there is nothing to unlock
            self.release()
        return self._leads

    def release(self) -> None:
        """Give the lead up; `held` may claim it anew."""
        leads, self._leads = self._leads, False
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(DBAPIError), connection:  # a connection that is gone already holds nothing
                if leads:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": self._key})
