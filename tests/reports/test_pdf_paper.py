"""The paper as Nghị định 30/2020/NĐ-CP asks, read back from the PDF."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pypdf import PdfReader

from benchmarks.sample_reports import LETTERHEAD, SIGNATURE, district_report, paragraph, short_report
from hue_dti.errors import ReportError
from hue_dti.reports.decree import LINES_ABOVE_SIGNATURE
from hue_dti.reports.fonts import SHIPPED
from hue_dti.reports.model import Appendix, Column, Paragraph, Report, Row, Table, Text
from hue_dti.reports.pdf import write_pdf

MM = 72 / 25.4
HOSTILE = ("<xã Đồng Đăng>", "<img src=/etc/passwd>", "{{7*7}}", "&amp;", "<b>đậm</b>", '<a href="#note-1">1</a>')
Reader = Callable[..., str]


def line_with(page: Page, words: str) -> dict[str, Any]:
    """The line of a page that has these words, with its letters."""
    return next(line for line in page.extract_text_lines(return_chars=True) if words in line["text"])


def face(line: dict[str, Any]) -> tuple[float, str]:
    """Size and face of a line's first letter."""
    first = line["chars"][0]
    return round(first["size"], 1), first["fontname"].partition("+")[2]


@pytest.mark.parametrize(
    ("words", "size", "name"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, "LiberationSerif-Bold"),
        ("Độc lập - Tự do - Hạnh phúc", 13, "LiberationSerif-Bold"),
        ("UBND HUYỆN NAM ĐÔNG", 12, "LiberationSerif"),
        ("BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ", 12, "LiberationSerif-Bold"),
        ("/BC-BCĐ", 13, "LiberationSerif"),
        ("Nam Đông, ngày", 13, "LiberationSerif-Italic"),
        ("BÁO CÁO", 14, "LiberationSerif-Bold"),
        ("Đánh giá kết quả chuyển đổi số Quý II", 14, "LiberationSerif-Bold"),
        ("I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", 14, "LiberationSerif-Bold"),
        ("Tham mưu UBND huyện", 14, "LiberationSerif"),
    ],
)
def test_each_part_of_the_first_page_has_the_size_and_face_of_the_decree(paper: PDF, words: str, size: float, name: str) -> None:
    page = paper.pages[0]
    found = page.search(words, return_chars=True)[0]["chars"][0]
    assert (round(found["size"], 1), found["fontname"].partition("+")[2]) == (size, name)


def test_all_words_stay_inside_the_margins_of_the_decree(paper: PDF) -> None:
    for page in paper.pages:
        words = [word for word in page.extract_words() if word["bottom"] > 20 * MM]
        assert min(word["x0"] for word in words) >= 30 * MM - 0.5
        assert max(word["x1"] for word in words) <= page.width - 15 * MM + 0.5
        assert max(word["bottom"] for word in words) <= page.height - 20 * MM + 0.5


def test_paper_is_a4_and_wide_only_in_the_appendix_that_asks(paper: PDF) -> None:
    sizes = {(round(page.width / MM), round(page.height / MM)) for page in paper.pages}
    assert sizes == {(210, 297), (297, 210)}
    wide = [page.page_number for page in paper.pages if page.width > page.height]
    assert wide == list(range(wide[0], len(paper.pages) + 1))


def test_page_numbers_stand_centred_in_the_top_margin_but_not_on_first_pages(paper: PDF) -> None:
    numbers: list[str] = []
    for page in paper.pages:
        above = [word for word in page.extract_words() if word["bottom"] < 20 * MM]
        numbers.append("".join(word["text"] for word in above))
        for word in above:
            assert (word["x0"] + word["x1"]) / 2 == pytest.approx((30 * MM + page.width - 15 * MM) / 2, abs=1)
    body = next(place for place, page in enumerate(paper.pages) if "Phụ lục I\n" in page.extract_text())
    assert numbers[:body] == ["", *(str(number) for number in range(2, body + 1))]
    assert numbers[body:] == ["", "", *(str(number) for number in range(2, len(numbers) - body))]


def test_the_motto_is_underlined_as_long_as_its_text_and_the_issuer_by_a_third_to_a_half(paper: PDF) -> None:
    page = paper.pages[0]
    lines = sorted((line for line in page.lines if line["top"] < 50 * MM), key=lambda line: float(line["x0"]))
    motto = page.search("Độc lập - Tự do - Hạnh phúc")[0]
    issuer = page.search("BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ")[0]
    assert lines[1]["width"] == pytest.approx(motto["x1"] - motto["x0"], abs=1)
    assert 1 / 3 <= lines[0]["width"] / (issuer["x1"] - issuer["x0"]) <= 1 / 2


def test_body_paragraphs_are_indented_and_justified(paper: PDF) -> None:
    lines = [line for line in paper.pages[1].extract_text_lines() if line["bottom"] > 20 * MM]
    right = paper.pages[1].width - 15 * MM
    firsts = {round(line["x0"] / MM, 1) for line in lines if line["text"].startswith(("Công khai", "Bản tin", "Tin hoạt"))}
    assert firsts == {42.7}
    assert sum(abs(line["x1"] - right) < 1.5 for line in lines) > len(lines) / 2


def test_all_53_rows_stand_once_and_the_header_on_every_page(paper: PDF, district: Report) -> None:
    wide = [page for page in paper.pages if page.width > page.height]
    tables = [page.extract_tables()[0] for page in wide]
    headers = {tuple(str(cell).replace("\n", " ") for cell in table[0]) for table in tables}
    table = district.appendices[1].blocks[0]
    assert isinstance(table, Table)
    assert headers == {tuple(column.title for column in table.columns)}
    names = [str(row[1]).replace("\n", " ") for table in tables for row in table[1:]]
    assert names == ["".join(run.text for run in row.cells[1] if isinstance(run, Text)) for row in table.rows]
    assert len([row for row in table.rows if not row.group]) == 53


def test_no_page_ends_with_a_group_row(paper: PDF) -> None:
    for page in paper.pages:
        if page.width > page.height:
            assert str(page.extract_tables()[0][-1][0]).isdigit()


def test_signature_and_recipients_stand_with_the_last_lines_of_the_body() -> None:
    for count in range(20, 40):
        content = io.BytesIO()
        write_pdf(short_report(*(paragraph(f"Câu {number}. " + "Nội dung " * 14) for number in range(count))), content)
        last = PdfReader(content).pages[-1].extract_text()
        assert "Nơi nhận:" in last
        assert "TRƯỞNG BAN" in last
        assert "./." in last
        above = last[: last.index("Nơi nhận:")].splitlines()
        assert sum("dung" in line or "./." in line for line in above) >= LINES_ABOVE_SIGNATURE


def test_what_leads_into_a_table_stands_on_the_page_of_its_first_row() -> None:
    table = Table((Column("Cột", 1),), (Row(((Text("Dòng đầu"),),)), Row(((Text("Dòng sau"),),))))
    for count in range(12, 28):
        content = io.BytesIO()
        write_pdf(short_report(*(paragraph(f"Câu {number}.") for number in range(count)), paragraph("Bảng sau đây:"), table), content)
        pages = [page.extract_text() for page in PdfReader(content).pages]
        (lead,) = (page for page in pages if "Bảng sau đây:" in page)
        assert "Dòng đầu" in lead


def test_text_reads_back_in_composed_form(text_of: Reader) -> None:
    words = "Thượng Quảng, Hương Hữu, ỷ ỵ ặ ẫ ễ ộ ỡ ự Đ đ 97,84%"
    report = short_report(paragraph(unicodedata.normalize("NFD", words)))
    assert words in text_of(report)


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_user_text_is_printed_literally_everywhere(text_of: Reader, words: str) -> None:
    table = Table((Column(words, 1),), (Row(((Text(words),),)),))
    report = short_report(
        Paragraph((Text(words),)),
        letterhead=replace(LETTERHEAD, subject=(words,)),
        signature=replace(SIGNATURE, recipients=(words,)),
        appendices=(Appendix(words, "A", words, False, (table,)),),
    )
    assert text_of(report).count(words) == 7


def test_a_character_the_letters_lack_is_printed_by_its_number(text_of: Reader) -> None:
    assert "Hoan nghênh [U+1F600]" in text_of(short_report(paragraph("Hoan nghênh \U0001f600")))


def test_fonts_are_embedded_and_no_other_is_named(district: Report) -> None:
    content = io.BytesIO()
    write_pdf(district, content)
    faces: set[str] = set()
    for page in PdfReader(content).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            faces.add(font["/BaseFont"].partition("+")[2])
            assert "/FontFile2" in font["/FontDescriptor"]
    assert faces == {"LiberationSerif", "LiberationSerif-Bold", "LiberationSerif-Italic", "LiberationSerif-BoldItalic"}


def test_the_file_names_its_title_language_date_and_outline(district: Report) -> None:
    content = io.BytesIO()
    write_pdf(district, content)
    read = PdfReader(content)
    assert read.metadata is not None
    assert read.metadata.title == "Báo cáo Đánh giá kết quả chuyển đổi số Quý II và triển khai phương hướng, nhiệm vụ Quý III năm 2024"
    assert read.metadata.creation_date == datetime(2024, 6, 24, 1, 30, tzinfo=UTC)
    assert read.trailer["/Root"]["/Lang"] == "vi-VN"
    titles = [entry.title for entry in read.outline if not isinstance(entry, list)]
    assert titles[:2] == ["I. Công tác chỉ đạo, điều hành", "II. Kết quả thực hiện"]
    assert titles[-1].startswith("Phụ lục II")


def test_the_snapshots_code_ends_the_paper(paper: PDF, district: Report) -> None:
    assert paper.pages[-1].extract_text().endswith(district.snapshot_sha256)
    code = line_with(paper.pages[-1], district.snapshot_sha256)
    assert face(code)[0] == 8


def test_the_same_report_gives_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write_pdf(district_report(), first)
    write_pdf(district_report(), second)
    assert first.getvalue() == second.getvalue()


def test_a_long_word_is_not_cut_while_another_column_has_room_to_spare(text_of: Reader) -> None:
    columns = (Column("Số", 0.05), Column("Trích yếu", 0.95))
    table = Table(columns, (Row(((Text("486/UBND-VHTT"),), (Text("Về nền tảng số"),))),))
    assert "486/UBND-VHTT" in text_of(short_report(table))


def test_a_row_taller_than_a_page_goes_on_under_the_header(text_of: Reader) -> None:
    words = [f"từ{number}" for number in range(3000)]
    read = text_of(short_report(Table((Column("Cột", 1),), (Row(((Text(" ".join(words)),),)),))))
    assert all(read.split().count(word) == 1 for word in words)
    assert read.split().count("Cột") > 1


def test_fonts_from_a_folder_are_used(text_of: Reader, tmp_path: Path) -> None:
    times = ("times", "timesbd", "timesi", "timesbi")
    for name, shipped in zip(times, ("Regular", "Bold", "Italic", "BoldItalic"), strict=True):
        (tmp_path / f"{name}.TTF").symlink_to(SHIPPED / f"LiberationSerif-{shipped}.ttf")
    assert "Nam Đông" in text_of(short_report(paragraph("Nam Đông")), tmp_path)


def test_a_folder_without_the_four_faces_is_refused_with_what_to_put_there(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"times\.ttf, timesbd\.ttf, timesi\.ttf, timesbi\.ttf"):
        write_pdf(short_report(), io.BytesIO(), tmp_path)


def test_a_broken_font_is_named(tmp_path: Path) -> None:
    for name in ("times", "timesbd", "timesi", "timesbi"):
        (tmp_path / f"{name}.ttf").write_bytes(b"not a font")
    with pytest.raises(ReportError, match=r"times\.ttf"):
        write_pdf(short_report(), io.BytesIO(), tmp_path)


def test_a_place_that_cannot_be_written_is_named_and_left_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="khong-co"):
        write_pdf(short_report(), tmp_path / "khong-co" / "bao-cao.pdf")
