"""The audit trail as a table to take away: what a cell says is never taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from xlsxwriter import Workbook

from hue_dti.numerals import format_moment
from hue_dti.trail.model import Event, Kept

MOST_ROWS = 50_000
COLUMNS = (
    *("Số", "Lúc", "Việc", "Thay đổi", "Mã việc", "Tài khoản", "Tên", "Mã đơn vị"),
    *("Về", "Trước", "Sau", "Lý do", "Từ đâu", "Số yêu cầu", "Mã băm"),
)
"""What a person reads, then what the trail keeps of it word for word."""
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDE, _NARROW = 48, 18

Telling = Callable[[Event], tuple[str, str]]
"""What happened, and what of it changed and why, in the words of the page."""


def csv_of(events: Iterable[Kept], tell: Telling) -> bytes:
    """UTF-8 with a byte order mark, as Excel opens it; words that begin like a formula get an apostrophe before them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in row] for row in _rows(events, tell))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_of(events: Iterable[Kept], tell: Telling) -> bytes:
    """One sheet in which every cell is words or a number."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        sheet, bold, quoted = book.add_worksheet("Nhật ký"), book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        sheet.set_column(0, len(COLUMNS) - 1, _NARROW)
        sheet.set_column(2, 3, _WIDE)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, COLUMNS, bold)
        for number, row in enumerate(_rows(events, tell), start=1):
            sheet.write_number(number, 0, int(row[0]))
            for column, words in enumerate(row[1:], start=1):
                sheet.write_string(number, column, words, quoted if words.startswith(_FORMULA_SIGNS) else None)
        sheet.autofilter(0, 0, sheet.dim_rowmax or 0, len(COLUMNS) - 1)
    return out.getvalue()


def _rows(events: Iterable[Kept], tell: Telling) -> Iterator[tuple[str, ...]]:
    for kept in events:
        event = kept.event
        words = (event.act, event.actor, event.name, event.unit, event.subject, event.old, event.new, event.reason)
        yield str(kept.seq), format_moment(event.at), *tell(event), *words, event.address, event.request, kept.hash


def harmless(cell: str) -> str:
    """The cell's words, with an apostrophe before those that a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell
