"""The files of evidence in a backup: every one that the database knows, under its hash, and back into their places."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Collection
from io import BytesIO
from pathlib import Path

from hue_dti.errors import BackupError, StorageError
from hue_dti.services.evidence_files import FOLDER, body_of, place_of, receiving, settle
from hue_dti.storage import Dump

_TABLE = "evidence_file"


def write_files(archive: zipfile.ZipFile, dump: Dump, home: Path) -> tuple[str, ...]:
    """Put the files into the archive and return the hashes of those that are gone or no longer the same."""
    missing = []
    for sha256 in _known(dump):
        try:
            body = body_of(home, sha256)
        except StorageError:
            missing.append(sha256)
            continue
        archive.writestr(zipfile.ZipInfo(_member(sha256)), body, zipfile.ZIP_STORED)
    return tuple(missing)


def restore_files(archive: zipfile.ZipFile, home: Path, missing: Collection[str]) -> None:
    """Put the files back where they are not; BackupError for one that is not what its name says."""
    for name in archive.namelist():
        if Path(name).parent.name != FOLDER:
            continue
        sha256, body = Path(name).name, archive.read(name)
        if hashlib.sha256(body).hexdigest() != sha256:
            raise BackupError(f"Tệp minh chứng {sha256[:12]}… trong bản sao lưu không còn như lúc nộp; hãy dùng bản khác.")
        if sha256 in missing or place_of(home, sha256).exists():
            continue
        try:
            with receiving(home, BytesIO(body), len(body)) as received:
                settle(home, received)
        except OSError as fault:
            raise BackupError(
                f"Không ghi được tệp minh chứng vào '{home}' ({fault.strerror}); hãy sửa quyền ghi rồi phục hồi lại."
            ) from fault


def _member(sha256: str) -> str:
    return f"{FOLDER}/{sha256}"


def _known(dump: Dump) -> list[str]:
    """The hashes that the dump's own rows tell, as of its moment."""
    table = next((table for table in dump.tables if table.name == _TABLE), None)
    if table is None:
        return []
    at = table.columns.index("sha256")
    rows = b"".join(dump.rows(table)).decode("ascii").splitlines()
    return [row.split("\t")[at] for row in rows]
