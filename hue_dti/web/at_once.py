"""How many requests a process works on at once, so that readers whose lines are slow hold nobody else up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from time import monotonic
from typing import IO, TYPE_CHECKING

from werkzeug.exceptions import RequestTimeout, ServiceUnavailable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ALWAYS_ANSWERED = "/healthz"
"""Asked by whoever watches over the server; it computes nothing."""

GRACE_S = 30
LEAST_RATE = 1_000
"""Bytes a second that a body must bring on the whole once its `GRACE_S` seconds are over: a 4 MB picture in an hour is nobody's."""


class AtOnce:
    """The application, of whose requests at most `working` compute while at most `reading` others wait for what they are being sent.

    A request gives its place away for as long as it waits for its body. With as many threads as both together and some to spare, bodies
    that never come stop nothing but further bodies, which are told to come back (503); one that merely drips is given up (408).
    """

    def __init__(self, application: WSGIApplication, working: int, reading: int) -> None:
        self._application = application
        self._working, self._reading = BoundedSemaphore(working), BoundedSemaphore(reading)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == ALWAYS_ANSWERED:
            return self._application(environ, start_response)
        environ["wsgi.input"] = _Body(environ["wsgi.input"], self._working, self._reading)
        with self._working:
            return self._application(environ, start_response)


class _Body:
    """A request's body, waited for outside the place where it is worked on."""

    def __init__(self, body: IO[bytes], working: BoundedSemaphore, reading: BoundedSemaphore) -> None:
        self._body, self._working, self._reading = body, working, reading
        self._waited, self._came = 0.0, 0

    def read(self, size: int = -1) -> bytes:
        return self._wait(lambda: self._body.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._wait(lambda: self._body.readline(size))

    def readlines(self, hint: int = -1) -> list[bytes]:
        return list(self)

    def __iter__(self) -> _Body:
        return self

    def __next__(self) -> bytes:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def _wait(self, read: Callable[[], bytes]) -> bytes:
        if not self._reading.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=GRACE_S)
        self._working.release()
        begun = monotonic()
        try:
            came = read()
        finally:
            self._reading.release()
            self._working.acquire()
        self._waited, self._came = self._waited + monotonic() - begun, self._came + len(came)
        if came and self._waited > GRACE_S and self._came < self._waited * LEAST_RATE:
            raise RequestTimeout
        return came
