"""Pages with nothing to show say why, and what fills them; addresses of nothing are not found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.proofs.quarters import observations, wholes
from hue_dti.accounts.model import Grant, Role
from hue_dti.observations.model import RawAnswer
from hue_dti.periods import Period
from hue_dti.services.close import close_quarter
from hue_dti.units.tree import build_tree
from tests.people import signed_in
from tests.web.conftest import Reader

NOW = datetime(2024, 6, 11, tzinfo=UTC)


def words(node):
    return " ".join(node.get_text(" ").split())


def fill(place, period, seed=3):
    """Invented figures of the whole district for a period."""
    unit = next(unit for unit in place.storage.units() if unit.code == "483")
    cutoff = place.catalogue.sets["hue-district-2024"].calendar.cutoff(period)
    tree = build_tree(place.storage.units(), cutoff, "483")
    run = place.storage.begin_pull("super_app", "483", period, NOW)
    sha256 = place.storage.raw_store(run).keep(
        RawAnswer("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", "GET /", 200, "application/json", NOW, b"{}")
    )
    seen = observations(tree, place.catalogue.measures, wholes(place.catalogue), seed)
    place.storage.save_observations(run, [replace(each, period=period, origin=replace(each.origin, raw_sha256=sha256)) for each in seen])
    place.storage.finish_pull(run, "ok", "", 1, len(seen), (), NOW)
    return unit


def close(place, unit, period, reason=""):
    return close_quarter(place.storage, place.catalogue, unit, period, lambda: NOW, "Thư ký", reason)


def test_a_new_installation_says_which_commands_fill_it(bare):
    page = bare.browse().open("/")
    assert "Chưa có quý nào được chốt" in words(page.h1)
    assert "make demo" in words(page.main)
    assert "hue-dti close" in words(page.main)


@pytest.mark.parametrize(
    "address", ["/nguon", "/tim", "/tim?q=zzz", "/xep-hang/xa/2024-Q2", "/don-vi/46", "/don-vi/483", "/don-vi/483.van-phong"]
)
def test_every_page_of_a_new_installation_opens_and_says_why_it_is_empty(address, bare):
    assert bare.browse().open(address).select_one(".empty p")


@pytest.mark.parametrize("page", ["", "/tieu-chi/III.1", "/bao-cao"])
@pytest.mark.parametrize("unit", ["483", "20179", "483.van-phong", "474"])
def test_a_quarter_nobody_pulled_shows_an_honest_empty_page_not_a_table_of_dashes(unit, page, reader):
    shown = reader.open(f"/don-vi/{unit}/2024-Q1{page}")
    assert shown.table is None
    assert "chưa ai lấy số liệu" in words(shown.main)
    assert f"hue-dti pull --unit {'474' if unit == '474' else '483'} --period 2024-Q1" in words(shown.main)


def test_an_officer_is_told_who_fills_an_empty_quarter_and_where_to_type_not_which_commands(golden):
    officer = Reader(signed_in(golden.app, "can.bo.moi", Grant(Role.OFFICER, "483")))
    shown = officer.open("/don-vi/483/2024-Q1").main
    assert not shown.select("code")
    assert shown.find("a", href="/nhap/483/2024-Q1")


def test_an_empty_quarter_leads_to_the_newest_closed_one(reader):
    assert reader.open("/don-vi/483/2024-Q1").select_one(".empty a")["href"] == "/don-vi/483/2024-Q2"


def test_a_level_without_criteria_says_so(reader):
    assert "Chưa có bộ tiêu chí nào áp dụng" in words(reader.open("/don-vi/46/2024-Q2").main)


@pytest.mark.parametrize(
    "address",
    [
        "/khong-co",
        "/don-vi/xyz",
        "/don-vi/xyz/2024-Q2",
        "/don-vi/483/2024-Q9",
        "/don-vi/483/quy-2",
        "/don-vi/483/2019-Q1",
        "/don-vi/483/0000-Q1",
        "/don-vi/483/9999-Q4",
        "/don-vi/483/2024-Q2/tieu-chi/X.1",
        "/don-vi/483/2024-Q2/bao-cao.exe",
        "/don-vi/474/2024-Q2/ban-chot/x",
        "/xep-hang/xa/nay",
        "/xep-hang/xa/2024-Q2?huyen=xyz",
        "/cau-tra-loi-goc/abc",
        "/cau-tra-loi-goc/" + "0" * 64,
        "/nguon?don-vi=xyz&ky=2024-Q2",
        "/nguon?don-vi=483&ky=x",
        "/ngon-ngu/fr",
        "/static/../hue.css",
    ],
)
def test_what_does_not_exist_is_not_found_and_says_what_to_do(address, reader):
    page = reader.open(address, 404)
    assert page.h1.text == "Không có trang này"
    assert "Mã lỗi: 404" in words(page.main)
    assert page.select_one("main a[href='/']")


@pytest.mark.parametrize("kind", ["bao-cao.pdf", "bao-cao.docx", "bao-cao.xlsx", "ban-chot"])
def test_nothing_can_be_downloaded_from_a_quarter_without_figures(kind, reader):
    answer = reader.get(f"/don-vi/483/2024-Q1/{kind}")
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
    assert "chưa ai lấy số liệu" in answer.text


def test_figures_that_are_not_frozen_are_shown_as_provisional(bare):
    fill(bare, Period.parse("2024-Q2"))
    page = bare.browse().open("/don-vi/483/2024-Q2")
    assert "Quý này chưa chốt" in words(page.main)
    assert "chưa chốt" in words(page.footer)
    assert bare.browse().get("/don-vi/483/2024-Q2/ban-chot").status_code == 404


def test_a_closed_quarter_keeps_its_figures_and_counts_those_that_changed_since(bare):
    period = Period.parse("2024-Q2")
    unit = fill(bare, period)
    close(bare, unit, period)
    before = words(bare.browse().open("/don-vi/483/2024-Q2").select_one(".sum-points .huge"))
    fill(bare, period, seed=4)
    page = bare.browse().open("/don-vi/483/2024-Q2")
    assert "số liệu đã thay đổi từ khi chốt" in words(page.select_one(".head"))
    assert words(page.select_one(".sum-points .huge")) == before


def test_two_closed_periods_are_drawn_with_their_numbers_and_compared(bare):
    for number, seed in ((1, 3), (2, 4)):
        period = Period.parse(f"2024-Q{number}")
        unit = fill(bare, period, seed)
        close(bare, unit, period)
    page = bare.browse().open("/don-vi/483/2024-Q2")
    points = page.select(".history li")
    assert [words(each).split()[-2:] for each in points] == [["Quý", "I/2024"], ["Quý", "II/2024"]]
    assert points[1]["class"] == ["now"]
    assert "so với Quý I/2024:" in words(page.select_one(".under-bar"))
    assert len(bare.browse().open("/don-vi/20179/2024-Q2/tieu-chi/III.2").select(".history li")) == 2
    assert [words(row.th) for row in bare.browse().open("/").select(".stack tbody tr")] == ["Huyện Nam Đông"] * 2


def test_the_period_picker_leads_only_where_something_can_be(reader):
    picker = reader.open("/don-vi/483/2024-Q1").select_one(".periods")
    assert [link["href"] for link in picker.select("a")] == ["/don-vi/483/2024-Q2"]
    assert [link["href"] for link in reader.open("/don-vi/483/2024-Q4").select(".periods a")] == ["/don-vi/483/2024-Q3"]


def test_a_period_that_has_not_begun_says_so(bare):
    later = Period.parse(f"{(datetime.now(UTC) + timedelta(days=800)).year}-Q1")
    units = [replace(unit, valid_to=None) for unit in bare.storage.units()]
    bare.storage.save_units(units)
    assert "Kỳ này chưa bắt đầu" in words(bare.browse().open(f"/don-vi/483/{later}").main)


def test_an_error_is_told_also_where_the_database_is_lost_while_the_page_s_frame_is_drawn(without_database):
    answer = without_database.get("/khong-co-trang-nay")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text


def test_where_no_report_can_be_written_yet_the_list_leads_to_how_the_quarters_go(bare):
    secretary = Reader(signed_in(bare.app, "thu.ky.moi", Grant(Role.SECRETARY, "483")))
    assert "/tien-do" in {each["href"] for each in secretary.open("/bao-cao").select("main a")}
