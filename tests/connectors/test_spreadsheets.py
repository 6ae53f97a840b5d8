"""Files that offices send: what is plainly a figure is read, everything else is a fault with its cell."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
import xlsxwriter

from connectors.cells import read
from connectors.fields import Unreadable
from connectors.workbook import XLSX
from hue_dti.errors import SettingError, SourceAnswerInvalid

HEAD = ["Mã đơn vị", "Tên đơn vị"]


def workbook(*rows, sheet="Số liệu"):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet(sheet)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                page.write(at, column, value)
    book.close()
    return stream.getvalue()


@pytest.fixture
def read_file(pull_body):
    """Read a file with the connector of a source; gives figures by unit and measure, and faults by place."""

    def run(source, body, **changed):
        pulled = pull_body(source, body, next(iter(XLSX)), **changed)
        return {(each.unit, each.measure): each.value for each in pulled.readings}, {each.place: each.what for each in pulled.faults}

    return run


@pytest.mark.parametrize(
    ("kind", "cell", "unit", "value"),
    [
        ("count", 1627.0, "", 1627),
        ("count", "1.627", "", 1627),
        ("count", 0, "", 0),
        ("percent", "82%", "", 8200),
        ("percent", 82.0, "", 8200),
        ("percent", 97.84, "", 9784),
        ("percent", 0.0, "", 0),
        ("amount", "1,95 tỷ đồng", "", 1_950_000_000),
        ("amount", "1,95", "tỷ đồng", 1_950_000_000),
        ("amount", 1.95, "tỷ đồng", 1_950_000_000),
        ("amount", 350.0, "triệu đồng", 350_000_000),
        ("amount", "350 triệu", "tỷ đồng", 350_000_000),
        ("amount", 312_000_000_000.0, "đồng", 312_000_000_000),
        ("progress", "Chưa thực hiện", "", 0),
        ("progress", "đang", "", 1),
        ("progress", "XONG", "", 2),
        ("date", date(2024, 1, 8), "", date(2024, 1, 8).toordinal()),
        ("date", datetime(2024, 1, 8, tzinfo=UTC), "", date(2024, 1, 8).toordinal()),
        ("date", "08/01/2024", "", date(2024, 1, 8).toordinal()),
    ],
)
def test_a_cell_is_read_as_its_column_promises(kind, cell, unit, value):
    assert read(kind, cell, unit) == value


@pytest.mark.parametrize(
    ("kind", "cell", "unit"),
    [
        ("count", 97.8, ""),
        ("count", "97.8", ""),
        ("count", -1.0, ""),
        ("count", "-", ""),
        ("count", "nhiều", ""),
        ("count", True, ""),
        ("count", float("nan"), ""),
        ("count", float("inf"), ""),
        ("count", 1e30, ""),
        ("count", "82%", ""),
        ("count", date(2024, 1, 8), ""),
        ("percent", 0.82, ""),
        ("percent", 1.0, ""),
        ("percent", 101.0, ""),
        ("percent", "101%", ""),
        ("percent", 33.3333, ""),
        ("percent", "8200", ""),
        ("amount", 312.0, ""),
        ("amount", 312.0, "đô la"),
        ("amount", -1.0, "đồng"),
        ("amount", 0.5, "đồng"),
        ("amount", True, "đồng"),
        ("amount", 1e300, "tỷ đồng"),
        ("progress", 2.0, ""),
        ("progress", "có thể", ""),
        ("date", "31/02/2024", ""),
        ("date", 45299.0, ""),
        ("share", 1.0, ""),
    ],
)
def test_a_cell_that_could_mean_two_things_or_nothing_is_refused(kind, cell, unit):
    with pytest.raises(Unreadable):
        read(kind, cell, unit)


def test_an_empty_cell_is_no_figure_and_a_zero_is_one(read_file):
    figures, faults = read_file(
        "telecom", workbook([*HEAD, "households_broadband"], ["20161", None, 0], ["20164", None, None], ["20167", None, " "])
    )
    assert figures == {("20161", "households_broadband"): 0}
    assert faults == {}


def test_a_wrong_cell_is_a_fault_and_the_rest_goes_on(read_file):
    rows = ["20161", "", -5], ["20164", "", "—"], ["20167", "", 12]
    figures, faults = read_file("telecom", workbook([*HEAD, "households_broadband"], *rows))
    assert figures == {("20167", "households_broadband"): 12}
    assert set(faults) == {"Số liệu!C2", "Số liệu!C3"}
    assert faults["Số liệu!C2"].startswith("20161: ")


def test_a_unit_written_twice_gives_nothing(read_file):
    rows = [None, "Xã Hương Phú", 5], [None, "xã  Hương Phú", 6], [None, "Xã Hương Sơn", 7]
    figures, faults = read_file("telecom", workbook([*HEAD, "households_broadband"], *rows))
    assert figures == {("Xã Hương Sơn", "households_broadband"): 7}
    assert list(faults) == ["Số liệu, dòng 3"]


def test_a_row_without_a_unit_is_a_fault_and_a_row_of_totals_is_none(read_file):
    figures, faults = read_file(
        "telecom", workbook([*HEAD, "households_broadband"], [None, None, 5], ["Tổng cộng", None, 5], [20161, None, 5])
    )
    assert figures == {("20161", "households_broadband"): 5}
    assert faults == {"Số liệu, dòng 2": "đơn vị để trống; bỏ qua dòng này"}


def test_a_column_that_nobody_asked_for_is_said_and_one_written_twice_is_used_once(read_file):
    head = ["STT", *HEAD, "Hộ có internet [households_broadband]", "households_broadbend", "households_broadband", "Ghi chú"]
    figures, faults = read_file("telecom", workbook(head, [1, "20161", None, 5, 6, 7, "x"]))
    assert figures == {("20161", "households_broadband"): 5}
    assert list(faults) == ["Số liệu!E1", "Số liệu!F1"]


def test_a_column_may_have_the_heading_that_the_settings_name(read_file):
    body = workbook(["Tên đơn vị", "Tỷ lệ kích hoạt mức 2"], ["Huyện Nam Đông", "82%"])
    figures, _ = read_file("police", body, **{"heading.vneid_level2": "tỷ lệ kích hoạt  mức 2"})
    assert figures == {("Huyện Nam Đông", "vneid_level2"): 8200}


@pytest.mark.parametrize(("line", "expected"), [("Số liệu đến ngày 31/05/2024", date(2024, 5, 31)), ("Báo cáo quý", date(2024, 6, 10))])
def test_the_date_above_the_table_is_the_date_of_its_figures(line, expected, pull_body):
    pulled = pull_body("police", workbook([line], [*HEAD, "vneid_level2"], ["483", "", "82%"]), next(iter(XLSX)))
    assert [each.as_of for each in pulled.readings] == [expected]


@pytest.mark.parametrize("line", ["Số liệu đến ngày hôm qua", "Số liệu đến ngày 31/06/2024", "Số liệu đến ngày 25/06/2024"])
def test_a_date_that_cannot_be_or_is_yet_to_come_refuses_the_file(line, read_file):
    with pytest.raises(SourceAnswerInvalid, match="ngày"):
        read_file("police", workbook([line], [*HEAD, "vneid_level2"], ["483", "", "82%"]))


def test_a_kind_that_does_not_exist_is_a_wrong_setting(read_file):
    with pytest.raises(SettingError, match="kinds"):
        read_file("police", workbook([*HEAD, "vneid_level2"], ["483", "", "82%"]), kinds="vneid_level2=ratio")


def test_another_table_is_refused(read_file):
    with pytest.raises(SourceAnswerInvalid, match="không có trang nào với các cột Mã đơn vị"):
        read_file("police", workbook(["Tên", "Số"], ["a", 1]))


def rezipped(body, **changed):
    """The workbook with parts replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        names = {name.replace("/", "__").replace(".", "_"): name for name in old.namelist()}
        for key, name in names.items():
            new.writestr(name, changed.get(key, old.read(name)))
        for key in set(changed) - set(names):
            new.writestr(key.replace("__", "/").replace("_xml", ".xml"), changed[key])
    return stream.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
FAR = SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + SHEET.format(
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
)
GOOD = workbook([*HEAD, "vneid_level2"], ["483", "", "82%"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "không phải là tệp XLSX"),
        (b"PK\x03\x04 nonsense", "không phải là tệp XLSX"),
        (GOOD[: len(GOOD) // 2], "không phải là tệp XLSX"),
        (rezipped(GOOD, xl__workbook_xml="<x"), "bị hỏng"),
        (rezipped(GOOD, content_xml="<x/>"), "không phải là tệp XLSX"),
        (rezipped(GOOD, xl__worksheets__sheet1_xml=FAR), "quá lớn sau khi giải nén"),
        (rezipped(GOOD, xl__worksheets__sheet1_xml=FAR.replace('"', "'")), "quá lớn sau khi giải nén"),
        (rezipped(GOOD, xl__worksheets__sheet1_xml=FAR.encode("utf-16")), "bảng mã lạ"),
        (rezipped(GOOD, xl__media__x=b"0" * 101_000_000), "quá lớn sau khi giải nén"),
        (rezipped(GOOD, xl__worksheets__sheet1_xml=LAUGHS), "không có trang nào|bị hỏng"),
        (rezipped(GOOD, **{f"xl__{number}": b"" for number in range(501)}), "quá lớn sau khi giải nén"),
    ],
    ids=["empty", "nonsense", "half", "damaged", "ods", "far cell", "far cell in single quotes", "utf-16", "bomb", "laughs", "parts"],
)
def test_a_file_made_to_do_harm_is_refused(body, said, read_file):
    with pytest.raises(SourceAnswerInvalid, match=said):
        read_file("police", body)
