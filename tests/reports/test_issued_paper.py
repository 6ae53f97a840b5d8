"""An issued paper bears its number, day and signer; a replacing one tells what changed; a draft says on every page that it is one."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pypdf
import pytest

from benchmarks.proofs.quarters import district_quarter
from hue_dti.reports.content import build, vocabulary_of
from hue_dti.reports.docx import write_docx
from hue_dti.reports.html import report_html
from hue_dti.reports.issue import Change, Issue, Replaced, Signer, changes, faults
from hue_dti.reports.model import plain
from hue_dti.reports.pdf import write_pdf
from hue_dti.reports.xlsx import write_xlsx
from hue_dti.services.quarter import catalogue_of

SIGNER = Signer("TM. BAN CHỈ ĐẠO", "KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "Phó Chủ tịch UBND huyện", "Lê Văn An")
ISSUE = Issue(5, "BC-BCĐ", date(2024, 2, 6), SIGNER)
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)


@pytest.fixture(scope="module")
def quarter():
    snapshot = district_quarter()
    frozen = replace(snapshot, head=replace(snapshot.head, sha256="ab" * 32))
    return frozen, catalogue_of(snapshot)


@pytest.fixture(scope="module")
def draft(quarter):
    snapshot, catalogue = quarter
    return build(replace(snapshot, head=replace(snapshot.head, sha256="")), catalogue)


def printed(report):
    """The words of every page of a report's PDF."""
    pdf = io.BytesIO()
    write_pdf(report, pdf)
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(pdf).pages]


def test_number_day_and_signer_are_printed_as_the_decree_spells_them(quarter):
    words = " ".join(printed(build(*quarter, issue=ISSUE)))
    assert "Số: 05/BC-BCĐ" in words
    assert "Nam Đông, ngày 06 tháng 02 năm 2024" in words
    assert "(Kèm theo Báo cáo số 05/BC-BCĐ ngày 06 tháng 02 năm 2024 của Ban Chỉ đạo" in words
    ending = words[words.index("TM. BAN CHỈ ĐẠO") :]
    places = [ending.index(line) for line in ("KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "PHÓ CHỦ TỊCH UBND HUYỆN", "Lê Văn An")]
    assert places == sorted(places)


def test_later_months_have_no_leading_zero():
    assert replace(ISSUE, number=12, day=date(2024, 6, 24)).label == "12/BC-BCĐ"
    assert replace(ISSUE, day=date(2024, 6, 24)).day_words == "ngày 24 tháng 6 năm 2024"


@pytest.mark.parametrize(
    ("slip", "field"),
    [
        ({"number": 0}, "number"),
        ({"symbol": "BC/BCĐ"}, "symbol"),
        ({"symbol": "CV-BCĐ"}, "symbol"),
        ({"day": date(2025, 1, 1)}, "day"),
        ({"day": date(2023, 12, 31)}, "day"),
        ({"signer": replace(SIGNER, post="")}, "post"),
        ({"signer": replace(SIGNER, acting_for="TRƯỞNG BAN")}, "acting_for"),
        ({"signer": replace(SIGNER, name="")}, "signer"),
        ({"signer": replace(SIGNER, name="TS. 1")}, "signer"),
    ],
)
def test_what_cannot_be_printed_is_told_by_its_field(slip, field):
    assert list(faults(ISSUE, FIRST, LAST)) == []
    assert [found for found, _ in faults(replace(ISSUE, **slip), FIRST, LAST)] == [field]


def test_a_replacing_report_cites_the_old_number_and_lists_old_new_who_and_why(quarter):
    told = Replaced(ISSUE, "Sửa số hộ xã Hương Xuân", "Chốt lại bởi Thư ký", (Change("III.1: số đạt", "921", "930"),))
    report = build(*quarter, replaced=told)
    assert "thay thế Báo cáo số 05/BC-BCĐ ngày 06 tháng 02 năm 2024" in plain(report.lead[0].runs)
    assert "Sửa số hộ xã Hương Xuân" in plain(report.lead[0].runs)
    last = report.appendices[-1]
    assert (last.label, last.title) == ("Phụ lục IV", "SỐ LIỆU THAY ĐỔI SO VỚI BÁO CÁO BỊ THAY THẾ")
    *said, table = last.blocks
    assert "Chốt lại bởi Thư ký" in " ".join(plain(block.runs) for block in said)
    assert [plain(cell) for cell in table.rows[0].cells] == ["III.1: số đạt", "921", "930"]
    assert [column.title for column in table.columns] == ["Số liệu", "Báo cáo số 05/BC-BCĐ", "Báo cáo này"]


def test_only_figures_that_print_something_else_have_changed(quarter):
    snapshot, catalogue = quarter
    line = snapshot.sheet.criteria[0]
    others = (replace(line, points=line.points - 1), *snapshot.sheet.criteria[1:])
    changed = replace(snapshot, sheet=replace(snapshot.sheet, criteria=others))
    found = changes(vocabulary_of(snapshot, catalogue), vocabulary_of(changed, catalogue))
    assert [each.name for each in found] == [f"{line.code}: điểm", f"{line.code}: điểm còn thiếu"]


def test_a_draft_says_so_on_every_page_of_every_form(draft, quarter):
    docx, xlsx = io.BytesIO(), io.BytesIO()
    assert all("DỰ THẢO" in page for page in printed(draft))
    write_docx(draft, docx)
    with zipfile.ZipFile(docx) as parts:
        headers = [parts.read(name).decode() for name in parts.namelist() if name.startswith("word/header")]
    assert len(headers) == 2
    assert all('string="DỰ THẢO"' in header for header in headers)
    assert 'class="report report-draft"' in report_html(draft)
    write_xlsx(draft, *quarter, xlsx)
    assert {page.oddHeader.center.text for page in openpyxl.load_workbook(xlsx)} == {"DỰ THẢO"}


def test_a_paper_on_frozen_figures_bears_no_such_word(quarter):
    report, docx = build(*quarter), io.BytesIO()
    assert not any("DỰ THẢO" in page for page in printed(report))
    write_docx(report, docx)
    with zipfile.ZipFile(docx) as parts:
        assert not any(b"watermark" in parts.read(name) for name in parts.namelist())
    assert "report-draft" not in report_html(report)
