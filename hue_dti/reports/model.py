"""What a report says, before anyone draws it; pdf, docx, xlsx and html render the same values."""

from __future__ import annotations

from dataclasses import dataclass


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
    """Table cells; `group` rows span the table after the first cell and stay with the next row."""

    cells: tuple[tuple[Text | Figure, ...], ...]
    group: bool = False


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
    """The head of Nghị định 30/2020; number, day and signer are left to fill: `Số:      /BC-BCĐ`."""

    superior: str
    issuer: str
    number: str
    place_and_date: str
    title: str
    subject: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Recipients on the left, signer's authority and office on the right, the name left to fill."""

    recipients: tuple[str, ...]
    authority: str
    office: str
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report; `snapshot_sha256` is printed as a small code line at the end of the last appendix."""

    unit: str
    period: str
    snapshot_sha256: str
    letterhead: Letterhead
    lead: tuple[Block, ...]
    body: tuple[Block, ...]
    closing: tuple[Block, ...]
    signature: SignatureBlock
    appendices: tuple[Appendix, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """All footnotes in order of their numbers."""
        blocks = (*self.lead, *self.body, *self.closing, *(b for a in self.appendices for b in a.blocks))
        runs = (run for block in blocks if not isinstance(block, Table) for run in block.runs)
        return tuple(run for run in runs if isinstance(run, Note))
