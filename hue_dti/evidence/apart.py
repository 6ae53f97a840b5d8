"""A fork of its own for each file, poor in memory, time and rights; whatever becomes of it, the process that forked goes on.

A process started for the purpose calls `each_apart`: one line of JSON per file comes in, one goes out, with the memory and time it took.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping
from math import ceil
from pathlib import Path
from typing import Any, NoReturn

Work = Callable[[bytes, Mapping[str, Any]], Mapping[str, Any]]
"""What is done with a file's bytes and what was asked: the answer as JSON can carry it."""

MOST_MEMORY = 512 * 1024 * 1024
_REFUSED = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
_PROGRAMS = ("subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork", "os.startfile", "pty.spawn")
_CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate", "shutil.")
_PIECE = 1 << 16


def each_apart(work: Work, failed: Mapping[str, Any]) -> None:
    """Answer line by line until the asker closes; `failed` is the answer for a file with which the work did not end well."""
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        sys.stdout.write(json.dumps(_apart(asked, work, failed), ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _apart(asked: dict[str, Any], work: Work, failed: Mapping[str, Any]) -> dict[str, Any]:
    """Work on one file in a fork."""
    reading, writing = os.pipe()
    began = time.monotonic()
    process = os.fork()
    if process == 0:
        os.close(reading)
        _poor(asked, work, writing)
    os.close(writing)
    told = _until(reading, began + float(asked["within_s"]))
    os.close(reading)
    if not told:
        os.kill(process, signal.SIGKILL)
    _, _, used = os.wait4(process, 0)
    answer = dict(json.loads(told) if told else failed)
    return answer | {"peak_kib": used.ru_maxrss, "seconds": round(time.monotonic() - began, 3)}


def _until(reading: int, deadline: float) -> bytes:
    """All that the fork writes, nothing when it does not end in time."""
    told = bytearray()
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([reading], [], [], left)[0]:
            break
        piece = os.read(reading, _PIECE)
        if not piece:
            return bytes(told)
        told += piece
    return b""


def _poor(asked: dict[str, Any], work: Work, writing: int) -> NoReturn:
    """The fork's whole life."""
    told = b""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        seconds = ceil(asked["within_s"])
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        body = Path(asked["path"]).read_bytes()
        os.closerange(0, 3)
        sys.addaudithook(_nothing_else)
        told = json.dumps(dict(work(body, asked)), ensure_ascii=False).encode()
    except BaseException:  # noqa: S110, BLE001, RUF100 - an empty answer is the asker's sign that it did not end well
        pass
    while told:
        told = told[os.write(writing, told) :]
    os._exit(0)


def _nothing_else(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse whatever looking at bytes does not need: programs, the network, writing, other files than the program's own."""
    if event in _REFUSED or event.startswith((*_PROGRAMS, *_CHANGES)):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise PermissionError(event)
