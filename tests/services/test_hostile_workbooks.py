"""A workbook that would make its reader unpack or lay out without end is refused before a cell of it is read."""

from __future__ import annotations

import io
import re
import struct
import zipfile

import pytest
import xlsxwriter

from hue_dti.services.table_file import first_sheet
from hue_dti.services.workbooks import SheetDamaged, SheetTooLarge, check_workbook
from hue_dti.web.answer import _sheets


def book(*cells):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as made:
        sheet = made.add_worksheet()
        for row, column, value in cells:
            sheet.write(row, column, value)
    return content.getvalue()


def changed(body, **parts):
    """The same archive with other parts, by the end of their names."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = next((change for end, change in parts.items() if name.endswith(f"{end}.xml")), lambda text: text)
            new.writestr(name, change(old.read(name)))
    return content.getvalue()


def lying(body):
    """What unpacks to much says that it is small."""
    told, at = bytearray(body), -1
    while (at := told.find(b"PK\x01\x02", at + 1)) >= 0:
        told[at + 24 : at + 28] = struct.pack("<I", 1_000)
    return bytes(told)


GOOD = book((0, 0, "Mã"), (9, 3, "x"))
FAR = book((0, 0, "Mã"), (1_048_575, 16_383, "x"))
HOSTILE = {
    "a cell at the far end": FAR,
    "a column of far cells": book((0, 0, "Mã"), (1_048_575, 9, "x")),
    "a far row whose cell does not say where it is": changed(
        FAR, sheet1=lambda text: re.sub(rb'<c r="XFD1048576"', b"<c", text.replace(b'<c r="A1"', b'<c r="ZZ1"'))
    ),
    "single quotes and blanks": changed(FAR, sheet1=lambda text: text.replace(b'r="XFD1048576"', b"r\n= 'XFD1048576'")),
    "no blank before it": changed(GOOD, sheet1=lambda text: text.replace(b't="s"', b't="s"r="ZZZ99999999"')),
    "two hundred megabytes of blanks": changed(GOOD, sheet1=lambda text: text + b" " * 200_000_000),
}


def test_a_table_is_read():
    assert first_sheet(GOOD)[1][9][3] == "x"
    assert len(list(_sheets(GOOD, "", ()))) == 1


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_would_fill_the_memory_is_refused(body):
    with pytest.raises(SheetTooLarge):
        first_sheet(body)
    assert list(_sheets(body, "", ())) == []


def test_a_part_that_says_it_is_small_is_not_believed():
    with pytest.raises((SheetTooLarge, SheetDamaged)):
        check_workbook(lying(HOSTILE["two hundred megabytes of blanks"]))


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", GOOD[:-40], changed(GOOD, workbook=lambda text: text)[:600]])
def test_what_is_no_archive_is_called_damaged(body):
    with pytest.raises(SheetDamaged):
        first_sheet(body)


def test_another_format_in_the_same_clothes_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", '<table:table-cell table:number-columns-repeated="16384"/>')
    with pytest.raises(SheetDamaged):
        first_sheet(content.getvalue())
