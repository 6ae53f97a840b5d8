"""Lists of units by region → names as the values file has them; a name that is not there is a fault, never a guess."""

from __future__ import annotations

from collections.abc import Sequence

from hue_dti.catalogue.scalars import nearest
from hue_dti.collation import nfc
from hue_dti.rollup.assess import same_unit
from hue_dti.rollup.model import UnitValues
from hue_dti.rollup.read_values import Sheet, read_sheet

REGION = "region"


def read_region(text: str, path: str, units: Sequence[UnitValues]) -> tuple[str, ...]:
    """One unit a line; blank lines and those that begin with # are passed over. ValuesRefused with all faults."""
    sheet = Sheet(path)
    found: list[str] = []
    for line, written in enumerate(nfc(text.removeprefix("\ufeff")).splitlines(), start=1):
        name = " ".join(written.split())
        if name and not name.startswith("#"):
            _take(sheet, line, 1, name, units, found)
    if not found:
        sheet.fault(1, 1, "danh sách vùng rỗng", "hãy ghi mỗi dòng một đơn vị")
    sheet.done()
    return tuple(found)


def read_region_lists(text: str, path: str, units: Sequence[UnitValues]) -> dict[str, tuple[str, ...]]:
    """A CSV with the columns `region` and `unit`: region → its units. ValuesRefused with all faults."""
    sheet = read_sheet(text, path, frozenset({REGION, "vung"}))
    sheet.done()
    names = [name.lower() for name in sheet.header]
    if len(names) != 2 or not {"unit", "đơn vị"} & set(names):
        sheet.fault(1, 1, f"các cột là {', '.join(sheet.header)}", "hãy viết hai cột: region, unit")
        sheet.done()
    at = next(place for place, name in enumerate(names) if name in ("unit", "đơn vị"))
    found: dict[str, list[str]] = {}
    for line, cells in sheet.rows:
        region = cells[1 - at]
        if not region:
            sheet.fault(line, 2 - at, "tên vùng để trống", "hãy ghi tên vùng")
        _take(sheet, line, at + 1, cells[at], units, found.setdefault(region, []))
    sheet.done()
    return {region: tuple(members) for region, members in found.items()}


def _take(sheet: Sheet, line: int, column: int, name: str, units: Sequence[UnitValues], into: list[str]) -> None:
    known = {same_unit(row.unit): row.unit for row in units}
    unit = known.get(same_unit(name))
    if unit is None:
        sheet.fault(line, column, f"'{name}' không có trong tệp giá trị", nearest(name, tuple(known.values())))
    elif unit in into:
        sheet.fault(line, column, f"'{name}' đã có trong vùng này", "hãy bỏ một lần")
    else:
        into.append(unit)
