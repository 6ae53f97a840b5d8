"""Footnotes on the paper itself, read back with another library."""

from __future__ import annotations

import pytest

from benchmarks.proofs.footnotes import check, tried
from benchmarks.sample_reports import short_report
from hue_dti.reports.model import Heading, Note, Paragraph, Text


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
