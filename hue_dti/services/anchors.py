"""The chain's head kept outside the database: an append-only file per unit that shows what a database owner could still do."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from hue_dti.snapshots.model import SnapshotHead

FOLDER = "anchors"
_LINE = re.compile(r"(?P<sequence>\d+) (?P<sha256>[0-9a-f]{64}) (?P<closed_at>\S+)")


@dataclass(frozen=True, slots=True)
class Anchor:
    """One line of the file: the number of a snapshot in its unit's chain, and its hash."""

    line: int
    sequence: int
    sha256: str


def anchor_file(home: Path, unit: str) -> Path:
    """Where the unit's anchors are kept."""
    return home / FOLDER / f"{unit}.txt"


def anchor(home: Path, unit: str, chain: Iterable[SnapshotHead]) -> None:
    """Append the heads of the chain that the file does not name yet; what it already says is never touched."""
    path = anchor_file(home, unit)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        written = file.read()
        if written and not written.endswith("\n"):
            file.write("\n")  # a crash tore the last line; it stays as a fault that `compare` names
        known = {match["sha256"] for match in map(_LINE.fullmatch, written.splitlines()) if match}
        for head in chain:
            if head.sha256 not in known:
                file.write(f"{head.sequence} {head.sha256} {head.closed_at.astimezone(UTC).isoformat()}\n")


def anchored_units(home: Path) -> tuple[str, ...]:
    """The units that have anchors."""
    return tuple(sorted(path.stem for path in (home / FOLDER).glob("*.txt")))


def compare(home: Path, unit: str, chain: Iterable[SnapshotHead]) -> Iterator[str]:
    """What the file and the chain do not agree on, in words; nothing when they do."""
    path = anchor_file(home, unit)
    stored = {head.sequence: head.sha256 for head in chain}
    lines = path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else []
    seen = set()
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            yield f"{path}:{number}: không phải một dòng neo; tệp đã bị sửa"
            continue
        sequence = int(match["sequence"])
        seen.add((sequence, match["sha256"]))
        if stored.get(sequence) != match["sha256"]:
            now = stored.get(sequence, "không còn")
            yield f"{path}:{number}: bản chốt số {sequence} có mã {match['sha256']}, trong cơ sở dữ liệu {now}"
    for sequence, sha256 in stored.items():
        if (sequence, sha256) not in seen:
            yield f"{path}: thiếu bản chốt số {sequence} (mã {sha256}); lần chốt sau sẽ ghi thêm, nếu tệp không bị ai cắt"
