"""Ask ClamAV about a file: its bytes go over its socket, one word comes back."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hue_dti.evidence.pieces import Scan

WITHIN_S = 30.0
_PIECE = 1 << 16
_LONGEST_ANSWER = 1 << 12


def scanned(where: str | None, path: Path) -> Scan:
    """What the scanner at `where` says; NONE where there is none, WAITING when it does not answer clearly."""
    if where is None:
        return Scan.NONE
    try:
        with _connected(where) as connection, path.open("rb") as file:
            connection.sendall(b"zINSTREAM\0")
            while piece := file.read(_PIECE):
                connection.sendall(struct.pack(">I", len(piece)) + piece)
            connection.sendall(struct.pack(">I", 0))
            said = _answer(connection)
    except (OSError, ValueError):
        return Scan.WAITING
    if said.endswith("FOUND"):
        return Scan.INFECTED
    return Scan.CLEAN if said.endswith("OK") else Scan.WAITING


@contextmanager
def _connected(where: str) -> Iterator[socket.socket]:
    if where.startswith("/"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(WITHIN_S)
            connection.connect(where)
            yield connection
    else:
        host, _, port = where.rpartition(":")
        with socket.create_connection((host, int(port)), WITHIN_S) as connection:
            yield connection


def _answer(connection: socket.socket) -> str:
    told = bytearray()
    while len(told) < _LONGEST_ANSWER and not told.endswith(b"\0"):
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        told += piece
    return told.rstrip(b"\0\n").decode("utf-8", "replace")
