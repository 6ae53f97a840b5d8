"""What a report says, before anyone draws it; pdf, docx, xlsx and html render the same values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

WATERMARK = "DỰ THẢO"
"""Across every page of a paper whose figures are not frozen."""

CLOSING_MARK = "./."
"""Ends the body of an official text (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words; every renderer escapes them."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure and where it stands in the snapshot: `criteria/III.1/part`, `total/achieved`, `documents/count`."""

    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote hung at this place; `number` counts from 1 through the report."""

    number: int
    runs: tuple[Text | Figure, ...]


Run = Text | Figure | Note


@dataclass(frozen=True, slots=True)
class Heading:
    """level 1: I. UPPER BOLD; 2: 1. bold with a figures line; 3: a) bold."""

    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A body paragraph, justified with a first-line indent."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: header, width as a share of the text width, `left`/`center`/`right`."""

    title: str
    width: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """Table cells; a row may have fewer than the table has columns. `group` rows are bold and stay with the next row.

    In a group row a cell with words reaches over the empty cells to its right, except the first.
    """

    cells: tuple[tuple[Run, ...], ...]
    group: bool = False

    def spans(self, columns: int) -> tuple[tuple[tuple[Run, ...], int], ...]:
        """The cells as drawn, each with how many of the table's columns it takes; these add up to `columns`."""
        cells = (*self.cells[:columns], *[()] * (columns - len(self.cells)))
        drawn: list[tuple[tuple[Run, ...], int]] = []
        for place, cell in enumerate(cells):
            if self.group and not cell and place > 1:
                runs, taken = drawn[-1]
                drawn[-1] = (runs, taken + 1)
            else:
                drawn.append((cell, 1))
        return tuple(drawn)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a repeated header; rows are never cut across pages unless one is taller than a page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix with its own page numbers; `label` is "Phụ lục I", `reference` the line in brackets below the title."""

    label: str
    title: str
    reference: str
    landscape: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of Nghị định 30/2020; number, day and signer are left to fill: `Số:      /BC-BCĐ`.

    A letter (công văn) has no title and no subject but `about` ("V/v …") under its number.
    """

    superior: str
    issuer: str
    number: str
    place_and_date: str
    title: str
    subject: tuple[str, ...]
    about: str = ""

    @property
    def heading(self) -> str:
        """What the paper is, in one piece, for outlines and file properties."""
        return " ".join(words for words in (self.title, *self.subject, self.about) if words)


@dataclass(frozen=True, slots=True)
class Addressees:
    """To whom a paper goes, below its head: "Kính gửi:" and one or more names."""

    label: str
    names: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for one addressee; for several the label, and each on a line of its own ended by ";" and the last by "."."""
        if len(self.names) == 1:
            return (f"{self.label} {self.names[0]}",)
        return (self.label, *(f"- {name}{'.' if place == len(self.names) else ';'}" for place, name in enumerate(self.names, 1)))


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Recipients on the left, signer's authority and office on the right, the name left to fill."""

    recipients: tuple[str, ...]
    authority: str
    office: str
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report; `snapshot_sha256` is printed as a small code line at the end of the last appendix.

    An empty `snapshot_sha256` means a draft and is printed as such, unless `stamp` says what it stands on. `closed_at` dates the
    files' own properties; without it they carry a fixed date, so the same report always gives the same bytes.
    """

    unit: str
    period: str
    snapshot_sha256: str
    letterhead: Letterhead
    lead: tuple[Block, ...]
    body: tuple[Block, ...]
    closing: tuple[Block, ...]
    signature: SignatureBlock
    appendices: tuple[Appendix, ...]
    closed_at: datetime | None = None
    addressees: Addressees | None = None
    stamp: str = ""
    trail: str = ""
    """The code of the audit trail that the paper carries outside."""

    @property
    def main(self) -> tuple[Block, ...]:
        """Lead, body and closing as printed, ended by the closing mark "./."."""
        return _closed((*self.lead, *self.body, *self.closing))

    @property
    def watermark(self) -> str:
        """What stands across every page; empty for a paper on frozen figures, and for a letter."""
        return "" if self.snapshot_sha256 or self.stamp else WATERMARK

    @property
    def code_line(self) -> str:
        """The line that ends the paper: which snapshot its figures are, or that they are not frozen yet; and the trail's code."""
        trail = f"; mã nhật ký: {self.trail}" if self.trail else ""
        if self.stamp:
            return self.stamp + trail
        if not self.snapshot_sha256:
            return "Dự thảo: số liệu chưa chốt"
        return f"Mã bản chốt số liệu: {self.snapshot_sha256}{trail}"

    @property
    def notes(self) -> tuple[Note, ...]:
        """All footnotes in order of appearance."""
        blocks = (*self.lead, *self.body, *self.closing, *(block for appendix in self.appendices for block in appendix.blocks))
        return tuple(run for block in blocks for run in runs_of(block) if isinstance(run, Note))


def runs_of(block: Block) -> Iterator[Run]:
    """Every run of a block in reading order, table cells row by row."""
    if isinstance(block, Table):
        for row in block.rows:
            for cell in row.cells:
                yield from cell
    else:
        yield from block.runs


def uppered(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same runs in capitals, as headings of the first level are printed; footnotes stay as they are."""
    return tuple(run if isinstance(run, Note) else replace(run, text=run.text.upper()) for run in runs)


def plain(runs: Iterable[Run]) -> str:
    """The words without their footnotes."""
    return "".join(run.text for run in runs if not isinstance(run, Note))


def _closed(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    last = blocks[-1] if blocks else None
    if not isinstance(last, Paragraph):
        return (*blocks, Paragraph((Text(CLOSING_MARK),)))
    words = plain(last.runs).rstrip()
    if words.endswith(CLOSING_MARK):
        return blocks
    mark = CLOSING_MARK.removeprefix(".") if words.endswith(".") else CLOSING_MARK
    return (*blocks[:-1], replace(last, runs=(*last.runs, Text(mark))))
