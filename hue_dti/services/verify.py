"""Check every frozen quarter of the database: each bundle, each unit's chain, and the anchors outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hue_dti.errors import HueDtiError, StorageError
from hue_dti.services.anchors import anchored_units, compare
from hue_dti.snapshots.bundle import decode
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.model import Snapshot, SnapshotHead
from hue_dti.snapshots.verify import verify
from hue_dti.storage import Storage


@dataclass(frozen=True, slots=True)
class UnitVerified:
    """One unit's frozen quarters, and every fault found, in words, in the chain's order; sound when there is none."""

    unit: str
    snapshots: int
    faults: tuple[str, ...]


def verify_stored(storage: Storage, home: Path | None = None) -> Iterator[UnitVerified]:
    """Each unit that has frozen quarters, or anchors in `home`, as soon as it is checked, down to the raw answers they were read from."""
    answers: dict[str, str] = {}
    units = {*storage.closed_units(), *(anchored_units(home) if home is not None else ())}
    for unit in sorted(units):
        chain = storage.snapshot_heads(unit)
        faults = [*_links(chain), *(fault for head in chain for fault in _stored(storage, head, answers))]
        if home is not None:
            faults.extend(compare(home, unit, chain))
        yield UnitVerified(unit, len(chain), tuple(faults))


def _links(chain: Sequence[SnapshotHead]) -> Iterator[str]:
    previous = None
    for number, head in enumerate(chain, start=1):
        if head.sequence != number:
            yield f"Chuỗi bản chốt: sau số {number - 1} là số {head.sequence}; có bản chốt đã mất"
        if head.previous_sha256 != (previous.sha256 if previous is not None else None):
            yield f"Bản chốt số {head.sequence}: không nối vào bản chốt đứng trước nó"
        if head.supersedes_sha256 is not None and head.supersedes_sha256 not in {each.sha256 for each in chain[: number - 1]}:
            yield f"Bản chốt số {head.sequence}: thay cho bản {head.supersedes_sha256}, bản đó không có trong chuỗi"
        previous = head


def _stored(storage: Storage, head: SnapshotHead, answers: dict[str, str]) -> Iterator[str]:
    """What is wrong with one stored bundle, with the row that tells of it, or with the raw answers it names."""
    name = f"Bản chốt số {head.sequence} ({head.period})"
    bundle = storage.bundle(head.sha256) or b""
    differences = verify(bundle)
    yield from (f"{name}: {difference}" for difference in differences)
    if differences:
        return
    try:
        snapshot = decode(bundle)
    except HueDtiError as fault:
        yield f"{name}: {fault}"
        return
    if snapshot.head != head:
        yield f"{name}: dòng trong cơ sở dữ liệu không khớp phần đầu của bản chốt (mã {snapshot.head.sha256})"
    for source, sha256 in _named(snapshot):
        if sha256 not in answers:
            answers[sha256] = _altered(storage, sha256)
        if answers[sha256]:
            yield f"{name}: câu trả lời gốc của nguồn {source}, mã {sha256}: {answers[sha256]}"


def _named(snapshot: Snapshot) -> list[tuple[str, str]]:
    """The raw answers a snapshot was read from, as source and hash; figures entered without one name none."""
    table = table_of(snapshot.figures, snapshot.tree)
    figures = {(answer.source, answer.raw_sha256) for answer in table.answers}
    documents = {("sổ văn bản", document.raw_sha256) for document in snapshot.documents}
    return sorted((source, sha256) for source, sha256 in figures | documents if sha256)


def _altered(storage: Storage, sha256: str) -> str:
    """What is wrong with a stored raw answer; empty when its body still has its hash."""
    try:
        return "" if storage.raw_answer(sha256) is not None else "không còn trong cơ sở dữ liệu"
    except StorageError as fault:
        return str(fault)
