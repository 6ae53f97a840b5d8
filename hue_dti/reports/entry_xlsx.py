"""The form of a quarter as a workbook: a row for each unit and measure, only the cells to fill in can be changed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hue_dti.reports.escape import on_one_line

SHEET = "Nhập số liệu"
COLUMNS = ("Mã đơn vị", "Mã số liệu", "Kỳ", "Đơn vị", "Tiêu chí", "Số liệu", "Tính bằng", "Quý trước", "Số quý này", "Không có số", "Lý do")
VALUE, CHOICE, REASON = (COLUMNS.index(name) for name in ("Số quý này", "Không có số", "Lý do"))
HEAD_ROWS = 3
"""Rows above the first figure: the title, what to do, the names of the columns."""
_WIDTHS = (0, 0, 0, 24, 10, 52, 16, 14, 16, 20, 32)
_HIDDEN = 3
_HOW = "Chỉ gõ vào ba cột tô vàng. Không có số thì chọn ở cột 'Không có số', đừng gõ 0 thay. Cột nào khóa thì số do máy lấy hoặc đã duyệt."


@dataclass(frozen=True, slots=True)
class FormRow:
    """A figure of the form: its codes, words, what stands there, what may be chosen instead, and whether it takes typing."""

    unit: str
    measure: str
    period: str
    unit_name: str
    criteria: str
    name: str
    noun: str
    before: str
    text: str
    choice: str
    reason: str
    choices: tuple[str, ...]
    values: tuple[str, ...]
    why_locked: str


def entry_workbook(title: str, rows: Iterable[FormRow]) -> bytes:
    """The workbook's bytes; no cell holds a formula, whatever its words begin with."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        page = book.add_worksheet(SHEET)
        _frame(book, page, title)
        looks = _looks(book)
        for at, row in enumerate(rows, start=HEAD_ROWS):
            _write(page, at, row, looks)
    return content.getvalue()


def _frame(book: Workbook, page: Worksheet, title: str) -> None:
    page.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})
    page.write_string(0, _HIDDEN, on_one_line(title), book.add_format({"bold": True, "font_size": 14}))
    page.write_string(1, _HIDDEN, _HOW, book.add_format({"italic": True}))
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E7E6E6", "text_wrap": True, "valign": "vcenter"})
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        page.write_string(HEAD_ROWS - 1, column, name, head)
        page.set_column(column, column, width or 8, None, {"hidden": True} if column < _HIDDEN else {})
    page.freeze_panes(HEAD_ROWS, _HIDDEN + 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD_ROWS - 1)


def _looks(book: Workbook) -> dict[str, Format]:
    base = {"border": 1, "valign": "top", "text_wrap": True, "quote_prefix": True}
    return {
        "fixed": book.add_format(base),
        "open": book.add_format({**base, "locked": False, "bg_color": "#FFF9DB", "num_format": "@", "quote_prefix": False}),
        "right": book.add_format({**base, "align": "right"}),
        "locked": book.add_format({**base, "font_color": "#66727F"}),
    }


def _write(page: Worksheet, at: int, row: FormRow, looks: dict[str, Format]) -> None:
    fixed = (row.unit, row.measure, row.period, row.unit_name, row.criteria, row.name, row.noun)
    for column, text in enumerate(fixed):
        page.write_string(at, column, on_one_line(text), looks["fixed"])
    page.write_string(at, VALUE - 1, row.before, looks["right"])
    look = looks["locked"] if row.why_locked else looks["open"]
    for column, text in ((VALUE, row.text), (CHOICE, row.choice), (REASON, row.why_locked or row.reason)):
        page.write_string(at, column, on_one_line(text), look)
    if not row.why_locked:
        _list(page, at, CHOICE, row.choices)
        if row.values:
            _list(page, at, VALUE, row.values)


def _list(page: Worksheet, at: int, column: int, words: Sequence[str]) -> None:
    said = {"error_title": "Không có trong danh sách", "error_message": "Hãy chọn một dòng trong danh sách, hoặc để trống."}
    page.data_validation(at, column, at, column, {"validate": "list", "source": list(words), **said})
