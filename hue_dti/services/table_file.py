"""A table that a person fills in and brings as CSV or XLSX: its rows by field, with the line each stands on."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter.utility import xl_col_to_name

from hue_dti.collation import fold, nfc
from hue_dti.errors import Fault, ImportRefused
from hue_dti.free_text import fault_of
from hue_dti.numerals import format_date
from hue_dti.services.workbooks import MOST_UNPACKED, SheetDamaged, SheetTooLarge, check_workbook

LARGEST = 5_000_000
MOST_ROWS = 50_000
HEAD_ROWS = 10
_Rows = Iterable[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `cells` has a text for every field, empty where the column or the cell is; `places` says where a field's cell stands."""

    path: str
    line: int
    cells: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)

    def fault(self, what: str, remedy: str, of: str = "") -> Fault:
        """Something wrong in this row, in the cell of the field `of` where one is named."""
        place = self.places.get(of, "")
        return Fault(self.path, self.line, f"{place}: {what}" if place else what, remedy)

    def unsayable(self, of: str, text: str, longest: int, whose: str = "") -> Fault | None:
        """What is wrong with words out of the field `of`, said of `whose` where one is named; None when they are good."""
        what, _, remedy = fault_of(text, longest).rstrip(".").partition("; ")
        return self.fault(f"{whose} {what}".strip(), remedy, of) if what else None


@dataclass(frozen=True, slots=True)
class TableFile:
    """The rows of a file, and its bytes as they were given."""

    lines: tuple[Line, ...]
    body: bytes
    is_workbook: bool


def read_table(path: Path, headings: Mapping[str, str], needed: Collection[str]) -> TableFile:
    """The rows under the head; `headings` names the column of each field, those in `needed` must be there.

    Marks and case of a heading do not matter, empty rows are left out. Raises ImportRefused for a file that cannot be read as this table.
    """
    try:
        body = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as fault:
        raise _refused(path, 1, f"không đọc được tệp ({fault.strerror})", "hãy kiểm tra đường dẫn và quyền đọc") from fault
    return table_of(body, path, headings, needed)


def table_of(body: bytes | None, path: Path, headings: Mapping[str, str], needed: Collection[str]) -> TableFile:
    """The same of a file's bytes (None: too many); `path` only names it in faults."""
    if body is None or len(body) > LARGEST:
        raise _refused(path, 1, f"tệp lớn hơn {LARGEST // 1_000_000} MB", "hãy bỏ các trang và ô thừa")
    is_workbook = body[:2] == b"PK"
    rows = _workbook_rows(path, body) if is_workbook else _csv_rows(path, body)
    return TableFile(tuple(_lines(path, rows, headings, needed, is_workbook)), body, is_workbook)


def _lines(path: Path, rows: _Rows, headings: Mapping[str, str], needed: Collection[str], is_workbook: bool) -> Iterator[Line]:
    wanted = {fold(heading): field for field, heading in headings.items()}
    columns: dict[int, str] | None = None
    left = MOST_ROWS
    for number, cells in rows:
        if columns is None:
            named = {at: wanted[fold(cell)] for at, cell in enumerate(cells) if fold(cell) in wanted}
            columns = named if set(needed) <= set(named.values()) else None
            if columns is None and number >= HEAD_ROWS:
                break
            if columns is not None:
                _whole(path, number, cells, named, headings)
        elif any(cell.strip() for cell in cells):
            if len(cells) > max(columns) + 1 and any(cell.strip() for at, cell in enumerate(cells) if at > max(columns)):
                raise _refused(path, number, "dòng có nhiều ô hơn dòng tiêu đề", "hãy đặt ô có dấu phân cách trong nháy kép")
            if (left := left - 1) < 0:
                raise _refused(path, number, f"tệp có hơn {MOST_ROWS} dòng", "hãy bỏ các dòng thừa, hoặc chia thành nhiều tệp")
            told = {name: _cell(cells, columns, name) for name in headings}
            yield Line(path.as_posix(), number, told, _places(number, columns, headings, is_workbook))
    if columns is None:
        names = ", ".join(f"'{headings[field]}'" for field in needed)
        raise _refused(path, 1, f"không thấy dòng tiêu đề có các cột {names}", "hãy dùng đúng biểu mẫu")


def _places(row: int, columns: Mapping[int, str], headings: Mapping[str, str], is_workbook: bool) -> Mapping[str, str]:
    """Where each field's cell stands: `ô F12` in a workbook, the column's name in a CSV."""
    return {name: f"ô {xl_col_to_name(at)}{row}" if is_workbook else f"cột '{headings[name]}'" for at, name in columns.items()}


def _whole(path: Path, number: int, cells: Sequence[str], named: Mapping[int, str], headings: Mapping[str, str]) -> None:
    """Raise ImportRefused for a heading that stands twice, or that nobody knows: its column would be lost in silence."""
    for at, cell in enumerate(cells):
        if cell.strip() and at not in named:
            known = ", ".join(f"'{heading}'" for heading in headings.values())
            raise _refused(path, number, f"không có cột nào tên '{cell.strip()}'", f"hãy dùng các cột {known}")
    twice = next((field for field in named.values() if list(named.values()).count(field) > 1), None)
    if twice is not None:
        raise _refused(path, number, f"cột '{headings[twice]}' có hai lần", "hãy giữ một cột")


def _cell(cells: Sequence[str], columns: Mapping[int, str], field: str) -> str:
    at = next((at for at, known in columns.items() if known == field), None)
    return cells[at] if at is not None and at < len(cells) else ""


def _csv_rows(path: Path, body: bytes) -> _Rows:
    try:
        text = nfc(body.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        line = body[: fault.start].count(b"\n") + 1
        raise _refused(path, line, "tệp không phải UTF-8", "hãy lưu lại tệp dạng 'CSV UTF-8'") from fault
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=";" if first.count(";") > first.count(",") else ",")
    line = 1
    try:
        for cells in rows:
            yield line, cells
            line = rows.line_num + 1
    except csv.Error as fault:
        raise _refused(path, line, "không đọc được dòng này", "hãy đóng mọi dấu nháy kép") from fault


def first_sheet(body: bytes, most_unpacked: int = MOST_UNPACKED) -> tuple[str, list[list[Any]]]:
    """Name and rows of a workbook's first sheet, from its first row on; raises SheetDamaged or SheetTooLarge."""
    try:
        check_workbook(body, most_unpacked)
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        name = book.sheet_names[0]
        return name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError, OSError) as fault:
        raise SheetDamaged("không phải tệp XLSX đọc được") from fault


def _workbook_rows(path: Path, body: bytes) -> _Rows:
    """The rows of the first sheet."""
    try:
        _, rows = first_sheet(body)
    except SheetTooLarge as fault:
        raise _refused(path, 1, "tệp XLSX quá lớn sau khi giải nén", "hãy bỏ các trang và ô thừa") from fault
    except SheetDamaged as fault:
        raise _refused(path, 1, "không phải tệp XLSX đọc được", "hãy mở tệp bằng Excel, lưu lại dạng .xlsx không khóa mật khẩu") from fault
    return ((number, [_cell_text(cell) for cell in row]) for number, row in enumerate(rows, start=1))


def _cell_text(cell: object) -> str:
    if isinstance(cell, datetime):
        return format_date(cell.date())
    if isinstance(cell, date):
        return format_date(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return nfc(str(cell)) if cell is not None else ""


def _refused(path: Path, line: int, what: str, remedy: str) -> ImportRefused:
    return ImportRefused([Fault(path.as_posix(), line, what, remedy)])


def table_text(headings: Mapping[str, str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """The same table as CSV that Excel opens with its marks: UTF-8 with a byte order mark, an empty cell where there is nothing."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings.values())
    for row in rows:
        writer.writerow("" if row.get(field) is None else str(row[field]) for field in headings)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
