"""Open the storage as the application's role, on the province's server or on the embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from hue_dti.config import Settings
from hue_dti.storage import embedded, roles
from hue_dti.storage.engine import make_engine, parse_url, transaction
from hue_dti.storage.facade import Storage
from hue_dti.storage.migrate import Migration, check_state, read_state


def open_storage(settings: Settings, patience_s: float | None = None) -> Storage:
    """Return the storage; raise StorageError when the server is not there or its tables are not what this program knows.

    With `patience_s`, what waits longer for somebody else's lock ends with DatabaseBusy.
    """
    engine, lease = _connect(settings, patience_s)
    storage = Storage(engine, lease)
    try:
        with transaction(engine) as connection:
            check_state(read_state(connection))
    except BaseException:
        storage.close()
        raise
    return storage


def migration_state(settings: Settings) -> Migration:
    """Where the database stands, asked as the application's role."""
    with application_engine(settings) as engine, transaction(engine) as connection:
        return read_state(connection)


@contextmanager
def application_engine(settings: Settings) -> Iterator[Engine]:
    """Connections as the application's role, whatever state the tables are in."""
    engine, lease = _connect(settings)
    try:
        yield engine
    finally:
        Storage(engine, lease).close()


@contextmanager
def kept_running(settings: Settings) -> Iterator[None]:
    """Keep the embedded server, where it is the one in use, from stopping and starting between several acts."""
    lease = embedded.lease(settings) if settings.database_url is None else None
    try:
        yield
    finally:
        if lease is not None:
            lease.release()


def _connect(settings: Settings, patience_s: float | None = None) -> tuple[Engine, embedded.Lease | None]:
    if settings.database_url is not None:
        return make_engine(parse_url(settings.database_url, "DATABASE_URL"), patience_s), None
    lease = embedded.lease(settings)
    return make_engine(lease.url(roles.APP), patience_s), lease
