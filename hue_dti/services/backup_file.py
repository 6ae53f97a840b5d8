"""A file that appears only when it is whole, with its SHA-256 beside it; and telling whether it still is."""

from __future__ import annotations

import fcntl
import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from hue_dti.errors import BackupError

_UNFINISHED = ".partial"
_SUM = ".sha256"
_OURS_ALONE = 0o600
"""A backup holds everything: only its owner reads it."""


@contextmanager
def appearing(target: Path) -> Iterator[IO[bytes]]:
    """A file to write, which gets its name and its sum once the block has ended well, and is gone otherwise.

    BackupError when the name is taken or the disk refuses.
    """
    if target.exists() or _sum_file(target).exists():
        raise BackupError(f"Đã có tệp '{target}'; hãy chọn tên khác, bản sao lưu không ghi đè bản cũ.")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}{_UNFINISHED}")
    try:
        with _new(unfinished) as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # while it lasts, nobody takes it for forgotten
            yield file
            _to_disk(file)
        _note_sum(unfinished, target)
        unfinished.rename(target)
        _names_to_disk(target.parent)
    except OSError as fault:
        _sum_file(target).unlink(missing_ok=True)
        raise BackupError(
            f"Không ghi được bản sao lưu '{target}' ({fault.strerror or fault}); hãy kiểm tra thư mục, quyền ghi và chỗ trống trên đĩa."
        ) from fault
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


@contextmanager
def checked(path: Path) -> Iterator[zipfile.ZipFile]:
    """The file, after its sum was compared; BackupError when it is not the one that was written."""
    written = _written_sum(path)
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != written:
                raise BackupError(
                    f"'{path}' không còn như lúc sao lưu (mã SHA-256 {found}, tệp {_sum_file(path).name} ghi {written}); hãy dùng bản khác."
                )
            with zipfile.ZipFile(file) as archive:
                yield archive
    except zipfile.BadZipFile as fault:
        what = "bị hỏng ở bên trong; hãy dùng bản khác" if _is_zip(path) else "không phải bản sao lưu của hue-dti; hãy chọn đúng tệp"
        raise BackupError(f"'{path}' {what}.") from fault
    except OSError as fault:
        raise BackupError(
            f"Không đọc được bản sao lưu '{path}' ({fault.strerror or fault}); hãy kiểm tra đường dẫn và quyền đọc."
        ) from fault


def whole(path: Path) -> bool:
    """Whether the file has its sum beside it; it is not read."""
    return path.is_file() and _sum_file(path).is_file()


def remove(path: Path) -> None:
    """Take a backup away, the file first: a sum alone is nothing that could be restored."""
    path.unlink(missing_ok=True)
    _sum_file(path).unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Take away what killed backups left; one that is being written is left alone."""
    for path in folder.glob(f".*{_UNFINISHED}"):
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            path.unlink()


def _new(path: Path) -> IO[bytes]:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _OURS_ALONE), "w+b")


def _sum_file(path: Path) -> Path:
    return path.with_name(path.name + _SUM)


def _note_sum(unfinished: Path, target: Path) -> None:
    """Put the sum of what is on the disk beside the name it will have; before the file itself, which is never without it."""
    with unfinished.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with _new(_sum_file(target)) as note:
        note.write(f"{digest}  {target.name}\n".encode())
        _to_disk(note)


def _written_sum(path: Path) -> str:
    try:
        words = _sum_file(path).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as fault:
        if not path.is_file():
            raise BackupError(f"Không có bản sao lưu '{path}'; hãy kiểm tra đường dẫn.") from fault
        raise BackupError(
            f"Không đọc được '{_sum_file(path)}', mã kiểm của bản sao lưu; hãy chép cả hai tệp về cùng một thư mục."
        ) from fault
    return words[0] if words else ""


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _names_to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"
