"""A table on PDF pages: its header stands on every page, its rows are not cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph as Setter

from hue_dti.reports import decree
from hue_dti.reports.columns import column_widths
from hue_dti.reports.model import Row, Run, Table, Text
from hue_dti.reports.paging import Line
from hue_dti.reports.pdf_text import Look, TextBlock, Writer

_PAD_X = 3.5
_PAD_Y = 2.5
_LINE = 0.5
_NOTE_ROOM = 48.0
"""What the beginning of a footnote takes of a page at most, points."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """Words in a box: `left` and `width` within the table, in points."""

    words: TextBlock
    left: float
    width: float

    def notes(self, first: int, stop: int) -> tuple[int, ...]:
        return tuple(number for line in self.words.lines[first:stop] for number in line.notes)


@dataclass(frozen=True, slots=True)
class _Strip:
    """A row, or a slice of a row that is taller than a page: text lines `first` up to `stop` of each cell."""

    cells: tuple[_Cell, ...]
    height: float
    first: int
    stop: int
    group: bool = False

    @property
    def notes(self) -> tuple[int, ...]:
        return tuple(number for cell in self.cells for number in cell.notes(self.first, self.stop))


class TableBlock:
    """A table for the flow of pages; line 0 is the header, then one line a row (or slice of a row)."""

    keeps_next = False

    def __init__(self, table: Table, writer: Writer, *, landscape: bool) -> None:
        self._writer = writer
        size = decree.WIDE_TABLE_SIZE if landscape else decree.TABLE_SIZE
        self._look = Look(writer.faces.regular, size, decree.TABLE_SPACING)
        # The hair's breadth keeps a word that just fits from being cut by rounding.
        padding = 2 * _PAD_X + 0.1
        self._columns = _boxes(column_widths(table, decree.text_width(landscape), padding, size, writer.faces))
        self._header = self._strips(self._header_cells(table), 1e9)[0]
        limit = decree.text_height(landscape) - self._header.height
        self._rows = tuple(strip for row in table.rows for strip in self._strips(self._cells(table, row), limit, group=row.group))
        self.lines: Sequence[Line] = self._lines()

    def _lines(self) -> tuple[Line, ...]:
        lines = [Line(self._header.height, space=decree.PARAGRAPH_SPACE)]
        above: _Strip | None = None
        for strip in self._rows:
            stays = above is None or above.group
            lines.append(Line(strip.height, notes=strip.notes, tied=stays, lead=self._header.height))
            above = strip
        return tuple(lines)

    def _strips(self, cells: tuple[_Cell, ...], limit: float, *, group: bool = False) -> tuple[_Strip, ...]:
        leading = self._look.leading
        count = max((cell.words.count for cell in cells), default=1)
        cited = sum(len(cell.notes(0, count)) for cell in cells)
        limit -= min(cited * _NOTE_ROOM, limit / 2)
        most = max(int((limit - 2 * _PAD_Y) / leading), 1)
        if count > most:
            most = max(most // 2, 1)  # so that a slice and the notes it cites find room on one page
        return tuple(self._strip(cells, start, min(start + most, count), group) for start in range(0, max(count, 1), most))

    def _strip(self, cells: tuple[_Cell, ...], first: int, stop: int, group: bool) -> _Strip:
        return _Strip(cells, max(stop - first, 1) * self._look.leading + 2 * _PAD_Y, first, stop, group)

    def _header_cells(self, table: Table) -> tuple[_Cell, ...]:
        return tuple(
            self._cell((Text(column.title),), left, width, "center", bold=True)
            for column, (left, width) in zip(table.columns, self._columns, strict=True)
        )

    def _cells(self, table: Table, row: Row) -> tuple[_Cell, ...]:
        cells: list[_Cell] = []
        at = 0
        for runs, taken in row.spans(len(self._columns)):
            left = self._columns[at][0]
            width = sum(width for _, width in self._columns[at : at + taken])
            align = table.columns[at].align if taken == 1 else "left"
            cells.append(self._cell(runs, left, width, align, bold=row.group))
            at += taken
        return tuple(cells)

    def _cell(self, runs: Sequence[Run], left: float, width: float, align: str, *, bold: bool) -> _Cell:
        look = replace(self._look, align=align, font=self._writer.faces.bold if bold else self._look.font)
        setter = Setter(self._writer.markup(runs, look.size), self._writer.style(look))
        return _Cell(TextBlock(setter, max(width - 2 * _PAD_X, look.size)), left, width)

    def draw(self, canvas: Canvas, x: float, top: float, first: int, stop: int) -> None:
        """Draw rows, under the header if they start a page."""
        if first > 0 and stop > first:
            top = self._draw(canvas, self._header, x, top, middle=True)
        for index in range(first, stop):
            strip = self._rows[index - 1] if index else self._header
            top = self._draw(canvas, strip, x, top, middle=index == 0)

    def _draw(self, canvas: Canvas, strip: _Strip, x: float, top: float, *, middle: bool) -> float:
        canvas.setLineWidth(_LINE)
        for cell in strip.cells:
            canvas.rect(x + cell.left, top - strip.height, cell.width, strip.height)
            stop = min(strip.stop, cell.words.count)
            if stop > strip.first:
                spare = strip.height - 2 * _PAD_Y - (stop - strip.first) * cell.words.leading if middle else 0.0
                cell.words.draw(canvas, x + cell.left + _PAD_X, top - _PAD_Y - spare / 2, strip.first, stop)
        return top - strip.height


def _boxes(widths: Sequence[float]) -> tuple[tuple[float, float], ...]:
    return tuple((sum(widths[:place]), width) for place, width in enumerate(widths))
