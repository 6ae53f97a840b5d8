"""Rows of a CSV file that people keep by hand, each with its file and line, and what is wrong with them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from hue_dti.collation import nfc
from hue_dti.errors import Fault
from hue_dti.free_text import one_line, parts

Choice = TypeVar("Choice", bound=StrEnum)

LONGEST_CELL = 2000

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong so far, and the keys of rows that could not be used: nobody is blamed for pointing at them."""

    faults: list[Fault] = field(default_factory=list)
    spoilt: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)

    def unreadable(self, path: str, line: int, what: str, remedy: str) -> None:
        """Note that a file could not be read to its end."""
        self.faults.append(Fault(path, line, what, remedy))
        self.unread.append(path)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written; its first column is its key."""

    path: str
    line: int
    cells: dict[str, str]
    findings: Findings
    key: str

    @property
    def place(self) -> tuple[str, int]:
        """File and line."""
        return self.path, self.line

    def blame(self, what: str, remedy: str) -> None:
        """Note a fault of this row."""
        self.findings.faults.append(Fault(self.path, self.line, what, remedy))
        self.findings.spoilt.add(self.cells.get(self.key, ""))

    def day(self, column: str, *, needed: bool) -> date | None:
        """The day in a cell, or a fault."""
        text = self.cells[column]
        if not text and not needed:
            return None
        if _DAY.fullmatch(text):
            with suppress(ValueError):
                return date.fromisoformat(text)
        self.blame(f"{column} là '{text}'", "hãy viết ngày theo năm-tháng-ngày, như 2024-12-31")
        return None

    def choice(self, column: str, kind: type[Choice]) -> Choice | None:
        """One of the words of `kind`, or a fault with the nearest one."""
        text, words = self.cells[column], [each.value for each in kind]
        if text in words:
            return kind(text)
        nearest = get_close_matches(text, words, n=1)
        self.blame(f"không có {column} '{text}'", f"hãy viết '{nearest[0]}'" if nearest else f"hãy viết một trong: {', '.join(words)}")
        return None


def read_rows(path: Path, columns: Sequence[str], findings: Findings) -> Iterator[Row]:
    """Every row of the file that has all its cells; what cannot be read is a finding."""
    name = path.as_posix()
    text = _text(path, findings)
    if text is None:
        return
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if sorted(header) != sorted(columns):
            findings.unreadable(name, 1, f"các cột là '{','.join(header)}'", f"hãy viết {','.join(columns)}")
            return
        line = rows.line_num + 1
        for cells in rows:
            row = Row(name, line, dict(zip(header, cells, strict=False)), findings, columns[0])
            line = rows.line_num + 1
            if any(cell.strip() for cell in cells) and _is_whole(row, len(cells), len(columns)):
                yield row
    except csv.Error:
        findings.unreadable(name, line, "không đọc được dòng này", "hãy đóng mọi dấu nháy kép")


def _text(path: Path, findings: Findings) -> str | None:
    try:
        return nfc(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as fault:
        line = path.read_bytes()[: fault.start].count(b"\n") + 1
        findings.unreadable(path.as_posix(), line, "tệp không phải UTF-8", "hãy lưu lại tệp dạng 'CSV UTF-8'")
    except OSError as fault:
        what = f"không đọc được tệp ({fault.strerror})"
        findings.unreadable(path.as_posix(), 1, what, "hãy đặt ở đây một tệp CSV đọc được, hoặc đổi tên, xoá nó đi")
    return None


def _is_whole(row: Row, cells: int, wanted: int) -> bool:
    """Whether the row has all its cells and each is one line of words; they then stand in it as such."""
    if cells != wanted:
        row.blame(f"dòng có {cells} ô", f"hãy viết đủ {wanted} ô, kể cả ô trống")
        return False
    try:
        row.cells.update({column: one_line(cell, column, LONGEST_CELL, ValueError) for column, cell in row.cells.items()})
    except ValueError as fault:
        row.blame(*parts(str(fault)))
        return False
    return True
