"""Whether what is kept beside the snapshots is still what came in: raw answers, files of evidence, signed papers, each by its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from hue_dti.services.evidence_files import place_of
from hue_dti.services.issued_files import path_of
from hue_dti.storage import Storage

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Looked:
    """One kind of what is kept: how many there are, how many of them were read, and what is wrong, by name."""

    kind: str
    there: int
    read: int
    faults: tuple[str, ...]


def stored_files(storage: Storage, home: Path, most: int | None = None) -> Iterator[Looked]:
    """Each kind in turn; with `most` only so many of each, other ones every time."""
    known = storage.raw_answers()
    chosen = _chosen(known, most)
    altered = storage.altered_answers(chosen if most is not None else None)
    yield Looked("câu trả lời gốc", len(known), len(chosen), tuple(f"{sha256}: {why}" for sha256, why in altered.items()))
    for kind, kept, place in (
        ("tệp minh chứng", storage.evidence.files(), place_of),
        ("bản đã ký", storage.reports.signed_files(), path_of),
    ):
        yield _looked(kind, kept, most, lambda sha256, place=place: place(home, sha256))  # type: ignore[misc]


def _looked(kind: str, kept: Collection[str], most: int | None, place: Callable[[str], Path]) -> Looked:
    chosen = _chosen(kept, most)
    faults = [(place(sha256), _fault(place(sha256), sha256)) for sha256 in chosen]
    return Looked(kind, len(kept), len(chosen), tuple(f"{path}: {why}" for path, why in faults if why))


def _chosen(kept: Collection[str], most: int | None) -> list[str]:
    if most is None or len(kept) <= most:
        return sorted(kept)
    return sorted(secrets.SystemRandom().sample(sorted(kept), most))


def _fault(path: Path, sha256: str) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    except OSError as fault:
        return f"không đọc được ({fault.strerror})"
    return "" if digest.hexdigest() == sha256 else "không còn như lúc nhận"
