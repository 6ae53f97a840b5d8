"""Since July 2025 communes stand straight under the city: a third quarter entered, sent, approved by the city, closed, reported, ranked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.observations.entered import Choice, Typed, Writer
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.schedule.clockwork import Clockwork
from hue_dti.schedule.model import Due
from hue_dti.schedule.read import load_schedule
from hue_dti.services.close import close_quarter
from hue_dti.services.enter import save_cell
from hue_dti.services.quarter import catalogue_of, frozen
from hue_dti.services.report import write_reports
from hue_dti.services.unit_events import settle_units
from hue_dti.services.verify import verify_stored
from hue_dti.services.workbench import Workbench, installed_jobs
from hue_dti.storage import open_storage
from hue_dti.web import create_app
from tests.people import signed_in
from tests.web.conftest import Place, words
from tests.web.forms_of_pages import Person

UNIT, OTHER, PERIOD = "20179", "20161", Period.parse("2025-Q3")
AUTUMN = datetime(2025, 10, 2, 2, tzinfo=UTC)
AN = Writer("an.nd", "Lê Văn An", "Văn phòng HĐND và UBND")
FIGURES = {
    "staff": 60,
    "households": 2400,
    "residents": 9000,
    "accounts": 4000,
    "accounts_standardised": 1800,
    "shops": 200,
    "shops_vietqr": 90,
}


@pytest.fixture(scope="module")
def city(server, catalogue, tmp_path_factory):
    """An installation after the reorganisation of July 2025, in October."""
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as storage:
        settle_units(storage, database.settings, AUTUMN)
        home = tmp_path_factory.mktemp("city")
        settings = replace(database.settings, home=home)
        app = create_app(settings, storage)
        seconds = count()
        app.config["CLOCK"] = lambda: AUTUMN + timedelta(seconds=next(seconds))
        yield Place(settings, storage, catalogue, app)


@pytest.fixture(scope="module")
def closed(city):
    """The quarter of one commune, walked through by an officer of its own and an approver of the city; another one's closed beside it."""
    for unit in (UNIT, OTHER):
        for at, (measure, value) in enumerate(FIGURES.items()):
            typed = Typed(uuid4(), unit, measure, str(PERIOD), Choice.VALUE, value - (7 if unit == OTHER else 0), "", "an.nd", None)
            save_cell(city.storage, city.catalogue, typed, AN, AUTUMN - timedelta(days=20, minutes=-at))
    officer = Person(signed_in(city.app, "an.nd", Grant(Role.OFFICER, UNIT), name="Lê Văn An"))
    approver = Person(signed_in(city.app, "binh.tp", Grant(Role.APPROVER, "46"), name="Trần Thị Bình", post="Sở Khoa học và Công nghệ"))
    today = officer.open("/viec-cua-toi")
    assert f"/nhap/{UNIT}/2025-Q4" in str(today) or "2025-Q3" in str(today)
    officer.press(officer.open(f"/gui/{UNIT}/{PERIOD}"), "Gửi Ban Chỉ đạo duyệt")
    done = approver.press(approver.open(f"/phe-duyet/{UNIT}/{PERIOD}"), "Duyệt")
    assert "đã duyệt" in words(done.select_one(".case-line"))
    for code in (UNIT, OTHER):
        unit = next(each for each in city.storage.units() if each.code == code and each.exists_on(PERIOD.end))
        close_quarter(city.storage, city.catalogue, unit, PERIOD, lambda: AUTUMN, "Thư ký", home=city.settings.home)
    return city


def test_the_commune_s_own_quarter_is_frozen_by_the_set_that_is_not_official_and_says_so(closed):
    head = closed.storage.snapshot_heads(UNIT)[-1]
    assert (head.unit, head.criteria_set) == (UNIT, "hue-commune-2025")
    page = closed.anonymous().open(f"/don-vi/{UNIT}/{PERIOD}")
    assert "Xã Nam Đông" in words(page.h1)
    assert "không phải bộ" in words(page.main)
    assert "trong huyện" not in words(page.main)


def test_communes_are_ranked_among_all_of_the_city(closed):
    page = closed.anonymous().open(f"/xep-hang/xa/{PERIOD}")
    rows = [words(each) for each in page.select("table.ranking tbody tr")]
    assert len(rows) == 2
    assert {"Xã Nam Đông", "Xã Khe Tre"} == {each.select_one("th").get_text(strip=True) for each in page.select("table.ranking tbody tr")}
    assert "không phải bộ" in words(page.main)


def test_the_report_is_written_and_names_no_district(closed, tmp_path):
    head = closed.storage.snapshot_heads(UNIT)[-1]
    snapshot = frozen(closed.storage, head.sha256)
    paths = write_reports(closed.storage, snapshot, catalogue_of(snapshot), ("pdf", "docx", "xlsx"), tmp_path)
    assert {path.suffix for path in paths} == {".pdf", ".docx", ".xlsx"}
    page = closed.browse().open(f"/don-vi/{UNIT}/{PERIOD}/bao-cao")
    said = words(page.main)
    assert "Ban Chỉ đạo chuyển đổi số cấp tỉnh (để báo cáo)" in said
    assert "không phải bộ chỉ số chính thức" in said
    assert "chuyển đổi số huyện" not in said


@pytest.mark.parametrize(
    "address", ["/", "/tien-do", f"/tien-do/{UNIT}/{PERIOD}", f"/don-vi/{UNIT}", "/nguon", "/so-lieu-nen", "/don-vi/46"]
)
def test_every_overview_opens_for_the_city(closed, address):
    assert closed.browse().get(address, follow_redirects=True).status_code == 200


def test_the_city_s_committee_finds_communes_in_its_progress(closed):
    member = Person(signed_in(closed.app, "nam.tp", Grant(Role.MEMBER, "46"), name="Hồ Văn Nam"))
    page = member.open("/tien-do")
    assert f"/tien-do/{UNIT}/{PERIOD}" in {link["href"] for link in page.select("main a")}


def test_the_shipped_schedule_calls_for_communes_and_no_district_after_july_and_the_other_way_round_before(closed):
    entries = {each.name: each for each in load_schedule(folder("jobs") / "schedule.yaml", installed_jobs(), closed.catalogue.sources)}
    clock = Clockwork(tuple(entries.values()), Workbench(closed.settings, closed.catalogue, closed.storage, lambda: AUTUMN))
    counts = {}
    for period in ("2024-Q4", "2025-Q2", "2025-Q3"):
        due = Due(AUTUMN, Period.parse(period))
        names = ("close-of-the-quarter", "close-of-the-quarter-of-communes")
        counts[period] = tuple(len(list(clock.jobs_of(entries[name], due))) for name in names)
    assert counts == {"2024-Q4": (9, 0), "2025-Q2": (9, 0), "2025-Q3": (0, 40)}


def test_an_officer_of_the_commune_that_bore_the_code_before_gets_no_cell_of_the_new_one(closed):
    old = signed_in(closed.app, "xuan.cu", Grant(Role.OFFICER, "20164"))
    assert old.get(f"/nhap/{UNIT}/{PERIOD}").status_code == 404


@pytest.fixture
def secretary(closed):
    return Person(signed_in(closed.app, "hoa.nd", Grant(Role.SECRETARY, UNIT), name="Trần Thị Hoa"))


def test_a_commune_finds_its_sources_and_alerts_as_a_district_does(closed, secretary):
    led = {link["href"] for link in secretary.open("/viec-cua-toi").select("header a, footer a")}
    assert {"/nguon", "/canh-bao"} <= led
    board = secretary.open("/nguon")
    assert "Xã Nam Đông" in words(board.h1)
    named = [words(each) for each in board.select("ul.sources h2")]
    assert {"Ứng dụng Hue-S", "Số liệu xã, phường báo cáo", "Báo cáo của Sở Khoa học và Công nghệ"} <= set(named)
    assert "Trang thông tin điện tử huyện" not in named
    agency = signed_in(closed.app, "tam.cq", Grant(Role.OFFICER, "20164"))
    assert "/canh-bao" not in {link["href"] for link in Person(agency).open("/tai-khoan").select("header a, footer a")}


def test_a_commune_is_told_to_ask_nobody_of_a_district_that_is_gone(secretary):
    asked = [words(each.find_next("dd")) for each in secretary.open(f"/nhap/{UNIT}/2025-Q4").find_all("dt", string="Hỏi ai")]
    assert len(asked) > 10
    assert "Phòng Văn hóa - Xã hội" in " ".join(asked)
    assert not [each for each in asked if "huyện" in each or "Sở Thông tin" in each]
    lacking = words(secretary.open(f"/chot/{UNIT}/2025-Q4").main)
    assert "Phòng Văn hóa - Xã hội" in lacking
    assert "huyện" not in lacking


@pytest.mark.parametrize("page", ["", "/buoc-tiep", "/phan-tich", "/bao-cao", "/thu"])
def test_every_page_of_a_district_s_quarter_is_there_for_a_commune_s(secretary, page):
    assert "Xã Nam Đông" in words(secretary.open(f"/don-vi/{UNIT}/{PERIOD}{page}").body)


def test_the_frozen_quarters_verify(closed):
    assert {(each.unit, each.faults) for each in verify_stored(closed.storage)} == {(UNIT, ()), (OTHER, ())}
