"""A declared XLSX table: one row per unit, one column per measure; used where an office reports by file.

Settings beside those of `connectors.http`:

- `path`: address of the file under `base`; `sheet`: name of the sheet (default: the first that has the table);
- `kinds`: what columns hold where it is not a count, such as `budget=amount vneid_level2=percent page_review=progress`;
- `heading.<measure>`: how the file heads that column when it prints neither the measure's code nor `… [code]`.

The table's head has `Tên đơn vị` or `Mã đơn vị` (a code wins over a name). A row `Đơn vị tính` under it may give each column's unit
(`tỷ đồng`). An empty cell is no figure; a dash, a text or a negative number is a fault; a line above may state 'Số liệu đến ngày …'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from connectors.cells import KINDS, Cell, is_empty, read
from connectors.fields import NoResult, Unreadable, text
from connectors.files import OfBooks, open_table
from connectors.http import Answer
from connectors.workbook import Sheet, as_of, find_sheet, head_of, is_idle
from hue_dti.collation import fold, spelling
from hue_dti.errors import SettingError, SourceAnswerInvalid
from hue_dti.observations.model import Pulled, PullRequest, Reading, SourceFault

UNIT_CODE, UNIT_NAME, UNIT_OF_COUNT = "Mã đơn vị", "Tên đơn vị", "Đơn vị tính"
NO_FIGURES = frozenset(map(fold, (UNIT_CODE, UNIT_NAME, "STT", "TT", "Ghi chú")))
_IN_BRACKETS = re.compile(r"\[(?P<code>[a-z0-9_]+)\]\s*$")


@dataclass(frozen=True, slots=True)
class _Column:
    measure: str
    kind: str
    at: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    answer: Answer
    sheet: Sheet
    head: int
    heading: str
    columns: tuple[_Column, ...]
    as_of: date


class Spreadsheet(OfBooks):
    """Reads the measures asked for (the keys of the request's windows) from a declared table."""

    measures: tuple[str, ...] = ()
    """Whatever the caller asks for; the declared table decides."""

    settings: tuple[str, ...] = ("sheet", "kinds", "heading.*")

    def __init__(self, source: str = "spreadsheet") -> None:
        super().__init__(source)

    def read(self, answer: Answer, request: PullRequest, now: datetime) -> Pulled:
        """One reading per filled cell; raise SourceError when the file is not the declared one."""
        sheets, named = open_table(answer), request.settings.get("sheet")
        faults: list[SourceFault] = []
        heading = UNIT_NAME
        try:
            sheet = find_sheet(answer, sheets, named, (heading,))
        except SourceAnswerInvalid:
            heading = UNIT_CODE
            sheet = find_sheet(answer, sheets, named, (heading,))
        columns = _columns(self.source, sheet, heading, request, faults)
        table = _Table(answer, sheet, head_of(sheet, (heading,))[0], heading, columns, as_of(answer, sheet, (heading,), request, now))
        return Pulled(_readings(table, faults), faults=tuple(faults))


def _columns(source: str, sheet: Sheet, heading: str, request: PullRequest, faults: list[SourceFault]) -> tuple[_Column, ...]:
    """The columns of measures we asked for, each once; a heading nobody asked for is a fault, so that no figure is lost unseen."""
    head, _ = head_of(sheet, (heading,))
    kinds = _kinds(source, request.settings)
    printed = {fold(request.settings[f"heading.{code}"]): code for code in request.windows if f"heading.{code}" in request.settings}
    found: dict[str, _Column] = {}
    for at, cell in enumerate(sheet.rows[head]):
        if isinstance(cell, NoResult):
            faults.append(SourceFault(sheet.place(head, at), f"tiêu đề cột, {cell}; không dùng cột này"))
        if not isinstance(cell, str) or not cell.strip() or fold(cell) in NO_FIGURES:
            continue
        bracketed = _IN_BRACKETS.search(cell)
        code = printed.get(fold(cell)) or (bracketed["code"] if bracketed else cell.strip())
        if code not in request.windows:
            faults.append(SourceFault(sheet.place(head, at), f"cột '{cell[:80]}' không phải số liệu của nguồn này; sửa tiêu đề cột"))
        elif code in found:
            faults.append(SourceFault(sheet.place(head, at), f"cột '{cell[:80]}' có hai lần; chỉ dùng cột đầu tiên"))
        else:
            found[code] = _Column(code, kinds.get(code, "count"), at, _unit_of_count(sheet, head, at))
    return tuple(found.values())


def _unit_of_count(sheet: Sheet, head: int, at: int) -> str:
    if not _is_unit_row(sheet, head + 1):
        return ""
    cell = sheet.rows[head + 1][at]
    return cell.strip() if isinstance(cell, str) else ""


def _is_unit_row(sheet: Sheet, row: int) -> bool:
    return row < len(sheet.rows) and any(isinstance(cell, str) and fold(cell) == fold(UNIT_OF_COUNT) for cell in sheet.rows[row])


def _kinds(source: str, settings: Mapping[str, str]) -> dict[str, str]:
    kinds = dict(pair.partition("=")[::2] for pair in settings.get("kinds", "").split())
    for measure, kind in kinds.items():
        if kind not in KINDS:
            raise SettingError(f"Nguồn {source}, cài đặt 'kinds': '{measure}={kind}' không hiểu được; hãy viết {'|'.join(KINDS)}.")
    return kinds


def _readings(table: _Table, faults: list[SourceFault]) -> tuple[Reading, ...]:
    """Row by row; a unit written twice gives nothing, since nobody knows which row is right."""
    by_unit: dict[str, list[Reading]] = {}
    for row in range(table.head + 1, len(table.sheet.rows)):
        cells = table.sheet.rows[row]
        if is_idle(cells) or _is_unit_row(table.sheet, row):
            continue
        place = table.sheet.place(row)
        try:
            unit = _unit(table, cells)
        except Unreadable as error:
            faults.append(SourceFault(place, f"đơn vị {error}; bỏ qua dòng này"))
            continue
        if spelling(unit) in by_unit:
            faults.append(SourceFault(place, f"{unit} có hai dòng; không dùng số liệu của đơn vị này, hãy bỏ bớt một dòng"))
            by_unit[spelling(unit)] = []
            continue
        by_unit[spelling(unit)] = _row(table, row, unit, cells, faults)
    return tuple(reading for readings in by_unit.values() for reading in readings)


def _unit(table: _Table, cells: Sequence[Cell]) -> str:
    """The code where the row has one, else the name; Excel turns a code of digits into a number."""
    _, columns = head_of(table.sheet, (table.heading,))
    for heading in (UNIT_CODE, UNIT_NAME):
        cell = cells[columns[fold(heading)]] if fold(heading) in columns else None
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        if not is_empty(cell):
            return text(str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell)
    raise Unreadable("để trống")


def _row(table: _Table, row: int, unit: str, cells: Sequence[Cell], faults: list[SourceFault]) -> list[Reading]:
    readings = []
    for column in table.columns:
        cell, place = cells[column.at], table.sheet.place(row, column.at)
        if is_empty(cell):
            continue
        try:
            value = read(column.kind, cell, column.unit)
        except Unreadable as error:
            faults.append(SourceFault(place, f"{unit}: {error}; không dùng ô này"))
        else:
            readings.append(Reading(unit, column.measure, value, table.as_of, table.answer.sha256, place))
    return readings
