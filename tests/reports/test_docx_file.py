"""The DOCX read back as Word would read it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from benchmarks.sample_reports import district_report, paragraph, short_report
from hue_dti.errors import ReportError
from hue_dti.reports.docx import write_docx
from hue_dti.reports.model import Column, Note, Paragraph, Report, Row, Table, Text


@pytest.fixture
def word(word_file: Path) -> WordDocument:
    return Document(str(word_file))


def part(path: Path | io.BytesIO, name: str) -> Any:
    with zipfile.ZipFile(path) as packed:
        return etree.fromstring(packed.read(name))


def words(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def notes_of(path: Path | io.BytesIO) -> dict[int, str]:
    footnotes = part(path, "word/footnotes.xml")
    return {int(note.get(qn("w:id"))): words(note).strip() for note in footnotes if note.get(qn("w:type")) is None}


def test_every_footnote_is_a_real_one_and_is_cited_once_in_order(word_file: Path, district: Report) -> None:
    cited = [int(mark.get(qn("w:id"))) for mark in part(word_file, "word/document.xml").iter(qn("w:footnoteReference"))]
    assert cited == [note.number for note in district.notes]
    printed = notes_of(word_file)
    assert printed == {note.number: "".join(run.text for run in note.runs).strip() for note in district.notes}


def test_a_footnote_hangs_where_the_report_says(word_file: Path) -> None:
    mark = next(part(word_file, "word/document.xml").iter(qn("w:footnoteReference")))
    before = mark.getparent().getprevious()
    assert words(before) == " tiêu chí"


def test_settings_name_the_two_separators_word_asks_for(word_file: Path) -> None:
    settings = part(word_file, "word/settings.xml")
    named = [note.get(qn("w:id")) for note in settings.find(qn("w:footnotePr"))]
    kinds = [note.get(qn("w:type")) for note in part(word_file, "word/footnotes.xml")][:2]
    assert (named, kinds) == (["-1", "0"], ["separator", "continuationSeparator"])


def test_notes_out_of_order_are_refused_since_word_numbers_by_itself() -> None:
    report = short_report(Paragraph((Text("a"), Note(2, (Text("sau"),)))))
    with pytest.raises(ReportError, match="số 2"):
        write_docx(report, io.BytesIO())


def test_sections_have_the_decrees_margins_and_wide_paper_where_asked(word: WordDocument) -> None:
    assert [section.orientation for section in word.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    for section in word.sections:
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round((margin or 0) / Mm(1)) for margin in margins] == [20, 20, 30, 15]
        assert sorted(round((side or 0) / Mm(1)) for side in (section.page_width, section.page_height)) == [210, 297]


def test_page_numbers_begin_on_the_second_page_of_each_section_and_anew_in_appendices(word: WordDocument) -> None:
    assert [section.different_first_page_header_footer for section in word.sections] == [True, True, True]
    assert "PAGE" in etree.tostring(word.sections[0].header._element).decode()
    assert [section.header.is_linked_to_previous for section in word.sections[1:]] == [True, True]
    starts = [section._sectPr.find(qn("w:pgNumType")) for section in word.sections]
    assert starts[0] is None
    assert [start.get(qn("w:start")) for start in starts[1:]] == ["1", "1"]


def test_the_53_rows_are_whole_under_a_repeated_header(word: WordDocument, district: Report) -> None:
    table = word.tables[-1]._tbl
    asked = district.appendices[1].blocks[0]
    assert isinstance(asked, Table)
    assert len(table.tr_lst) == len(asked.rows) + 1
    assert table.tr_lst[0].find(f".//{qn('w:tblHeader')}") is not None
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in table.tr_lst)
    names = [words(row.tc_lst[1]) for row in table.tr_lst[1:]]
    assert names == ["".join(run.text for run in row.cells[1] if isinstance(run, Text)) for row in asked.rows]


def test_group_rows_stay_with_the_next_row(word: WordDocument, district: Report) -> None:
    asked = district.appendices[1].blocks[0]
    assert isinstance(asked, Table)
    for row, drawn in zip(asked.rows, word.tables[-1]._tbl.tr_lst[1:], strict=True):
        kept = [said.find(f".//{qn('w:keepNext')}") is not None for said in drawn.iter(qn("w:p"))]
        assert set(kept) == {row.group}


def test_column_widths_are_said_both_ways_and_fill_the_text(word: WordDocument) -> None:
    table = word.tables[-1]._tbl
    grid = [int(column.get(qn("w:w"))) for column in table.tblGrid]
    cells = [int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in table.tr_lst[0].tc_lst]
    assert grid == cells
    assert sum(grid) / 20 == pytest.approx((297 - 45) / 25.4 * 72, abs=1)


@pytest.mark.parametrize(
    ("style", "size"),
    [("Normal", 14), ("Body Text", 14), ("Heading 1", 14), ("Heading 2", 14), ("Heading 3", 14), ("footnote text", 10), ("Table Text", 12)],
)
def test_styles_can_be_found_by_name_with_the_decrees_sizes(word: WordDocument, style: str, size: int) -> None:
    found = word.styles[style]
    assert found.font.size == Pt(size)  # type: ignore[attr-defined]
    assert found.font.name == "Times New Roman"  # type: ignore[attr-defined]


def test_no_theme_font_and_no_other_language_is_left(word_file: Path) -> None:
    with zipfile.ZipFile(word_file) as packed:
        styles = packed.read("word/styles.xml").decode()
        names = packed.namelist()
    assert "Theme=" not in styles
    assert set(re.findall(r'w:lang w:val="([^"]+)"', styles)) == {"vi-VN"}
    assert not [name for name in names if "thumbnail" in name]


def test_properties_name_title_issuer_and_day(word: WordDocument, district: Report) -> None:
    properties = word.core_properties
    assert properties.title.startswith("Báo cáo Đánh giá kết quả")
    assert properties.author == "Ban Chỉ đạo Chuyển đổi số"
    assert properties.language == "vi-VN"
    assert properties.comments == ""
    assert district.closed_at is not None
    assert properties.created == district.closed_at.replace(tzinfo=properties.created.tzinfo)  # type: ignore[union-attr]


def test_the_same_report_gives_the_same_file() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write_docx(district_report(), first)
    write_docx(district_report(), second)
    assert first.getvalue() == second.getvalue()


@pytest.mark.parametrize("said", ["<xã Đồng Đăng>", "<w:br/>", "{{7*7}}", "&amp;"])
def test_markup_in_words_is_shown_literally(said: str) -> None:
    content = io.BytesIO()
    write_docx(short_report(paragraph(said)), content)
    assert said in list(_texts(content))


def test_a_line_feed_becomes_a_line_break() -> None:
    content = io.BytesIO()
    write_docx(short_report(paragraph("Đạt\n10 điểm")), content)
    assert "Đạt\n10 điểm" in list(_texts(content))


def test_what_leads_into_a_table_stays_with_it() -> None:
    content = io.BytesIO()
    write_docx(short_report(paragraph("Bảng sau đây:"), Table((Column("Cột", 1),), (Row(((Text("Dòng"),),)),))), content)
    lead = next(each for each in Document(content).paragraphs if each.text == "Bảng sau đây:")
    assert lead._p.find(f".//{qn('w:keepNext')}") is not None


def test_the_signature_table_stays_with_the_last_paragraphs(word: WordDocument) -> None:
    signature = next(table for table in word.tables if "Nơi nhận:" in words(table._tbl))
    above = signature._tbl.getprevious()
    assert words(above).endswith("./.")
    for paragraph_above in (above, above.getprevious()):
        assert paragraph_above.find(f".//{qn('w:keepNext')}") is not None


def _texts(content: io.BytesIO) -> Iterator[str]:
    return (said.text for said in Document(content).paragraphs)
