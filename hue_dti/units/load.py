"""Unit files → units: one CSV row is one unit during one span of time; every fault of every file at once, with file and line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from hue_dti.collation import nfc
from hue_dti.errors import CatalogueError, Fault
from hue_dti.units.checks import faults_between
from hue_dti.units.model import Level, OrgUnit

COLUMNS = ("code", "name", "level", "parent", "valid_from", "valid_to", "located_in", "aliases")
_CODE = re.compile(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEVELS = tuple(level.value for level in Level)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row as written, with what is wrong in it."""

    path: str
    line: int
    cells: dict[str, str]
    faults: list[Fault]

    def blame(self, what: str, remedy: str) -> None:
        self.faults.append(Fault(self.path, self.line, what, remedy))


def load_units(folder: Path) -> tuple[OrgUnit, ...]:
    """Read every `*.csv` of the folder's `units` folder (or of the folder itself); raise CatalogueError with all faults."""
    place = folder / "units" if (folder / "units").is_dir() else folder
    faults: list[Fault] = []
    found = [each for path in sorted(place.glob("*.csv")) for each in _read(path, faults)]
    if not found and not faults:
        faults.append(Fault(place.as_posix(), 1, "there is no unit in this folder", f"add a CSV file with the columns {','.join(COLUMNS)}"))
    faults += faults_between(found)
    if faults:
        raise CatalogueError(faults)
    return tuple(unit for _, _, unit in found)


def _read(path: Path, faults: list[Fault]) -> Iterator[tuple[str, int, OrgUnit]]:
    name = path.as_posix()
    try:
        text = nfc(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as fault:
        line = path.read_bytes()[: fault.start].count(b"\n") + 1
        faults.append(Fault(name, line, "the file is not UTF-8", "save it as 'CSV UTF-8'"))
        return
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if sorted(header) != sorted(COLUMNS):
            faults.append(Fault(name, 1, f"the columns are '{','.join(header)}'", f"write {','.join(COLUMNS)}"))
            return
        yield from _units(name, header, rows, faults)
    except csv.Error as fault:
        faults.append(Fault(name, rows.line_num, f"the row cannot be read ({fault})", "close every quotation mark"))


def _units(name: str, header: list[str], rows: Iterator[list[str]], faults: list[Fault]) -> Iterator[tuple[str, int, OrgUnit]]:
    for cells in rows:
        line: int = rows.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        row = _Row(name, line, dict(zip(header, (" ".join(cell.split()) for cell in cells), strict=False)), faults)
        if len(cells) != len(header):
            row.blame(f"the row has {len(cells)} cells", f"write {len(header)} cells, empty ones too")
            continue
        unit = _unit(row)
        if unit is not None:
            yield name, line, unit


def _unit(row: _Row) -> OrgUnit | None:
    cells = row.cells
    code, level = _code(row), _level(row)
    valid_from, valid_to = _day(row, "valid_from", needed=True), _day(row, "valid_to", needed=False)
    if not cells["name"]:
        row.blame("name is empty", "write the unit's full official name")
    if valid_from and valid_to and valid_to < valid_from:
        row.blame(f"valid_to {valid_to} is before valid_from {valid_from}", "write the last day of the unit, or leave it empty")
        return None
    if not (code and level and valid_from and cells["name"]):
        return None
    aliases = tuple(alias.strip() for alias in cells["aliases"].split("|") if alias.strip())
    return OrgUnit(code, cells["name"], level, cells["parent"] or None, valid_from, valid_to, cells["located_in"] or None, aliases)


def _code(row: _Row) -> str | None:
    code = row.cells["code"]
    if _CODE.fullmatch(code):
        return code
    row.blame(f"code is '{code}'", "write letters without marks and digits, parts joined by '.' or '-', such as 483.mn-huong-phu")
    return None


def _level(row: _Row) -> Level | None:
    text = row.cells["level"]
    if text in _LEVELS:
        return Level(text)
    nearest = get_close_matches(text, _LEVELS, n=1)
    row.blame(f"level '{text}' is not known", f"write '{nearest[0]}'" if nearest else f"write one of {', '.join(_LEVELS)}")
    return None


def _day(row: _Row, column: str, *, needed: bool) -> date | None:
    text = row.cells[column]
    if not text and not needed:
        return None
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    row.blame(f"{column} is '{text}'", "write a day as YYYY-MM-DD, such as 2024-12-31")
    return None
