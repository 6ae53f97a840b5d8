"""Files of evidence on the disk: under their hash, outside whatever is served, there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from hue_dti.errors import EvidenceRefused, StorageError

FOLDER, _INCOMING = "evidence", ".incoming"
_PIECE = 1 << 18
_FORGOTTEN_S = 86_400


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came in whole and has no name yet."""

    path: Path
    sha256: str
    size: int


def place_of(home: Path, sha256: str) -> Path:
    """Where a file of this hash stands: `home/evidence/ab/abcdef…`."""
    return home / FOLDER / sha256[:2] / sha256


@contextmanager
def receiving(home: Path, stream: IO[bytes], most_bytes: int) -> Iterator[Received]:
    """Take a file in; what `settle` has not put in its place is gone after the block. EvidenceRefused for one too long or empty."""
    incoming = home / FOLDER / _INCOMING
    home.mkdir(parents=True, exist_ok=True)
    for folder in (incoming.parent, incoming):
        folder.mkdir(mode=0o700, exist_ok=True)
    _remove_forgotten(incoming)
    with NamedTemporaryFile(dir=incoming, delete=False) as file:
        path = Path(file.name)
        try:
            digest, size = hashlib.sha256(), 0
            while piece := stream.read(_PIECE):
                size += len(piece)
                _check_size(size, most_bytes)
                digest.update(piece)
                file.write(piece)
            if not size:
                raise EvidenceRefused("Tệp rỗng; hãy kiểm tra lại tệp trước khi gửi.")
            file.flush()
            os.fsync(file.fileno())
            yield Received(path, digest.hexdigest(), size)
        finally:
            path.unlink(missing_ok=True)


def settle(home: Path, received: Received) -> None:
    """Put the file in its place, on the disk for good before this returns; one that is there already stays."""
    place = place_of(home, received.sha256)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    if not place.exists():
        received.path.rename(place)
    for folder in (place.parent, place.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def body_of(home: Path, sha256: str) -> bytes:
    """The file as it came in; StorageError when it is gone or no longer the same."""
    try:
        body = place_of(home, sha256).read_bytes()
    except OSError as fault:
        raise StorageError(
            f"Không đọc được tệp minh chứng {sha256[:12]}… ({fault.strerror}); hãy báo quản trị phục hồi từ bản sao lưu."
        ) from fault
    if hashlib.sha256(body).hexdigest() != sha256:
        raise StorageError(f"Tệp minh chứng {sha256[:12]}… không còn như lúc nộp; hãy báo quản trị phục hồi từ bản sao lưu.")
    return body


def _check_size(size: int, most_bytes: int) -> None:
    if size > most_bytes:
        raise EvidenceRefused(f"Tệp lớn hơn {most_bytes // 1_000_000} MB; hãy quét lại nhẹ hơn hoặc tách thành nhiều tệp.")


def _remove_forgotten(incoming: Path) -> None:
    """Take away what was cut off long ago."""
    for path in incoming.iterdir():
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - _FORGOTTEN_S:
                path.unlink()
