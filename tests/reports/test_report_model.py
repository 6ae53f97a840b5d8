"""What every renderer may rely on."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.sample_reports import paragraph, short_report
from hue_dti.reports.model import Column, Note, Paragraph, Row, Table, Text, plain


@pytest.mark.parametrize(("said", "printed"), [("Trên đây", "Trên đây./."), ("Trên đây.", "Trên đây./."), ("Trên đây./.", "Trên đây./.")])
def test_the_body_ends_with_the_closing_mark_once(said: str, printed: str) -> None:
    last = short_report(closing=(paragraph(said),)).main[-1]
    assert isinstance(last, Paragraph)
    assert plain(last.runs) == printed


def test_a_body_that_ends_with_a_table_gets_the_closing_mark_below_it() -> None:
    last = short_report(closing=(Table((Column("A", 1),), ()),)).main[-1]
    assert last == paragraph("./.")


def test_notes_in_table_cells_count_as_notes_of_the_report() -> None:
    note = Note(1, (Text("tạm tính"),))
    report = short_report(Table((Column("A", 1),), (Row(((Text("10"), note),)),)))
    assert report.notes == (note,)


def test_a_group_rows_name_reaches_over_the_empty_cells_to_its_right() -> None:
    name, points = (Text("Nhận thức số"),), (Text("170"),)
    row = Row(((Text("I"),), name, (), (), points, ()), group=True)
    assert row.spans(6) == (((Text("I"),), 1), (name, 3), (points, 2))


def test_an_ordinary_row_keeps_its_empty_cells_and_gets_those_it_lacks() -> None:
    cells: tuple[Any, ...] = ((Text("1"),), ())
    assert Row(cells).spans(3) == ((cells[0], 1), ((), 1), ((), 1))


def test_a_draft_says_so_instead_of_a_code() -> None:
    assert short_report(snapshot_sha256="").code_line == "Dự thảo: số liệu chưa chốt"
