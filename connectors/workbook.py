"""Opens an XLSX that somebody else made, without letting it fill the memory, and finds the table in it."""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from connectors.cells import Cell, is_empty
from connectors.fields import NoResult, folded_day, shown, stated_day
from connectors.http import Answer
from connectors.worksheets import BadSheet, SheetTooLarge, letters, parts_of_sheets, without_result
from hue_dti.collation import fold
from hue_dti.errors import SourceAnswerInvalid
from hue_dti.observations.model import PullRequest

XLSX = frozenset({"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})
MOST_PARTS, MOST_UNPACKED_BYTES = 500, 100_000_000
HEAD_ROWS = 20
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_Gaps = Mapping[tuple[int, int], NoResult]
_OTHER_FORMATS = frozenset({"content.xml", "xl/workbook.bin"})
_MACROS = ("xl/vbaproject", "xl/macrosheets/")
_TOTALS = ("cong", "tong cong", "tong")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[i][j]` is the cell in row i + 1 and column j (A is 0)."""

    name: str
    rows: Sequence[Sequence[Cell]]

    def place(self, row: int, column: int | None = None) -> str:
        """Where a cell or a whole row stands: `Trang!C5`, or `Trang, dòng 5`."""
        return f"{self.name}, dòng {row + 1}" if column is None else f"{self.name}!{letters(column)}{row + 1}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its cells by heading, and where each stands."""

    place: str
    cells: Mapping[str, Cell]
    places: Mapping[str, str]


def open_sheets(answer: Answer) -> tuple[Sheet, ...]:
    """Every sheet of the file; a file that is not XLSX, is damaged, or unpacks to far too much raises SourceAnswerInvalid."""
    gaps = _guard(answer)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(answer.body))
        tables = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise answer.invalid("tệp XLSX bị hỏng", "mở tệp bằng Excel, lưu lại rồi gửi lại") from error
    return tuple(Sheet(name, _with_gaps(rows, gaps.get(name, {}))) for name, rows in tables.items())


def find_sheet(answer: Answer, sheets: Sequence[Sheet], name: str | None, headings: Collection[str]) -> Sheet:
    """The sheet of that name, or the first one whose head has all headings."""
    for sheet in sheets:
        if (name is None or fold(sheet.name) == fold(name)) and _head_row(sheet, headings) is not None:
            return sheet
    wanted = f"trang '{name}'" if name else "trang nào"
    raise answer.invalid(f"không có {wanted} với các cột {', '.join(headings)}", "dùng đúng biểu mẫu đã gửi")


def head_of(sheet: Sheet, headings: Collection[str]) -> tuple[int, dict[str, int]]:
    """The row of the headings (it exists: `find_sheet` saw it) and the column of every heading in it, folded."""
    row = _head_row(sheet, headings)
    assert row is not None  # noqa: S101 - find_sheet has chosen the sheet by its head
    columns: dict[str, int] = {}
    for column, cell in enumerate(sheet.rows[row]):
        if isinstance(cell, str) and cell.strip():
            columns.setdefault(fold(cell), column)
    return row, columns


def lines_of(sheet: Sheet, headings: Collection[str]) -> Iterator[Line]:
    """The rows under the head, without empty rows and rows of totals; a heading the sheet does not have gives None."""
    head, columns = head_of(sheet, headings)
    for row in range(head + 1, len(sheet.rows)):
        cells = sheet.rows[row]
        if is_idle(cells):
            continue
        at = {heading: columns[fold(heading)] for heading in headings}
        yield Line(
            sheet.place(row),
            {heading: cells[column] for heading, column in at.items()},
            {heading: sheet.place(row, column) for heading, column in at.items()},
        )


def is_idle(cells: Sequence[Cell]) -> bool:
    """Whether a row is empty or only sums up the others."""
    written = [cell for cell in cells if not is_empty(cell)]
    return not written or (isinstance(written[0], str) and fold(written[0]).rstrip(":") in _TOTALS)


def as_of(answer: Answer, sheet: Sheet, headings: Collection[str], request: PullRequest, now: datetime) -> date:
    """The date that a line above the table states ('Số liệu đến ngày 10/06/2024'), else the cut-off."""
    for cells in sheet.rows[: head_of(sheet, headings)[0]]:
        for cell in cells:
            if isinstance(cell, str) and "den ngay" in fold(cell):
                printed = folded_day(cell)
                if printed is None:
                    raise answer.invalid(f"dòng {shown(cell)} không có ngày đọc được", "ghi như 'Số liệu đến ngày 10/06/2024'")
                return stated_day(answer, printed, request, now)
    return request.cutoff


def _head_row(sheet: Sheet, headings: Collection[str]) -> int | None:
    wanted = {fold(heading) for heading in headings}
    for row, cells in enumerate(sheet.rows[:HEAD_ROWS]):
        if wanted <= {fold(cell) for cell in cells if isinstance(cell, str)}:
            return row
    return None


def _guard(answer: Answer) -> dict[str, _Gaps]:
    """Refuse a file whose parts unpack to too much, or whose cells reach too far; the cells without a result, by sheet."""
    unpacked, gaps, book = 0, dict[str, _Gaps](), dict[str, bytes]()
    try:
        with zipfile.ZipFile(BytesIO(answer.body)) as parts:
            names = {part.filename for part in parts.infolist()}
            if len(parts.infolist()) > MOST_PARTS:
                raise _too_large(answer)
            if _BOOK not in names or names & _OTHER_FORMATS:
                raise answer.invalid("không phải là tệp XLSX", "gửi lại tệp Excel (.xlsx)")
            if any(name.lower().startswith(_MACROS) for name in names):
                raise answer.invalid("có macro (.xlsm)", "lưu lại thành .xlsx, loại không có macro, rồi gửi lại")
            for part in parts.infolist():
                with parts.open(part) as stream:
                    content = stream.read(MOST_UNPACKED_BYTES - unpacked + 1)
                unpacked += len(content)
                if unpacked > MOST_UNPACKED_BYTES:
                    raise _too_large(answer)
                if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                    raise answer.invalid("tệp XLSX dùng bảng mã lạ", "mở tệp bằng Excel, lưu lại rồi gửi lại")
                gaps[part.filename.lower()] = without_result(content)
                if part.filename in (_BOOK, _RELATIONS):
                    book[part.filename] = content
            sheets = parts_of_sheets(book[_BOOK], book.get(_RELATIONS, b""))
            return {name: gaps.get(part_name, {}) for name, part_name in sheets.items()}
    except SheetTooLarge as error:
        raise _too_large(answer) from error
    except BadSheet as error:
        raise answer.invalid(f"tệp XLSX bị hỏng ({shown(error)})", "mở tệp bằng Excel, lưu lại rồi gửi lại") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise answer.invalid("không phải là tệp XLSX", "gửi lại tệp Excel (.xlsx), không khóa mật khẩu") from error


def _with_gaps(rows: Sequence[Sequence[Cell]], gaps: _Gaps) -> Sequence[Sequence[Cell]]:
    """The table with its cells without a result named; the reader of the table leaves them empty, at its edges even out."""
    width = max([len(rows[0]) if rows else 0, *(column + 1 for _, column in gaps)])
    height = max([len(rows), *(row + 1 for row, _ in gaps)])
    if not gaps:
        return rows
    table: list[list[Cell]] = [[*row, *([""] * (width - len(row)))] for row in rows]
    table += [[""] * width for _ in range(height - len(rows))]
    for (row, column), gap in gaps.items():
        table[row][column] = gap
    return table


def _too_large(answer: Answer) -> SourceAnswerInvalid:
    return answer.invalid("tệp XLSX quá lớn sau khi giải nén", "bỏ các trang và ô thừa rồi gửi lại")
