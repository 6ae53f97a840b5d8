"""The golden quarter when its base figures are approved: the same points, every figure opened down to the record of its approval."""

import json

import openpyxl
import pytest
from bs4 import BeautifulSoup

from hue_dti.services.base import approve, propose_pulled
from hue_dti.services.quarter import draft
from hue_dti.units.profile import UnitProfile
from tests.golden_quarter import PERIOD
from tests.services.base_figures import CHIEF, CLERK, COMMUNE, DOCUMENT, OFFICE, Office

PAGE = "/so-lieu-nen?don-vi=483&nam=2024"


@pytest.fixture
def quarter(another_quarter):
    return another_quarter()


@pytest.fixture
def office(quarter):
    return Office(quarter)


def opened(quarter, address):
    answer = quarter.site().get(address, follow_redirects=True)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.text, "html.parser")


def words(node):
    return " ".join(node.get_text(" ").split())


def points(quarter):
    total = draft(quarter.storage, quarter.catalogue, quarter.unit, PERIOD, quarter.now()).sheet.total
    return total.points, (total.achieved, total.in_progress, total.not_started)


def test_approving_exactly_what_the_sources_told_changes_no_point(quarter):
    numbers = propose_pulled(quarter.storage, quarter.catalogue, quarter.unit, PERIOD, CLERK, quarter.now()).numbers
    assert points(quarter) == (3_840_363, (20, 28, 5))
    decision = approve(quarter.storage, quarter.catalogue, numbers, CHIEF, quarter.now)
    assert points(quarter) == (3_840_363, (20, 28, 5))
    assert len(decision.proposals) == 118
    assert {each.before - each.after for each in decision.effects} == {0}


def test_the_page_says_that_nothing_is_approved_yet_and_the_criterion_marks_it(quarter):
    page = opened(quarter, PAGE)
    assert "7.258" in words(page.select_one("#tong-hop"))
    assert "0 /10" in words(page.select_one("#tong-hop"))
    assert words(page.select_one("#households")).count("chưa duyệt") == 10
    assert "Không có đề nghị nào đang chờ" in words(page.select_one("#cho-duyet"))
    criterion = opened(quarter, f"/don-vi/483/{PERIOD}/tieu-chi/III.3")
    assert "chưa duyệt" in words(criterion.select_one("#so-lieu-households"))


def test_a_waiting_proposal_is_shown_with_its_effect_and_how_to_approve_it(quarter, office):
    office.propose(700)
    waiting = words(opened(quarter, PAGE).select_one("#cho-duyet"))
    assert f"1 đề nghị của {CLERK}" in waiting
    assert DOCUMENT in waiting
    assert "275 700" in waiting
    assert "384,0363 → 383" in waiting
    assert "III.3 −" in waiting
    assert "Duyệt Từ chối" in waiting


def test_an_approved_figure_opens_down_to_the_record_of_its_approval(quarter, office):
    office.settled(700)
    page = opened(quarter, PAGE)
    row = next(row for row in page.select("#households tbody tr") if "Hương Sơn" in words(row))
    assert f"700 đã duyệt {DOCUMENT}, số liệu đến 31/12/2023 · {CHIEF} duyệt lúc" in words(row)
    record = words(opened(quarter, row.select_one("td a")["href"]))
    assert '"giá trị": 700' in record
    assert f'"người duyệt": "{CHIEF}"' in record


def test_from_the_criterion_the_approved_figure_is_found_at_its_place_in_the_record(quarter, office):
    office.settled(700)
    page = opened(quarter, f"/don-vi/483/{PERIOD}/tieu-chi/III.3")
    block = page.select_one("#so-lieu-households")
    assert "đã duyệt 1 trong 10 đơn vị" in words(block)
    link = next(link for link in block.select("td.num a") if link.text == "700")
    marked = opened(quarter, link["href"]).select(".marked")
    assert [words(each) for each in marked] == ['"giá trị": 700,']


def test_a_source_that_tells_otherwise_is_listed_and_the_log_tells_old_and_new_and_the_effect(quarter, office):
    office.settled(700)
    page = opened(quarter, PAGE)
    assert "Xã Hương Sơn Hộ gia đình Quý II/2024 275 700" in words(page.select_one("#khac-nhau"))
    log = words(page.select_one("#nhat-ky"))
    assert f"{CHIEF} duyệt 1 đề nghị" in log
    assert "275 700" in log
    assert "Cộng các quý còn mở: −" in log


def test_a_closed_quarter_says_how_many_figures_changed_and_keeps_its_points(quarter, office):
    quarter.close()
    office.settled(700)
    page = words(opened(quarter, f"/don-vi/483/{PERIOD}"))
    assert "1 số liệu đã thay đổi từ khi chốt" in page
    assert "384,04" in page
    assert "đã chốt, giữ nguyên 384,0363 điểm; 1 số liệu khác từ khi chốt" in words(opened(quarter, PAGE).select_one("#nhat-ky"))


def test_closed_with_an_approved_figure_the_workbook_names_it(quarter, office, tmp_path):
    office.settled(400)
    quarter.close()
    rows = list(openpyxl.load_workbook(quarter.reports(tmp_path)["xlsx"])["Số liệu"].iter_rows(values_only=True))
    mine = [row for row in rows if row[0] == COMMUNE and row[2] == "households"]
    assert len(mine) == 1
    assert {400, "Số liệu nền đã duyệt"} <= set(mine[0])


def test_only_the_figures_themselves_differ_in_what_is_frozen(quarter, office):
    office.settled(275)
    frozen = draft(quarter.storage, quarter.catalogue, quarter.unit, PERIOD, quarter.now())
    figure = frozen.figure(COMMUNE, "households")
    told = json.loads(quarter.storage.raw_answer(figure.origin.raw_sha256).body)
    assert told["số liệu"][0]["thay cho"] == 275
    assert frozen.sheet.total.points == 3_840_363


@pytest.mark.parametrize("address", ["/so-lieu-nen?don-vi=999", "/so-lieu-nen?nam=abcd&don-vi=483", "/so-lieu-nen?don-vi=483&nam=2199"])
def test_what_is_not_there_is_not_found(quarter, address):
    assert quarter.site().get(address).status_code == 404


def test_before_any_quarter_is_closed_the_page_says_what_fills_it(quarter):
    assert "Chưa có quý nào được chốt" in words(opened(quarter, "/so-lieu-nen").select_one(".empty"))


def test_hostile_words_of_a_proposal_stay_words(quarter, office):
    office.propose(700, document='<script>alert("1")</script> 12/BC', by="<b>An</b>")
    page = opened(quarter, PAGE)
    assert page.select("#cho-duyet script, #cho-duyet b") == []
    assert "<script>" in words(page.select_one("#cho-duyet"))


@pytest.mark.parametrize("code", ["483", COMMUNE, OFFICE])
def test_general_information_stands_at_the_foot_of_every_unit_s_page(quarter, code):
    address = f"/don-vi/{code}/{PERIOD}"
    assert "Chưa có thông tin chung" in words(opened(quarter, address).select_one("#thong-tin-chung"))
    told = UnitProfile(code, post="Chánh Văn phòng", email="vanphong@namdong.example", villages=0, area_ha=64_782)
    quarter.storage.profiles.save(told, CLERK, quarter.now())
    shown = words(opened(quarter, address).select_one("#thong-tin-chung"))
    assert "Phụ trách chuyển đổi số Chánh Văn phòng" in shown
    assert "Số thôn, tổ dân phố 0" in shown
    assert "64.782 ha" in shown
    assert "Số xã" not in shown
