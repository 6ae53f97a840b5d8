"""Signed papers outside the database: each file once, under its SHA-256, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from hue_dti.errors import CaseRefused, ReportError

FOLDER = "issued"
LARGEST = 20 * 1024 * 1024
_BEGINS, _ENDS = b"%PDF-", b"%%EOF"


def keep(home: Path, content: bytes) -> str:
    """Keep a signed PDF and return its SHA-256; CaseRefused for what is none, ReportError when the disk refuses.

    Kept before the row that names it is written: a file without a row harms nobody, a row never lacks its file.
    """
    if why := fault_of(content):
        raise CaseRefused(f"Chưa nhận được tệp: {why}.", [("signed", why)])
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(home, sha256)
    if path.is_file() and path.read_bytes() == content:
        return sha256
    try:
        _write(path, content)
    except OSError as fault:
        raise ReportError(f"Không ghi được tệp '{path}' ({fault.strerror}); hãy kiểm tra quyền ghi và chỗ trống trên đĩa.") from fault
    return sha256


def fault_of(content: bytes) -> str:
    """Why these bytes are no signed paper; empty when they may be one."""
    if not content:
        return "tệp trống; hãy chọn bản PDF đã ký"
    if len(content) > LARGEST:
        return f"tệp lớn hơn {LARGEST // 1024 // 1024} MB; hãy quét lại ở 200 dpi"
    if not content.startswith(_BEGINS) or _ENDS not in content[-2048:]:
        return "tệp không phải PDF nguyên vẹn; hãy lưu bản đã ký thành PDF rồi gửi lại"
    return ""


def read(home: Path, sha256: str) -> bytes:
    """The file of this name; ReportError when it is gone or is not what was kept."""
    path = path_of(home, sha256)
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise ReportError(f"Không đọc được bản đã ký '{path}' ({fault.strerror}); hãy phục hồi thư mục {FOLDER} từ bản sao lưu.") from fault
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ReportError(f"Bản đã ký '{path}' không còn như lúc nhận; hãy phục hồi thư mục {FOLDER} từ bản sao lưu.")
    return content


def path_of(home: Path, sha256: str) -> Path:
    """Where the file of this name is kept."""
    return home / FOLDER / sha256[:2] / f"{sha256}.pdf"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
