"""What somebody lands on after signing in: the province its own work, an heir every unit that was handed over, nobody another's tasks."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from hue_dti.accounts.model import Actor, Grant, Role
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.outline import outline_of
from hue_dti.observations.entered import Writer
from hue_dti.plans.model import PlanKey
from hue_dti.resources import folder
from hue_dti.services.doer import Doer
from hue_dti.services.plan_file import plan_of
from hue_dti.services.plans import keep_plan
from hue_dti.storage.notes import FigureNote
from tests.people import signed_in
from tests.web.conftest import Reader, place, words

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
PLAN = (folder("criteria") / "frameworks" / "examples" / "dong-thap-2023-plan.csv").read_text(encoding="utf-8-sig")


@pytest.fixture(scope="module")
def later(server, catalogue, tmp_path_factory):
    """After the districts ended; the province has a plan in which a commune of today leads."""
    with place(server, catalogue, tmp_path_factory.mktemp("later")) as made:
        made.app.config["CLOCK"] = lambda: AT
        outline = outline_of(load_frameworks(folder("criteria"))["province-922"])
        text = PLAN.replace("Công an Tỉnh", "Xã Khe Tre").replace("2023", "2026")
        told = plan_of(text.encode(), "ke-hoach.csv", outline)
        told = replace(told, lines=tuple(replace(line, due=date(2026, 12, 31)) for line in told.lines))
        keep_plan(
            made.storage, PlanKey("46", "province-922", 2026), "Kế hoạch 2026", told, "", Doer(Actor("thu.ky", "Thư ký", "", ()), AT), 0
        )
        yield made


def person(made, login, *grants):
    return Reader(signed_in(made.app, login, *grants))


def test_the_province_s_secretary_lands_on_the_province_s_work_not_on_a_district_s_dead_quarter(later):
    page = person(later, "thu.ky.tinh", Grant(Role.SECRETARY, "46")).open("/viec-cua-toi")
    assert "Xem các chỉ số thành phần" in words(page.select_one("#viec-cua-tinh a[href*='tinh-trang=not_local']"))
    assert "A Lưới" not in words(page.main)
    assert "Việc theo kế hoạch" in words(page.main)


def test_who_gives_the_province_s_values_finds_where_on_the_first_screen(later):
    page = person(later, "truc.ioc", Grant(Role.OPERATOR, "46")).open("/viec-cua-toi")
    assert "Nhập kết quả" in words(page.select_one("#viec-cua-tinh a[href*='tinh-trang=not_local']"))


def test_who_got_another_unit_finds_it_on_the_first_screen(later):
    heir = person(later, "nguoi.den", Grant(Role.OFFICER, "20164"), Grant(Role.OFFICER, "20167"))
    for at in (datetime(2024, 11, 22, 3, tzinfo=UTC), AT):
        later.app.config["CLOCK"] = lambda at=at: at
        assert any("don-vi=20167" in each["href"] for each in heir.open("/viec-cua-toi").select("main a"))


def test_tasks_of_a_unit_of_today_do_not_reach_whom_its_code_belonged_to_before(later):
    today = person(later, "khe.tre", Grant(Role.OFFICER, "20161")).open("/viec-cua-toi")
    assert today.select("#ke-hoach a")
    before = person(later, "nam.dong", Grant(Role.SECRETARY, "483")).open("/viec-cua-toi")
    assert not before.select("#ke-hoach a")


def test_the_secretary_s_first_screen_names_the_report_that_waits(golden):
    page = person(golden, "thu.ky.bao.cao", Grant(Role.SECRETARY, "483")).open("/viec-cua-toi")
    row = next(each for each in page.select("#cho-ban .tasks a") if "báo cáo" in words(each))
    assert words(row.select_one(".task-words")) == "Huyện Nam Đông đã chốt Quý II/2024, chờ soạn và trình ký báo cáo"
    assert row["href"].startswith("/don-vi/483/2024-Q2/bao-cao/")
    above = person(golden, "thu.ky.tren", Grant(Role.SECRETARY, "46")).open("/viec-cua-toi")
    assert not [each for each in above.select("#cho-ban .tasks a") if "chờ soạn" in words(each)]


def test_who_runs_the_sources_lands_where_an_objection_to_a_machine_s_figure_waits(later):
    operator = person(later, "truc.ban", Grant(Role.OPERATOR, "46"))
    assert "Không có gì chờ xử lý" in words(operator.open("/viec-cua-toi").select_one("#van-hanh"))
    writer = Writer("can.bo", "Cán bộ", "Công chức")
    later.storage.notes.add(FigureNote(0, "20161", "addresses", "2026-Q3", 81, "police", "", "Số đúng là 96", writer, AT))
    row = operator.open("/viec-cua-toi").select_one("#van-hanh .tasks a")
    assert (words(row), row["href"]) == ("1 số của máy bị báo chưa đúng, chờ trả lời", "/nguon#so-bi-bao")
    assert operator.open("/").select_one(".person-menu a[href='/viec-cua-toi']")
