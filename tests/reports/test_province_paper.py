"""The province's paper: every figure of the roll-up in words, what is missing and carried over as footnotes, all formats alike."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.reports.docx import write_docx
from hue_dti.reports.html import report_html
from hue_dti.reports.model import Paragraph, plain
from hue_dti.reports.pdf import write_pdf
from hue_dti.reports.province import Whole, _absent, _remarks, province_report, value_words
from hue_dti.reports.province_tables import workbook
from hue_dti.rollup.local import Weight
from hue_dti.rollup.losses import losses
from hue_dti.rollup.province import ProvincialValue, Range, roll_up
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree
from tests.rollup.local_counts import CATALOGUE, FRAMEWORK, MADE, added_up

AT = datetime(2024, 6, 11, 1, 0, tzinfo=UTC)
TOLD = {
    "households_broadband": {"A1": 90, "A2": (10, State.CARRIED_OVER), "B1": 50},
    "households": {"A1": 100, "A2": 300, "B1": 100},
    "reflections": {"A": 10, "B": 10, "C": 0},
    "reflections_dissatisfied": {"A": 4, "B": 0, "C": 0},
}
GIVEN = ProvincialValue("3.4", Fraction(1), None, "100%", "Công văn 12/STTTT", None, "ioc", "Trần Văn Trực", AT)


@pytest.fixture(scope="module")
def whole():
    feds, tree = added_up(TOLD)
    figures = {code: fed.figure(tree, 0) for code, fed in feds.items()}
    rolled = roll_up(FRAMEWORK, MADE, figures, {"3.4": GIVEN})
    districts = [row for row, above in enumerate(tree.parent) if above == 0]
    costly = losses(tree, feds, figures, FRAMEWORK, districts)
    closed, rest = tuple(tree.units[row] for row in districts[:1]), tuple(tree.units[row] for row in districts[1:])
    return Whole(tree.units[0], Period.parse("2024-Q2"), tree, rolled, costly, closed, rest, True, CATALOGUE.measures, AT)


@pytest.fixture(scope="module")
def report(whole):
    return province_report(whole)


def said(report, beginning):
    (block,) = [block for block in report.body if isinstance(block, Paragraph) and plain(block.runs).startswith(beginning)]
    notes = [run for run in block.runs if run in report.notes]
    return plain(block.runs), " ".join(plain(note.runs) for note in notes)


def test_a_component_is_told_by_its_sums_with_what_is_missing_and_carried_over_as_its_footnote(report):
    words, note = said(report, "3.3 ")
    assert "150/500 hộ, đạt 30,00%, được 3/10 điểm" in words
    assert "Mới có số của 3/9 đơn vị" in note
    assert "chưa có: Xã A3; Huyện B (2 đơn vị); Huyện C (3 đơn vị)" in note
    assert "Có 1 số liệu cũ được dùng lại; số cũ nhất đến ngày 10/06/2024." in note


def test_many_that_did_not_tell_are_counted_after_the_first_and_all_known_weight_is_no_weight(whole):
    start = date(2020, 1, 1)
    places = [OrgUnit(f"D{at}", f"Huyện {at}", Level.DISTRICT, "P", start) for at in range(5)]
    below = [OrgUnit(f"D{at}C{no}", f"Xã {at}.{no}", Level.COMMUNE, f"D{at}", start) for at in range(5) for no in range(2)]
    tree = build_tree([OrgUnit("P", "Tỉnh", Level.PROVINCE, None, start), *places, *below], start)
    codes = [unit.code for unit in below]
    assert _absent(tree, codes) == "Huyện 0 (2 đơn vị); Huyện 1 (2 đơn vị); Huyện 2 (2 đơn vị) và 4 đơn vị khác"
    assert _absent(tree, codes[:5]) == "Huyện 0 (2 đơn vị); Huyện 1 (2 đơn vị); Xã 2.0"
    line = next(each for each in whole.rolled.lines if each.local and each.local.coverage.partial and each.local.coverage.have)
    told = [" ".join(_remarks(whole, replace(line, local=replace(line.local, weight=Weight(half, 10, 0))))) for half in (5, 10)]
    assert ["của các đơn vị đã biết" in each for each in told] == [True, False]


def test_a_stand_in_says_what_it_covers_and_an_inverse_what_it_counts(report):
    words, note = said(report, "8.8.3 ")
    assert "4/20 phản ánh được đánh giá không hài lòng, đạt 80,00%" in words
    assert "Phạm vi (một phần): Phản ánh hiện trường giao cấp huyện" in note


def test_nothing_told_is_said_to_be_missing_and_never_printed_as_nought(report):
    assert said(report, "4.1 ")[0].startswith("4.1 Tổ công nghệ số cộng đồng đến mức xã: chưa đơn vị nào có số")


def test_what_the_province_gave_is_told_with_its_document_and_who_gave_it(report):
    words, note = said(report, "3.4 ")
    assert words.endswith("100% (đạt 100,00%, 10 điểm), theo Công văn 12/STTTT.")
    assert "Trần Văn Trực nhập lúc 08:00 11/06/2024; chưa kèm tệp." in note


def test_it_is_a_draft_on_every_page_and_no_total_is_made_up(report):
    assert (report.watermark, report.code_line) == ("DỰ THẢO", "Dự thảo: số liệu chưa chốt")
    words, _ = said(report, "Tính được ")
    assert "13/20 điểm (thang 1.000 điểm)" in words
    assert "DTI nằm trong khoảng từ 0,0100 đến 1,0000" in words
    assert value_words(Range(Fraction(), Fraction(1))) == "chưa đủ số để ước lượng"


def test_a_maximum_without_points_is_a_dash_and_an_index_for_reference_is_told_to_be_none(report, whole):
    (table,) = report.appendices[0].blocks
    rows = {plain(row.cells[0]): [plain(cell) for cell in row.cells] for row in table.rows}
    assert (rows["3.1"][5:7], rows["4.1"][5:7]) == (["–", "10"], ["", ""])
    book = load_workbook(BytesIO(workbook(whole.rolled, whole.losses, whole.measures, "DTI")))
    assert next(row[7:9] for row in book["Chỉ số thành phần"].iter_rows(values_only=True) if row[0] == "3.1") == ("–", 10)
    note = said(report, "Tính được ")[1]
    assert "Khung có 9 chỉ số chính; Đô thị thông minh chỉ để tham khảo, không có điểm, nên báo cáo kể 8." in note


def test_all_formats_say_the_same(report, whole):
    pdf, docx = BytesIO(), BytesIO()
    write_pdf(report, pdf)
    write_docx(report, docx)
    pages = " ".join(" ".join(page.extract_text() for page in PdfReader(pdf).pages).split())
    paragraphs = "\n".join(paragraph.text for paragraph in Document(docx).paragraphs)
    page = report_html(report)
    for words in ("150/500 hộ, đạt 30,00%", "Công văn 12/STTTT"):
        assert words in pages
        assert words in paragraphs
        assert words in page
    book = load_workbook(BytesIO(workbook(whole.rolled, whole.losses, whole.measures, "DTI")))
    rows = {row[0]: row for row in book["Chỉ số thành phần"].iter_rows(values_only=True)}
    assert rows["3.3"][4:10] == (150, 500, 0.3, 3, 10, "x")
    assert rows["4.1"][4:8] == (None, None, None, None)
    assert len(rows) == 1 + sum(1 for _ in FRAMEWORK.lines())
    assert [row[1] for row in book["Mất điểm"].iter_rows(values_only=True)][1:] == [
        loss.unit.name for loss in whole.losses for _ in loss.parts
    ]
