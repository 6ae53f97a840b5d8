"""The PostgreSQL that comes with the program, used when DATABASE_URL is not set.

Started once however many processes ask; whoever leaves last stops it. Each user of the server shares a lock file for as long
as it lives, so the kernel itself counts them and a killed one leaves nothing to tidy.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO

import psycopg
from sqlalchemy import URL

from hue_dti import resources
from hue_dti.config import Settings
from hue_dti.errors import StorageError
from hue_dti.storage import programs, roles
from hue_dti.storage.account import server_account
from hue_dti.storage.cluster import SUPERUSER, Cluster
from hue_dti.storage.filelock import is_shared, locked, share


class Lease:
    """One user's hold on a running server; `release` it, or leave that to the end of the process."""

    def __init__(self, cluster: Cluster, handle: IO[str]) -> None:
        self.cluster = cluster
        self._handle = handle
        atexit.register(self.release)

    def url(self, role: str, database: str = roles.DATABASE) -> URL:
        """The address of a database for a role, over the socket."""
        return URL.create("postgresql+psycopg", role, database=database, query={"host": str(self.cluster.socket_folder)})

    def release(self) -> None:
        """Leave; the last one stops the server. Leaving twice does nothing."""
        if self._handle.closed:
            return
        atexit.unregister(self.release)
        if not self.cluster.folder.exists():
            self._handle.close()
            return
        with locked(self.cluster.folder / "start.lock"):
            self._handle.close()
            if not is_shared(self.cluster.folder / "users.lock"):
                self.cluster.stop()


def lease(settings: Settings) -> Lease:
    """Return a hold on this checkout's server with roles and database ready, starting it if it does not run."""
    try:
        return hold(_cluster(settings), _prepare)
    except PermissionError as fault:
        raise StorageError(
            f"Không mở được {fault.filename}, nơi giữ cơ sở dữ liệu đi kèm; hãy đặt HUE_DTI_HOME vào thư mục mà bạn ghi được."
        ) from fault


def hold(cluster: Cluster, prepare: Callable[[psycopg.Connection], None]) -> Lease:
    """Start the cluster if it does not run, let `prepare` see to its contents as superuser, and return a hold on it."""
    passable(cluster.folder)
    with locked(cluster.folder / "start.lock"):
        handle = share(cluster.folder / "users.lock")
        try:
            cluster.start()
            with psycopg.connect(host=str(cluster.socket_folder), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
                prepare(connection)
        except BaseException:
            handle.close()
            raise
    _leave_on_signals()
    return Lease(cluster, handle)


def stop(settings: Settings) -> None:
    """Stop this checkout's server whoever uses it; does nothing when it does not run."""
    cluster = _cluster(settings)
    if cluster.data.exists():
        with locked(cluster.folder / "start.lock"):
            cluster.stop()


def base_folder(settings: Settings) -> Path:
    """Where programs and data are kept: HUE_DTI_HOME, /var/lib/hue_dti for root, the user's cache folder otherwise."""
    if settings.home is not None:
        return settings.home.resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/hue_dti")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").resolve() / "hue_dti"


def home_folder(settings: Settings) -> Path:
    """Where this installation keeps files outside the database: HUE_DTI_HOME, or the checkout's own folder beside the embedded server."""
    return settings.home.resolve() if settings.home is not None else base_folder(settings) / _name(settings)


def passable(folder: Path) -> None:
    """Make the folder; a new one of root's lets the server's account through, whatever the umask."""
    with suppress(FileExistsError):  # there already, or another process was faster
        folder.mkdir(parents=True)
        if os.geteuid() == 0:
            folder.chmod(0o755)


def _cluster(settings: Settings) -> Cluster:
    base = base_folder(settings)
    passable(base)
    account = server_account()
    account.check_reach(base / "any")
    return Cluster(base / _name(settings), programs.copied_to(base), account)


def _name(settings: Settings) -> str:
    """One data folder per checkout, so that two of them never share figures."""
    if settings.home is not None:
        return "database"
    checkout = resources.folder("migrations").resolve().parent
    return f"{checkout.name}-{hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12]}"


def _prepare(connection: psycopg.Connection) -> None:
    roles.create_roles(connection)
    roles.create_database(connection)


def _leave_on_signals() -> None:
    """Turn the signals that would end the process at once into an orderly exit, unless somebody handles them already."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
