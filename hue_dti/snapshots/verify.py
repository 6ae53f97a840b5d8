"""Check a bundle offline, from its own bytes: nothing moved, and every result follows from the frozen figures and rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from json import loads

import numpy as np

from hue_dti.catalogue.load import load_texts
from hue_dti.errors import HueDtiError
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.snapshots.bundle import (
    FIGURES,
    FORMAT,
    PLACES,
    TRAILER_LENGTH,
    UNREADABLE,
    content_sha256,
    cut,
    figures_of,
    results_json,
    snapshot_of,
    trailer,
)
from hue_dti.snapshots.canonical import Json, dump, row_checks, sha256
from hue_dti.snapshots.difference import Difference, differences
from hue_dti.snapshots.figures import FigureTable
from hue_dti.snapshots.manifest import tree_from
from hue_dti.snapshots.records import RECORD, Records, broken
from hue_dti.snapshots.scored import score_quarter
from hue_dti.units.model import Tree

SECTIONS = {
    "answers": "Bảng nguồn số liệu",
    "blocks": "Mục lục các khối số liệu",
    "checks": "Bảng mã kiểm tra",
    "content_sha256": "Mã băm nội dung",
    "documents": "Sổ văn bản",
    "evidence": "Tài liệu kiểm chứng",
    "format": "Dạng bản chốt",
    "head": "Phần đầu",
    "reasons": "Bảng lý do",
    "results": "Kết quả chấm điểm",
    "texts": "Bộ tiêu chí",
    "tree": "Cây đơn vị",
}
_SHAPES = {"answers": list, "blocks": list, "checks": dict, "documents": list, "evidence": dict, "head": dict} | {
    "reasons": list,
    "results": dict,
    "texts": dict,
    "tree": list,
    "content_sha256": str,
    "format": str,
}
MOST_NAMED = 20
"""Figures of one measure named one by one; one lost line end shifts all that follow."""
_UNREADABLE = (HueDtiError, *UNREADABLE)
"""What reading a damaged section may raise; each is reported as a difference."""


def verify(bundle: bytes) -> tuple[Difference, ...]:
    """Everything that is not as frozen, the most exact first; empty when the bundle is sound.

    Needs nothing but the bytes: hashes of the whole, of each section and block; a check per figure (names unit and measure); then
    every score, group, total, ranking and shortfall computed again from the frozen figures with the frozen criteria.
    """
    body, last = bundle[:-TRAILER_LENGTH], bundle[-TRAILER_LENGTH:]
    expected = trailer(sha256(body))
    found: list[Difference] = []
    try:
        found.extend(_inside(body))
    except _UNREADABLE as fault:
        found.append(Difference("manifest", "Phần JSON", f"không còn đúng dạng bản chốt ({type(fault).__name__}: {fault})"))
    if last != expected:
        found.append(Difference("trailer", "Dòng cuối", f"ghi {_shown(last)}, tính lại {_shown(expected)}; tệp đã bị sửa sau khi chốt"))
    return tuple(found)


def _inside(body: bytes) -> Iterator[Difference]:
    text, _, rest = body.partition(b"\n")
    try:
        manifest = loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        yield _unparsable(text, fault)
        return
    shapes = list(_shapes(manifest))
    yield from shapes
    if shapes:
        return
    damaged = list(_sections(manifest))
    yield from damaged
    if not any(difference.section in ("blocks", "tree") for difference in damaged):
        moved = list(_blocks(manifest, rest))
        yield from moved
        damaged += moved
    computed = list(_results(manifest, rest, damaged=bool(damaged)))
    yield from computed
    if not damaged and not computed and dump(manifest) != text:
        what = "không viết theo dạng chuẩn (khóa xếp theo thứ tự, không khoảng trắng); tệp đã bị viết lại"
        yield Difference("manifest", "Phần JSON", what)


def _unparsable(text: bytes, fault: ValueError | RecursionError) -> Difference:
    if isinstance(fault, UnicodeDecodeError):
        position = fault.start
    else:
        position = len(text.decode("utf-8")[: getattr(fault, "pos", 0)].encode("utf-8"))
    section = _section_at(text, position)
    where = f"{SECTIONS.get(section, 'Phần JSON')} (byte {position})"
    return Difference(section, where, f"không đọc được, gần '{_shown(text[max(position - 20, 0) : position + 20])}'")


def _section_at(text: bytes, position: int) -> str:
    """The section whose key stands last before the position; quotes in strings are escaped, so only keys match, not those of `checks`."""
    keys = re.findall(rb'[{,]"(' + "|".join(SECTIONS).encode() + rb')":(?!{"rows")', text[: position + 1])
    return keys[-1].decode() if keys else "manifest"


def _shapes(manifest: Json) -> Iterator[Difference]:
    if not isinstance(manifest, dict):
        yield Difference("manifest", "Phần JSON", "không phải một bản chốt")
        return
    for name, shape in _SHAPES.items():
        if not isinstance(manifest.get(name), shape):
            yield Difference(name, SECTIONS[name], "không có trong bản chốt, hoặc không còn đúng dạng")
    for name in manifest.keys() - SECTIONS.keys():
        yield Difference("manifest", f"Phần '{name}'", "không thuộc dạng bản chốt này")


def _sections(manifest: Json) -> Iterator[Difference]:
    """Sections whose bytes are not those frozen, with the row where it can be told."""
    if manifest["format"] != FORMAT:
        yield Difference("format", SECTIONS["format"], f"ghi '{manifest['format']}', chương trình này kiểm tra '{FORMAT}'")
    checks = manifest["checks"]
    for name in sorted(manifest.keys() - {"checks", "content_sha256", "format"}):
        check = checks.get(name)
        if not isinstance(check, dict) or check.keys() != {"rows", "sha256"}:
            yield Difference("checks", SECTIONS["checks"], f"thiếu mã kiểm tra của phần {SECTIONS[name]}")
            continue
        if name == "results":
            continue
        same_hash, rows = sha256(dump(manifest[name])) == check["sha256"], row_checks(manifest[name])
        if same_hash and rows == check["rows"]:
            continue
        if same_hash or rows == check["rows"]:
            yield Difference("checks", SECTIONS["checks"], f"mã kiểm tra của phần {SECTIONS[name]} đã bị sửa")
        else:
            yield Difference(name, f"{SECTIONS[name]}{_row_named(manifest[name], rows, check['rows'])}", "đã bị sửa sau khi chốt")
    for name in checks.keys() - manifest.keys():
        yield Difference("checks", SECTIONS["checks"], f"có mã kiểm tra của phần lạ '{name}'")


def _row_named(section: Json, rows: list[int], frozen: Json) -> str:
    if not isinstance(frozen, list) or len(frozen) != len(rows):
        return ", số dòng"
    first = next(at for at, (now, then) in enumerate(zip(rows, frozen, strict=True)) if now != then)
    if isinstance(section, dict):
        return f", mục '{sorted(section)[first]}'"
    return f", dòng {first + 1} ({_row_name(section[first])})"


def _row_name(row: Json) -> str:
    if isinstance(row, dict):
        return str(row.get("number") or row.get("name"))
    return " ".join(map(str, row[:2])) if isinstance(row, list) else str(row)


def _blocks(manifest: Json, rest: bytes) -> Iterator[Difference]:
    blocks = cut(rest, manifest["blocks"])
    if sum(map(len, blocks.values())) != len(rest) or sum(entry["length"] for entry in manifest["blocks"]) != len(rest):
        yield Difference("blocks", SECTIONS["blocks"], f"các khối số liệu dài {len(rest)} byte, không đúng mục lục; tệp bị cắt hoặc thêm")
    units = [(row[0], row[1]) for row in manifest["tree"][1:]]
    damaged = (entry["name"] for entry in manifest["blocks"] if sha256(blocks[entry["name"]]) != entry["sha256"])
    for code in sorted({name.partition("/")[2] for name in damaged}):
        yield from _measure(code, blocks, units)


def _measure(code: str, blocks: Mapping[str, bytes], units: list[tuple[str, str]]) -> Iterator[Difference]:
    """The figures of one measure that changed, by the check each carries."""
    block = blocks[FIGURES + code]
    records = np.frombuffer(block[: len(block) // RECORD.itemsize * RECORD.itemsize], dtype=RECORD)
    wrong = [at for at in broken(records, blocks[PLACES + code].split(b"\n")) if at < len(units)]
    for at in wrong[:MOST_NAMED]:
        unit, name = units[at]
        value = int(records["value"][at])
        what = f"không khớp mã kiểm tra, giá trị đang ghi là {value} hoặc nơi lấy đã bị sửa sau khi chốt"
        yield Difference(FIGURES + code, f"Số liệu {code} của {name} ({unit})", what, unit, code)
    if len(wrong) > MOST_NAMED:
        yield Difference(FIGURES + code, f"Số liệu {code}", f"và {len(wrong) - MOST_NAMED} số liệu nữa không khớp mã kiểm tra", "", code)
    if not wrong:
        yield Difference(FIGURES + code, f"Số liệu {code}", "khối không khớp mã băm SHA-256", "", code)


def _results(manifest: Json, rest: bytes, *, damaged: bool) -> Iterator[Difference]:
    """What scoring finds again from the frozen figures, against what was stored."""
    try:
        blocks = cut(rest, manifest["blocks"])
        tree = tree_from(manifest["tree"])
        figures = figures_of(manifest, blocks, tuple(unit.code for unit in tree.units))
        if not all(_readable(measure.records) for measure in figures.measures.values()):
            return
        found = list(differences(manifest["results"], _recomputed(manifest, tree, figures), {unit.code: unit.name for unit in tree.units}))
        yield from found
        if not found and sha256(dump(manifest["results"])) != manifest["checks"]["results"]["sha256"]:
            yield Difference("checks", SECTIONS["checks"], f"mã kiểm tra của phần {SECTIONS['results']} đã bị sửa")
        if not found and not damaged and content_sha256(snapshot_of(manifest, blocks, "")) != manifest["content_sha256"]:
            yield Difference("content_sha256", SECTIONS["content_sha256"], "không khớp nội dung tính lại")
    except _UNREADABLE as fault:
        yield Difference("results", SECTIONS["results"], f"không tính lại được từ bản chốt này ({type(fault).__name__}: {fault})")


def _readable(records: Records) -> bool:
    """Whether states and days are any that can be frozen; others are already named by their checks."""
    days = records["as_of"]
    return bool((records["state"] <= max(State)).all() and (days >= 0).all() and (days <= date.max.toordinal()).all())


def _recomputed(manifest: Json, tree: Tree, figures: FigureTable) -> Json:
    catalogue, lower = load_texts(manifest["texts"]), manifest["results"]["lower_set"]
    own_set, lower_set = catalogue.sets[manifest["head"]["criteria_set"]], catalogue.sets[lower] if lower is not None else None
    scored = score_quarter(catalogue, own_set, lower_set, tree, figures, Period.parse(manifest["head"]["period"]))
    return results_json(scored.sheet, lower, scored.lower, scored.ranking)


def _shown(text: bytes) -> str:
    return text.decode("utf-8", "backslashreplace").rstrip("\n")
