"""The report as a page and as files: the same figures as the snapshot, in other programs' eyes too."""

from __future__ import annotations

from io import BytesIO

import docx
import openpyxl
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from hue_dti.reports.content import build
from hue_dti.snapshots.bundle import decode
from hue_dti.snapshots.verify import verify

QUARTER = "/don-vi/483/2024-Q2"


def words(node):
    return " ".join(node.get_text(" ").split())


def squeezed(text):
    return "".join(text.split())


@pytest.fixture(scope="module")
def page(golden):
    return golden.browse().open(f"{QUARTER}/bao-cao")


def test_the_preview_is_the_report_with_every_note(page, snapshot, catalogue):
    report = build(snapshot, catalogue)
    assert len(page.select(".report-notes li")) == len(report.notes)
    assert len(page.select(".report-sheet")) == 1 + len(report.appendices)
    assert squeezed("đã đạt 20/53 tiêu chí") in squeezed(page.select_one(".report-body").get_text())


def test_the_outline_leads_to_every_heading_and_appendix(page):
    targets = [link["href"] for link in page.select(".outline a")]
    assert len(targets) > 15
    assert all(page.select_one(target) for target in targets)
    assert words(page.select_one(".outline a")) == "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH"
    for link in page.select(".outline .level-2 a"):
        assert words(page.select_one(link["href"])).startswith(words(link))


def test_every_figure_of_the_paper_leads_to_a_page_that_explains_it(page, reader):
    links = {link["href"] for link in page.select("a.report-figure")}
    assert len(links) > 60
    opened = {"": str(page)}
    for href in links:
        address, _, anchor = href.partition("#")
        if address not in opened:
            answer = reader.get(address)
            assert answer.status_code == 200
            opened[address] = answer.text
        assert not anchor or f' id="{anchor}"' in opened[address], href


def test_a_figure_leads_to_the_criterion_it_stands_in(page):
    link = next(link for link in page.select("a.report-figure") if link["data-path"] == "criteria/III.1/part")
    assert (link.text, link["href"]) == ("921", f"{QUARTER}/tieu-chi/III.1#so-lieu")


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_the_downloads_are_attachments_named_for_the_quarter(kind, reader):
    answer = reader.get(f"{QUARTER}/bao-cao.{kind}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=bao-cao-nam-dong-2024-Q2.{kind}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_pdf_says_what_the_page_says(page, reader):
    text = squeezed("".join(each.extract_text() for each in PdfReader(BytesIO(reader.get(f"{QUARTER}/bao-cao.pdf").data)).pages))
    for paragraph in page.select(".report-body > p"):
        for mark in BeautifulSoup(str(paragraph), "html.parser").select("sup"):
            mark.decompose()
    for figure in ("20/53", "921/968", "95,14%", "384,0363/665", "1.627/1.663", "97,84%", "32/60"):
        assert squeezed(figure) in text
        assert squeezed(figure) in squeezed(page.select_one(".report").get_text())


def test_the_word_file_opens_and_has_the_same_figures(reader):
    document = docx.Document(BytesIO(reader.get(f"{QUARTER}/bao-cao.docx").data))
    text = squeezed("".join(paragraph.text for paragraph in document.paragraphs))
    assert all(figure in text for figure in ("20/53", "921/968", "95,14%", "384,0363/665"))
    assert any(len(table.rows) >= 53 for table in document.tables)


def test_the_workbook_has_the_snapshot_s_points_as_numbers(reader, snapshot):
    book = openpyxl.load_workbook(BytesIO(reader.get(f"{QUARTER}/bao-cao.xlsx").data), data_only=True)
    cells = {}
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            for code in (value for value in row if isinstance(value, str)):
                cells.setdefault(code.strip(), []).append([value for value in row if isinstance(value, int | float)])
    for line in snapshot.sheet.criteria:
        assert any(line.points / 10_000 in numbers for numbers in cells[line.code]), line.code


def test_the_bundle_is_what_was_frozen_and_verifies_by_itself(reader, snapshot):
    answer = reader.get(f"{QUARTER}/ban-chot")
    assert answer.headers["Content-Disposition"] == "attachment; filename=ban-chot-nam-dong-2024-Q2.bundle"
    assert decode(answer.data).head.sha256 == snapshot.head.sha256
    assert verify(answer.data) == ()


def test_a_commune_s_report_opens_with_the_commune_s_name(golden):
    page = golden.browse().open("/don-vi/20179/2024-Q2/bao-cao")
    assert "XÃ HƯƠNG XUÂN" in words(page.select_one(".report-head"))
    assert "không phải bộ chỉ số chính thức" in words(page.aside)
