"""A file that somebody looked at and has not confirmed yet: kept an hour for that person alone, then gone."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from hue_dti.errors import SettingError

FOLDER = "waiting-files"
KEPT = timedelta(hours=1)
_GONE = "Lần xem trước đã quá một giờ hoặc không phải của bạn; hãy chọn lại tệp."


def keep_waiting(home: Path, login: str, body: bytes, now: datetime) -> str:
    """Keep the bytes until they are confirmed, and return their SHA-256; what waited too long goes."""
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    forget_old(home, now)
    sha256 = hashlib.sha256(body).hexdigest()
    place = _place(home, login, sha256)
    with NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(body)
    os.utime(file.name, (now.timestamp(), now.timestamp()))
    Path(file.name).rename(place)
    return sha256


def waiting_body(home: Path, login: str, sha256: str, now: datetime) -> bytes:
    """The bytes that wait for this person; SettingError when there are none any more."""
    forget_old(home, now)
    try:
        body = _place(home, login, sha256).read_bytes()
    except OSError:
        raise SettingError(_GONE) from None
    if hashlib.sha256(body).hexdigest() != sha256:
        raise SettingError(_GONE)
    return body


def forget(home: Path, login: str, sha256: str) -> None:
    """Let what waits for this person go."""
    _place(home, login, sha256).unlink(missing_ok=True)


def forget_old(home: Path, now: datetime) -> None:
    """Take away what waited too long."""
    for path in (home / FOLDER).glob("*"):
        with suppress(OSError):
            if path.stat().st_mtime < (now - KEPT).timestamp():
                path.unlink()


def _place(home: Path, login: str, sha256: str) -> Path:
    return home / FOLDER / hashlib.sha256(f"{login}\0{sha256}".encode()).hexdigest()
