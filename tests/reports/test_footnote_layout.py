"""Footnotes on the paper itself, read back with another library."""

from __future__ import annotations

import pytest
from reportlab.platypus import Paragraph as Setter

from benchmarks.proofs.footnotes import check, tried
from benchmarks.sample_reports import short_report
from hue_dti.reports.fonts import load_faces
from hue_dti.reports.model import Heading, Note, Paragraph, Text
from hue_dti.reports.pdf_text import Look, TextBlock, Writer


@pytest.mark.parametrize("seed", range(24))
def test_a_random_report_loses_no_word_and_every_note_stands_under_its_page(seed: int) -> None:
    assert tried(seed).faults == ()


def test_a_note_longer_than_three_pages_is_printed_whole_under_the_text() -> None:
    note = Note(1, (Text(" ".join(f"n1x{place}" for place in range(2500))),))
    report = short_report(Paragraph((Text("w0"), note)), *(Paragraph((Text(f"w{place}"),)) for place in range(1, 30)))
    verdict = check(report, harsh=False)
    assert verdict.faults == ()
    assert verdict.split == 1


def test_a_heading_may_carry_a_note() -> None:
    report = short_report(Heading(2, (Text("1. w0"), Note(1, (Text("n1x0 n1x1"),)))), Paragraph((Text("w1"),)))
    assert check(report, harsh=False).faults == ()


def test_a_number_cut_over_two_lines_of_a_narrow_column_cites_its_note_once() -> None:
    writer = Writer(load_faces())
    look = Look(writer.faces.regular, 12)
    words = writer.markup((Text("Mười"), Note(1234567890, (Text("n"),))), look.size)
    block = TextBlock(Setter(words, writer.style(look)), width=20)
    assert block.count > 2
    assert [number for line in block.lines for number in line.notes] == [1234567890]
