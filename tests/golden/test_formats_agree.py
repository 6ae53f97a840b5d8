"""PDF, Word, the page and the workbook say the same words, read back with libraries that did not write them."""

import re
from datetime import date, datetime

import openpyxl
import pytest

from hue_dti.reports.model import Heading, Note, Paragraph, Table, plain, uppered
from tests.golden.papers import BODY, NOTE, squeezed

DOCUMENTS = "DANH MỤC VĂN BẢN CHỈ ĐẠO"
CRITERIA = "KẾT QUẢ THỰC HIỆN BỘ CHỈ SỐ"
ASSUMPTIONS = "CÁC GIẢ ĐỊNH"


def words(runs):
    return "".join(f"[{run.number}]" if isinstance(run, Note) else run.text for run in runs)


def blocks_of(*blocks):
    return [words(uppered(block.runs) if isinstance(block, Heading) and block.level == 1 else block.runs) for block in blocks]


def notes_of(report):
    return {note.number: plain(note.runs) for note in report.notes}


def table_of(appendix):
    return next(block for block in appendix.blocks if isinstance(block, Table))


def rows_of(table):
    """Header and rows as drawn: a group's name reaches over the empty cells beside it."""
    return [
        [column.title for column in table.columns],
        *([plain(runs) for runs, _ in row.spans(len(table.columns))] for row in table.rows),
    ]


@pytest.fixture(scope="module", params=["docx", "html"])
def spoken(request):
    return request.getfixturevalue(request.param).spoken


def test_the_body_is_the_same_paragraph_by_paragraph(spoken, report):
    remarks = [block for appendix in report.appendices for block in appendix.blocks if isinstance(block, Paragraph)]
    assert spoken.blocks == blocks_of(*report.main, *remarks)


def test_the_footnotes_are_the_same(spoken, report):
    assert spoken.notes == notes_of(report)


def test_the_appendices_are_the_same_row_by_row(spoken, report):
    assert spoken.tables == [rows_of(table_of(appendix)) for appendix in report.appendices]


def test_the_pdf_prints_every_letter_of_the_body_once(pdf, report):
    head, signer = report.letterhead, report.signature
    told = [head.title.upper(), *head.subject, *blocks_of(*report.main), signer.authority.upper(), signer.office.upper(), signer.name]
    assert pdf.body == squeezed("".join(told))


def test_the_pdf_prints_every_letter_of_the_footnotes_once(pdf, report):
    assert pdf.notes == {number: squeezed(note) for number, note in notes_of(report).items()}


def test_a_footnote_stands_or_begins_on_the_page_that_cites_it(pdf):
    for page in pdf.main:
        assert re.findall(r"\[\d+\]", page.words(BODY)) == re.findall(r"\[\d+\]", page.words(NOTE))


@pytest.mark.parametrize(("title", "place"), [(DOCUMENTS, 0), (CRITERIA, 1), (ASSUMPTIONS, 2)])
def test_the_pdf_prints_every_row_of_an_appendix_whole_under_its_repeated_header(title, place, pdf, report):
    header, *rows = ([squeezed(cell) for cell in row] for row in rows_of(table_of(report.appendices[place])))
    printed = []
    for page in pdf.tables(title):
        assert page[0] == header
        printed += [[cell for cell in row if cell is not None] for row in page[1:]]
    assert printed == rows


def test_appendix_two_has_all_fifty_three_criteria_in_nine_groups(report, printed, decision):
    rows = table_of(report.appendices[1]).rows
    names = [plain(row.cells[1]) for row in rows if not row.group]
    assert names == [criterion["name"] for criterion in printed.values()]
    assert len(names) == 53
    assert [plain(row.cells[0]) for row in rows if row.group] == [*(group["code"] for group in decision["groups"]), ""]
    assert [plain(cell) for cell in rows[-1].cells if cell] == ["Tổng cộng", "665", "384,0363 điểm"]


def test_appendix_two_prints_the_decisions_own_columns(report, printed):
    rows = [row for row in table_of(report.appendices[1]).rows if not row.group]
    for row, criterion in zip(rows, printed.values(), strict=True):
        told = [plain(cell) for cell in row.cells]
        assert told[1:5] == [criterion[key] for key in ("name", "to_do", "condition", "evidence")]
        assert told[5] == criterion["max_points"] + ("(*)" if criterion.get("points_assumed") == "true" else "")


def test_word_repeats_the_header_and_never_cuts_a_row(docx):
    for table in docx.tables:
        header, *rows = table._tbl.tr_lst
        assert header.xpath("./w:trPr/w:tblHeader")
        assert not any(row.xpath("./w:trPr/w:tblHeader") for row in rows)
        assert all(row.xpath("./w:trPr/w:cantSplit") for row in table._tbl.tr_lst)


def test_the_workbook_has_the_sheet_in_numbers(files, sheet, printed):
    book = openpyxl.load_workbook(files["xlsx"])
    header, *rows = book["Tiêu chí"].iter_rows(values_only=True)
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["Mã"] for row in told] == list(printed)
    for row, line in zip(told, sheet["criteria"], strict=True):
        assert (row["Đạt được"], row["Phải đạt"]) == (line["part"], line["whole"])
        assert row["Tỷ lệ"] == (None if line["share"] is None else pytest.approx(float(line["share"]), abs=5e-7))
        assert (row["Điểm"], row["Điểm tối đa"]) == (float(line["points"]), float(line["max_points"]))
        assert (row["Điểm tối đa tạm tính"] == "x") is line["assumed"]


def test_the_workbook_has_every_line_of_the_shortfall_lists(files, sheet):
    header, *rows = openpyxl.load_workbook(files["xlsx"])["Còn thiếu"].iter_rows(values_only=True)
    told = [(row[header.index("Mã")], row[header.index("Mã đơn vị")], row[header.index("Số lượng")]) for row in rows]
    assert told == [(line["code"], row["unit"], row["missing"]) for line in sheet["criteria"] for row in line["shortfalls"]]


def test_the_workbooks_groups_and_sum_are_the_sheets(files, sheet):
    header, *rows, last = openpyxl.load_workbook(files["xlsx"])["Nhóm"].iter_rows(values_only=True)
    columns = {
        "achieved": "Đạt",
        "in_progress": "Đang thực hiện",
        "not_started": "Chưa thực hiện",
        "points": "Điểm",
        "max_points": "Điểm tối đa",
    }
    for row, wanted in zip((*rows, last), (*sheet["groups"], sheet["total"]), strict=True):
        assert {key: float(row[header.index(title)]) for key, title in columns.items()} == {key: float(wanted[key]) for key in columns}


def test_every_frozen_figure_stands_in_the_workbook_with_its_origin(files, snapshot):
    header, *rows = openpyxl.load_workbook(files["xlsx"])["Số liệu"].iter_rows(values_only=True)
    told = {(row[0], row[2]): dict(zip(header, row, strict=True)) for row in rows}
    assert told.keys() == snapshot.figures.keys()
    for key, figure in snapshot.figures.items():
        row = told[key]
        assert row["Mã băm bản gốc"] == (figure.origin.raw_sha256 if figure.origin else None)
        assert row["Vị trí trong bản gốc"] == (figure.origin.place if figure.origin else None)
        if type(row["Giá trị"]) is int:
            assert row["Giá trị"] in {figure.value, (figure.value or 0) / 10_000}
        else:
            assert (row["Giá trị"] is None) is (figure.value is None)
            assert isinstance(row["Giá trị"], str | float | date | datetime | None)


def test_the_workbook_has_no_formula_anywhere(files):
    for page in openpyxl.load_workbook(files["xlsx"]).worksheets:
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
