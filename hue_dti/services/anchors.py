"""The chain's head kept outside the database: an append-only file per unit that shows what a database owner could still do."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from hue_dti.errors import SnapshotError
from hue_dti.snapshots.model import SnapshotHead

FOLDER = "anchors"
_LINE = re.compile(r"(?P<sequence>\d+) (?P<sha256>[0-9a-f]{64}) (?P<closed_at>\S+)")
_MARK = re.compile(r"missing (?P<first>\d+) (?P<last>\d+)")


@dataclass(frozen=True, slots=True)
class Anchor:
    """One line of the file: the number of a snapshot in its unit's chain, and its hash."""

    line: int
    sequence: int
    sha256: str


def anchor_file(home: Path, unit: str) -> Path:
    """Where the unit's anchors are kept."""
    return home / FOLDER / f"{unit}.txt"


def anchor(home: Path, unit: str, chain: Sequence[SnapshotHead]) -> None:
    """Append the newest head of the chain when the file does not name it; what it already says is never touched.

    Only the close that made a head may vouch for it: heads before it that the file should have named get a mark that `compare`
    reports for ever, so that a file somebody cut does not become whole at the next closing. Raises SnapshotError when not written.
    """
    path = anchor_file(home, unit)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+", encoding="ascii", errors="replace") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            written = file.read()
            if written and not written.endswith("\n"):
                file.write("\n")  # a crash tore the last line; it stays as a fault that `compare` names
            file.writelines(_lines_to_add(written.splitlines(), chain))
    except OSError as fault:
        raise SnapshotError(
            f"Số liệu đã chốt nhưng chưa ghi được tệp neo '{path}' ({fault.strerror}); hãy sửa quyền ghi rồi chạy lại hue-dti close."
        ) from fault


def _lines_to_add(written: Sequence[str], chain: Sequence[SnapshotHead]) -> Iterator[str]:
    known = {match["sha256"] for match in map(_LINE.fullmatch, written) if match}
    marked = [match for match in map(_MARK.fullmatch, written) if match]
    if not chain or chain[-1].sha256 in known:
        return
    spared = max((int(match["last"]) for match in marked), default=0)
    absent = [head.sequence for head in chain[:-1] if head.sha256 not in known and head.sequence > spared]
    if absent:
        yield f"missing {absent[0]} {absent[-1]}\n"
    yield f"{chain[-1].sequence} {chain[-1].sha256} {chain[-1].closed_at.astimezone(UTC).isoformat()}\n"


def lines_up_to(home: Path, unit: str, last: int) -> str:
    """The unit's anchors but those of heads after number `last`, for a backup that knows none of them; empty without a file."""
    path = anchor_file(home, unit)
    lines = path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else []
    kept = (line for line in lines if (match := _LINE.fullmatch(line)) is None or int(match["sequence"]) <= last)
    return "".join(f"{line}\n" for line in kept)


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
        mark, match = _MARK.fullmatch(line), _LINE.fullmatch(line)
        if mark is not None:
            yield f"{path}:{number}: khi chốt, tệp đã thiếu bản chốt số {mark['first']} đến số {mark['last']}; tệp đã bị cắt hoặc mất"
            continue
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
            yield f"{path}: thiếu bản chốt số {sequence} (mã {sha256}); tệp đã bị cắt, hoặc lần chốt đó chưa ghi được neo"
