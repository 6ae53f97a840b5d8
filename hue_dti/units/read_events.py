"""Event files → events: one row per event, one row per unit that an event changes; every fault with file and line."""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

from hue_dti.errors import CatalogueError
from hue_dti.units.changing import in_order
from hue_dti.units.events import Change, ChangeKind, Resolution, UnitEvent
from hue_dti.units.model import Level
from hue_dti.units.rows import Findings, Row, read_rows

EVENTS = "events"
"""The folder beside the lists of units."""

EVENT_COLUMNS = ("number", "effective_on", "title", "resolution", "issued_on", "issuer", "source", "note")
CHANGE_COLUMNS = ("event", "change", "old_code", "old_name", "new_code", "new_name", "level", "parent", "share", "note")
_NUMBER = re.compile(r"[0-9]{4}-[0-9]{2}")
_CODE = re.compile(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*")
_SHARE = re.compile(r"([0-9]{1,9})/([1-9][0-9]{0,8})")


def read_events(place: Path) -> tuple[UnitEvent, ...]:
    """The events of a folder with `events.csv` and `changes.csv`, by their day; CatalogueError with every fault."""
    if not place.is_dir():
        return ()
    findings = Findings()
    heads = _heads(place / "events.csv", findings)
    changes: dict[str, list[Change]] = defaultdict(list)
    for row in read_rows(place / "changes.csv", CHANGE_COLUMNS, findings):
        change = _change(row)
        if row.cells["event"] not in heads and row.cells["event"] not in findings.spoilt:
            row.blame(f"không có sự kiện số '{row.cells['event']}'", "hãy thêm nó vào events.csv hoặc sửa số")
        if change is not None:
            changes[row.cells["event"]].append(change)
    if findings.faults:
        raise CatalogueError(findings.faults)
    return in_order(_with(head, tuple(changes[head.number])) for head in heads.values())


def _with(head: UnitEvent, changes: tuple[Change, ...]) -> UnitEvent:
    return UnitEvent(head.number, head.effective_on, head.title, head.resolution, head.source, head.note, changes, head.place)


def _heads(path: Path, findings: Findings) -> dict[str, UnitEvent]:
    heads: dict[str, UnitEvent] = {}
    for row in read_rows(path, EVENT_COLUMNS, findings):
        cells, number = row.cells, row.cells["number"]
        effective_on, issued_on = row.day("effective_on", needed=True), row.day("issued_on", needed=True)
        if not _NUMBER.fullmatch(number):
            row.blame(f"number là '{number}'", "hãy viết năm và số thứ tự trong năm, như 2025-01")
        elif number in heads:
            row.blame(f"sự kiện {number} có hai dòng", "hãy đổi số của một sự kiện, số không bao giờ dùng lại")
        for column in ("title", "resolution", "issuer"):
            if not cells[column]:
                row.blame(f"{column} để trống", "mọi sự kiện phải ghi văn bản quyết định: số, ngày, cơ quan ban hành")
        if effective_on and issued_on:
            resolution = Resolution(cells["resolution"], issued_on, cells["issuer"])
            event = UnitEvent(number, effective_on, cells["title"], resolution, cells["source"], cells["note"], place=row.place)
            heads.setdefault(number, event)
    return heads


def _change(row: Row) -> Change | None:
    cells = row.cells
    kind = row.choice("change", ChangeKind)
    level = row.choice("level", Level) if cells["level"] else None
    for column in ("old_code", "new_code"):
        if cells[column] and not _CODE.fullmatch(cells[column]):
            row.blame(f"{column} là '{cells[column]}'", "hãy viết mã bằng chữ không dấu và số")
    if not cells["old_code"]:
        row.blame("old_code để trống", "hãy viết mã đơn vị trước sự kiện")
    if kind is not None:
        _check_new(row, kind)
    if kind is None or not cells["old_code"]:
        return None
    new = cells["new_code"]
    named = {"name": cells["new_name"], "level": level, "parent": cells["parent"] or None}
    return Change(kind, cells["old_code"], new, **named, share=_share(row), old_name=cells["old_name"], note=cells["note"], place=row.place)  # type: ignore[arg-type]


def _check_new(row: Row, kind: ChangeKind) -> None:
    cells = row.cells
    if kind is ChangeKind.END:
        told = [column for column in ("new_code", "new_name", "level", "parent", "share") if cells[column]]
        if told:
            row.blame(f"change là 'end' mà có {', '.join(told)}", "hãy để trống các ô đó, hoặc đổi change")
        return
    if not cells["new_code"]:
        row.blame("new_code để trống", "hãy viết mã đơn vị sau sự kiện, hoặc ghi change là 'end'")
    if kind in (ChangeKind.MERGE, ChangeKind.SPLIT, ChangeKind.RENAME) and not cells["new_name"]:
        row.blame("new_name để trống", "hãy viết tên chính thức của đơn vị sau sự kiện")
    if kind is ChangeKind.MOVE and not cells["parent"]:
        row.blame("change là 'move' mà parent để trống", "hãy viết mã đơn vị quản lý mới")
    if kind is not ChangeKind.SPLIT and cells["share"]:
        row.blame(f"share chỉ dùng khi tách, change lại là '{kind}'", "hãy để trống share")


def _share(row: Row) -> Fraction | None:
    text = row.cells["share"]
    if not text:
        return None
    found = _SHARE.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        row.blame(f"share là '{text}'", "hãy viết phân số không quá 1, như 3400/12500")
        return None
    return Fraction(int(found[1]), int(found[2]))
