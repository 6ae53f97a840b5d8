"""Many connections at once from one small process: plain sockets and little else, so that most of two cores is left to the server."""

from __future__ import annotations

import os
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Ask = Callable[[int], bytes]
"""The next request of a connection, as bytes."""


@dataclass
class Told:
    """What came of it: how long each answer took in milliseconds, and the answers that were not what was asked for."""

    seconds: float
    took: list[float] = field(default_factory=list)
    wrong: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds

    @property
    def median(self) -> float:
        return statistics.median(self.took)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.took, n=20)[18]


@dataclass
class _Line:
    """One connection: `due` is when it asks next, `asked` since when it waits, None while it does not."""

    socket: socket.socket
    number: int
    due: float
    asked: float | None = None
    came: bytearray = field(default_factory=bytearray)


def hammer(port: int, asks: Sequence[Ask], seconds: float, pace: float | None) -> Told:
    """Let every connection ask for so many seconds: `pace` times a second each, or again as soon as it was answered (None).

    With a pace, time counts from when the question was due, whether or not the answer before had come by then.
    """
    told, began = Told(seconds), time.perf_counter()
    lines = [_Line(_connected(port), at, began + (at / len(asks) / pace if pace else 0)) for at in range(len(asks))]
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
        while True:
            now = time.perf_counter()
            open_ = now < began + seconds
            for line in lines:
                if open_ and line.asked is None and line.due <= now:
                    line.asked = line.due if pace else now
                    line.socket.sendall(asks[line.number](line.number))
            waiting = [line for line in lines if line.asked is not None]
            if (not open_ and not waiting) or now > began + 2 * seconds + 5:
                break
            soonest = min((line.due for line in lines if line.asked is None), default=now + 0.05) if open_ else now + 0.05
            for key, _ in selector.select(max(0.0, min(soonest - now, 0.05))):
                _take(key.data, told, pace)
    told.wrong += [b"no answer"] * sum(line.asked is not None for line in lines)
    for line in lines:
        line.socket.close()
    return told


def _take(line: _Line, told: Told, pace: float | None) -> None:
    line.came += line.socket.recv(1 << 18)
    head = line.came.find(b"\r\n\r\n")
    if head < 0 or len(line.came) < head + 4 + _length(line.came[:head]):
        return
    now = time.perf_counter()
    if line.asked is not None:
        told.took.append((now - line.asked) * 1000)
    if not line.came.startswith(b"HTTP/1.1 200"):
        told.wrong.append(bytes(line.came[:300]))
    line.asked, line.due, line.came = None, line.due + 1 / pace if pace else now, bytearray()


def _length(head: bytearray) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def _connected(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), 30)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def cpu_ms(*roots: int) -> float:
    """The processor time that these processes and all below them have used so far."""
    parents, used = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)], used[int(entry.name)] = int(words[1]), int(words[11]) + int(words[12])
    wanted = set(roots)
    while more := {each for each, above in parents.items() if above in wanted} - wanted:
        wanted |= more
    return sum(used.get(each, 0) for each in wanted) * 1000 / os.sysconf("SC_CLK_TCK")


def parent_of(process: int) -> int:
    """The process that began this one."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
