"""Widths of a table's columns: as the content asks, but none so narrow that a word would be cut in the middle."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfbase.pdfmetrics import stringWidth

from hue_dti.reports.escape import printable
from hue_dti.reports.fonts import Faces
from hue_dti.reports.model import Note, Run, Table

_MOST = 0.4
"""No word makes its column wider than this share of the table."""


def column_widths(table: Table, width: float, padding: float, size: float, faces: Faces) -> tuple[float, ...]:
    """Return the widths in points; they add up to `width`. `padding` is what a cell needs beside its words."""
    total = sum(column.width for column in table.columns)
    asked = [width * column.width / total for column in table.columns]
    least = [min(need + padding, width * _MOST) for need in _longest_words(table, size, faces)]
    return _shared_out(asked, least, width)


def _longest_words(table: Table, size: float, faces: Faces) -> list[float]:
    longest = [_longest(column.title, faces.bold, size) for column in table.columns]
    for row in table.rows:
        if row.group:
            continue
        for place, cell in enumerate(row.cells[: len(longest)]):
            longest[place] = max(longest[place], _longest(_with_numbers(cell), faces.regular, size))
    return longest


def _with_numbers(cell: Sequence[Run]) -> str:
    return "".join(str(run.number) if isinstance(run, Note) else run.text for run in cell)


def _longest(words: str, font: str, size: float) -> float:
    longest = max(printable(words).split(), key=len, default="")
    return float(stringWidth(longest, font, size)) if longest else 0.0


def _shared_out(asked: Sequence[float], least: Sequence[float], width: float) -> tuple[float, ...]:
    """Give every column at least its least; the others give way in proportion to what they have to spare."""
    if sum(least) >= width:
        return tuple(width * need / sum(least) for need in least)
    short = sum(max(need - have, 0.0) for have, need in zip(asked, least, strict=True))
    spare = sum(max(have - need, 0.0) for have, need in zip(asked, least, strict=True))
    if not short:
        return tuple(asked)
    return tuple(need if have <= need else have - (have - need) * short / spare for have, need in zip(asked, least, strict=True))
