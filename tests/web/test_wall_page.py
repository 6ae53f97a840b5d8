"""The wall as the server gives it: each panel with the age of its figures, the unknown as words, never as a number."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from hue_dti.numerals import format_date, format_moment
from hue_dti.storage import Way
from hue_dti.web import create_app
from hue_dti.web.heat import screens
from tests.people import signed_in
from tests.web.conftest import PERIOD, Reader, words
from tests.web.province import province

DRAFT = "/man-hinh?don-vi=46&ky=2024-Q2"


@pytest.fixture(scope="module")
def wide(server, tmp_path_factory):
    """A province of forty communes: two of them sent nothing, two more lack one source's figures; nothing is closed."""
    with province(server, tmp_path_factory.mktemp("criteria"), 40) as (settings, storage):
        yield Reader(signed_in(create_app(settings, storage)))


def cells_of(page, unit):
    (row,) = [row for row in page.select(".heat tbody tr") if words(row.th) == unit]
    return row.select("td")


def test_the_newest_closed_quarter_of_the_topmost_unit_is_shown_unless_another_is_asked_for(reader):
    page = reader.open("/man-hinh")
    assert words(page.h1) == "Huyện Nam Đông Quý II/2024"
    assert [panel["id"] for panel in page.select(".panel")] == ["tong-hop", "ban-do-1", "xep-hang-1", "nguon-1", "nguon-2"]
    assert words(reader.open("/man-hinh?don-vi=20179").h1) == "Xã Hương Xuân Quý II/2024"
    assert reader.get("/man-hinh?don-vi=483&ky=2024-Q5").status_code == 404
    assert reader.get("/man-hinh?don-vi=999").status_code == 404


def test_every_panel_of_a_closed_quarter_says_up_to_when_its_figures_go_and_how_old_they_are(reader, snapshot):
    closed = f"Số liệu đến {format_date(snapshot.head.cutoff)} · chốt {format_moment(snapshot.head.closed_at)}"
    for panel in reader.open("/man-hinh").select(".panel"):
        age = panel.select_one(".age time[data-age]")
        assert age["datetime"]
        assert "nguon" in panel["id"] or closed in words(panel.select_one(".age"))
    rows = reader.open("/man-hinh").select(".supplies tbody tr")
    assert len(rows) == 16
    assert all(row.select_one("time[data-age]") for row in rows)


def test_every_panel_of_a_draft_says_that_it_is_one_and_when_its_newest_figure_came(wide):
    panels = [panel for panel in wide.open(DRAFT).select(".panel") if "nguon" not in panel["id"]]
    assert len(panels) == 3
    for panel in panels:
        assert "chưa chốt · số mới nhất lấy 06:00 10/06/2024" in words(panel.select_one(".age"))
        assert panel.select_one(".age time")["datetime"] == "2024-06-09T23:00:00+00:00"


def test_a_commune_that_sent_nothing_has_words_on_the_map_and_in_the_ranking_and_no_number(wide):
    page = wide.open(DRAFT)
    for unit in ("Phường Tây Lộc", "Phường Thuận Lộc"):
        (cell,) = cells_of(page, unit)
        assert words(cell) == "chưa có số liệu"
        assert "unknown" in cell["class"]
        (place,) = [row for row in page.select(".places tbody tr") if words(row.th) == unit]
        assert words(place) == f"– {unit} chưa xếp hạng"


def test_a_group_without_any_figure_is_unknown_and_one_that_waits_for_some_is_marked(wide):
    page = wide.open(DRAFT)
    tight = {words(cell) for cell in page.select(".heat td.unknown") if not cell.get("colspan")}
    assert tight <= {"chưa có số liệu"}
    marked = page.select(".heat td.lacking")
    assert marked
    assert all(re.fullmatch(r"\d+ ?\* thiếu \d+", words(cell)) for cell in marked)
    for cell in page.select(".heat td:not(.lacking, .unknown, .unopened, .not-applicable)"):
        assert re.fullmatch(r"\d+", words(cell))


def test_where_nothing_is_wanting_the_map_shows_the_same_shares_as_the_commune_s_own_page(reader, snapshot):
    page = reader.open("/man-hinh")
    for sheet in snapshot.lower:
        unit = snapshot.tree.unit(sheet.unit)
        for cell, group in zip(cells_of(page, unit.name), sheet.groups, strict=True):
            applies = [line for line in sheet.criteria if line.group == group.code and line.status.slug != "not_applicable"]
            if all(line.has_figures or line.status.slug == "not_started" for line in applies):
                share = group.points * 100 // sum(line.max_points for line in applies)
                assert words(cell) == f"{share}%", (unit.name, group.code)


def test_the_map_is_also_a_table_whose_cells_speak_by_themselves(reader, wide):
    page = reader.open("/man-hinh/bang")
    table = page.select_one("main table")
    assert len(table.select("tbody tr")) == 10
    assert all(each.get("scope") for each in table.select("th"))
    assert table.select_one("tbody a")["href"].startswith("/don-vi/")
    said = [words(cell) for cell in wide.open("/man-hinh/bang?don-vi=46&ky=2024-Q2").select("main table td")]
    assert said.count("chưa có số liệu") >= 12
    assert any(re.fullmatch(r"\d+% · thiếu \d+", each) for each in said)


@pytest.mark.parametrize(
    ("asked", "stays"), [("", 20), ("30", 30), ("1", 5), ("99999", 600), ("999999", 20), ("nhanh", 20), ("²", 20), ("-3", 20)]
)
def test_how_long_a_panel_stays_is_bounded(asked, stays, reader):
    assert reader.open(f"/man-hinh?giay={asked}").select_one("#man-hinh")["data-seconds"] == str(stays)


NOTHING = ["/man-hinh", "/man-hinh?don-vi=483", "/man-hinh?don-vi=483&ky=2024-Q1", "/man-hinh?don-vi=46&ky=2024-Q2"]


@pytest.mark.parametrize("address", NOTHING)
def test_without_anything_to_show_the_wall_says_why_and_looks_again_by_itself(address, bare):
    page = bare.browse().open(address)
    assert len(page.select(".panel")) == 1
    assert "Chưa" in words(page.select_one(".panel"))
    assert page.select_one("noscript meta[http-equiv=refresh]")["content"] == "60"
    assert page.select_one("#man-hinh")["data-refresh"] == "60"


def test_an_error_page_on_the_wall_is_tried_again_by_itself(without_database):
    answer = without_database.get("/man-hinh")
    assert answer.status_code == 503
    assert answer.headers["Refresh"] == "60"
    assert "Refresh" not in without_database.get("/nguon").headers


def test_the_wall_asks_this_site_only(reader):
    policy = reader.get("/man-hinh").headers["Content-Security-Policy"]
    assert re.findall("connect-src ([^;]*)", policy) == ["'self'"]


@pytest.fixture
def drafted(another_quarter):
    """The golden quarter, pulled and not closed, and a reader of its wall."""
    quarter = another_quarter()
    return quarter, Reader(signed_in(create_app(quarter.settings, quarter.storage)))


def test_the_sources_that_need_a_person_come_first_each_with_its_age(drafted):
    quarter, reader = drafted
    now = datetime.now(UTC)
    pulls = [
        ("web_news", "failed", now),
        ("police", "partial", now),
        ("meetings", "ok", now - timedelta(hours=5)),
        ("super_app", "ok", now),
    ]
    for source, outcome, at in pulls:
        run = quarter.storage.begin_pull(source, "483", "2024-Q3", at)
        quarter.storage.finish_pull(run, outcome, "", 1, 1, (), at)
    for source, outcome, way in (("meetings", "failed", Way.FILE), ("web_news", "ok", Way.ENTERED)):  # tells nothing of the source
        quarter.storage.finish_pull(quarter.storage.begin_pull(source, "483", "2024-Q3", now, way=way), outcome, "", 1, 1, (), now)
    quarter.storage.schedule.note_stale("483", {"super_app": now, "web_news": None}, now)
    page = reader.open("/man-hinh?don-vi=483&ky=2024-Q2")
    rows = [words(row) for row in page.select(".supplies tbody tr")]
    assert rows[0].startswith("Trang thông tin điện tử huyện nguồn lỗi")
    assert re.search(r"\d{2}:\d{2} \d{2}/\d{2}/\d{4}", rows[0])
    assert [row.split(" số cũ")[0] for row in rows if "số cũ" in row][:1] == ["Ứng dụng Hue-S"]
    assert next(row for row in rows if "có dòng lỗi" in row).startswith("Báo cáo của Công an")
    assert rows.index(next(row for row in rows if "có dòng lỗi" in row)) < rows.index(next(row for row in rows if "tốt" in row))
    assert "nguồn tốt" in words(page.select_one("#nguon-1 .age"))


def test_a_source_nobody_has_asked_has_words_instead_of_an_age(wide):
    rows = [words(row) for row in wide.open(DRAFT).select(".supplies tbody tr")]
    assert "Trang thông tin điện tử huyện chưa lấy lần nào chưa có số liệu" in rows
    assert [row for row in rows if "06:00 10/06/2024" in row] == [row for row in rows if "số cũ" in row]


def test_figures_that_changed_since_the_close_are_told(drafted):
    quarter, reader = drafted
    quarter.close()
    (first, *_) = [each for each in quarter.storage.observations(["20179"], PERIOD) if each.measure == "accounts"]
    run = quarter.storage.begin_pull("super_app", "483", PERIOD, quarter.now())
    quarter.storage.save_observations(run, [replace(first, value=first.value + 1)])
    assert "1 số liệu đã thay đổi từ khi chốt" in words(reader.open("/man-hinh").select_one("#tong-hop"))


def test_rows_are_cut_evenly_into_screens():
    sizes = {
        count: [[len(column) for column in screen] for screen in screens(range(count), 14, 20)] for count in (0, 1, 10, 14, 15, 40, 41, 141)
    }
    assert sizes[0] == []
    assert sizes[1] == [[1]]
    assert sizes[14] == [[14]]
    assert sizes[15] == [[8, 7]]
    assert sizes[40] == [[20, 20]]
    assert sizes[41] == [[11, 11], [11, 8]]
    assert sizes[141] == [[18, 18], [18, 18], [18, 18], [18, 15]]


def test_without_scripts_every_panel_stands_under_the_other_with_a_head(reader):
    page = BeautifulSoup(reader.get("/man-hinh").text, "html.parser")
    assert not page.select(".panel[hidden], .panel.current")
    assert all(words(panel.h2) for panel in page.select(".panel"))
    assert page.select_one("#dieu-khien .turn").has_attr("hidden")
