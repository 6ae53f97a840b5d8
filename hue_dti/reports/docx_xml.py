"""The small parts of a Word document: elements, runs, paragraphs, tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from hue_dti.reports import decree
from hue_dti.reports.columns import column_widths
from hue_dti.reports.escape import printable
from hue_dti.reports.fonts import Faces
from hue_dti.reports.model import Figure, Note, Row, Run, Table, Text

TWIPS = 20
"""Twentieths of a point: Word's measure of length."""
CELL_SIDE = 0.075 * 72
"""What Word's own tables leave beside the words of a cell, points."""

_CELL_ABOVE = 2.0

Hang = Callable[[Note], BaseOxmlElement]
"""Puts a footnote into its part and returns the run that cites it."""


def element(tag: str, *children: BaseOxmlElement, **attributes: str) -> BaseOxmlElement:
    """An element `w:tag` with attributes of the same namespace."""
    made = cast(BaseOxmlElement, OxmlElement(f"w:{tag}", attrs={qn(f"w:{name}"): value for name, value in attributes.items()}))
    made.extend(children)
    return made


def twips(points: float) -> str:
    """A length as Word writes it."""
    return str(round(points * TWIPS))


def run(text: str, *, bold: bool = False, italic: bool = False) -> BaseOxmlElement:
    """Words, shown literally; line feeds become line breaks."""
    made = element("r")
    if bold or italic:
        made.append(element("rPr", *([element("b")] if bold else []), *([element("i")] if italic else [])))
    for place, line in enumerate(printable(text).split("\n")):
        if place:
            made.append(element("br"))
        words = element("t")
        words.text = line
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        made.append(words)
    return made


def runs(parts: Iterable[Run], hang: Hang) -> list[BaseOxmlElement]:
    """Runs of the report as runs of Word."""
    return [hang(part) if isinstance(part, Note) else _words(part) for part in parts]


def _words(part: Text | Figure) -> BaseOxmlElement:
    if isinstance(part, Figure):
        return run(part.text)
    return run(part.text, bold=part.bold, italic=part.italic)


def paragraph(style: str, *content: BaseOxmlElement, keep_next: bool = False, align: str = "", left: float = 0.0) -> BaseOxmlElement:
    """A paragraph of a style (its id), moved `left` points from the margin."""
    properties = element("pPr", element("pStyle", val=style))
    if keep_next:
        properties.append(element("keepNext"))
    if left:
        properties.append(element("ind", left=twips(left)))
    if align:
        properties.append(element("jc", val=align))
    return element("p", properties, *content)


def rule(width: float, length: float) -> BaseOxmlElement:
    """A level line of that length in the middle of a cell or column of that width, points."""
    side = max((width - length) / 2, 0.0)
    properties = element(
        "pPr",
        element("pStyle", val="Letterhead"),
        element("keepNext"),
        element("pBdr", element("top", val="single", sz="6", space="1", color="000000")),
        element("spacing", before=twips(4), after="0", line=twips(6), lineRule="exact"),
        element("ind", left=twips(side), right=twips(side)),
    )
    return element("p", properties)


def grid(widths: Sequence[float], rows: Iterable[BaseOxmlElement], *, lines: bool) -> BaseOxmlElement:
    """A table of fixed column widths in points, with lines or without."""
    style = "TableGrid" if lines else "TableNormal"
    side, above = (CELL_SIDE, _CELL_ABOVE) if lines else (0.0, 0.0)
    properties = element(
        "tblPr",
        element("tblStyle", val=style),
        element("tblW", w=twips(sum(widths)), type="dxa"),
        element("tblLayout", type="fixed"),
        _cell_space(above, side),
    )
    # LibreOffice goes by tblGrid, Word by the cells: both say the same.
    columns = element("tblGrid", *(element("gridCol", w=twips(width)) for width in widths))
    return element("tbl", properties, columns, *rows)


def _cell_space(above: float, side: float) -> BaseOxmlElement:
    edges = (("top", above), ("left", side), ("bottom", above), ("right", side))
    return element("tblCellMar", *(element(edge, w=twips(space), type="dxa") for edge, space in edges))


def table_row(cells: Iterable[BaseOxmlElement], *, header: bool = False) -> BaseOxmlElement:
    """A row that is never cut; a header stands again on every page."""
    properties = element("trPr", element("cantSplit"), *([element("tblHeader")] if header else []))
    return element("tr", properties, *cells)


def cell(width: float, *content: BaseOxmlElement, span: int = 1, middle: bool = False) -> BaseOxmlElement:
    """A cell of that width in points over so many columns."""
    properties = element("tcPr", element("tcW", w=twips(width), type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=str(span)))
    if middle:
        properties.append(element("vAlign", val="center"))
    return element("tc", properties, *content)


def table(content: Table, hang: Hang, faces: Faces, *, landscape: bool) -> BaseOxmlElement:
    """The report's table: header repeated, rows whole, group rows with the row below them."""
    size = decree.WIDE_TABLE_SIZE if landscape else decree.TABLE_SIZE
    style = "WideTableText" if landscape else "TableText"
    widths = column_widths(content, decree.text_width(landscape), 2 * CELL_SIDE + 1, size, faces)
    header = table_row(
        (
            cell(width, paragraph(style, run(column.title, bold=True), keep_next=True, align="center"), middle=True)
            for column, width in zip(content.columns, widths, strict=True)
        ),
        header=True,
    )
    return grid(widths, [header, *(_row(row, content, widths, style, hang) for row in content.rows)], lines=True)


def _row(row: Row, content: Table, widths: Sequence[float], style: str, hang: Hang) -> BaseOxmlElement:
    cells: list[BaseOxmlElement] = []
    place = 0
    for parts, taken in row.spans(len(widths)):
        align = content.columns[place].align if taken == 1 else "left"
        words = runs(parts, hang) if not row.group else [_bold(part, hang) for part in parts]
        said = paragraph(style, *words, keep_next=row.group, align="" if align == "left" else align)
        cells.append(cell(sum(widths[place : place + taken]), said, span=taken))
        place += taken
    return table_row(cells)


def _bold(part: Run, hang: Hang) -> BaseOxmlElement:
    if isinstance(part, Note):
        return hang(part)
    return run(part.text, bold=True, italic=isinstance(part, Text) and part.italic)
