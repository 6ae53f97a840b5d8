"""The quarter page: what a district's secretary sees first."""

from __future__ import annotations

import re

import pytest

QUARTER = "/don-vi/483/2024-Q2"
COMMUNE = "/don-vi/20179/2024-Q2"


def words(node):
    return " ".join(node.get_text(" ").split())


def rows(page):
    return page.select("tr.criterion")


def codes(page):
    return [words(row.select_one(".code")) for row in rows(page)]


def test_the_quarter_shows_fifty_three_criteria_in_nine_groups(reader):
    page = reader.open(QUARTER)
    assert len(rows(page)) == 53
    assert [words(row.th).split(".")[0] for row in page.select("tr.group-row")] == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    assert len(page.select(".groups tbody tr")) == 9


def test_the_sums_are_those_of_the_frozen_sheet(reader, snapshot):
    page = reader.open(QUARTER)
    total = snapshot.sheet.total
    assert (total.achieved, total.in_progress, total.not_started) == (20, 28, 5)
    assert [words(each) for each in page.select(".tally li")] == ["20 Đạt", "28 Đang thực hiện", "5 Chưa thực hiện"]
    whole, hundredths = divmod((total.points + 50) // 100, 100)
    assert words(page.select_one(".sum-points .huge")) == f"{whole},{hundredths:02d} /665 điểm"
    assert "595 điểm do quyết định quy định" in words(page)


def test_a_row_says_figures_share_status_points_and_what_is_missing(reader):
    row = next(row for row in rows(reader.open(QUARTER)) if words(row.select_one(".code")) == "III.1")
    said = [words(row.select_one(f".{name}")) for name in ("figures", "share", "state-cell", "points", "lack")]
    assert said == ["921/968", "95,14%", "Đang thực hiện", "9,51 /10", "47 ở 24 đơn vị"]


@pytest.mark.parametrize(
    ("code", "figures"),
    [
        ("I.1", "đã xong"),
        ("I.3", "đang làm"),
        ("II.1", "08/01/2024"),
        ("VI.2", "1.627/1.663"),
        ("VI.7", "1,95/312 tỷ đồng"),
        ("III.5", "chưa triển khai"),
    ],
)
def test_every_kind_of_figure_is_written_as_officials_write_it(code, figures, reader):
    row = next(row for row in rows(reader.open(QUARTER)) if words(row.select_one(".code")) == code)
    assert words(row.select_one(".figures")) == figures


def test_a_status_is_a_word_and_a_shape_not_only_a_colour(reader):
    for row in rows(reader.open(QUARTER)):
        status = row.select_one(".state-cell .status")
        assert words(status) in {"Đạt", "Đang thực hiện", "Chưa thực hiện"}
        assert status.select_one("use")["href"].startswith("#shape-")


def test_a_group_and_a_status_narrow_the_rows_without_scripts(reader):
    assert codes(reader.open(f"{QUARTER}?nhom=III")) == ["III.1", "III.2", "III.3", "III.4", "III.5", "III.6"]
    assert len(rows(reader.open(f"{QUARTER}?tinh-trang=achieved"))) == 20
    assert codes(reader.open(f"{QUARTER}?nhom=III&tinh-trang=not_started")) == ["III.5"]


def test_words_without_marks_find_a_criterion(reader):
    assert "VII.4" in codes(reader.open(f"{QUARTER}?q=chu+ky+so"))
    assert codes(reader.open(f"{QUARTER}?q=iii.1")) == ["III.1"]


def test_the_status_links_keep_the_group_and_count_what_they_lead_to(reader):
    page = reader.open(f"{QUARTER}?nhom=IV")
    for chip in page.select(".chips a"):
        assert "nhom=IV" in chip["href"]
        assert len(rows(reader.open(chip["href"]))) == int(re.search(r"\d+", words(chip))[0])


@pytest.mark.parametrize("asked", ["nhom=XX", "tinh-trang=nobody-knows", "q=%3Cscript%3E", "q=" + "a" * 500, "nhom=I&nhom=II"])
def test_a_filter_nobody_knows_shows_a_helpful_page(asked, reader):
    page = reader.open(f"{QUARTER}?{asked}")
    assert rows(page) or page.select_one(".empty a[href]")


def test_an_address_with_a_zero_byte_is_refused_on_a_page_that_leads_on(reader):
    page = reader.open(f"{QUARTER}?nhom=%00", 400)
    assert page.select_one("main a[href]")


def test_every_row_of_the_tables_leads_to_its_page(reader):
    page = reader.open(QUARTER)
    assert [row.select_one("a.row-link")["href"] for row in rows(page)][:2] == [f"{QUARTER}/tieu-chi/I.1", f"{QUARTER}/tieu-chi/I.2"]
    assert page.select_one(".groups a.row-link")["href"] == f"{QUARTER}?nhom=I#tieu-chi"


def test_most_points_lost_are_listed_largest_first_and_leave_out_what_is_not_opened(reader, snapshot):
    shown = [words(each.select_one(".code")) for each in reader.open(QUARTER).select(".lost li")]
    losing = sorted(
        (
            line
            for line in snapshot.sheet.criteria
            if line.status.slug == "in_progress" or (line.points < line.max_points and line.status.slug == "achieved")
        ),
        key=lambda line: line.points - line.max_points,
    )
    assert shown == [line.code for line in losing[:5]]


def test_one_closed_period_says_that_there_is_no_trend_yet(reader):
    assert "Mới có một kỳ được chốt (Quý II/2024" in words(reader.open(QUARTER))


def test_a_commune_has_its_own_sheet_from_the_district_s_snapshot(reader, snapshot):
    page = reader.open(COMMUNE)
    sheet = next(sheet for sheet in snapshot.lower if sheet.unit == "20179")
    assert codes(page) == [line.code for line in sheet.criteria]
    assert "Đây không phải bộ chỉ số chính thức" in words(page)
    assert words(page.select_one(".under-bar")).endswith("hạng 1/10 trong huyện")


def test_the_ranking_lists_the_ten_communes_by_converted_points(reader, snapshot):
    page = reader.open("/xep-hang/xa/2024-Q2")
    names = [words(row.th) for row in page.select(".ranking tbody tr")]
    assert names == [snapshot.tree.unit(each.unit).name for each in snapshot.ranking]
    assert [words(row.td) for row in page.select(".ranking tbody tr")] == [str(each.rank) for each in snapshot.ranking]
    assert page.select_one(".ranking a.row-link")["href"] == COMMUNE


def test_an_agency_sees_what_it_still_misses(reader):
    page = reader.open("/don-vi/483.mn-huong-phu/2024-Q2")
    missing = {words(row.th.a).split()[0]: words(row.select("td")[-1]) for row in page.select(".units tbody tr")}
    assert missing["III.1"] == "3"
    assert missing["VIII.4"] == "14"
    assert missing["V.1"] == ""


def test_the_footer_says_of_which_day_and_which_snapshot_the_figures_are(reader, snapshot):
    foot = words(reader.open(QUARTER).footer)
    assert foot.startswith("Số liệu đến 10/06/2024 · bản chốt 1,")
    assert snapshot.head.sha256[:12] in foot
