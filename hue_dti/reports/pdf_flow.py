"""Puts blocks on pages: the body and each appendix is one flow with its own paper and page numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from hue_dti.reports import decree
from hue_dti.reports.fonts import Faces
from hue_dti.reports.paging import Line, NotePart, Page, Room, paginate
from hue_dti.reports.pdf_text import Block, TextBlock, tied

NOTE_GAP = 1.5
SEPARATOR = 10.0
_SEPARATOR_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A line in the reader's outline."""

    title: str
    level: int


@dataclass(frozen=True)
class Flow:
    """Blocks for one run of pages. `marks` has the outline entry of a block, by its place; `notes` every footnote cited."""

    blocks: Sequence[Block]
    notes: Mapping[int, TextBlock]
    marks: Mapping[int, Mark]
    landscape: bool

    @property
    def paper(self) -> tuple[float, float]:
        """Width and height in points."""
        width, height = decree.PAPER
        return (height * decree.MM, width * decree.MM) if self.landscape else (width * decree.MM, height * decree.MM)

    def room(self) -> Room:
        """What a page holds."""
        note_line = decree.NOTE_SIZE * decree.NOTE_SPACING
        return Room(decree.text_height(self.landscape), note_line, NOTE_GAP, SEPARATOR)


class FlowPrinter:
    """Draws flows one after the other on a canvas."""

    def __init__(self, canvas: Canvas, faces: Faces, watermark: str = "") -> None:
        self._canvas, self._faces, self._watermark = canvas, faces, watermark
        self._outline_level = -1

    def print(self, flow: Flow) -> None:
        """Break a flow into pages and draw them."""
        places = tuple(_places(flow.blocks))
        counts = {number: note.count for number, note in flow.notes.items()}
        pages = paginate([place.line for place in places], counts, flow.room())
        for number, page in enumerate(pages, start=1):
            self._page(flow, places[page.first : page.stop], page, number)

    def _page(self, flow: Flow, places: Sequence[_Place], page: Page, number: int) -> None:
        self._canvas.setPageSize(flow.paper)
        self._across(flow)
        if number > 1:
            self._number(flow, number)
        self._text(flow, places)
        self._notes(flow, page.notes)
        self._canvas.showPage()

    def _across(self, flow: Flow) -> None:
        """The watermark, below everything else."""
        if not self._watermark:
            return
        width, height = flow.paper
        self._canvas.saveState()
        self._canvas.setFillGray(decree.WATERMARK_GRAY)
        self._canvas.setFont(self._faces.bold, decree.WATERMARK_SIZE)
        self._canvas.translate(width / 2, height / 2)
        self._canvas.rotate(decree.WATERMARK_ANGLE)
        self._canvas.drawCentredString(0, -decree.WATERMARK_SIZE / 3, self._watermark)
        self._canvas.restoreState()

    def _number(self, flow: Flow, number: int) -> None:
        width, height = flow.paper
        middle = (width + (decree.MARGIN_LEFT - decree.MARGIN_RIGHT) * decree.MM) / 2
        self._canvas.setFont(self._faces.regular, decree.PAGE_NUMBER_SIZE)
        self._canvas.drawCentredString(middle, height - decree.MARGIN_TOP * decree.MM * 0.62, str(number))

    def _text(self, flow: Flow, places: Sequence[_Place]) -> None:
        x = decree.MARGIN_LEFT * decree.MM
        top = flow.paper[1] - decree.MARGIN_TOP * decree.MM
        for block_index, group in itertools.groupby(places, key=lambda place: place.block):
            here = list(group)
            starts_page = here[0] is places[0]
            top -= 0.0 if starts_page else here[0].line.space
            self._anchor(flow, block_index, here, top)
            flow.blocks[block_index].draw(self._canvas, x, top, here[0].index, here[-1].index + 1)
            top -= sum(place.line.height for place in here) + (here[0].line.lead if starts_page else 0.0)

    def _anchor(self, flow: Flow, block_index: int, places: Sequence[_Place], top: float) -> None:
        below = top
        for place in places:
            for number in place.line.notes:
                self._canvas.bookmarkHorizontal(f"reference-{number}", 0, below)
            below -= place.line.height
        mark = flow.marks.get(block_index)
        if mark is not None and places[0].index == 0:
            key = f"mark-{self._canvas.getPageNumber()}-{block_index}"
            self._outline_level = min(mark.level, self._outline_level + 1)
            self._canvas.bookmarkHorizontal(key, 0, top)
            self._canvas.addOutlineEntry(mark.title, key, self._outline_level)

    def _notes(self, flow: Flow, parts: Sequence[NotePart]) -> None:
        if not parts:
            return
        x = decree.MARGIN_LEFT * decree.MM
        top = decree.MARGIN_BOTTOM * decree.MM + flow.room().taken(parts)
        self._canvas.setLineWidth(0.5)
        middle = top - SEPARATOR / 2
        self._canvas.line(x, middle, x + decree.text_width(flow.landscape) * _SEPARATOR_SHARE, middle)
        top -= SEPARATOR
        for part in parts:
            note = flow.notes[part.number]
            if part.first == 0:
                self._canvas.bookmarkHorizontal(f"note-{part.number}", 0, top)
            note.draw(self._canvas, x, top, part.first, part.stop)
            top -= part.lines * note.leading + NOTE_GAP


@dataclass(frozen=True, slots=True)
class _Place:
    """A line of the flow: line `index` of block `block`."""

    block: int
    index: int
    line: Line


def _places(blocks: Sequence[Block]) -> Iterator[_Place]:
    keeps = False
    for number, block in enumerate(blocks):
        for index, line in enumerate(block.lines):
            yield _Place(number, index, tied(line) if keeps and index == 0 else line)
        if block.lines:
            keeps = block.keeps_next
