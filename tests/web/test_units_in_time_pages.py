"""Pages of units in time: an event previewed, applied and taken back; both trees; a code's two lives; figures restated over the break."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benchmarks.proofs.quarters import observations, wholes
from hue_dti.accounts.model import Grant, Role
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.services.close import close_quarter
from hue_dti.services.restated import QuarterFinder, restated_quarter
from hue_dti.services.unit_events import settle_units
from hue_dti.services.verify import verify_stored
from hue_dti.storage import open_storage
from hue_dti.trail.model import Selection
from hue_dti.units.load import load_lists
from hue_dti.units.tree import build_tree
from hue_dti.web import create_app
from tests.people import signed_in
from tests.services.conftest import ANSWER
from tests.web.conftest import Place, words
from tests.web.forms_of_pages import Person

NOW, QUARTER = datetime(2025, 8, 1, 2, tzinfo=UTC), Period.parse("2024-Q2")
NEW = "20179"
PARTS = ("20167", "20179", "20191")


@pytest.fixture(scope="module")
def province(server, catalogue, tmp_path_factory):
    """Nam Đông's second quarter of 2024, closed before anybody knew of a reorganisation; the events have just become known."""
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as storage:
        storage.save_units(load_lists(folder("criteria")))
        cutoff = catalogue.sets["hue-district-2024"].calendar.cutoff(QUARTER)
        tree = build_tree(storage.units(), cutoff, "483")
        figures = observations(tree, catalogue.measures, wholes(catalogue), seed=3)
        run = storage.begin_pull("super_app", "483", QUARTER, NOW)
        storage.raw_store(run).keep(ANSWER)
        kept = [replace(each, origin=replace(each.origin, raw_sha256=ANSWER.sha256)) for each in figures]
        storage.finish_pull(run, "ok", "", 1, storage.save_observations(run, kept), (), NOW)
        close_quarter(storage, catalogue, tree.units[0], QUARTER, lambda: NOW, "Thư ký")
        settings = replace(database.settings, home=tmp_path_factory.mktemp("units"))
        settle_units(storage, settings, NOW)
        app = create_app(settings, storage)
        app.config["CLOCK"] = lambda: NOW
        yield Place(settings, storage, catalogue, app)


@pytest.fixture(scope="module")
def administrator(province):
    return Person(signed_in(province.app, "quan.tri", Grant(Role.PROVINCE_ADMIN, "46"), name="Nguyễn Thị Quản"))


@pytest.fixture(scope="module")
def changed(province, administrator):
    """The three events of 2025, applied by the administrator on their pages; the last one taken back once and applied again."""
    first = administrator.open("/sap-xep-don-vi")
    assert [words(row.select_one(".status")) for row in first.select("tbody tr")] == ["chưa áp dụng"] * 3
    assert "Phải áp dụng trước: 2025-01, 2025-02." in words(administrator.open("/sap-xep-don-vi/2025-03").main)
    for number in ("2025-01", "2025-02", "2025-03"):
        administrator.press(administrator.open(f"/sap-xep-don-vi/{number}"), "Áp dụng sự kiện")
    page = administrator.open("/sap-xep-don-vi/2025-03")
    refused = administrator.press(page, "Hoàn tác sự kiện", 409, ly_do="")
    assert "phải có lý do" in words(refused.select_one("#loi"))
    administrator.press(page, "Hoàn tác sự kiện", ly_do="áp dụng sớm")
    assert not [unit for unit in province.storage.units() if unit.code == NEW and unit.valid_from.year == 2025 and unit.parent == "46"]
    administrator.press(administrator.open("/sap-xep-don-vi/2025-03"), "Áp dụng sự kiện")
    return province


def test_each_step_is_an_event_of_the_trail_with_who_and_why(changed):
    kept = [each.event for each in changed.storage.trail.every(Selection(acts=("units.",)))]
    assert [each.act for each in kept] == ["units.applied"] * 3 + ["units.reverted", "units.applied"]
    assert {each.actor for each in kept} == {"quan.tri"}
    assert kept[3].reason == "áp dụng sớm"


def test_the_preview_of_nam_dong_s_end_adds_up_and_names_what_reaches_nobody(changed, administrator):
    page = administrator.open("/sap-xep-don-vi/2025-02")
    rows = {words(row.th): [words(cell) for cell in row.select("td")] for row in page.select("table.stack tr") if row.th and row.td}
    staff, households = rows["Công chức, viên chức, người lao động"], rows["Hộ gia đình"]
    assert households[0] == households[1]
    assert households[2] == ""
    assert staff[2] == "2.512 ở 33 đơn vị : đơn vị kết thúc, không có đơn vị nhận"
    assert "Trước và sau bằng nhau" in words(page.main)
    assert "suy ra" in words(page.main)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.APPRAISER])
def test_only_the_province_s_administrator_finds_the_pages_of_events(changed, role):
    other = signed_in(changed.app, f"khac.{role.value[:4]}", Grant(role, "46"))
    addresses = ["/sap-xep-don-vi", "/sap-xep-don-vi/2025-03"]
    assert [other.get(address).status_code for address in addresses] == [404, 404]
    assert changed.app.test_client().get("/sap-xep-don-vi").status_code == 302


@pytest.mark.parametrize(("day", "count", "name"), [("2025-06-30", 143, "Quận Phú Xuân"), ("2025-07-01", 41, "Phường Phú Xuân")])
def test_both_trees_are_readable_for_everybody(changed, day, count, name):
    page = changed.anonymous().open(f"/don-vi-theo-ngay?ngay={day}")
    names = [link.get_text(strip=True) for link in page.select(".tree a")]
    assert len(names) == count
    assert name in names


def test_a_day_may_be_written_as_people_do_and_what_is_no_day_is_said(changed):
    page = words(changed.anonymous().open("/don-vi-theo-ngay?ngay=30/06/2025").main)
    assert ("143 đơn vị" in page, "Không đọc được ngày" in page) == (True, False)
    assert "Không đọc được ngày" in words(changed.anonymous().open("/don-vi-theo-ngay?ngay=31/06/2025").main)


@pytest.mark.parametrize(("day", "below"), [("2024-06-30", 141), ("2025-06-30", 133), ("2025-07-01", 40)])
def test_a_unit_s_page_names_who_stands_above_and_below_it_that_day(changed, day, below):
    page = changed.anonymous().open(f"/don-vi/46/qua-cac-lan-sap-xep?ngay={day}").select_one("#tren-duoi")
    counted = {words(each).split(":")[0]: int(words(each).split(": ")[1]) for each in page.select("summary")}
    assert counted["Cấp xã"] == below
    assert ("Cấp huyện" in counted) is (day < "2025-07-01")
    one = changed.anonymous().open("/don-vi/20161/qua-cac-lan-sap-xep?ngay=2024-06-30").select_one("#tren-duoi")
    assert "Thuộc Huyện Nam Đông 483 , Tỉnh Thừa Thiên Huế 46" in words(one)


def test_the_two_lives_of_a_code_each_say_what_they_came_from_and_became(changed):
    old = changed.anonymous().open(f"/don-vi/{NEW}/qua-cac-lan-sap-xep?ngay=2025-06-30")
    assert words(old.h1) == "Xã Hương Xuân"
    assert "Xã Nam Đông 20179 nhập vào" in words(old.main)
    new = changed.anonymous().open(f"/don-vi/{NEW}/qua-cac-lan-sap-xep")
    assert words(new.h1) == "Xã Nam Đông"
    assert {"Xã Hương Sơn", "Xã Hương Xuân", "Xã Thượng Nhật"} <= {link.get_text(strip=True) for link in new.select("table a")}
    assert "1675/NQ-UBTVQH15" in words(new.main)


def test_a_search_finds_a_unit_that_is_no_more_though_its_code_is_another_s(changed):
    page = changed.anonymous().open("/tim?q=huong xuan")
    link = next(each for each in page.select(".found a") if each["href"].startswith(f"/don-vi/{NEW}/"))
    assert words(changed.anonymous().open(link["href"]).h1) == "Xã Hương Xuân"


def test_a_new_commune_s_figures_before_it_was_there_are_the_sums_of_its_parts_and_marked(changed):
    unit = changed.storage.lineage().on(NEW, NOW.date())
    told = restated_quarter(changed.storage, changed.catalogue, QuarterFinder(changed.storage), unit, QUARTER)
    frozen = QuarterFinder(changed.storage).of(changed.storage.lineage().on("20167", QUARTER.end), QUARTER)
    assert told.mark == "tính lại từ 3 xã trước 01/07/2025"
    assert told.figures["households"].value == sum(frozen.figure(code, "households").value for code in PARTS)
    assert told.figures["offices"].value is None
    assert "đếm lại" in told.figures["offices"].why
    assert told.sheet.criteria_set == "hue-commune-2024"
    page = changed.anonymous().open(f"/don-vi/{NEW}/qua-cac-lan-sap-xep")
    assert "tính lại từ 3 xã trước 01/07/2025" in words(page.select_one("#tinh-lai"))


def test_the_series_shows_restated_points_and_the_break_with_its_resolution(changed):
    unit = changed.storage.lineage().on(NEW, NOW.date())
    run = changed.storage.begin_pull("district", NEW, "2025-Q3", NOW)
    figure = changed.storage.observations(["20167"], QUARTER)
    shops = next(each for each in figure if each.measure == "shops")
    later = replace(shops, unit=NEW, period=Period.parse("2025-Q3"), as_of=NOW.date())
    changed.storage.finish_pull(run, "ok", "", 1, changed.storage.save_observations(run, [later]), (), NOW)
    at = datetime(2025, 10, 2, tzinfo=UTC)
    close_quarter(changed.storage, changed.catalogue, unit, Period.parse("2025-Q3"), lambda: at, "Thư ký")
    page = changed.anonymous().open(f"/don-vi/{NEW}/2025-Q3")
    series = page.select_one("ol.history")
    assert "1675/NQ-UBTVQH15" in words(series.select_one(".break"))
    assert [words(each).split()[-1] for each in series.select(".restated")] == ["II/2024*"]
    assert "Tính lại từ 3 xã trước 01/07/2025" in words(page.main)


def test_what_was_closed_before_verifies_and_the_event_now_in_use_stays(changed, administrator):
    assert [each for each in verify_stored(changed.storage) if each.faults] == []
    assert "Đang dùng, nên không hoàn tác được: số liệu, bản chốt" in words(administrator.open("/sap-xep-don-vi/2025-03").main)
