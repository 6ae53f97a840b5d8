"""Files kept outside the database under their SHA-256 go into a backup with it, and come back checked."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path, PurePosixPath

from hue_dti.errors import BackupError
from hue_dti.services import evidence_files, issued_files

FOLDERS = (issued_files.FOLDER, evidence_files.FOLDER)
"""Folders of the home folder whose files are named by their SHA-256."""

_HEX = frozenset("0123456789abcdef")


def write_kept(archive: zipfile.ZipFile, home: Path) -> None:
    """Put every kept file into the archive; called after the rows' moment, so that each row that names a file finds it."""
    for folder in FOLDERS:
        for path in sorted((home / folder).glob("*/*")):
            if path.is_file() and _sum_of(path.name):
                archive.write(path, f"{folder}/{path.parent.name}/{path.name}", zipfile.ZIP_STORED)


def restore_kept(archive: zipfile.ZipFile, home: Path) -> None:
    """Bring back the files that the home folder lacks; BackupError for one that is not what its name says, or that cannot be written."""
    for name in archive.namelist():
        place = PurePosixPath(name)
        if len(place.parts) != 3 or place.parts[0] not in FOLDERS or not _sum_of(place.name):
            continue
        path = home.joinpath(place.parts[0], place.name[:2], place.name)
        if path.exists():
            continue
        content = archive.read(name)
        if hashlib.sha256(content).hexdigest() != _sum_of(place.name):
            raise BackupError(f"'{name}' trong bản sao lưu không còn như lúc nhận; hãy dùng bản sao lưu khác.")
        try:
            _write(path, content)
        except OSError as fault:
            raise BackupError(f"Không ghi được tệp '{path}' ({fault.strerror}); hãy sửa quyền ghi rồi phục hồi lại.") from fault


def _sum_of(name: str) -> str:
    """The SHA-256 a file is named by; empty for another name."""
    stem = name.partition(".")[0]
    return stem if len(stem) == 64 and set(stem) <= _HEX else ""


def _write(path: Path, content: bytes) -> None:
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)
