"""A ranking of provinces as a table to take away: ranks, values as printed, regions, growth."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hue_dti.numerals import decimal_text, format_percent
from hue_dti.reports.xlsx import book_of
from hue_dti.reports.xlsx_sheets import Cell, Points, Sheet, SheetColumn
from hue_dti.rollup.assess import last_places
from hue_dti.rollup.model import Assessment, Standing
from hue_dti.rollup.year_results import Row

_DIGITS = 4
"""Decimals of the table, as the ministry prints them."""


def columns(found: Assessment) -> tuple[tuple[str, float], ...]:
    """Heads and widths in letters."""
    names = (*(each.name for each in found.pillars), *(f"Chỉ số {each.name}" for each in found.main))
    compared = (("Năm trước", 10), ("Hạng năm trước", 10), ("Tăng trưởng", 10)) if _compared(found) else ()
    return (("Hạng", 8), ("Đơn vị", 26), ("DTI", 10), *((name, 12) for name in names), ("Vùng", 30), ("Hạng trong vùng", 10), *compared)


def cells(found: Assessment, rows: Sequence[Row]) -> tuple[tuple[Cell, ...], ...]:
    """The units in the order of the ranking."""
    return tuple(_cells(found, row) for row in rows)


def provinces_book(found: Assessment, rows: Sequence[Row], title: str) -> bytes:
    """One sheet; the same ranking gives the same bytes."""
    heads = tuple(SheetColumn(name, width) for name, width in columns(found))
    return book_of((Sheet("Xếp hạng", heads, cells(found, rows), 2),), title)


def cell_text(cell: Cell) -> str:
    """A cell in a table of words: `0,5872`, `35,8%`."""
    match cell:
        case Points():
            return decimal_text(Fraction(cell.ten_thousandths, 10**_DIGITS), _DIGITS).replace(".", ",")
        case Fraction():
            return format_percent(cell, 1)
        case _:
            return "" if cell is None else str(cell)


def _compared(found: Assessment) -> bool:
    return any(result.index.previous is not None for result in found.results)


def _cells(found: Assessment, row: Row) -> tuple[Cell, ...]:
    result, index = row.result, row.result.index
    values = (index, *result.pillars.values(), *(result.main[each.code] for each in found.main))
    told: tuple[Cell, ...] = (row.rank, result.unit, *(_value(each.value) for each in values), row.region or None, row.region_rank)
    return told + (_before(index) if _compared(found) else ())


def _before(index: Standing) -> tuple[Cell, ...]:
    return _value(index.previous) if index.previous is not None else None, index.previous_rank, index.growth


def _value(value: Fraction) -> Points:
    return Points(last_places(value, _DIGITS))
