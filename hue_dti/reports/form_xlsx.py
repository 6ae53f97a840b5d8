"""A workbook to fill in: hidden codes, words to read, and only the cells to fill in can be changed, some with a list to choose from."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hue_dti.reports.escape import on_one_line

HEAD_ROWS = 3
"""Rows above the first line: the title, what to do, the names of the columns."""

_LINE, _HIGHEST = 15.0, 409.0
"""A line's height and the highest row Excel allows, points."""
_LETTERS = 1.1
"""Letters of running text in the width of one digit."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column: without a width it is hidden and holds what the program reads by; `open` ones take typing."""

    name: str
    width: float = 0
    open: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line: a text for each column, the open columns that are `shut` in it, and what may be chosen in a column."""

    cells: Sequence[str]
    shut: Collection[int] = ()
    lists: Mapping[int, Sequence[str]] = field(default_factory=dict)


def form_workbook(sheet: str, title: str, how: str, columns: Sequence[FormColumn], lines: Iterable[FormLine]) -> bytes:
    """The workbook's bytes; no cell holds a formula, whatever its words begin with."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        page = book.add_worksheet(sheet)
        _frame(book, page, title, how, columns)
        looks = _looks(book)
        for at, line in enumerate(lines, start=HEAD_ROWS):
            _write(page, at, line, columns, looks)
    return content.getvalue()


def _frame(book: Workbook, page: Worksheet, title: str, how: str, columns: Sequence[FormColumn]) -> None:
    first = next(at for at, column in enumerate(columns) if column.width)
    page.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})
    page.write_string(0, first, on_one_line(title), book.add_format({"bold": True, "font_size": 14}))
    page.write_string(1, first, how, book.add_format({"italic": True}))
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E7E6E6", "text_wrap": True, "valign": "vcenter"})
    for at, column in enumerate(columns):
        page.write_string(HEAD_ROWS - 1, at, column.name, head)
        page.set_column(at, at, column.width or 8, None, {} if column.width else {"hidden": True})
    page.freeze_panes(HEAD_ROWS, first + 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD_ROWS - 1)


def _height(line: FormLine, columns: Sequence[FormColumn]) -> float:
    """High enough for the longest text of the line, wrapped."""
    wrapped = (
        -(-len(text) // max(1, int(column.width * _LETTERS))) for column, text in zip(columns, line.cells, strict=True) if column.width
    )
    return min(_LINE * max(1, *wrapped), _HIGHEST)


def _looks(book: Workbook) -> dict[str, Format]:
    base = {"border": 1, "valign": "top", "text_wrap": True, "quote_prefix": True}
    return {
        "fixed": book.add_format(base),
        "open": book.add_format({**base, "locked": False, "bg_color": "#FFF9DB", "num_format": "@", "quote_prefix": False}),
        "right": book.add_format({**base, "align": "right"}),
        "shut": book.add_format({**base, "font_color": "#66727F"}),
    }


def _write(page: Worksheet, at: int, line: FormLine, columns: Sequence[FormColumn], looks: Mapping[str, Format]) -> None:
    page.set_row(at, _height(line, columns))
    for place, (column, text) in enumerate(zip(columns, line.cells, strict=True)):
        look = "right" if column.right else "fixed"
        if column.open:
            look = "shut" if place in line.shut else "open"
        page.write_string(at, place, on_one_line(text), looks[look])
    for place, words in line.lists.items():
        if place not in line.shut:
            said = {"error_title": "Không có trong danh sách", "error_message": "Hãy chọn một dòng trong danh sách, hoặc để trống."}
            page.data_validation(at, place, at, place, {"validate": "list", "source": list(words), **said})
