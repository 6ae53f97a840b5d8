"""A snapshot as one string of bytes: a canonical JSON manifest, a newline, blocks of figures, and a trailer with the SHA-256.

    {"answers":[…],"blocks":[{"length":…,"name":"figures/staff","sha256":…},…],"checks":…,…,"tree":[…]}\\n
    <block><block>…
    sha256:<64 hexadecimal digits>\\n

The trailer's hash, over every byte before it, is the snapshot's name. Each measure has two blocks: `figures/CODE`, one
RECORD per unit in the tree's order, and `places/CODE`, as many lines saying where in its raw answer each figure stood.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from json import loads

import numpy as np

from hue_dti.errors import SnapshotTampered
from hue_dti.observations.model import RegisteredDocument
from hue_dti.scoring.model import Ranked, ScoreSheet
from hue_dti.snapshots import manifest as written
from hue_dti.snapshots.canonical import Json, dump, row_checks, sha256
from hue_dti.snapshots.figures import FigureTable, MeasureRecords, table_of
from hue_dti.snapshots.model import Snapshot, SnapshotHead
from hue_dti.snapshots.records import RECORD, sealed
from hue_dti.snapshots.sheets import ranked_from, ranked_json, sheet_from, sheet_json

FORMAT = "hue-dti-snapshot/1"
TRAILER_LENGTH = len(b"sha256:") + 64 + 1
FIGURES, PLACES = "figures/", "places/"
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What reading bytes that are no bundle may raise."""
_CONTENT = ("evidence", "results", "texts", "tree")
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n"})


def encode(draft: Snapshot) -> tuple[SnapshotHead, bytes]:
    """Freeze the draft; the head comes back with the bundle's SHA-256. Same draft, same bytes, on any machine."""
    table = table_of(draft.figures, draft.tree)
    blocks = dict(_blocks(table))
    sections = _sections(draft, table) | {"blocks": _table_of_contents(blocks)}
    spelt = {name: dump(section) for name, section in sections.items()}
    spelt["checks"] = dump({name: {"rows": _rows(name, sections[name]), "sha256": sha256(text)} for name, text in spelt.items()})
    spelt["content_sha256"] = dump(_content(spelt, draft.documents, table))
    spelt["format"] = dump(FORMAT)
    body = b"{" + b",".join(dump(name) + b":" + spelt[name] for name in sorted(spelt)) + b"}\n" + b"".join(blocks.values())
    digest = sha256(body)
    return written.numbered(draft.head, digest), body + trailer(digest)


def decode(bundle: bytes) -> Snapshot:
    """Read a bundle back; raise SnapshotTampered when it no longer is what was frozen (`verify` tells where)."""
    opened = open_bundle(bundle)
    with _as_tampered():
        return snapshot_of(opened.manifest, opened.blocks, opened.sha256)


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle taken apart: its JSON, its blocks by name, its hash."""

    manifest: Json
    blocks: Mapping[str, bytes]
    sha256: str


def open_bundle(bundle: bytes) -> Opened:
    """Take a bundle apart; raise SnapshotTampered unless the trailer's hash is that of all bytes before it."""
    body, last = bundle[:-TRAILER_LENGTH], bundle[-TRAILER_LENGTH:]
    digest = sha256(body)
    if last != trailer(digest):
        raise SnapshotTampered(
            "Bản chốt không còn nguyên vẹn: mã SHA-256 ở dòng cuối không khớp nội dung; hãy chạy hue-dti verify để biết chỗ sai."
        )
    text, _, rest = body.partition(b"\n")
    with _as_tampered():
        manifest = loads(text)
        if manifest["format"] != FORMAT:
            raise SnapshotTampered(
                f"Bản chốt ghi dạng '{manifest['format']}', chương trình này đọc '{FORMAT}'; hãy dùng đúng phiên bản đã chốt."
            )
        return Opened(manifest, cut(rest, manifest["blocks"]), digest)


@contextmanager
def _as_tampered() -> Iterator[None]:
    """A hash anybody can compute does not make bytes a bundle: what cannot be read was not frozen by this program."""
    try:
        yield
    except UNREADABLE as fault:
        raise SnapshotTampered(
            f"Bản chốt không còn đúng dạng ({type(fault).__name__}: {fault}); hãy chạy hue-dti verify và khôi phục từ bản sao lưu."
        ) from fault


def trailer(digest: str) -> bytes:
    """The last line of a bundle."""
    return f"sha256:{digest}\n".encode("ascii")


def cut(rest: bytes, contents: Json) -> dict[str, bytes]:
    """The blocks by name, as the table of contents measures them out."""
    blocks, start = {}, 0
    for entry in contents:
        blocks[entry["name"]] = rest[start : start + entry["length"]]
        start += entry["length"]
    return blocks


def snapshot_of(manifest: Json, blocks: Mapping[str, bytes], digest: str) -> Snapshot:
    """The snapshot a manifest and its blocks tell of."""
    results, tree = manifest["results"], written.tree_from(manifest["tree"])
    return Snapshot(
        head=written.head_from(manifest["head"], digest),
        tree=tree,
        texts=manifest["texts"],
        sheet=sheet_from(results["sheet"]),
        lower_set=results["lower_set"],
        lower=tuple(map(sheet_from, results["lower"])),
        ranking=tuple(map(ranked_from, results["ranking"])),
        documents=tuple(map(written.document_from, manifest["documents"])),
        figures=figures_of(manifest, blocks, tuple(unit.code for unit in tree.units)),
        evidence=manifest["evidence"],
    )


def figures_of(manifest: Json, blocks: Mapping[str, bytes], units: tuple[str, ...]) -> FigureTable:
    """The figures of the blocks, readable one by one."""
    codes = (name.removeprefix(FIGURES) for name in blocks if name.startswith(FIGURES))
    measures = {
        code: MeasureRecords(np.frombuffer(blocks[FIGURES + code], dtype=RECORD), _places_of(blocks[PLACES + code])) for code in codes
    }
    return FigureTable(units, measures, tuple(map(written.answer_from, manifest["answers"])), tuple(manifest["reasons"]))


def results_json(sheet: ScoreSheet, lower_set: str | None, lower: Iterable[ScoreSheet], ranking: Iterable[Ranked]) -> Json:
    """Everything scoring found: the unit's sheet, the lower units' sheets, their ranking."""
    return {
        "sheet": sheet_json(sheet),
        "lower_set": lower_set,
        "lower": [sheet_json(each) for each in lower],
        "ranking": [ranked_json(ranked) for ranked in ranking],
    }


def content_sha256(snapshot: Snapshot) -> str:
    """The hash of what was decided and found, whoever closes it and whenever: tree, rules, figures, results, documents, evidence.

    Where a figure was read (its raw answer and place) is left out, so that pulling the same figures again changes nothing.
    """
    table = table_of(snapshot.figures, snapshot.tree)
    sections = _sections(snapshot, table)
    return _content({name: dump(sections[name]) for name in _CONTENT}, snapshot.documents, table)


def _content(spelt: Mapping[str, bytes], documents: Iterable[RegisteredDocument], table: FigureTable) -> str:
    digest = hashlib.sha256(b"\n".join(spelt[name] for name in _CONTENT))
    digest.update(dump([written.document_json(replace(document, raw_sha256="", place="")) for document in documents]))
    for code, figures in sorted(table.measures.items()):
        digest.update(code.encode("utf-8") + b"\n")
        for field in ("value", "state", "as_of"):
            digest.update(np.ascontiguousarray(figures.records[field]).tobytes())
    return digest.hexdigest()


def _sections(draft: Snapshot, table: FigureTable) -> dict[str, Json]:
    return {
        "answers": [written.answer_json(answer) for answer in table.answers],
        "documents": [written.document_json(document) for document in draft.documents],
        "evidence": dict(draft.evidence),
        "head": written.head_json(draft.head),
        "reasons": list(table.reasons),
        "results": results_json(draft.sheet, draft.lower_set, draft.lower, draft.ranking),
        "texts": dict(draft.texts),
        "tree": written.tree_json(draft.tree),
    }


def _rows(name: str, section: Json) -> list[int]:
    """Checks that name a changed row; results need none, they are computed again."""
    return [] if name == "results" else row_checks(section)


def _blocks(table: FigureTable) -> Iterator[tuple[str, bytes]]:
    for code, figures in sorted(table.measures.items()):
        lines = _lines_of(figures)
        yield FIGURES + code, sealed(figures.records, lines).tobytes()
        yield PLACES + code, b"\n".join(lines)


def _table_of_contents(blocks: Mapping[str, bytes]) -> Json:
    return [{"length": len(block), "name": name, "sha256": sha256(block)} for name, block in blocks.items()]


def _lines_of(figures: MeasureRecords) -> list[bytes]:
    text = "\n".join(figures.places)
    if "\\" in text or text.count("\n") != len(figures.places) - 1:
        text = "\n".join(place.translate(_ESCAPES) for place in figures.places)
    return unicodedata.normalize("NFC", text).encode("utf-8").split(b"\n")


def _places_of(block: bytes) -> tuple[str, ...]:
    places = tuple(block.decode("utf-8").split("\n"))
    if b"\\" not in block:
        return places
    return tuple(_ESCAPED.sub(lambda escaped: "\n" if escaped[1] == "n" else escaped[1], place) for place in places)
