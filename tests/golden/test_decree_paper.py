"""The paper is that of Nghị định 30/2020/NĐ-CP, measured on the pages of the PDF and in the XML of the Word document."""

from dataclasses import dataclass

import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from pypdf import PdfReader

MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 30 * MM, 15 * MM, 20 * MM, 20 * MM
TITLE = "Đánh giá kết quả chuyển đổi số Quý II"
SUBJECT = "và triển khai phương hướng, nhiệm vụ Quý III năm 2024"


@dataclass(frozen=True)
class Look:
    sizes: tuple[float, ...]
    bold: bool = False
    italic: bool = False


ELEMENTS = {
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": Look((12, 13), bold=True),
    "Độc lập - Tự do - Hạnh phúc": Look((13, 14), bold=True),
    "ỦY BAN NHÂN DÂN": Look((12, 13)),
    "HUYỆN NAM ĐÔNG": Look((12, 13)),
    "BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ": Look((12, 13), bold=True),
    "Số: /BC-BCĐ": Look((13,)),
    "Nam Đông, ngày tháng năm 2024": Look((13, 14), italic=True),
    "BÁO CÁO": Look((13, 14), bold=True),
    TITLE: Look((13, 14), bold=True),
    SUBJECT: Look((13, 14), bold=True),
    "Thực hiện Quyết định số 931/QĐ-UBND": Look((13, 14)),
    "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH": Look((13, 14), bold=True),
    "1. Nhận thức số": Look((13, 14), bold=True),
}
SIGNING = {
    "Nơi nhận:": Look((12,), bold=True, italic=True),
    "- Lưu: VT.": Look((11,)),
    "TM. BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ": Look((13, 14), bold=True),
    "TRƯỞNG BAN": Look((13, 14), bold=True),
}
APPENDIX = {
    "Phụ lục I": Look((14,), bold=True),
    "DANH MỤC VĂN BẢN CHỈ ĐẠO VỀ CHUYỂN ĐỔI SỐ ĐÃ BAN HÀNH": Look((13, 14), bold=True),
    "(Kèm theo Báo cáo số": Look((13, 14), italic=True),
}


def looks_like(letters, look):
    assert {char["size"] for char in letters} <= set(look.sizes)
    assert {"Bold" in char["fontname"] for char in letters} == {look.bold}
    assert {"Italic" in char["fontname"] for char in letters} == {look.italic}


def middle(letters):
    return (letters[0]["x0"] + letters[-1]["x1"]) / 2


def width(letters):
    return letters[-1]["x1"] - letters[0]["x0"]


def line_below(page, letters):
    """The first line drawn under these letters, centred on them."""
    below = [line for line in page.lines if 0 <= line["top"] - letters[0]["bottom"] < 14]
    return min((line for line in below if abs((line["x0"] + line["x1"]) / 2 - middle(letters)) < 2), key=lambda line: line["top"])


@pytest.mark.parametrize("words", ELEMENTS)
def test_an_element_of_the_first_page_has_its_size_and_style(words, pdf):
    looks_like(pdf.pages[0].find(words), ELEMENTS[words])


@pytest.mark.parametrize("words", SIGNING)
def test_an_element_of_the_signing_block_has_its_size_and_style(words, pdf):
    looks_like(pdf.main[-1].find(words), SIGNING[words])


@pytest.mark.parametrize("words", APPENDIX)
def test_an_element_of_an_appendix_has_its_size_and_style_and_is_centred(words, pdf):
    page = pdf.appendix("DANH MỤC VĂN BẢN")[0]
    letters = page.find(words)
    looks_like(letters, APPENDIX[words])
    first_line = [char for char in letters if abs(char["top"] - letters[0]["top"]) < 1]
    if len(first_line) == len(letters) and words != "(Kèm theo Báo cáo số":
        assert middle(letters) == pytest.approx((LEFT + page.width - RIGHT) / 2, abs=2)


def test_the_country_stands_one_point_below_its_motto(pdf):
    country, motto = (pdf.pages[0].find(words)[0]["size"] for words in list(ELEMENTS)[:2])
    assert motto - country == 1


def test_the_issuer_stands_left_and_the_country_right_number_and_date_on_one_line(pdf):
    page = pdf.pages[0]
    left = [middle(page.find(words)) for words in ("ỦY BAN NHÂN DÂN", "BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ")]
    right = [middle(page.find(words)) for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")]
    number, day = page.find("Số: /BC-BCĐ"), page.find("Nam Đông, ngày tháng năm 2024")
    assert left == pytest.approx([left[0]] * 2, abs=1)
    assert right == pytest.approx([right[0]] * 2, abs=1)
    assert left[0] < page.width / 2 < right[0]
    assert number[0]["bottom"] == pytest.approx(day[0]["bottom"], abs=0.5)


def test_the_line_under_the_motto_is_as_long_as_it_the_others_a_third_to_a_half(pdf):
    page = pdf.pages[0]
    motto = page.find("Độc lập - Tự do - Hạnh phúc")
    assert width([motto[0], motto[-1]]) == pytest.approx(line_below(page, motto)["width"], abs=2)
    for words in ("BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ", SUBJECT):
        letters = page.find(words)
        assert 1 / 3 <= line_below(page, letters)["width"] / width(letters) <= 1 / 2


def test_the_title_stands_in_the_middle(pdf):
    page = pdf.pages[0]
    for words in ("BÁO CÁO", TITLE, SUBJECT):
        assert middle(page.find(words)) == pytest.approx((LEFT + page.width - RIGHT) / 2, abs=2)


def test_paragraphs_are_indented_and_justified(pdf):
    page = pdf.pages[0]
    first = page.find("Thực hiện Quyết định số 931/QĐ-UBND ngày 04/04/2024 của UBND tỉnh")
    assert first[0]["x0"] - LEFT == pytest.approx(12.7 * MM, abs=1)
    assert first[-1]["x1"] == pytest.approx(page.width - RIGHT, abs=1)
    assert page.find("Thừa Thiên Huế và chương trình")[0]["x0"] == pytest.approx(LEFT, abs=1)


def test_every_page_is_a4_and_only_the_wide_table_lies_across(pdf):
    wide = pdf.appendix("KẾT QUẢ THỰC HIỆN BỘ CHỈ SỐ")
    for page in pdf.pages:
        paper = (297, 210) if page in wide else (210, 297)
        assert (page.width / MM, page.height / MM) == pytest.approx(paper, abs=0.1)


def test_nothing_stands_in_the_margins_but_the_page_number(pdf):
    for page in pdf.pages:
        seen = [char for char in page.letters if char["text"].strip() and char["top"] > TOP]
        assert min(char["x0"] for char in seen) >= LEFT - 0.5
        assert max(char["x1"] for char in seen) <= page.width - RIGHT + 0.5
        assert max(char["bottom"] for char in seen) <= page.height - BOTTOM + 0.5
        assert min(line["x0"] for line in page.lines or [{"x0": LEFT}]) >= LEFT - 0.5


def test_pages_are_numbered_in_the_middle_of_the_top_margin_from_the_second_anew_in_each_appendix(pdf):
    parts = [pdf.main, *(pdf.appendix(title) for title in ("DANH MỤC VĂN BẢN", "KẾT QUẢ THỰC HIỆN BỘ CHỈ SỐ", "CÁC GIẢ ĐỊNH"))]
    assert sum(map(len, parts)) == len(pdf.pages)
    for part in parts:
        assert [page.number for page in part] == ["", *map(str, range(2, len(part) + 1))]
        for page in part[1:]:
            letters = [char for char in page.letters if char["top"] < TOP]
            looks_like(letters, Look((13, 14)))
            assert middle(letters) == pytest.approx((LEFT + page.width - RIGHT) / 2, abs=2)


def test_the_body_ends_with_its_closing_mark(pdf, docx):
    assert pdf.body.endswith("củahuyệnNamĐông./.TM.BANCHỈĐẠOCHUYỂNĐỔISỐTRƯỞNGBAN")
    assert docx.spoken.blocks[-2].endswith("của huyện Nam Đông./.")


def test_every_font_of_the_pdf_is_embedded_and_knows_its_letters(files):
    for page in PdfReader(files["pdf"]).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object().get("/DescendantFonts", [font])[0].get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"].get_object()
            assert "/ToUnicode" in font.get_object()


STYLES = {
    "BodyText": (14, False, False, "both"),
    "Heading1": (14, True, False, "both"),
    "Heading2": (14, True, False, "both"),
    "LetterheadCountry": (12, True, False, "center"),
    "LetterheadMotto": (13, True, False, "center"),
    "Letterhead": (12, False, False, "center"),
    "LetterheadNumber": (13, False, False, "center"),
    "LetterheadDate": (13, False, True, "center"),
    "Title": (14, True, False, "center"),
    "Subtitle": (14, True, False, "center"),
    "RecipientsHeading": (12, True, True, "left"),
    "Recipients": (11, False, False, "left"),
    "Signature": (14, True, False, "center"),
    "AppendixLabel": (14, True, False, "center"),
    "AppendixTitle": (14, True, False, "center"),
    "AppendixReference": (13, False, True, "center"),
    "Header": (14, False, False, "center"),
}


@pytest.mark.parametrize("name", STYLES)
def test_a_style_of_the_word_document_has_its_size_and_place(name, docx):
    style = next(each for each in docx.document.styles if each.style_id == name)
    font = style.font
    aligned = style.element.pPr.find(qn("w:jc")).get(qn("w:val"))
    assert (font.size.pt, bool(font.bold), bool(font.italic), aligned) == STYLES[name]
    assert font.name == "Times New Roman"


def test_a_word_paragraph_is_indented_and_spaced(docx):
    layout = next(each for each in docx.document.styles if each.style_id == "BodyText").paragraph_format
    assert layout.first_line_indent == pytest.approx(Mm(12.7), abs=1000)
    assert layout.space_before >= Pt(6)
    assert 1 <= layout.line_spacing <= 1.5


def test_the_word_document_has_four_sections_of_a4_with_the_decrees_margins(docx):
    sections = docx.document.sections
    assert [section.orientation for section in sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    for section in sections:
        assert sorted((section.page_width.mm, section.page_height.mm)) == pytest.approx([210, 297], abs=0.1)
        margins = [each.mm for each in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)]
        assert margins == pytest.approx([20, 20, 30, 15], abs=0.1)
        assert section.different_first_page_header_footer


def test_word_numbers_pages_in_the_header_anew_in_each_appendix(docx):
    first, *others = docx.document.sections
    assert [field.get(qn("w:instr")).strip() for field in first.header._element.iter(qn("w:fldSimple"))] == ["PAGE"]
    assert [section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) for section in others] == ["1"] * 3
    assert all(section.header.is_linked_to_previous for section in others)


def test_the_words_of_the_letterhead_are_the_papers(docx):
    told = [
        [paragraph.text for cell in row.cells for paragraph in cell.paragraphs if paragraph.text] for row in docx.document.tables[0].rows
    ]
    assert told == [
        [
            "ỦY BAN NHÂN DÂN\nHUYỆN NAM ĐÔNG",
            "BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
        ],
        ["Số:        /BC-BCĐ", "Nam Đông, ngày        tháng        năm 2024"],
    ]


def test_word_footnotes_are_real_ones_each_cited_once_in_order(docx):
    cited = [int(each.get(qn("w:id"))) for each in docx.document.element.body.iter(qn("w:footnoteReference"))]
    kept = [int(note.get(qn("w:id"))) for note in docx.footnotes if note.get(qn("w:type")) is None]
    assert cited == kept == list(range(1, 14))
