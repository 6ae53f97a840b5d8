"""Six systems of a province on loopback, 50 ms away, one call in twenty ill: `python -m benchmarks.province_server`.

Prints a line with its six ports as JSON, and at the end of its input what it was asked, as JSON. Which first calls are ill depends only on
system and unit: 24 of 846 answer 503 with `Retry-After: 1`, 17 say nothing; a second call is well.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SYSTEMS, DELAY_S, BUSY, SILENT, SILENCE_S = 6, 0.05, 24, 17, 30.0
GIVEN_UP_S = 1.95
"""A call is counted as under way until its answer is about to leave, or a moment before it is given up: who asks then asks the next."""


class Systems:
    """What the systems were asked, and which calls are ill."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._first: dict[tuple[int, str], int] = {}
        self.over = threading.Event()
        self._under_way = 0

    @contextmanager
    def call(self) -> Iterator[None]:
        """A call is under way while the block lasts; the most at once are told at the end."""
        with self._lock:
            self._under_way += 1
            self.asked["at_once"] = max(self.asked["at_once"], self._under_way)
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def illness(self, system: int, unit: str) -> str:
        """`busy`, `silent` or nothing; spread evenly over the first calls in the order they come."""
        with self._lock:
            self.asked["requests"] += 1
            if (system, unit) in self._first:
                return ""
            number = self._first[system, unit] = len(self._first)
            ill = {846 * each // BUSY: "busy" for each in range(BUSY)} | {846 * each // SILENT + 7: "silent" for each in range(SILENT)}
            found = ill.get(number, "")
            self.asked[found or "first"] += 1
            return found


class Handler(BaseHTTPRequestHandler):
    """One system's door."""

    protocol_version = "HTTP/1.1"
    systems: Systems
    number: int

    def do_GET(self) -> None:
        """Three figures of the unit, after the delay."""
        unit = parse_qs(urlsplit(self.path).query)["unit"][0]
        illness = self.systems.illness(self.number, unit)
        with self.systems.call():
            if illness == "silent":
                self._say_nothing(GIVEN_UP_S)
            else:
                time.sleep(DELAY_S)
        if illness == "silent":
            self._say_nothing(SILENCE_S)
            self.close_connection = True
        elif illness == "busy":
            self._answer(503, b"{}", ("Retry-After", "1"))
        else:
            figures = {f"m{self.number}{each}": 100 + each for each in range(3)}
            self._answer(200, json.dumps({"data": figures, "of": unit}).encode())

    def _say_nothing(self, seconds: float) -> None:
        """Until whoever asks hangs up, or so long."""
        self.connection.settimeout(seconds)
        with suppress(OSError):
            self.connection.recv(1)

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


class Server(ThreadingHTTPServer):
    """Answers small packets at once."""

    daemon_threads = True
    request_queue_size = 64
    disable_nagle_algorithm = True


def main() -> None:
    """Serve until the input ends."""
    Handler.wbufsize = -1
    systems, servers = Systems(), []
    for number in range(SYSTEMS):
        handler = type(f"System{number}", (Handler,), {"systems": systems, "number": number})
        servers.append(Server(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
    print(json.dumps([server.server_port for server in servers]), flush=True)
    sys.stdin.read()
    systems.over.set()
    print(json.dumps(systems.asked), flush=True)


if __name__ == "__main__":
    main()
