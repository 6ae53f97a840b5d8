"""Words on a PDF page: runs become ReportLab paragraphs whose lines the page breaker sees one by one."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph as Setter

from hue_dti.reports import decree
from hue_dti.reports.escape import code_point, esc, printable
from hue_dti.reports.fonts import Faces
from hue_dti.reports.model import Note, Run, Text
from hue_dti.reports.paging import Line

ALIGNMENT: dict[str, Any] = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT, "justify": TA_JUSTIFY}
_REFERENCE = re.compile(r"#note-(\d+)")
_BLANKS = re.compile(r" {2,}")


class Block(Protocol):
    """Something that stands in the flow of pages: lines to break between, and a way to draw some of them."""

    @property
    def lines(self) -> Sequence[Line]:
        """What may be broken between."""

    @property
    def keeps_next(self) -> bool:
        """Whether the next block's first line stays with its last."""

    def draw(self, canvas: Canvas, x: float, top: float, first: int, stop: int) -> None:
        """Draw lines `first` up to `stop` with their upper left corner at (x, top)."""


@dataclass(frozen=True, slots=True)
class Look:
    """How words stand: face, size and line height in points, alignment, first-line indent in points."""

    font: str
    size: float
    spacing: float = decree.BODY_SPACING
    align: str = "left"
    indent: float = 0.0

    @property
    def leading(self) -> float:
        return self.size * self.spacing


class Writer:
    """Turns words into markup and styles of one set of faces."""

    def __init__(self, faces: Faces) -> None:
        self.faces = faces
        self._styles: dict[Look, ParagraphStyle] = {}

    def style(self, look: Look) -> ParagraphStyle:
        """The ReportLab style of a look, made once."""
        if look not in self._styles:
            self._styles[look] = ParagraphStyle(
                f"look-{len(self._styles)}",
                fontName=look.font,
                fontSize=look.size,
                leading=look.leading,
                alignment=ALIGNMENT[look.align],
                firstLineIndent=look.indent,
                bulletFontName=look.font,
                spaceShrinkage=0,
            )
        return self._styles[look]

    def words(self, text: str) -> str:
        """The words as markup, shown literally; a character that the faces lack stands there by its number."""
        text = printable(text)
        if not self.faces.covered.issuperset(text):
            text = "".join(char if char in self.faces.covered or char == "\n" else code_point(char) for char in text)
        return esc(text).replace("\n", "<br/>")

    def blanks(self, text: str) -> str:
        """Like words, keeping runs of spaces that are left to fill by hand."""
        return _BLANKS.sub(lambda found: "\u00a0" * len(found[0]), self.words(text))

    def markup(self, runs: Iterable[Run], size: float) -> str:
        """The runs as markup; a note becomes a raised number that leads to it."""
        return "".join(self._run(run, size) for run in runs)

    def _run(self, run: Run, size: float) -> str:
        if isinstance(run, Note):
            return _raised(run.number, f"#note-{run.number}", size)
        words = self.words(run.text)
        if isinstance(run, Text):
            words = f"<b>{words}</b>" if run.bold else words
            words = f"<i>{words}</i>" if run.italic else words
        return words

    def note(self, note: Note, look: Look) -> str:
        """A footnote's own words, opened by its number, which leads back to its reference."""
        return f"{_raised(note.number, f'#reference-{note.number}', look.size)} {self.markup(note.runs, look.size)}"


def _raised(number: int, place: str, size: float) -> str:
    return f'<a href="{place}" color="black"><super rise="{size * 0.33:.2f}" size="{size * 0.65:.2f}">{number}</super></a>'


class TextBlock:
    """One paragraph. At least two of its lines stand together before and after a page break.

    `space` in points above it; `whole` keeps all its lines on one page; `keeps_next` keeps the next block's start with it;
    `stays` keeps it on the page of the block before it; `tail` is how many of its last lines stand together.
    """

    def __init__(
        self, setter: Setter, width: float, *, space: float = 0.0, whole: bool = False, keeps_next: bool = False, stays: bool = False
    ) -> None:
        self._setter: Any = setter  # ReportLab keeps the broken lines in attributes that its types do not know
        _, self.height = self._setter.wrap(width, 1e9)
        self.width = width
        self.leading: float = self._setter.style.leading
        self.space, self.whole, self.keeps_next, self.stays = space, whole, keeps_next, stays
        self.tail = 2

    @property
    def count(self) -> int:
        """How many lines it has."""
        return len(self._setter.blPara.lines)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Its lines for the page breaker."""
        seen: set[int] = set()
        return tuple(self._line(index, seen) for index in range(self.count))

    def _line(self, index: int, seen: set[int]) -> Line:
        # In a column too narrow for its digits a number may stand on two lines: the note belongs to the first.
        notes = tuple(number for number in self._notes(index) if number not in seen)
        seen.update(notes)
        kept = self.whole or index == 1 or index > self.count - self.tail
        return Line(self.leading, space=0.0 if index else self.space, notes=notes, tied=kept if index else self.stays)

    def _notes(self, index: int) -> tuple[int, ...]:
        if self._setter.blPara.kind == 0:
            return ()
        words = self._setter.blPara.lines[index].words
        places = (place for word in words for _, place in getattr(word, "link", None) or ())
        cited = (_REFERENCE.fullmatch(place) for place in places)
        return tuple(dict.fromkeys(int(match[1]) for match in cited if match))

    def widest(self) -> float:
        """The width of its longest line."""
        lines = self._setter.blPara.lines
        spare = (line[0] if isinstance(line, tuple) else line.extraSpace for line in lines)
        return max((self.width - gap for gap in spare), default=0.0)

    def draw(self, canvas: Canvas, x: float, top: float, first: int, stop: int) -> None:
        """Draw some of its lines; a paragraph that goes on is justified to its last line here."""
        piece = copy.copy(self._setter)
        piece.blPara = copy.copy(piece.blPara)
        piece.blPara.lines = piece.blPara.lines[first:stop]
        if first and piece.style.firstLineIndent:
            piece.style = _without_indent(piece.style)
        last = piece.blPara.lines[-1]
        piece._JustifyLast = stop < self.count and not getattr(last, "lineBreak", False)
        piece.height = (stop - first) * self.leading
        piece.drawOn(canvas, x, top - piece.height)


class Gap:
    """Empty height or a centred rule, kept with what stands above it."""

    def __init__(self, height: float, *, width: float = 0.0, rule: float = 0.0) -> None:
        self.lines = (Line(height, tied=True),)
        self.keeps_next = False
        self._height, self._width, self._rule = height, width, rule

    def draw(self, canvas: Canvas, x: float, top: float, first: int, stop: int) -> None:
        """Draw the rule, if it has one."""
        if self._rule:
            rule(canvas, x + self._width / 2, top - self._height / 2, self._rule)


def rule(canvas: Canvas, middle: float, y: float, length: float) -> None:
    """A thin level line centred on `middle`."""
    canvas.setLineWidth(0.7)
    canvas.line(middle - length / 2, y, middle + length / 2, y)


def tied(line: Line) -> Line:
    """The same line, kept on the page of the line before it."""
    return replace(line, tied=True)


def _without_indent(style: ParagraphStyle) -> ParagraphStyle:
    flat = copy.copy(style)
    flat.firstLineIndent = 0
    return flat
