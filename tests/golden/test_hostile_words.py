"""Words that look like markup, templates or formulas are words: they stand literally in all four forms of the report and on the pages."""

import csv
import io
import shutil
import threading
from collections import Counter

import openpyxl
import pytest
from bs4 import BeautifulSoup
from flask import Flask, Response

from hue_dti.resources import folder
from hue_dti.services.sources import SourceSettings
from hue_dti.units.load import load_units
from tests.golden.papers import DocxPaper, HtmlPaper, pdf_words, squeezed
from tests.golden_quarter import serving

COMMUNE = "<xã Đồng Đăng>"
DISTRICT = "Huyện <b>Nam</b> & {place} ../../Đông"
TITLES = [
    "<img src=/etc/passwd>",
    "{{7*7}}",
    "=cmd|' /C calc'!A0",
    "<para>{unit} %(n)s {0.__class__}</para>",
    "</w:t><script>alert(1)</script>&amp;&#49;",
    "${jndi:ldap://x} \\n {% raw %}",
    "+SUM(1+1)*cmd",
    "@import 'x'",
    "-2+3",
]
NUMBER = "<i>125</i>/KH-UBND"
NOTE = "{note}<br/>"
ROWS = {NUMBER, *TITLES, NOTE}


def hostile_register(body):
    """The district's own register, its titles, one number and one note written by somebody who means no good."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    page = book["Văn bản đi"]
    head = {cell.value: cell.column for cell in page[5]}
    write(page.cell(6, head["Trích yếu"]), "{{7*7}} <b>Ban chỉ đạo</b>")
    for row, title in zip((14, 15, 16, 17, 18, 19, 20, 21, 22), TITLES, strict=True):
        write(page.cell(row, head["Trích yếu"]), title)
    write(page.cell(14, head["Số ký hiệu"]), NUMBER)
    write(page.cell(14, head["Ghi chú"]), NOTE)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write(cell, words):
    cell.value = words
    cell.data_type = "s"


@pytest.fixture(scope="module")
def hostile_units(tmp_path_factory):
    """The unit files with a commune and the district renamed; their old names stay as aliases."""
    copy = shutil.copytree(folder("criteria"), tmp_path_factory.mktemp("hostile") / "criteria")
    for path in (copy / "units").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            name = {"20179": COMMUNE, "483": DISTRICT}.get(row["code"])
            if name and row["valid_from"] < "2024":
                row["aliases"], row["name"] = "|".join(filter(None, [row["aliases"], row["name"]])), name
        with path.open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, rows[0].keys(), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
    return copy


@pytest.fixture(scope="module")
def hostile(copy_quarter, hostile_units, hostile_answer, tmp_path_factory):
    """The quarter with these names and that register, closed."""
    with copy_quarter(tmp_path_factory.mktemp("hostile"), hostile_units) as quarter:
        quarter.storage.save_units(load_units(hostile_units))
        asked = {"documents": SourceSettings("documents", {"base": hostile_answer, "path": "so-van-ban.xlsx", "network": "sandbox"})}
        assert quarter.pull(asked, "documents")["documents"].faults == ()
        quarter.close(reason="<script>{{7*7}}</script>")
        yield quarter


@pytest.fixture(scope="module")
def hostile_answer(golden):
    """A server that gives the hostile register."""
    with golden.database.connect() as connection:
        (body,) = connection.execute(
            "SELECT body FROM raw_request JOIN raw_answer USING (sha256) WHERE request LIKE '%so-van-ban%'"
        ).fetchone()
    app = Flask("register")
    app.config["RELEASE"] = threading.Event()
    answer = Response(hostile_register(body), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    app.add_url_rule("/so-van-ban.xlsx", "register", lambda: answer)
    with serving(app) as base:
        yield base


@pytest.fixture(scope="module")
def files(hostile, tmp_path_factory):
    return hostile.reports(tmp_path_factory.mktemp("hostile-reports"))


def test_in_word(files):
    spoken = DocxPaper(files["docx"]).spoken
    cells = {cell for row in spoken.tables[0] for cell in row}
    assert cells >= ROWS
    check_body(spoken.blocks, spoken.notes)


def test_on_the_report_page(hostile):
    spoken = HtmlPaper(hostile.site().get("/don-vi/483/2024-Q2/bao-cao").text).spoken
    assert {cell for row in spoken.tables[0] for cell in row} >= ROWS
    check_body(spoken.blocks, spoken.notes)


def check_body(blocks, notes):
    text = "\n".join(blocks)
    assert "huyện <b>Nam</b> & {place} ../../Đông" in text
    assert "Quyết định số 196/QĐ-UBND ngày 01/01/2024 về {{7*7}} <b>Ban chỉ đạo</b>" in text
    assert f"nhiều nhất là {COMMUNE}." in text
    assert f"{COMMUNE}: 3.132" in notes[5]
    assert "49" not in text.replace("149/KH", "").replace("11.492", "")


def test_in_the_pdf(files):
    paper = pdf_words(files["pdf"])
    assert [words for words in ROWS if squeezed(words) not in paper] == []
    assert squeezed("huyện <b>Nam</b> & {place} ../../Đông đã đạt 20/53") in paper
    assert squeezed("về {{7*7}} <b>Ban chỉ đạo</b>.") in paper
    assert squeezed(f"{COMMUNE}: 3.132;") in paper


def test_in_the_workbook(files):
    book = openpyxl.load_workbook(files["xlsx"])
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert {cell.value for cell in cells if cell.data_type == "s"} >= {*ROWS, COMMUNE, DISTRICT}
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)


@pytest.mark.parametrize("address", ["", "/bao-cao", "/tieu-chi/I.1", "/tieu-chi/III.2"])
def test_a_page_shows_them_and_has_no_tag_more_than_without_them(address, hostile, golden):
    page, plain = (BeautifulSoup(quarter.site().get(f"/don-vi/483/2024-Q2{address}").text, "html.parser") for quarter in (hostile, golden))
    assert DISTRICT in page.get_text()
    assert Counter(tag.name for tag in page.find_all()) == Counter(tag.name for tag in plain.find_all())


def test_the_ranking_shows_the_commune(hostile):
    page = BeautifulSoup(hostile.site().get("/xep-hang/xa/2024-Q2").text, "html.parser")
    assert COMMUNE in page.get_text()


def test_files_are_named_by_letters_alone(files):
    names = sorted(path.name for path in files.values())
    assert names == [f"bao-cao-b-nam-b-place-dong-2024-Q2.{kind}" for kind in ("docx", "pdf", "xlsx")]
