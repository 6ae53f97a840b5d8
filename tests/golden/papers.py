"""The report's files read back with other libraries than those that wrote them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import pdfplumber
from bs4 import BeautifulSoup, Tag
from docx import Document
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table
from pdfplumber.page import Page
from pypdf import PdfReader

BODY, NOTE, TABLES = 14.0, 10.0, {12.0, 11.0}
RAISED = {14.0: 9.1, 10.0: 6.5}
TOP_MARGIN = 20 * 72 / 25.4


def squeezed(words: str) -> str:
    """Without any space or line break, since each format breaks its lines elsewhere."""
    return re.sub(r"\s", "", words)


def pdf_words(path: Path) -> str:
    """Everything a PDF says, squeezed; much quicker than its letters one by one."""
    return squeezed("".join(page.extract_text() for page in PdfReader(path).pages))


class PdfPaper:
    """A PDF by the letters on its pages, in the order they are drawn."""

    def __init__(self, path: Path) -> None:
        self.pages = [_PdfPage(page) for page in pdfplumber.open(io.BytesIO(path.read_bytes())).pages]

    @cached_property
    def main(self) -> list[_PdfPage]:
        """The pages before the appendices."""
        return self.pages[: self._labels[0]]

    @cached_property
    def body(self) -> str:
        """Title, text and signer, squeezed, each reference as `[n]`."""
        return squeezed("".join(page.words(BODY) for page in self.main))

    @cached_property
    def notes(self) -> dict[int, str]:
        """The footnotes by their numbers, put together again where they go over pages."""
        told = re.split(r"\[(\d+)\]", squeezed("".join(page.words(NOTE) for page in self.main)))
        assert told[0] == ""
        return {int(number): words for number, words in zip(told[1::2], told[2::2], strict=True)}

    def tables(self, title: str) -> list[list[list[str | None]]]:
        """The table of one appendix, page by page, rows of cells squeezed; a cell another reaches over is None."""
        pages = self.appendix(title)
        return [[[cell and squeezed(cell) for cell in row] for row in table] for page in pages for table in page.tables]

    def appendix(self, title: str) -> list[_PdfPage]:
        """The pages of an appendix: from its label to the next one's."""
        start = next(at for at in self._labels if squeezed(title) in squeezed(self.pages[at].words(BODY)))
        end = next((at for at in self._labels if at > start), len(self.pages))
        return self.pages[start:end]

    @cached_property
    def _labels(self) -> list[int]:
        """Where an appendix begins."""
        return [at for at, page in enumerate(self.pages) if squeezed(page.words(BODY)).startswith("Phụlục")]


class _PdfPage:
    def __init__(self, page: Page) -> None:
        self.width, self.height = page.width, page.height
        self.letters = [{**char, "size": round(char["size"], 1)} for char in page.chars]
        self.lines = page.lines
        self._page = page

    @cached_property
    def tables(self) -> list[list[list[str | None]]]:
        return self._page.extract_tables()

    @property
    def number(self) -> str:
        return "".join(char["text"] for char in self.letters if char["top"] < TOP_MARGIN)

    def find(self, words: str) -> list[dict[str, Any]]:
        """The letters of these words, spaces left out."""
        letters = [char for char in self.letters if char["text"].strip()]
        at = "".join(char["text"] for char in letters).index(squeezed(words))
        return letters[at : at + len(squeezed(words))]

    def words(self, size: float) -> str:
        """Letters of that size below the top margin, what is raised among them in brackets."""
        wanted = [char for char in self.letters if char["top"] > TOP_MARGIN and char["size"] in {size, RAISED.get(size, size)}]
        told = ((raised, "".join(char["text"] for char in group)) for raised, group in groupby(wanted, lambda char: char["size"] != size))
        return "".join(f"[{words.strip()}]" if raised else words for raised, words in told)


@dataclass(frozen=True)
class Spoken:
    """A format's words in order: paragraphs and headings with references as `[n]`, the notes, the rows of each appendix's table."""

    blocks: list[str]
    notes: dict[int, str]
    tables: list[list[list[str]]]


class DocxPaper:
    """A Word document by its XML."""

    def __init__(self, path: Path) -> None:
        self.document = Document(path)
        self.footnotes = parse_xml(
            next(part.blob for part in self.document.part.package.iter_parts() if part.partname.endswith("/footnotes.xml"))
        )

    @cached_property
    def spoken(self) -> Spoken:
        blocks = [
            _docx_words(each._p)
            for each in self.document.paragraphs
            if each.style.style_id == "BodyText" or each.style.style_id.startswith("Heading")
        ]
        notes = {int(note.get(qn("w:id"))): _docx_words(note).strip() for note in self.footnotes if note.get(qn("w:type")) is None}
        return Spoken(blocks, notes, [[list(_docx_row(row)) for row in table._tbl.tr_lst] for table in self.tables])

    @property
    def tables(self) -> list[Table]:
        """The tables of the appendices: all but letterhead and signature."""
        return self.document.tables[2:]


def _docx_row(row: BaseOxmlElement) -> Iterator[str]:
    for cell in row.tc_lst:
        yield "\n".join(_docx_words(each) for each in cell.p_lst)


def _docx_words(element: BaseOxmlElement) -> str:
    """The words of an element, its breaks as line feeds and the footnotes it cites as `[n]`."""
    signs = {qn("w:t"): lambda each: each.text or "", qn("w:br"): lambda _: "\n", qn("w:footnoteReference"): _docx_reference}
    return "".join(signs[each.tag](each) for each in element.iter() if each.tag in signs)


def _docx_reference(element: BaseOxmlElement) -> str:
    return f"[{element.get(qn('w:id'))}]"


class HtmlPaper:
    """The report's page by its tags."""

    def __init__(self, markup: str) -> None:
        self.article = BeautifulSoup(markup, "html.parser").select_one("article.report")

    @cached_property
    def spoken(self) -> Spoken:
        sections = self.article.find_all("section")
        found = [each for section in sections for each in section.find_all(["h3", "h4", "h5", "p"], recursive=False)]
        blocks = [_html_words(each) for each in found if "report-reference" not in each.get("class", [])]
        notes = {int(each["value"]): _html_words(each, "↑").strip() for each in self.article.select(".report-notes > li")}
        tables = [
            [[_html_words(cell) for cell in row.find_all(["td", "th"])] for row in each.find_all("tr")]
            for each in self.article.find_all("table")
        ]
        return Spoken(blocks, notes, tables)


def _html_words(tag: Tag, without: str = "") -> str:
    parts: Iterable[object] = tag.descendants
    words = []
    for each in parts:
        if isinstance(each, Tag):
            words.append("\n" if each.name == "br" else "")
        elif each.find_parent("sup") is not None:
            words.append(f"[{each}]")
        elif not (without and str(each) == without):
            words.append(str(each))
    return "".join(words)
