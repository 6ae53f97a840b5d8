"""Connections that lead only where this installation may go: each name is looked up once, judged, and the judged address is used.

Host header, SNI and certificate stay those of the name. No proxies, passwords or cookies of the environment.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NameResolutionError

from hue_dti.addresses import Network, resolved

REQUESTS_PER_HOST, REQUESTS_AT_ONCE = 2, 4
"""Of this process; what waits before it asks again takes up no place."""

_threads = threading.local()
_gates: dict[str, threading.BoundedSemaphore] = {}
_gates_lock = threading.Lock()
_all = threading.BoundedSemaphore(REQUESTS_AT_ONCE)


class GuardedAdapter(HTTPAdapter):
    """An adapter whose connections are judged when they are made."""

    def __init__(self, network: Network) -> None:
        self._pools = _pools(network)
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools


def session_for(network: Network) -> requests.Session:
    """One session per thread and network; nothing is ever put into its cookies."""
    sessions: dict[Network, requests.Session] = _threads.__dict__.setdefault("sessions", {})
    if network not in sessions:
        session = requests.Session()
        session.trust_env = False
        for scheme in ("http://", "https://"):
            session.mount(scheme, GuardedAdapter(network))
        sessions[network] = session
    return sessions[network]


@contextlib.contextmanager
def gate(address: str) -> Iterator[None]:
    """Let at most REQUESTS_PER_HOST requests of this process through to one host, and REQUESTS_AT_ONCE to all."""
    host = urlsplit(address).netloc.lower()
    with _gates_lock:
        each = _gates.setdefault(host, threading.BoundedSemaphore(REQUESTS_PER_HOST))
    with each, _all:
        yield


def _pools(network: Network) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        """A connection to a judged address."""

        def _new_conn(self) -> socket.socket:
            return _connected(self, network, super()._new_conn)

    class Secured(HTTPSConnection):
        """The same with TLS, checked against the name."""

        def _new_conn(self) -> socket.socket:
            return _connected(self, network, super()._new_conn)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecuredPool(HTTPSConnectionPool):
        ConnectionCls = Secured

    return {"http": PlainPool, "https": SecuredPool}


def _connected(connection: HTTPConnection, network: Network, connect: Callable[[], socket.socket]) -> socket.socket:
    """Connect to the first judged address that answers; the connection knows the name again before TLS begins."""
    name = connection.host
    try:
        addresses = resolved(name.strip("[]"), connection.port, network)
    except OSError as error:
        lookup = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
        raise NameResolutionError(name, connection, lookup) from error
    failure: HTTPError | None = None
    for address in addresses:
        connection.host = address
        try:
            return connect()
        except HTTPError as error:
            failure = error
        finally:
            connection.host = name
    raise failure or NameResolutionError(name, connection, socket.gaierror("no address"))


def is_address(text: str) -> bool:
    """Whether a text that a system gives can be taken apart as an address."""
    try:
        urlsplit(text).port  # noqa: B018 - raises ValueError for what is no address
    except ValueError:
        return False
    return True


def origin_of(address: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port."""
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def printable(text: str) -> str:
    """A text of a system as it may be kept and shown."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)
