"""A raw answer is shown as text that cannot run, with the figure's place marked, and downloads as it came."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO

import pytest
import xlsxwriter
from markupsafe import escape

from hue_dti.web.answer import MOST_LINES, read_answer


def words(node):
    return " ".join(node.get_text(" ").split())


def address(figure, unit="483"):
    return f"/cau-tra-loi-goc/{figure.origin.raw_sha256}?cua={unit}/2024-Q2/{figure.unit}/{figure.measure}"


def marked(answer):
    cells = [cell.text for sheet in answer.sheets for row in sheet.rows for cell in row.cells if cell.marked]
    rows = [row.number for sheet in answer.sheets for row in sheet.rows if row.marked]
    return cells, rows, [line.text.strip() for line in answer.lines if line.marked]


def workbook(**sheets):
    body = BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return body.getvalue()


def test_the_place_of_every_frozen_figure_is_marked_in_its_answer(reader, snapshot):
    first = {}
    for figure in snapshot.figures.values():
        if figure.state.has_value:
            first.setdefault(figure.measure, figure)
    assert len(first) > 50
    for measure, figure in first.items():
        page = reader.get(address(figure)).text
        assert 'id="vi-tri"' in page, f"{measure}: {figure.origin.place}"
        assert str(escape(figure.origin.place)) in page, measure


@pytest.mark.parametrize("measure", ["staff_standardised", "accounts", "addresses", "applications_online", "staff", "households_broadband"])
def test_what_is_marked_is_the_figure_itself(measure, reader, snapshot):
    figures = [figure for figure in snapshot.figures.values() if figure.measure == measure and figure.state.has_value]
    for figure in figures[::7]:
        said = [words(each) for each in reader.open(address(figure)).select(".marked")]
        assert len(said) == 1
        assert said[0].split(":")[-1].strip().rstrip(",") == str(figure.value)


def test_the_page_names_the_figure_its_unit_and_the_criteria_that_use_it(reader, snapshot):
    page = reader.open(address(snapshot.figure("20179", "accounts")))
    assert words(page.h1).startswith("Tài khoản")
    assert "Xã Hương Xuân · Quý II năm 2024" in words(page.select_one(".head"))
    assert "III.2" in words(page.select_one(".head"))
    facts = words(page.select_one(".facts"))
    assert "GET http://127.0.0.1" in facts
    assert "SHA-256" in facts


@pytest.mark.parametrize("named", ["", "483", "483/2024-Q2/20179/khong", "483/2024-Q2/20179/staff", "a/b/c/d/e"])
def test_a_figure_that_does_not_stand_in_the_answer_is_not_claimed_for_it(named, reader, snapshot):
    sha256 = snapshot.figure("20179", "accounts").origin.raw_sha256
    page = reader.open(f"/cau-tra-loi-goc/{sha256}?cua={named}")
    assert words(page.h1) == "Câu trả lời gốc"
    assert page.select_one("#vi-tri") is None


def test_the_download_is_the_answer_byte_by_byte_and_never_opens_in_the_browser(golden, reader, snapshot):
    for sha256 in {figure.origin.raw_sha256 for figure in snapshot.figures.values() if figure.origin}:
        answer = reader.get(f"/cau-tra-loi-goc/{sha256}?tai=1")
        assert hashlib.sha256(answer.data).hexdigest() == sha256
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype == "application/octet-stream"


def test_the_line_of_a_value_in_json_is_marked_by_its_path():
    body = json.dumps({"a": [{"b": 1}, {"b": 2, "c": [3, []]}], "đ": "x"}).encode()
    assert marked(read_answer(body, "application/json", "$.a[1].b"))[2] == ['"b": 2,']
    assert marked(read_answer(body, "application/json", "$.a[1].c[0]"))[2] == ["3,"]
    assert marked(read_answer(body, "application/json", "$.a[1]"))[2] == ["{"]
    shown = "".join(line.text for line in read_answer(body, "application/json").lines)
    assert json.loads(shown) == json.loads(body)


def test_cells_and_rows_of_a_workbook_are_marked_by_address_number_or_name():
    body = workbook(Một=[["Tên", "Số"], ["Hương Hữu", 3], ["Hương Lộc", 4.5]], Hai=[["Tên"], ["Hương Hữu"]])
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert marked(read_answer(body, kind, "Một!B3")) == (["4.5"], [], [])
    assert marked(read_answer(body, kind, "Một, dòng 2, 3")) == ([], [2, 3], [])
    assert marked(read_answer(body, kind, "Hai, 1 dòng của hương hữu")) == ([], [2], [])
    assert [row.number for row in read_answer(body, kind, "Một!B2").sheets[0].rows] == [1, 2, 3]


def test_rows_of_a_csv_are_marked_by_number_and_by_the_unit_s_names():
    body = "máy,đơn vị\n1,Trường A\n2,Trường B\n3,Trường A\n".encode()
    assert marked(read_answer(body, "text/csv", "2 dòng của đơn vị, từ dòng 2", ("Trường A",)))[1] == [2, 4]
    assert marked(read_answer(body, "text/csv; charset=utf-8", "dòng 3"))[1] == [3]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[" * 50_000, "application/json"),
        (b"PK\x03\x04 not a workbook", "application/zip"),
        (b"\xff\xfe\x00\x01" * 50, "text/plain"),
        (b'a,"b\n' * 10, "text/csv"),
        (b"a\x00b,c\n", "text/csv"),
        (b"<a>" * 90_000, "application/xml"),
        (b"x\n" * (MOST_LINES + 5), "text/plain"),
        (b"x" * 700_000, "text/html"),
    ],
)
def test_whatever_a_source_sent_can_be_shown(body, kind):
    answer = read_answer(body, kind, "dòng 1", ("x",))
    assert sum(len(line.text) for line in answer.lines) <= 700_000
    assert len(answer.lines) <= MOST_LINES
    if len(body) > 500_000 or body.count(b"\n") > MOST_LINES:
        assert answer.cut
