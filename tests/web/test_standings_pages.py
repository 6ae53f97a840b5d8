"""Rankings and a unit's strong and weak sides, for everybody, over what is closed."""

import io
from dataclasses import replace

import openpyxl

from hue_dti.web.trend import OTHER_SET, OTHER_UNIT, breaks
from tests.web.conftest import QUARTER, words

BOARD = "/bang-xep-hang"


def test_communes_are_ranked_by_total_group_and_criterion(anonymous, snapshot):
    page = anonymous.open(BOARD)
    rows = [words(row) for row in page.select("table.ranking tbody tr")]
    first = snapshot.tree.unit(snapshot.ranking[0].unit).name
    assert rows[0].startswith(f"1 {first}")
    assert "Trung bình" in words(page.select_one("table.ranking"))
    assert "Mức xếp loại do bộ này tự đặt" in words(page.select_one("main .note"))
    assert "nhóm III. Hạ tầng số" in words(anonymous.open(f"{BOARD}/xa/2024-Q2?theo=III").main)
    assert len(anonymous.open(f"{BOARD}/xa/2024-Q2?theo=VII.5&vung=483").select("table.ranking tbody tr")) == 10
    assert anonymous.get(f"{BOARD}/xa/2024-Q2?theo=X.9").status_code == 404


def test_districts_and_agencies_have_theirs(anonymous):
    districts = words(anonymous.open(f"{BOARD}/huyen/2024-Q2").main)
    assert [told for told in ("Huyện Nam Đông", "Mới xếp 1/9 đơn vị: 8 đơn vị chưa chốt", "Huyện A Lưới") if told not in districts] == []
    agencies = anonymous.open(f"{BOARD}/co-quan/2024-Q2")
    assert "Đây không phải bộ chỉ số chính thức" in words(agencies.main)
    assert len(agencies.select("table.ranking tbody tr")) > 30
    assert "Chưa có quý nào được chốt" in words(anonymous.open(f"{BOARD}/xa/2024-Q1").main)


def test_a_ranking_can_be_taken_away_as_numbers(anonymous):
    book = openpyxl.load_workbook(io.BytesIO(anonymous.get(f"{BOARD}/xa/2024-Q2.xlsx").data))
    rows = list(book["Xếp hạng"].iter_rows(values_only=True))
    assert rows[1][0] == 1
    assert len(rows) == 11


def test_a_commune_reads_its_strong_and_weak_sides_and_where_to_go_on(anonymous, snapshot):
    best = snapshot.ranking[0].unit
    page = anonymous.open(f"/don-vi/{best}/2024-Q2/phan-tich")
    said = words(page.main)
    assert "Hạng 1/10" in said
    assert "Điểm mạnh" in said
    assert page.find("a", href=f"/don-vi/{best}/2024-Q2/buoc-tiep")
    assert anonymous.open(QUARTER).find("a", href=f"{QUARTER}/phan-tich")


def test_a_unit_without_others_is_not_put_beside_a_mean_of_itself(anonymous):
    page = anonymous.open(f"{QUARTER}/phan-tich")
    assert [words(each) for each in page.select("thead th")][:2] == ["Nhóm", "Tỷ lệ điểm"]
    assert "Trung bình" not in words(page.main)
    assert "giữ hạng" not in words(page.main)
    assert len(page.select("tbody tr")) == 9


def test_what_a_ranking_is_by_is_told_in_english_too(anonymous):
    anonymous.get("/ngon-ngu/en")
    assert "tổng điểm" not in words(anonymous.open(f"{BOARD}/xa/2024-Q2").main)


def test_a_line_over_the_periods_breaks_where_the_set_or_the_unit_changed(snapshot):
    unit = snapshot.head.unit
    assert breaks(None, snapshot, unit) == breaks(snapshot, snapshot, unit) == ()
    other_set = replace(snapshot, sheet=replace(snapshot.sheet, criteria_set="khac"))
    assert breaks(snapshot, other_set, unit) == (OTHER_SET,)
    moved = tuple(replace(each, parent="99") if each.code == unit else each for each in snapshot.tree.units)
    other_unit = replace(snapshot, tree=replace(snapshot.tree, units=moved))
    assert breaks(snapshot, other_unit, unit) == (OTHER_UNIT,)


def test_the_province_reads_where_one_more_percent_is_cheapest(reader, anonymous):
    assert reader.open(f"{BOARD}/huyen/2024-Q2").find("a", href="/don-vi/46/2024-Q2/buoc-tiep")
    page = words(reader.open("/don-vi/46/2024-Q2/buoc-tiep").main)
    assert "Chỉ số tỉnh dễ tăng điểm nhất" in page
    assert "Huyện Nam Đông" in page
    assert anonymous.get("/don-vi/46/2024-Q2/buoc-tiep").status_code == 302
