"""The workbook read back by two other libraries."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook

from benchmarks.proofs.quarters import district_quarter
from benchmarks.sample_reports import short_report
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.observations.model import RegisteredDocument
from hue_dti.reports.xlsx import write_xlsx
from hue_dti.resources import folder
from hue_dti.snapshots.model import Snapshot

SHEETS = ["Tiêu chí", "Nhóm", "Còn thiếu", "Văn bản", "Số liệu", "Lưu ý", "Thông tin"]
HOSTILE = ("=1+1", "+84", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "<xã Đồng Đăng>", "{{7*7}}", "&amp;", "https://hue.gov.vn")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(folder("criteria"))


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return district_quarter()


@pytest.fixture(scope="module")
def content(snapshot: Snapshot, catalogue: Catalogue) -> bytes:
    return written(snapshot, catalogue)


@pytest.fixture
def book(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def written(snapshot: Snapshot, catalogue: Catalogue) -> bytes:
    target = io.BytesIO()
    write_xlsx(short_report(), snapshot, catalogue, target)
    return target.getvalue()


def rows(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    head, *below = book[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in below]


def test_every_sheet_has_a_header_that_stays_in_view_and_columns_wide_enough_to_read(book: Workbook) -> None:
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert str(sheet.freeze_panes).endswith("2")
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[1])  # type: ignore[union-attr]
        assert all(isinstance(cell.value, str) and cell.font.bold for cell in sheet[1])


def test_the_53_criteria_carry_counts_and_exact_points_as_numbers(book: Workbook, snapshot: Snapshot) -> None:
    printed = {row["Mã"]: row for row in rows(book, "Tiêu chí")}
    assert len(printed) == 53
    for line in snapshot.sheet.criteria:
        row = printed[line.code]
        assert (row["Đạt được"], row["Phải đạt"], row["Còn thiếu"]) == (line.part, line.whole, line.missing)
        assert round(row["Điểm"] * 10_000) == line.points
        assert repr(row["Điểm"]) == repr(line.points / 10_000) or row["Điểm"] == line.points // 10_000
        assert row["Điểm tối đa"] * 10_000 == line.max_points
        assert (row["Tỷ lệ"] is None) == (line.share is None)


def test_points_add_up_on_the_sheet_of_groups(book: Workbook, snapshot: Snapshot) -> None:
    *groups, total = rows(book, "Nhóm")
    assert total["Nhóm"] == "Cộng"
    assert sum(round(row["Điểm"] * 10_000) for row in groups) == round(total["Điểm"] * 10_000) == snapshot.sheet.total.points
    assert sum(row["Đạt"] for row in groups) == total["Đạt"] == snapshot.sheet.total.achieved


def test_every_shortfall_stands_with_its_unit_and_number(book: Workbook, snapshot: Snapshot) -> None:
    listed = [(row["Mã"], row["Mã đơn vị"], row["Số lượng"]) for row in rows(book, "Còn thiếu")]
    assert listed == [(line.code, each.unit, each.missing) for line in snapshot.sheet.criteria for each in line.shortfalls]
    assert listed


def test_every_figure_tells_source_time_hash_and_place(book: Workbook, snapshot: Snapshot) -> None:
    printed = {(row["Mã đơn vị"], row["Mã số liệu"]): row for row in rows(book, "Số liệu")}
    assert len(printed) == len(snapshot.figures)
    for key, figure in snapshot.figures.items():
        row = printed[key]
        if figure.origin is None:
            assert row["Giá trị"] is None
            assert row["Trạng thái"] == "Chưa có số liệu"
        else:
            assert (row["Mã băm bản gốc"], row["Vị trí trong bản gốc"]) == (figure.origin.raw_sha256, figure.origin.place)
            assert row["Lấy lúc"] == datetime(2024, 6, 10, 6, 0)  # noqa: DTZ001 - a workbook's moments have no zone


def test_an_absent_figure_is_an_empty_cell_and_zero_is_a_number(book: Workbook, snapshot: Snapshot) -> None:
    values = {(row["Mã đơn vị"], row["Mã số liệu"]): row["Giá trị"] for row in rows(book, "Số liệu")}
    zeros = [key for key, figure in snapshot.figures.items() if figure.value == 0 and isinstance(values[key], int | float)]
    assert zeros
    assert all(values[key] == 0 for key in zeros)
    assert all((values[key] is None) == (figure.value is None) for key, figure in snapshot.figures.items())


def test_days_are_days(book: Workbook, snapshot: Snapshot) -> None:
    [row] = rows(book, "Văn bản")
    assert row["Ngày"] == datetime(2024, 1, 8)  # noqa: DTZ001 - a day has no zone
    assert row["Số ký hiệu"] == "13/KH-UBND"
    assert snapshot.documents[0].issued_on == date(2024, 1, 8)


@pytest.mark.parametrize("said", HOSTILE)
def test_words_that_look_like_a_formula_or_markup_stay_words(snapshot: Snapshot, catalogue: Catalogue, said: str) -> None:
    document = RegisteredDocument("483", "issued", said, date(2024, 1, 8), said, said, said, "", said)
    content = written(replace(snapshot, documents=(document,)), catalogue)
    cells = [cell for cell in load_workbook(io.BytesIO(content))["Văn bản"][2] if cell.value == said]
    assert len(cells) == 5
    for cell in cells:
        assert cell.data_type == "s"
        assert cell.hyperlink is None
        assert bool(cell.quotePrefix) == said.startswith(("=", "+", "-", "@"))


def test_no_sheet_holds_a_formula(book: Workbook) -> None:
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_another_reader_finds_the_same_numbers(content: bytes, snapshot: Snapshot) -> None:
    head, *below = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Tiêu chí").to_python()
    points: Mapping[Any, Any] = {row[0]: row[head.index("Điểm")] for row in below}
    assert points == {line.code: line.points / 10_000 for line in snapshot.sheet.criteria}


def test_the_same_snapshot_gives_the_same_bytes(content: bytes, snapshot: Snapshot, catalogue: Catalogue) -> None:
    assert written(snapshot, catalogue) == content
