"""A workbook that somebody filled in, read row by row, and what it would change: looked at before anything is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import isfinite
from typing import Any, Generic, TypeVar

from xlsxwriter.utility import xl_col_to_name

from hue_dti.collation import nfc
from hue_dti.errors import SettingError
from hue_dti.numerals import decimal_text, format_date
from hue_dti.reports.form_xlsx import HEAD_ROWS, FormColumn
from hue_dti.services.table_file import first_sheet
from hue_dti.services.workbooks import SheetDamaged, SheetTooLarge

MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 2_000_000, 40_000_000, 5_000
_TOO_LARGE = "Tệp quá lớn; hãy dùng đúng mẫu đã tải, không chèn thêm hình hay trang tính."

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row as one would type it, and where it stands."""

    sheet: str
    at: int
    texts: Sequence[str]

    def place(self, column: int) -> str:
        """`Nhập số liệu!I5`."""
        return f"{self.sheet}!{xl_col_to_name(column)}{self.at}"


@dataclass(frozen=True, slots=True)
class Change(Generic[Told]):
    """What a row would change, in words and as it is to be kept, or what is wrong with it, and where."""

    place: str
    of: str
    name: str
    told: Told | None = None
    words: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Preview(Generic[Told]):
    """All that a workbook would change; `same` counts the rows that say what stands there already."""

    changes: tuple[Change[Told], ...]
    same: int

    @property
    def good(self) -> tuple[Change[Told], ...]:
        """What can be kept."""
        return tuple(each for each in self.changes if not each.fault)

    @property
    def faulty(self) -> tuple[Change[Told], ...]:
        """What is left out."""
        return tuple(each for each in self.changes if each.fault)


def filled_rows(
    body: bytes, columns: Sequence[FormColumn], form: str, asked: Collection[int], most: int = MOST_ROWS
) -> Iterator[FilledRow]:
    """The rows in which one of the `asked` columns was filled in; SettingError for a file that is not this `form`."""
    if len(body) > MOST_BYTES:
        raise SettingError(_TOO_LARGE)
    try:
        name, table = first_sheet(body, MOST_UNPACKED)
    except SheetTooLarge as fault:
        raise SettingError(_TOO_LARGE) from fault
    except SheetDamaged as fault:
        raise SettingError("Tệp không đọc được; hãy nộp đúng mẫu .xlsx đã tải từ trang này.") from fault
    head = [cell_text(cell) for cell in table[HEAD_ROWS - 1]] if len(table) >= HEAD_ROWS else []
    if head[: len(columns)] != [column.name for column in columns] or len(table) > most + HEAD_ROWS:
        raise SettingError(f"Tệp không phải mẫu {form}; hãy tải mẫu từ trang này, điền rồi nộp lại, không đổi tên cột.")
    for at, row in enumerate(table[HEAD_ROWS:], start=HEAD_ROWS + 1):
        texts = [cell_text(cell) for cell in row[: len(columns)]]
        if any(texts[column] for column in asked):
            yield FilledRow(name, at, texts)


def cell_text(cell: Any) -> str:
    """A cell as one would type it: whole numbers without a point, others with a comma, days as days."""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        if not isfinite(cell):
            return str(cell)
        return str(int(cell)) if cell.is_integer() else decimal_text(Fraction(repr(cell)), 6, trim=True).replace(".", ",")
    if isinstance(cell, datetime | date):
        return format_date(cell.date() if isinstance(cell, datetime) else cell)
    return " ".join(nfc(str(cell)).split())
