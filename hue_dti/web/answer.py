"""A raw answer as lines or tables of plain text, with the place of a figure marked where it can be told."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineWorkbook

from hue_dti.collation import fold
from hue_dti.services.workbooks import SheetDamaged, SheetTooLarge, check_workbook

MOST_LINES = 4_000
MOST_CHARACTERS = 400_000
LARGEST_WORKBOOK = 5_000_000

_CELL = re.compile(r"(?P<sheet>.+)!(?P<column>[A-Z]{1,3})(?P<row>\d+)")
_ROWS = re.compile(r"dòng (\d+(?:, \d+)*)")
_OWN_ROWS = re.compile(r"\d+ dòng của ([^,]+)")
_GUIDS = re.compile(r"guid (.+)")


@dataclass(frozen=True, slots=True)
class Line:
    """A numbered line of text."""

    number: int
    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; a lone cell reaches over the empty ones to its right."""

    text: str
    marked: bool = False
    span: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A numbered row of a table."""

    number: int
    cells: tuple[Cell, ...]
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or a whole CSV file (then without a name)."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown: lines or sheets; `cut` when it was too long to show whole."""

    lines: tuple[Line, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    cut: bool = False

    @property
    def marks(self) -> bool:
        """Whether any place is marked."""
        rows = (row for sheet in self.sheets for row in sheet.rows)
        return any(line.marked for line in self.lines) or any(row.marked or any(cell.marked for cell in row.cells) for row in rows)


def read_answer(body: bytes, content_type: str, place: str = "", names: Sequence[str] = ()) -> Answer:
    """Lay out an answer; `place` is a figure's position in it, `names` the spellings of its unit. Never raises for what a source sent."""
    if body[:2] == b"PK" and len(body) <= LARGEST_WORKBOOK:
        sheets = tuple(_sheets(body, place, names))
        if sheets:
            return _shortened(sheets)
    text = body.decode("utf-8-sig", "replace")
    cut = len(text) > MOST_CHARACTERS
    if "csv" in content_type:
        return _shortened((_table("", _csv_rows(text[:MOST_CHARACTERS]), place, names),), cut)
    if "json" in content_type and not cut:
        try:
            lines = list(_json_lines(json.loads(text), "$", place))
        except (ValueError, RecursionError):
            lines = [(line, False) for line in text.splitlines()]
    else:
        lines = list(_text_lines(text[:MOST_CHARACTERS], content_type, place))
    numbered = tuple(Line(number, line, marked) for number, (line, marked) in enumerate(lines[:MOST_LINES], start=1))
    return Answer(lines=numbered, cut=cut or len(lines) > MOST_LINES)


def _text_lines(text: str, content_type: str, place: str) -> Iterator[tuple[str, bool]]:
    """Text line by line; a feed gets a line for every element, and the entries that the place names are marked."""
    if "xml" in content_type:
        text = re.sub(r">\s*<", ">\n<", text)
    named = _GUIDS.search(place)
    wanted = {f">{guid.strip()}<" for guid in named[1].split(",")} if named else set()
    for line in text.splitlines():
        found = re.search(r">[^<>]*<", line)
        yield line, found is not None and found[0] in wanted


def _json_lines(value: object, path: str, place: str, before: str = "", depth: int = 0, after: str = "") -> Iterator[tuple[str, bool]]:
    """JSON with two spaces a level; the line of the value at `place` is marked."""
    indent = "  " * depth
    marked = path == place
    if isinstance(value, dict | list) and value:
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        yield f"{indent}{before}{opening}", marked
        entries = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
        for position, (key, inner) in enumerate(entries):
            comma = "," if position + 1 < len(entries) else ""
            if isinstance(value, dict):
                yield from _json_lines(inner, f"{path}.{key}", place, f"{_spelt(key)}: ", depth + 1, comma)
            else:
                yield from _json_lines(inner, f"{path}[{key}]", place, "", depth + 1, comma)
        yield f"{indent}{closing}{after}", False
    else:
        yield f"{indent}{before}{_spelt(value)}{after}", marked


def _spelt(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _sheets(body: bytes, place: str, names: Sequence[str]) -> Iterator[Sheet]:
    try:
        check_workbook(body)
        book = CalamineWorkbook.from_filelike(BytesIO(body))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield _table(name, [[_cell_text(cell) for cell in row] for row in rows], place, names)
    except (CalamineError, SheetDamaged, SheetTooLarge, ValueError, OSError):
        return


def _table(name: str, rows: list[list[str]], place: str, names: Sequence[str]) -> Sheet:
    """Rows with the figure's cell or rows marked: by address, by row number, or by the unit's name."""
    cell = _CELL.fullmatch(place)
    here = not name or name in place
    wanted_rows = {int(number) for found in _ROWS.findall(place) for number in found.split(", ")} if here and not cell else set()
    own = _OWN_ROWS.search(place) if here else None
    spelt = {fold(each) for each in (own[1], *names)} - {"don vi"} if own else set()
    wanted_cell = (int(cell["row"]), _column(cell["column"])) if cell and cell["sheet"] == name else None
    made = []
    for number, row in enumerate(rows, start=1):
        cells = tuple(Cell(text, (number, at) == wanted_cell) for at, text in enumerate(row, start=1))
        lone = len(cells) > 1 and bool(cells[0].text) and not any(cell.text for cell in cells[1:])
        shown = (replace(cells[0], span=len(cells)),) if lone else cells
        made.append(Row(number, shown, number in wanted_rows or any(fold(text) in spelt for text in row)))
    return Sheet(name, tuple(made))


def _shortened(sheets: tuple[Sheet, ...], cut: bool = False) -> Answer:
    shown = tuple(Sheet(sheet.name, sheet.rows[:MOST_LINES]) for sheet in sheets)
    return Answer(sheets=shown, cut=cut or any(len(sheet.rows) > MOST_LINES for sheet in sheets))


def _csv_rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(StringIO(text)))
    except csv.Error:
        return [[line] for line in text.splitlines()]


def _cell_text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
