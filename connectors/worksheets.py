"""Reads the XML of a workbook's sheets for what the table itself does not tell: how far it reaches, and which cells have no result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, InputSource

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from connectors.fields import NoResult

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 1_048_576, 16_384, 2_000_000
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
NOT_COMPUTED = "công thức chưa có kết quả; mở tệp bằng Excel, lưu lại rồi gửi lại"


class BadSheet(ValueError):
    """The XML is broken or names a cell that no sheet has."""


class SheetTooLarge(ValueError):
    """The cells reach so far that the table between them would fill the memory."""


def without_result(xml: bytes) -> dict[tuple[int, int], NoResult]:
    """The cells of one sheet, by row and column from 0, that hold an error or a formula nobody computed.

    Raise BadSheet for broken XML and impossible references, SheetTooLarge for more than MOST_CELLS cells from A1 to the farthest.
    """
    if b"sheetData" not in xml:
        return {}
    handler = _SheetHandler()
    _parse(xml, handler)
    return handler.found


def parts_of_sheets(workbook: bytes, relations: bytes) -> dict[str, str]:
    """The part of the file, in lower case, that each sheet lies in, by the sheet's name; raise BadSheet for broken XML."""
    targets = {row.get("Id", ""): row.get("Target", "") for row in _elements(relations, "Relationship")}
    return {row.get("name", ""): _part(targets.get(_relation(row), "")) for row in _elements(workbook, "sheet")}


def column_number(letters: str) -> int:
    """A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@dataclass(slots=True)
class _Cell:
    name: str
    at: tuple[int, int]
    kind: str
    formula: bool = False
    value: list[str] | None = None

    def fault(self) -> str:
        """What is wrong with the cell; empty where it holds a value, or nothing at all."""
        value = "".join(self.value or ()).strip()
        if self.kind == "e":
            return f"lỗi {value[:20]}".strip()
        computed = value or (self.kind == "str" and self.value is not None)  # a formula may well give an empty text
        return "" if computed or not self.formula else NOT_COMPUTED


@dataclass(slots=True)
class _Extent:
    """Where the next row and cell stand, and how far the sheet has reached; rows and columns count from 1."""

    row: int = 0
    column: int = 0
    rows: int = field(default=0)
    columns: int = field(default=0)
    cells: int = 0

    def enter_row(self, number: str | None) -> None:
        if number is not None and not _ROW.fullmatch(number):
            raise BadSheet(number)
        self.row, self.column = (self.row + 1 if number is None else int(number)), 0
        if self.row > MOST_ROWS:
            raise BadSheet(str(self.row))

    def enter_cell(self, name: str | None) -> None:
        self.column += 1
        if name is not None:
            named = _CELL.fullmatch(name)
            if named is None or int(named[2]) != self.row:
                raise BadSheet(name)
            self.column = column_number(named[1])
        if not self.row or self.column > MOST_COLUMNS:
            raise BadSheet(name or "")
        self.cells += 1
        self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
        if max(self.rows * self.columns, self.cells) > MOST_CELLS:
            raise SheetTooLarge


class _SheetHandler(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[tuple[int, int], NoResult] = {}
        self._extent = _Extent()
        self._cell: _Cell | None = None
        self._in_value = False

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name SAX calls
        match _local(name):
            case "row":
                self._extent.enter_row(attrs.get("r"))
            case "c":
                self._extent.enter_cell(attrs.get("r"))
                at = self._extent.row - 1, self._extent.column - 1
                self._cell = _Cell(f"{letters(at[1])}{at[0] + 1}", at, attrs.get("t", ""))
            case "f" if self._cell is not None:
                self._cell.formula = True
            case "v" if self._cell is not None:
                self._cell.value, self._in_value = self._cell.value or [], True

    def characters(self, content: str) -> None:
        if self._in_value and self._cell is not None and self._cell.value is not None:
            self._cell.value.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - the name SAX calls
        local = _local(name)
        if local == "v":
            self._in_value = False
        elif local == "c" and self._cell is not None:
            fault = self._cell.fault()
            if fault:
                self.found[self._cell.at] = NoResult(f"ô {self._cell.name}: {fault}")
            self._cell = None


class _Collector(ContentHandler):
    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted, self.rows = wanted, list[dict[str, str]]()

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name SAX calls
        if _local(name) == self.wanted:
            self.rows.append(dict(attrs.items()))


def letters(column: int) -> str:
    """The name of a column; 0 is A."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _elements(xml: bytes, name: str) -> Iterator[Mapping[str, str]]:
    collector = _Collector(name)
    _parse(xml, collector)
    yield from collector.rows


def _relation(row: Mapping[str, str]) -> str:
    return next((value for name, value in row.items() if name.endswith(":id")), "")


def _part(target: str) -> str:
    lower = target.lower()
    return lower[1:] if lower.startswith("/") else lower if lower.startswith("xl/") else f"xl/{lower}"


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(xml: bytes, handler: ContentHandler) -> None:
    """Read as UTF-8 whatever the XML declares, since the reader of the table does so too."""
    source = InputSource()
    source.setByteStream(BytesIO(xml))
    source.setEncoding("utf-8")
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    try:
        parser.parse(source)
    except (SAXException, DefusedXmlException) as error:
        raise BadSheet(str(error)) from error
