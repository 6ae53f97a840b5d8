"""Unit files → units: one CSV row is one unit during one span of time; every fault of every file at once, with file and line."""

from __future__ import annotations

import re
from pathlib import Path

from hue_dti.errors import CatalogueError, Fault
from hue_dti.units.changing import history
from hue_dti.units.checks import faults_between
from hue_dti.units.events import UnitEvent
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.read_events import EVENTS, read_events
from hue_dti.units.rows import Findings, Row, read_rows

COLUMNS = ("code", "name", "level", "parent", "valid_from", "valid_to", "located_in", "aliases")
_CODE = re.compile(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*")


def load_units(folder: Path) -> tuple[OrgUnit, ...]:
    """The units of the lists once all shipped events hold; raise CatalogueError with all faults of lists and events."""
    return history(load_lists(folder), load_events(folder))


def load_lists(folder: Path) -> tuple[OrgUnit, ...]:
    """Read every `*.csv` of the folder's `units` folder (or of the folder itself); raise CatalogueError with all faults."""
    place = _place(folder)
    findings = Findings()
    found = [
        (row.path, row.line, unit)
        for path in sorted(place.glob("*.csv"))
        for row in read_rows(path, COLUMNS, findings)
        if (unit := _unit(row)) is not None
    ]
    faults = findings.faults if findings.unread else [*findings.faults, *faults_between(found, frozenset(findings.spoilt))]
    if not found and not faults:
        faults.append(Fault(place.as_posix(), 1, "thư mục này không có đơn vị nào", f"hãy thêm tệp CSV có các cột {','.join(COLUMNS)}"))
    if faults:
        raise CatalogueError(faults)
    return tuple(unit for _, _, unit in found)


def load_events(folder: Path) -> tuple[UnitEvent, ...]:
    """The events beside the lists, by their day; none where the folder has none. CatalogueError with all faults of their files."""
    return read_events(_place(folder) / EVENTS)


def _place(folder: Path) -> Path:
    return folder / "units" if (folder / "units").is_dir() else folder


def _unit(row: Row) -> OrgUnit | None:
    cells = row.cells
    code, level = _code(row), row.choice("level", Level)
    valid_from, valid_to = row.day("valid_from", needed=True), row.day("valid_to", needed=False)
    if not cells["name"]:
        row.blame("name để trống", "hãy viết tên chính thức đầy đủ của đơn vị")
    if valid_from and valid_to and valid_to < valid_from:
        row.blame(f"valid_to {valid_to} trước valid_from {valid_from}", "hãy viết ngày cuối cùng của đơn vị, hoặc để trống")
        return None
    if not (code and level and valid_from and cells["name"]):
        return None
    aliases = tuple(alias.strip() for alias in cells["aliases"].split("|") if alias.strip())
    return OrgUnit(code, cells["name"], level, cells["parent"] or None, valid_from, valid_to, cells["located_in"] or None, aliases)


def _code(row: Row) -> str | None:
    code = row.cells["code"]
    if _CODE.fullmatch(code):
        return code
    row.blame(f"code là '{code}'", "hãy viết chữ không dấu và số, nối bằng '.' hoặc '-', như 483.mn-huong-phu")
    return None
