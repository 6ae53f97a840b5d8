"""Lists of units by region → names as the values file has them; a name that is not there is a fault, never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hue_dti.catalogue.scalars import nearest
from hue_dti.collation import nfc
from hue_dti.rollup.assess import Regions, same_unit
from hue_dti.rollup.model import UnitValues
from hue_dti.rollup.read_values import Sheet, read_sheet

REGION = "region"

Lists = Mapping[str, Sequence[str]]
"""Region → its units, as an official list names them."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A unit as a list names it, with its place in the file."""

    line: int
    column: int
    region: str
    unit: str


def read_region(text: str, path: str, units: Sequence[UnitValues]) -> tuple[str, ...]:
    """One unit a line; blank lines and those that begin with # are passed over. ValuesRefused with all faults."""
    sheet = Sheet(path)
    found: list[str] = []
    for line, written in enumerate(nfc(text.removeprefix("\ufeff")).splitlines(), start=1):
        name = " ".join(written.split())
        if name and not name.startswith("#"):
            _take(sheet, _Line(line, 1, "", name), units, found)
    if not found:
        sheet.fault(1, 1, "danh sách vùng rỗng", "hãy ghi mỗi dòng một đơn vị")
    sheet.done()
    return tuple(found)


def read_region_lists(text: str, path: str, units: Sequence[UnitValues]) -> dict[str, tuple[str, ...]]:
    """A CSV with the columns `region` and `unit`: region → its units. ValuesRefused with all faults."""
    sheet, lines = _read(text, path)
    found: dict[str, list[str]] = {}
    for each in lines:
        _take(sheet, each, units, found.setdefault(each.region, []))
    sheet.done()
    return {region: tuple(members) for region, members in found.items()}


def read_official_regions(text: str, path: str) -> dict[str, tuple[str, ...]]:
    """The same CSV by itself: each unit belongs to one region only. ValuesRefused with all faults."""
    sheet, lines = _read(text, path)
    first: dict[str, _Line] = {}
    found: dict[str, list[str]] = {}
    for each in lines:
        earlier = first.setdefault(same_unit(each.unit), each)
        if not each.unit:
            sheet.fault(each.line, each.column, "tên đơn vị để trống", "hãy ghi tên đơn vị")
        elif earlier is not each:
            sheet.fault(each.line, each.column, f"'{each.unit}' đã có ở dòng {earlier.line}, {earlier.region}", "hãy bỏ một dòng")
        found.setdefault(each.region, []).append(each.unit)
    if not lines:
        sheet.fault(1, 1, "danh sách vùng rỗng", "hãy ghi mỗi dòng một đơn vị")
    sheet.done()
    return {region: tuple(members) for region, members in found.items()}


def fitting(known: Iterable[Lists], units: Sequence[UnitValues]) -> Lists:
    """Of the official lists of several times that one which leaves the fewest of these units out, of equals the one with most units."""
    named = {same_unit(row.unit) for row in units}
    return min(known, key=lambda lists: (len(named - names_in(lists)), -len(names_in(lists))), default={})


def names_in(lists: Lists) -> frozenset[str]:
    """Every unit of a list, as `same_unit` keys."""
    return frozenset(same_unit(name) for names in lists.values() for name in names)


def whole_regions(lists: Lists, units: Sequence[UnitValues]) -> Regions:
    """The regions all of whose units are among these, under these units' names; a rank among a part of a region would mislead."""
    known = {same_unit(row.unit): row.unit for row in units}
    named = {region: [known.get(same_unit(name), "") for name in names] for region, names in lists.items()}
    return {region: tuple(names) for region, names in named.items() if all(names)}


def _read(text: str, path: str) -> tuple[Sheet, list[_Line]]:
    """The lines of a list; what is wrong with its columns raises at once, an empty region is noted."""
    sheet = read_sheet(text, path, frozenset({REGION, "vung"}))
    sheet.done()
    names = [name.lower() for name in sheet.header]
    if len(names) != 2 or not {"unit", "đơn vị"} & set(names):
        sheet.fault(1, 1, f"các cột là {', '.join(sheet.header)}", "hãy viết hai cột: region, unit")
        sheet.done()
    at = next(place for place, name in enumerate(names) if name in ("unit", "đơn vị"))
    lines = [_Line(line, at + 1, cells[1 - at], cells[at]) for line, cells in sheet.rows]
    for each in lines:
        if not each.region:
            sheet.fault(each.line, 2 - at, "tên vùng để trống", "hãy ghi tên vùng")
    return sheet, lines


def _take(sheet: Sheet, each: _Line, units: Sequence[UnitValues], into: list[str]) -> None:
    known = {same_unit(row.unit): row.unit for row in units}
    unit = known.get(same_unit(each.unit))
    if unit is None:
        sheet.fault(each.line, each.column, f"'{each.unit}' không có trong tệp giá trị", nearest(each.unit, tuple(known.values())))
    elif unit in into:
        sheet.fault(each.line, each.column, f"'{each.unit}' đã có trong vùng này", "hãy bỏ một lần")
    else:
        into.append(unit)
