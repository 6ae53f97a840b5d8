"""What the XML of a sheet tells beside its table: cells no sheet can have are refused, cells without a result are named."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from connectors.workbook import XLSX
from hue_dti.errors import SourceAnswerInvalid

CELL = '<c r="A1"><v>1</v></c>'


def book(sheet=None):
    """A table of offices; with `sheet`, that is the data of its XML."""
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = made.add_worksheet("Số liệu")
    for at, row in enumerate([["Mã đơn vị", "Tên đơn vị", "staff", "offices"], ["483.van-phong", "Văn phòng", 21, 19]]):
        page.write_row(at, 0, row)
    made.close()
    if sheet is None:
        return stream.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, sheet(content.decode()) if part == "xl/worksheets/sheet1.xml" else content)
    return changed.getvalue()


def with_rows(rows):
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return book(lambda _: f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>')


def with_cell(cell):
    """The table with another cell in C2, where 21 stands."""

    def change(xml):
        assert '<c r="C2"><v>21</v></c>' in xml
        return xml.replace('<c r="C2"><v>21</v></c>', cell)

    return book(change)


@pytest.fixture
def read_body(pull_body):
    def run(body):
        pulled = pull_body("district", body, next(iter(XLSX)))
        return {each.measure: each.value for each in pulled.readings}, {each.place: each.what for each in pulled.faults}

    return run


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1">{CELL}</row><row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
        f'<row r="1">{CELL}</row><row r="1048576"><c r = "XFD1048576"><v>1</v></c></row>',
        f'<row r="1">{CELL}</row><row r="1048576"><c r="XFD01048576"><v>1</v></c></row>',
        f'<row r="1">{CELL}</row><row r="10485760"><c r="A10485760"><v>1</v></c></row>',
        f'<row r="1">{CELL}<c r="AXFD1"><v>1</v></c></row>',
        f'<row r="1">{CELL}<c r="XFE1"><v>1</v></c></row>',
        f'<row r="1">{CELL}<c r="XFD1048576"><v>1</v></c></row>',
        f'<row r="1">{CELL}</row><row r="400000000"><c><v>1</v></c></row>',
        f'<row r="1">{CELL}<c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>',
        f'<row r="1">{CELL}</row><x:row xmlns:x="urn:x" r="900000"><x:c r="ZZ900000"><v>1</v></x:c></x:row>',
        f'<row r="1">{CELL}</row><row r="9&#48;0000"><c r="ZZ900000"><v>1</v></c></row>',
        f'<row r="1">{CELL}</row><row r="2"><c r="A2"><v>1</v></row>',
    ],
    ids=["small", "spaced", "zero", "eight", "four", "beyond", "elsewhere", "row", "unnamed", "prefixed", "entity", "broken"],
)
def test_a_cell_that_no_sheet_has_or_that_lies_too_far_refuses_the_file(rows, read_body):
    with pytest.raises(SourceAnswerInvalid, match=r"quá lớn|bị hỏng"):
        read_body(with_rows(rows))


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ('<c r="C2" t="e"><v>#DIV/0!</v></c>', "ô C2: lỗi #DIV/0!"),
        ('<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "ô C2: lỗi #DIV/0!"),
        ('<c r="C2"><f>SUM(A1:A9)</f></c>', "ô C2: công thức chưa có kết quả"),
        ('<c r="C2"><f>SUM(A1:A9)</f><v></v></c>', "ô C2: công thức chưa có kết quả"),
    ],
    ids=["error", "computed error", "no value", "empty value"],
)
def test_a_cell_without_a_result_is_a_fault_and_the_rest_of_the_row_goes_on(cell, what, read_body):
    found, faults = read_body(with_cell(cell))
    assert found == {"offices": 19}
    assert what in faults["Số liệu!C2"]


def test_a_formula_with_its_result_is_a_figure_and_one_with_an_empty_text_is_none(read_body):
    assert read_body(with_cell('<c r="C2"><f>20+1</f><v>21</v></c>')) == ({"staff": 21, "offices": 19}, {})
    assert read_body(with_cell('<c r="C2" t="str"><f>""</f><v></v></c>')) == ({"offices": 19}, {})


def test_a_cell_without_a_result_at_the_edge_of_the_table_is_named_too(read_body):
    found, faults = read_body(book(lambda xml: xml.replace('<c r="D2"><v>19</v></c>', '<c r="D2"><f>A1</f></c>')))
    assert found == {"staff": 21}
    assert "ô D2" in faults["Số liệu!D2"]
