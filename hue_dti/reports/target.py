"""Where a finished file goes: a path or an open binary stream, all at once or not at all."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from hue_dti.errors import ReportError
from hue_dti.reports.model import Report

Target = Path | BinaryIO

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in the properties of a file that has no date of its own."""
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def moment(report: Report) -> datetime:
    """The date of the file's own properties: when the quarter was closed, else a fixed one."""
    return report.closed_at or UNDATED


def deliver(content: bytes, target: Target) -> None:
    """Write the whole file; a reader of the path sees the old file or the new one, never half of one."""
    if not isinstance(target, Path):
        target.write(content)
        return
    try:
        _replace(content, target)
    except OSError as fault:
        raise ReportError(
            f"Không ghi được tệp '{target}': {fault.strerror}; hãy kiểm tra thư mục, quyền ghi và chỗ trống trên đĩa."
        ) from fault


def _replace(content: bytes, target: Path) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def same_zip(content: bytes) -> bytes:
    """Pack a zip anew with fixed times, so the same members always give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return packed.getvalue()
