"""Which files of evidence a backup cannot take along, because the disk has them no longer."""

from __future__ import annotations

from pathlib import Path

from hue_dti.errors import StorageError
from hue_dti.services.evidence_files import body_of
from hue_dti.storage import Dump

_TABLE = "evidence_file"


def missing_files(dump: Dump, home: Path) -> tuple[str, ...]:
    """The hashes of files that the database knows and that are gone or no longer the same."""
    return tuple(sha256 for sha256 in _known(dump) if not _is_whole(home, sha256))


def _is_whole(home: Path, sha256: str) -> bool:
    try:
        body_of(home, sha256)
    except StorageError:
        return False
    return True


def _known(dump: Dump) -> list[str]:
    """The hashes that the dump's own rows tell, as of its moment."""
    table = next((table for table in dump.tables if table.name == _TABLE), None)
    if table is None:
        return []
    at = table.columns.index("sha256")
    rows = b"".join(dump.rows(table)).decode("ascii").splitlines()
    return [row.split("\t")[at] for row in rows]
