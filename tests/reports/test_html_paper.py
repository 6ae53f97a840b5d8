"""The report as HTML, read back by a parser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from benchmarks.sample_reports import LETTERHEAD, paragraph, short_report
from hue_dti.reports.html import report_html
from hue_dti.reports.model import Appendix, Column, Figure, Note, Paragraph, Report, Row, Table, Text


def soup(report: Report) -> BeautifulSoup:
    return BeautifulSoup(report_html(report), "html.parser")


def test_every_reference_leads_to_its_note_and_back(district: Report) -> None:
    page = soup(district)
    marks = [mark["href"] for mark in page.select("sup a")]
    assert marks == [f"#note-{note.number}" for note in district.notes]
    for note in district.notes:
        assert page.select_one(f"#note-{note.number} a[href='#reference-{note.number}']") is not None
        assert page.select_one(f"#reference-{note.number}") is not None


def test_notes_stand_at_the_end_of_the_part_that_cites_them() -> None:
    cell = (Text("10"), Note(2, (Text("tạm tính"),)))
    appendix = Appendix("Phụ lục I", "Biểu", "", False, (Table((Column("Điểm", 1),), (Row((cell,)),)),))
    page = soup(short_report(Paragraph((Text("a"), Note(1, (Text("thân"),)))), appendices=(appendix,)))
    assert [item["id"] for item in page.select(".report-body li[value]")] == ["note-1"]
    assert [item["id"] for item in page.select(".report-appendix li[value]")] == ["note-2"]


def test_figures_become_links_that_carry_their_path() -> None:
    report = short_report(Paragraph((Figure("95,14%", "criteria/III.1/share"),)))
    page = BeautifulSoup(report_html(report, link=lambda path: f"/giai-thich?o={path}&x=1"), "html.parser")
    link = page.select_one("a[data-path]")
    assert link is not None
    assert (link["data-path"], link["href"], link.text) == ("criteria/III.1/share", "/giai-thich?o=criteria/III.1/share&x=1", "95,14%")


def test_without_links_a_figure_keeps_its_path_as_a_value() -> None:
    page = soup(short_report(Paragraph((Figure("95,14%", "criteria/III.1/share"),))))
    assert page.data is not None
    assert page.data["value"] == "criteria/III.1/share"


@pytest.mark.parametrize("said", ["<xã Đồng Đăng>", "<img src=/etc/passwd>", "{{7*7}}", "&amp;", '" onload="x'])
def test_markup_in_words_is_shown_literally_everywhere(said: str) -> None:
    table = Table((Column(said, 1),), (Row(((Text(said),),)),))
    report = short_report(
        paragraph(said),
        Paragraph((Figure(said, said), Note(1, (Text(said),)))),
        letterhead=replace(LETTERHEAD, subject=(said,)),
        appendices=(Appendix(said, said, said, True, (table,)),),
    )
    page = soup(report)
    assert page.find("img") is None
    assert page.text.count(said) == 9
    assert {name for tag in page.find_all(True) for name in tag.attrs} <= {
        "class", "lang", "id", "href", "value", "scope", "role", "tabindex", "aria-label", "colspan"
    }  # fmt: skip


def test_nothing_carries_a_style_or_a_script_of_its_own(district: Report) -> None:
    page = soup(district)
    assert page.find(["style", "script"]) is None
    assert not page.select("[style]")


def test_the_table_has_all_rows_and_group_rows_span(district: Report) -> None:
    rows = soup(district).select(".report-appendix")[1].select("tbody tr")
    assert len(rows) == 53 + 9
    group = rows[0]
    assert group["class"] == ["report-group"]
    assert sum(int(str(cell.get("colspan", 1))) for cell in group.find_all("th")) == 7
