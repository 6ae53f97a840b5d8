"""Secrets of sources: from the environment or from a file that only its owner may read; never from the sources file itself."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from hue_dti.catalogue.scalars import Wrong

ENV, FILE = "_env", "_file"
_LONGEST = 10_000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SURELY_A_NAME = re.compile(r"[A-Z][A-Z0-9]{0,20}(?:_[A-Z0-9]{1,20}){1,4}")
_TELLS = re.compile(r"auth|cookie|key|token|secret|passw|signature", re.IGNORECASE)


class Absent(Wrong):
    """The sources file is sound, but this machine lacks what it names: that costs only its own source."""


def tells_secret(name: str) -> bool:
    """Whether the name of a header says that its value is a secret."""
    return _TELLS.search(name) is not None


def from_environment(name: str, environ: Mapping[str, str]) -> str | Wrong:
    """The value of a variable; a fault names it only where it looks like a name, since somebody may have written the secret there."""
    if _NAME.fullmatch(name) is None:
        return Wrong("không phải tên biến môi trường", "hãy ghi tên biến như HUE_S_TOKEN; mã truy cập đặt trong biến đó, không ghi vào tệp")
    if not environ.get(name):
        shown = name if _SURELY_A_NAME.fullmatch(name) else "tên ở dòng này"
        return Absent(f"cần biến môi trường {shown}, chưa được đặt", "hãy đặt biến này rồi chạy lại")
    return environ[name]


def from_file(path: Path) -> str | Wrong:
    """The content of a secret file without the line's end; a file that others may read is refused."""
    problem = closed_file(path)
    if problem is not None:
        return problem
    try:
        secret = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return Absent("chỉ tới một tệp không đọc được", "hãy kiểm tra quyền đọc và bảng mã UTF-8")
    if not secret.strip() or len(secret) > _LONGEST or "\n" in secret:
        return Absent("chỉ tới một tệp rỗng, quá dài hoặc nhiều dòng", "hãy ghi mã truy cập trên đúng một dòng của tệp")
    return secret


def closed_file(path: Path) -> Absent | None:
    """Why a file is not fit to hold a secret; None when only its owner, us or root, may read it."""
    try:
        state = path.stat()
    except (OSError, ValueError):
        return Absent("chỉ tới một tệp không có", "hãy sửa đường dẫn; đường dẫn tương đối tính từ tệp nguồn")
    if not stat.S_ISREG(state.st_mode):
        return Absent("không chỉ tới một tệp thường", "hãy sửa đường dẫn")
    if state.st_mode & 0o077 or state.st_uid not in (0, os.geteuid()):
        return Absent("chỉ tới một tệp mà người khác đọc được", "hãy chạy 'chmod 600' và giao tệp cho tài khoản chạy hệ thống này")
    return None
