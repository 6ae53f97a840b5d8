"""The process that looks at files: started for the purpose, with a fork of its own for each file, poor in memory, time and rights.

    python -I -m hue_dti.evidence.child [folder of trust roots]

One line of JSON per file comes in, `{"path": …, "kind": …, "now": …, "within_s": …}`; one goes out: what was found, with the
memory and time it took.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any, NoReturn

from asn1crypto.x509 import Certificate
from pyhanko.keys import load_certs_from_pemder_data

from hue_dti.evidence.check import check
from hue_dti.evidence.model import Checked, Kind, to_json

MOST_MEMORY = 512 * 1024 * 1024
TOO_HEAVY = "Tệp không xem được trong giới hạn bộ nhớ và thời gian, có thể bị hỏng hoặc cố ý làm nặng; hãy xuất lại tệp rồi gửi lại."
_REFUSED = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
_PROGRAMS = ("subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork", "os.startfile", "pty.spawn")
_CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate", "shutil.")
_PIECE = 1 << 16


def main(arguments: list[str]) -> None:
    """Answer line by line until the asker closes."""
    roots = trust_roots(Path(arguments[0])) if arguments else []
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        sys.stdout.write(json.dumps(_apart(asked, roots), ensure_ascii=False) + "\n")
        sys.stdout.flush()


def trust_roots(folder: Path) -> list[Certificate]:
    """The certificates of the folder's .pem, .crt, .cer and .der files; one that cannot be read is left out."""
    found: list[Certificate] = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".pem", ".crt", ".cer", ".der"):
            try:
                found.extend(load_certs_from_pemder_data(path.read_bytes()))
            except (ValueError, TypeError, OSError):
                continue
    return found


def _apart(asked: dict[str, Any], roots: list[Certificate]) -> dict[str, Any]:
    """Look at one file in a fork; whatever becomes of the fork, this process goes on."""
    reading, writing = os.pipe()
    began = time.monotonic()
    process = os.fork()
    if process == 0:
        os.close(reading)
        _poor(asked, roots, writing)
    os.close(writing)
    told = _until(reading, began + float(asked["within_s"]))
    os.close(reading)
    if not told:
        os.kill(process, signal.SIGKILL)
    _, _, used = os.wait4(process, 0)
    answer = json.loads(told) if told else to_json(Checked(None, refusal=TOO_HEAVY))
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


def _poor(asked: dict[str, Any], roots: list[Certificate], writing: int) -> NoReturn:
    """The fork's whole life."""
    told = b""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        seconds = ceil(asked["within_s"])
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        body = Path(asked["path"]).read_bytes()
        sys.addaudithook(_nothing_else)
        found = check(body, Kind(asked["kind"]), roots, datetime.fromisoformat(asked["now"]))
        told = json.dumps(to_json(found), ensure_ascii=False).encode()
    except BaseException:  # noqa: S110, BLE001, RUF100 - an empty answer is the asker's sign that it did not end well
        pass
    os.write(writing, told)
    os._exit(0)


def _nothing_else(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse whatever looking at bytes does not need: programs, the network, writing, other files than the program's own."""
    if event in _REFUSED or event.startswith((*_PROGRAMS, *_CHANGES)):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise PermissionError(event)


if __name__ == "__main__":
    main(sys.argv[1:])
