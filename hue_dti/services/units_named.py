"""Which unit a row of a table means: by code or by name, and both must mean the same one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hue_dti.errors import AmbiguousUnit, Fault, UnknownUnit
from hue_dti.services.table_file import Line
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import NameIndex

UNIT, NAME = "unit", "name"
"""The fields of a row that say whose it is; either may be empty."""

_SUGGESTED = 3


def last_spans(units: Iterable[OrgUnit]) -> dict[str, OrgUnit]:
    """The last unit that bears each code."""
    return {unit.code: unit for unit in sorted(units, key=lambda each: each.valid_from)}


def spans_on(units: Iterable[OrgUnit], day: date) -> dict[str, OrgUnit]:
    """The unit that bears each code on that day; for a code nobody bears then, the last one that did."""
    known = tuple(units)
    return last_spans(known) | {unit.code: unit for unit in known if unit.exists_on(day)}


def unit_of(line: Line, index: NameIndex) -> OrgUnit | Fault:
    """The unit of the row, or what is wrong with how it is written."""
    code, name = line.cells[UNIT].strip(), line.cells[NAME].strip()
    found = _resolved(line, code or name, index)
    if not code or not name or isinstance(found, Fault):
        return found
    named = _resolved(line, name, index)
    if isinstance(named, Fault):  # several units may have this name: the code tells which, as long as it is one of them
        return found if _bears(found, name) else named
    if named.code == found.code:
        return found
    return line.fault(f"mã {code} là {found.name}, không phải '{name}'", "hãy sửa mã hoặc tên; có thể các dòng đã bị lệch")


def _resolved(line: Line, text: str, index: NameIndex) -> OrgUnit | Fault:
    if not text:
        return line.fault("dòng không ghi đơn vị nào", "hãy ghi mã hoặc tên đơn vị")
    try:
        return index.resolve(text)
    except AmbiguousUnit:
        return line.fault(f"tên '{text}' là của nhiều đơn vị", "hãy ghi mã đơn vị")
    except UnknownUnit:
        alike = [index.resolve(code) for code in index.suggest(text)[:_SUGGESTED]]
        question = " hoặc ".join(f"{unit.name} ({unit.code})" for unit in alike)
        return line.fault(f"không có đơn vị nào mang tên hoặc mã '{text}'", f"ý bạn là {question}?" if alike else "hãy ghi đúng mã đơn vị")


def _bears(unit: OrgUnit, name: str) -> bool:
    return NameIndex([unit]).find(name) is not None
