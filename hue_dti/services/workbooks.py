"""Workbooks of others before anything reads their cells: really XLSX, within limits once unpacked, no cell too far out for a table."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from hue_dti.errors import HueDtiError

MOST_UNPACKED = 100_000_000
MOST_PARTS = 2_000
MOST_CELLS = 3_000_000
"""From A1 to the farthest: whoever reads a sheet makes room for all of them, empty or not."""

_BOOK = "xl/workbook.xml"
_OTHERS = frozenset({"xl/workbook.bin", "mimetype", "content.xml"})
_PLACE = re.compile(rb"""(?<![\w.:-])r\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
_CELL, _ROW = re.compile(rb"<(?:\w+:)?c[\s/>]"), re.compile(rb"<(?:\w+:)?row[\s/>]")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


class SheetDamaged(HueDtiError):
    """Not a workbook that can be read."""


class SheetTooLarge(HueDtiError):
    """A workbook that unpacks to far too much, or whose cells lie too far apart."""


def check_workbook(body: bytes, most_unpacked: int = MOST_UNPACKED) -> None:
    """Raise SheetDamaged or SheetTooLarge for what no table of ours is; what a part says of its own size is not believed."""
    left = most_unpacked
    try:
        with zipfile.ZipFile(BytesIO(body)) as parts:
            names = {part.filename for part in parts.infolist()}
            if len(parts.infolist()) > MOST_PARTS:
                raise SheetTooLarge("tệp XLSX có quá nhiều phần")
            if _BOOK not in names or names & _OTHERS:
                raise SheetDamaged("không phải tệp XLSX đọc được")
            for part in parts.infolist():
                with parts.open(part) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                _check_part(content, left)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as fault:
        raise SheetDamaged("không phải tệp XLSX đọc được") from fault


def _check_part(content: bytes, left: int) -> None:
    if left < 0:
        raise SheetTooLarge("tệp XLSX giải nén ra quá lớn")
    if content[:2] in _WIDE:
        raise SheetDamaged("tệp XLSX dùng bảng mã lạ")
    if _ROW.search(content) and _cells(content) > MOST_CELLS:
        raise SheetTooLarge("tệp XLSX có ô nằm quá xa")


def _cells(content: bytes) -> int:
    """How many cells there are from A1 to the farthest; those that do not say where they stand follow the one before."""
    width = height = placed = lines = 0
    for place in _PLACE.finditer(content):
        width, height = max(width, _column(place[1])), max(height, int(place[2]))
        placed, lines = placed + bool(place[1]), lines + (not place[1])
    loose = len(_CELL.findall(content)) - placed
    return (width + max(loose, 0)) * (height + max(len(_ROW.findall(content)) - lines, 0))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
