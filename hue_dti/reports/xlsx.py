"""The quarter as a workbook: numbers as numbers, each with where it came from."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
from fractions import Fraction

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hue_dti.catalogue.model import Catalogue
from hue_dti.periods import LOCAL
from hue_dti.reports.escape import on_one_line, printable
from hue_dti.reports.model import Report
from hue_dti.reports.target import UNDATED, Target, deliver, moment
from hue_dti.reports.xlsx_sheets import Cell, Points, Sheet, sheets_of
from hue_dti.snapshots.model import Snapshot

_A4 = 9
_LONGEST = 32_000
"""Excel refuses longer words in a cell."""
_LINE, _HIGHEST = 15.0, 409.0
"""A line's height and the highest row Excel allows, points."""
_LETTERS = 1.15
"""Letters of running text in the width of one digit."""
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_FORMULA_SIGNS = ("=", "+", "-", "@")


def write_xlsx(report: Report, snapshot: Snapshot, catalogue: Catalogue, target: Target) -> None:
    """Write the workbook of a snapshot: criteria, groups, shortfall lists, documents, figures with their origins.

    No cell holds a formula, whatever its words begin with. The same snapshot gives the same bytes.
    """
    content = io.BytesIO()
    with Workbook(content, dict(_PLAIN)) as book:
        head = report.letterhead
        book.set_properties(
            {
                "title": on_one_line(" ".join((head.title, *head.subject)))[:255],
                "author": on_one_line(head.issuer)[:255],
                "keywords": report.snapshot_sha256,
                "created": moment(report).astimezone(UTC).replace(tzinfo=None),
            }
        )
        formats = _Formats(book)
        for sheet in sheets_of(report, snapshot, catalogue):
            page = book.add_worksheet(sheet.name)
            if report.watermark:
                page.set_header(f"&C&18{report.watermark}")
            _write(page, sheet, formats)
    deliver(content.getvalue(), target)


def book_of(sheets: Sequence[Sheet], title: str) -> bytes:
    """A workbook of other sheets in the same look; the same sheets give the same bytes, and no cell holds a formula."""
    content = io.BytesIO()
    with Workbook(content, dict(_PLAIN)) as book:
        book.set_properties({"title": on_one_line(title)[:255], "created": UNDATED.replace(tzinfo=None)})
        formats = _Formats(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, formats)
    return content.getvalue()


class _Formats:
    """The looks of cells, made once per workbook."""

    def __init__(self, book: Workbook) -> None:
        base = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "border": 1}
        self.header = book.add_format(
            {**base, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#E7E6E6"}
        )
        self.text = book.add_format({**base, "text_wrap": True})
        self.quoted = book.add_format({**base, "text_wrap": True, "quote_prefix": True})
        self.count = book.add_format({**base, "num_format": "#,##0"})
        self.points = book.add_format({**base, "num_format": "General"})
        self.share = book.add_format({**base, "num_format": "0.00%"})
        self.day = book.add_format({**base, "num_format": "dd/mm/yyyy"})
        self.moment = book.add_format({**base, "num_format": "hh:mm:ss dd/mm/yyyy"})


def _write(page: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    page.freeze_panes(1, sheet.frozen_columns)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_row(0, 32)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, column.title, formats.header)
    for number, row in enumerate(sheet.rows, start=1):
        page.set_row(number, _height(sheet, row))
        _write_row(page, number, row, formats)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _height(sheet: Sheet, row: Sequence[Cell]) -> float:
    """Room for the row's longest words in points: not every program makes it by itself."""
    words = zip(sheet.columns, row, strict=True)
    lines = [_lines(value, column.width) for column, value in words if isinstance(value, str)]
    return min(_LINE * max(lines, default=1), _HIGHEST)


def _lines(text: str, width: float) -> int:
    return sum(math.ceil(max(len(line), 1) / (width * _LETTERS)) for line in text.split("\n"))


def _write_row(page: Worksheet, number: int, row: Sequence[Cell], formats: _Formats) -> None:
    for place, value in enumerate(row):
        if isinstance(value, str):
            page.write_string(number, place, *_words(value, formats))
        elif value is None:
            page.write_blank(number, place, None, formats.text)
        elif isinstance(value, Points):
            page.write_number(number, place, value.number, formats.points)
        elif isinstance(value, Fraction):
            page.write_number(number, place, float(value), formats.share)
        elif isinstance(value, datetime):
            page.write_datetime(number, place, value.astimezone(LOCAL).replace(tzinfo=None), formats.moment)
        elif isinstance(value, date):
            page.write_datetime(number, place, datetime(value.year, value.month, value.day), formats.day)  # noqa: DTZ001 - a day has no zone
        else:
            page.write_number(number, place, value, formats.count)


def _words(text: str, formats: _Formats) -> tuple[str, Format]:
    """The words and their look: what begins like a formula stays words even after somebody edits the cell."""
    words = printable(text)
    if len(words) > _LONGEST:
        words = words[:_LONGEST] + " […]"
    return words, formats.quoted if words.startswith(_FORMULA_SIGNS) else formats.text
