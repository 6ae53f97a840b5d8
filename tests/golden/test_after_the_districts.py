"""Since July 2025 the province is rolled up from forty communes that close quarters of their own; what only districts counted is a gap."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.numerals import format_count
from hue_dti.periods import Period
from hue_dti.web import create_app
from tests import communes

PERIOD = Period.parse("2025-Q3")
AUTUMN = datetime(2025, 10, 2, 2, tzinfo=UTC)
SILENT = ("19774", "19777")
ONLY_DISTRICTS = ["1.9", "1.10", "5.5", "6.8", "6.12", "6.22", "8.8.2", "8.8.3"]


@pytest.fixture(scope="module")
def city(copy_quarter, tmp_path_factory) -> Iterator:
    """The closed quarter of a district of 2024, and all communes of today but two with theirs of 2025."""
    with copy_quarter(tmp_path_factory.mktemp("city")) as quarter:
        quarter.close()
        communes.tell(quarter.storage, quarter.catalogue, PERIOD, 7, SILENT)
        communes.close_all(quarter.storage, quarter.catalogue, PERIOD, quarter.home, AUTUMN, SILENT)
        yield quarter


@pytest.fixture(scope="module")
def typed(city):
    """Type a command there; gives what it says as JSON."""

    def run(*words):
        done = CliRunner().invoke(cli, ["rollup", "--period", str(PERIOD), "--closed", *words], env=city.environment)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


@pytest.fixture(scope="module")
def found(typed):
    return json.loads(typed("--json"))


@pytest.fixture(scope="module")
def page(city):
    """Open a page as anybody who is not signed in."""
    client = create_app(city.settings, city.storage).test_client()

    def opened(address):
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        return BeautifulSoup(answer.text, "html.parser")

    return opened


def words(node):
    return " ".join(node.get_text(" ").split())


def lines_of(found):
    whole = [line for main in found["main"] for line in main["components"]]
    return {line["code"]: line for each in whole for line in (each, *each.get("parts", ()))}


def test_the_sums_are_those_of_the_communes_and_coverage_is_of_all_forty(found, city):
    told = {unit.code: city.storage.newest_head(unit.code) for unit in communes.communes_of(city.storage, PERIOD)}
    assert len(told) == 40
    assert sorted(code for code, head in told.items() if head is None) == list(SILENT) == sorted(found["open"])
    local = lines_of(found)["3.3"]["local"]
    assert (local["units"]["expected"], local["units"]["have"] + len(local["units"]["absent"])) == (40, 40)
    assert set(SILENT) <= set(local["units"]["absent"])


def test_a_component_is_the_sum_of_the_communes_it_opens_to(typed, found):
    line = lines_of(found)["3.3"]
    units = json.loads(typed("--component", "3.3", "--json"))["units"]
    assert len(units) == 40
    assert (sum(each["part"] for each in units), sum(each["whole"] for each in units)) == (line["local"]["part"], line["local"]["whole"])
    assert Fraction(line["share"]) == pytest.approx(Fraction(line["local"]["part"], line["local"]["whole"]), abs=1e-6)


def test_what_only_districts_counted_is_a_gap_with_its_reason_and_never_filled(found):
    assert [code for gap in found["gaps"] for code in gap["components"]] == ONLY_DISTRICTS
    assert all("không còn cấp huyện" in gap["why"] and gap["held_by"] for gap in found["gaps"])
    for code in ONLY_DISTRICTS:
        line = lines_of(found)[code]
        assert (line["state"], line["share"], line["points"], line["local"]) == ("not_local", None, None, None)


def test_the_units_that_cost_most_are_communes_and_only_those_with_figures(found):
    costly = [each["unit"] for each in found["losses"]]
    assert len(costly) > 9
    assert not {"483", *SILENT} & set(costly)
    points = [Fraction(each["points"]) for each in found["losses"]]
    assert points == sorted(points, reverse=True)
    assert points[0] > 0


def test_the_page_shows_the_quarter_its_gaps_and_who_costs_most_and_opens_down_to_communes(page, found):
    main = page(f"/tinh/{PERIOD}").main
    assert "38 trong 40" in words(main)
    gaps = main.select_one(".gaps")
    assert [each.get_text() for each in gaps.select(".code")] == ONLY_DISTRICTS
    assert "Văn phòng UBND tỉnh" in words(gaps)
    costly = [link["href"].partition("don-vi=")[2] for link in main.select("ol.lost a")]
    assert costly == [each["unit"] for each in found["losses"]][:9]
    part = page(f"/tinh/{PERIOD}/3.3").main
    local = lines_of(found)["3.3"]["local"]
    assert f"{format_count(local['part'])}/{format_count(local['whole'])}" in words(part)
    assert len(part.select("#don-vi tbody tr")) == 40
    assert page(f"/don-vi/19945/{PERIOD}/tieu-chi/III.4").h1


def test_the_gap_s_own_page_says_why_and_who_could_tell(page):
    said = words(page(f"/tinh/{PERIOD}/6.8").main)
    assert "chỉ cấp huyện đếm; đến cuối kỳ không còn cấp huyện" in said
    assert "Văn phòng UBND tỉnh" in said


def test_before_the_reorganisation_districts_feed_them_still(page):
    main = page("/tinh/2024-Q2").main
    assert main.select_one(".gaps") is None
    assert "1 trong 9" in words(main)


def test_both_quarters_stand_side_by_side_with_a_break_mark_between(page, typed):
    main = page(f"/tinh/{PERIOD}/so-sanh").main
    assert "Quý II năm 2024 – Quý III năm 2025" in words(main.h1)
    broken = main.select_one(".line-break")
    assert [each.get_text() for each in broken.select("li a")] == ["175/2024/QH15", "1314/NQ-UBTVQH15", "1675/NQ-UBTVQH15"]
    assert "1 trong 9" in words(main)
    assert "38 trong 40" in words(main)
    rows = {each.select_one(".code").get_text(): each for each in main.select("table.two-quarters tbody tr") if each.select_one(".code")}
    assert set(ONLY_DISTRICTS) <= {code for code, row in rows.items() if "không còn nơi đếm" in words(row)}
    assert "số đơn vị đã khác" in words(rows["4.1"])
    assert "nơi đếm đã khác" in words(rows["4.7"])
    told = json.loads(typed("--against", "2024-Q2", "--json"))
    by_code = {each["code"]: each for each in told["components"]}
    assert (by_code["3.3"]["broken"], by_code["3.3"]["too_few"], by_code["3.3"]["change"]) == (None, True, None)
    assert "chưa đủ đơn vị để so" in words(rows["3.3"])
    assert all(each["change"] is None for each in told["components"] if each["broken"])
    assert [each["number"] for each in told["events"]] == ["2025-01", "2025-02", "2025-03"]


def test_a_terminal_says_the_same(typed):
    said = " ".join(typed().split())
    assert "38 đơn vị đã chốt, 2 chưa chốt (không tính)" in said
    assert "Không còn nơi đếm: 6.8." in said
    assert "┆ Vạch ngắt 01/07/2025" in typed("--against", "2024-Q2")
