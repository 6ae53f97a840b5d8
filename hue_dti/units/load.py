"""Unit files → units: one CSV row is one unit during one span of time; every fault of every file at once, with file and line."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from hue_dti.collation import nfc
from hue_dti.errors import CatalogueError, Fault
from hue_dti.units.checks import Placed, faults_between
from hue_dti.units.model import Level, OrgUnit

COLUMNS = ("code", "name", "level", "parent", "valid_from", "valid_to", "located_in", "aliases")
_CODE = re.compile(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEVELS = tuple(level.value for level in Level)


@dataclass(frozen=True, slots=True)
class _Findings:
    """What is wrong so far, and the codes of rows that could not be used: nobody is blamed for pointing at them."""

    faults: list[Fault] = field(default_factory=list)
    spoilt: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)

    def unreadable(self, path: str, line: int, what: str, remedy: str) -> None:
        """Note that a file could not be read to its end."""
        self.faults.append(Fault(path, line, what, remedy))
        self.unread.append(path)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row as written."""

    path: str
    line: int
    cells: dict[str, str]
    findings: _Findings

    def blame(self, what: str, remedy: str) -> None:
        self.findings.faults.append(Fault(self.path, self.line, what, remedy))
        self.findings.spoilt.add(self.cells.get("code", ""))


def load_units(folder: Path) -> tuple[OrgUnit, ...]:
    """Read every `*.csv` of the folder's `units` folder (or of the folder itself); raise CatalogueError with all faults."""
    place = folder / "units" if (folder / "units").is_dir() else folder
    findings = _Findings()
    found = [each for path in sorted(place.glob("*.csv")) for each in _read(path, findings)]
    faults = findings.faults if findings.unread else [*findings.faults, *faults_between(found, frozenset(findings.spoilt))]
    if not found and not faults:
        faults.append(Fault(place.as_posix(), 1, "thư mục này không có đơn vị nào", f"hãy thêm tệp CSV có các cột {','.join(COLUMNS)}"))
    if faults:
        raise CatalogueError(faults)
    return tuple(unit for _, _, unit in found)


def _read(path: Path, findings: _Findings) -> Iterator[Placed]:
    name = path.as_posix()
    try:
        text = nfc(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as fault:
        line = path.read_bytes()[: fault.start].count(b"\n") + 1
        findings.unreadable(name, line, "tệp không phải UTF-8", "hãy lưu lại tệp dạng 'CSV UTF-8'")
        return
    except OSError as fault:
        findings.unreadable(
            name, 1, f"không đọc được tệp ({fault.strerror})", "hãy đặt ở đây một tệp CSV đọc được, hoặc đổi tên, xoá nó đi"
        )
        return
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if sorted(header) != sorted(COLUMNS):
            findings.unreadable(name, 1, f"các cột là '{','.join(header)}'", f"hãy viết {','.join(COLUMNS)}")
            return
        line = rows.line_num + 1
        for cells in rows:
            row = _Row(name, line, dict(zip(header, (" ".join(cell.split()) for cell in cells), strict=False)), findings)
            line = rows.line_num + 1
            unit = _unit(row) if any(row.cells.values()) and _is_whole(row, len(cells)) else None
            if unit is not None:
                yield name, row.line, unit
    except csv.Error as fault:
        findings.unreadable(name, line, f"không đọc được dòng này ({fault})", "hãy đóng mọi dấu nháy kép")


def _is_whole(row: _Row, cells: int) -> bool:
    if cells != len(COLUMNS):
        row.blame(f"dòng có {cells} ô", f"hãy viết đủ {len(COLUMNS)} ô, kể cả ô trống")
        return False
    unseen = next((char for cell in row.cells.values() for char in cell if unicodedata.category(char) in ("Cc", "Cf")), None)
    if unseen is not None:
        row.blame(f"dòng có ký tự không nhìn thấy U+{ord(unseen):04X}", "hãy gõ lại ô đó thay vì dán")
    return unseen is None


def _unit(row: _Row) -> OrgUnit | None:
    cells = row.cells
    code, level = _code(row), _level(row)
    valid_from, valid_to = _day(row, "valid_from", needed=True), _day(row, "valid_to", needed=False)
    if not cells["name"]:
        row.blame("name để trống", "hãy viết tên chính thức đầy đủ của đơn vị")
    if valid_from and valid_to and valid_to < valid_from:
        row.blame(f"valid_to {valid_to} trước valid_from {valid_from}", "hãy viết ngày cuối cùng của đơn vị, hoặc để trống")
        return None
    if not (code and level and valid_from and cells["name"]):
        return None
    aliases = tuple(alias.strip() for alias in cells["aliases"].split("|") if alias.strip())
    return OrgUnit(code, cells["name"], level, cells["parent"] or None, valid_from, valid_to, cells["located_in"] or None, aliases)


def _code(row: _Row) -> str | None:
    code = row.cells["code"]
    if _CODE.fullmatch(code):
        return code
    row.blame(f"code là '{code}'", "hãy viết chữ không dấu và số, nối bằng '.' hoặc '-', như 483.mn-huong-phu")
    return None


def _level(row: _Row) -> Level | None:
    text = row.cells["level"]
    if text in _LEVELS:
        return Level(text)
    nearest = get_close_matches(text, _LEVELS, n=1)
    row.blame(f"không có level '{text}'", f"hãy viết '{nearest[0]}'" if nearest else f"hãy viết một trong: {', '.join(_LEVELS)}")
    return None


def _day(row: _Row, column: str, *, needed: bool) -> date | None:
    text = row.cells[column]
    if not text and not needed:
        return None
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    row.blame(f"{column} là '{text}'", "hãy viết ngày theo năm-tháng-ngày, như 2024-12-31")
    return None
