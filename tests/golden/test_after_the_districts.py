"""Since July 2025 the province is rolled up from forty communes that close quarters of their own; what only districts counted is a gap."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from hue_dti.accounts.model import Grant, Role
from hue_dti.catalogue.load import load_catalogue
from hue_dti.cli import cli
from hue_dti.numerals import format_count
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.scoring.engine import score
from hue_dti.services.quarter import catalogue_of, closed_in
from hue_dti.services.standings import field_of, ranking
from hue_dti.snapshots.figures import table_of
from hue_dti.standings.words import move_words
from hue_dti.units.model import Level
from hue_dti.web import create_app
from tests import communes
from tests.people import signed_in
from tests.web.forms_of_pages import Person

PERIOD, LATER = Period.parse("2025-Q3"), Period.parse("2025-Q4")
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
def later(city, tmp_path_factory):
    """The next quarter of half of the communes, scored by rules in which fibre is full at three fifths."""
    home = tmp_path_factory.mktemp("criteria") / "criteria"
    shutil.copytree(folder("criteria"), home)
    rule = "{kind: ratio, part: households_broadband, whole: households, when_none: not_applicable, subset: true}"
    path = home / "hue" / "commune-2025.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(rule, rule[:-1] + ", target: 20%}"), encoding="utf-8")
    harder = load_catalogue(home)
    assert harder.sets["hue-commune-2025"].criterion("III.4") != city.catalogue.sets["hue-commune-2025"].criterion("III.4")
    codes = [unit.code for unit in communes.communes_of(city.storage, LATER)]
    communes.tell(city.storage, city.catalogue, LATER, 8)
    communes.close_all(city.storage, harder, LATER, city.home, datetime(2026, 1, 2, 2, tzinfo=UTC), {*codes[::2], *SILENT[1:]})
    return city


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


def places(shares):
    """Each unit's place, by counting whoever is better."""
    return {unit: 1 + sum(other > own for other in shares.values()) for unit, own in shares.items()}


def shares_of(storage, period, rules=None):
    """What ranks each unit of a closed quarter, read from the snapshots alone; with `rules`, scored by another quarter's."""
    found = {}
    for snapshot in closed_in(storage, period):
        sheet = snapshot.sheet
        if rules is not None:
            frame = table_of(snapshot.figures, snapshot.tree).frame(snapshot.tree, rules.measures)
            (sheet,) = score(rules.sets["hue-commune-2025"], rules.measures, frame, period, snapshot.tree.as_of)
        found[snapshot.head.unit] = Fraction(sheet.total.points, sheet.total.max_points)
    return found


def test_every_change_of_place_between_two_closed_quarters_is_the_sum_of_its_causes(later):
    then = ranking(later.storage, field_of(later.storage, Level.COMMUNE, PERIOD))
    found = ranking(later.storage, field_of(later.storage, Level.COMMUNE, LATER), against=PERIOD)
    before, after = ({each.member.unit: each.rank for each in side.places} for side in (then, found))
    moves = found.changes.moves
    assert set(moves) == {unit for unit in after if after[unit] and before.get(unit)}
    assert len(moves) > 10
    for unit, move in moves.items():
        assert (move.before, move.after) == (before[unit], after[unit])
        assert move.own + move.others + move.rules + move.units == before[unit] - after[unit]
    told = Counter(cause for move in moves.values() for cause in ("own", "others", "rules", "units") if getattr(move, cause))
    assert set(told) == {"own", "others", "rules", "units"}, told


def test_the_parts_are_those_that_counting_by_hand_finds(later):
    """Causes one after the other, each place counted afresh: who left goes, own figures come, the others', the rules, who came."""
    old_rules = catalogue_of(next(each for each in closed_in(later.storage, PERIOD)))
    ranked = {each.member.unit for each in ranking(later.storage, field_of(later.storage, Level.COMMUNE, LATER)).places if each.rank}
    old = {unit: share for unit, share in shares_of(later.storage, PERIOD).items() if places_known(later, PERIOD, unit)}
    new = {unit: share for unit, share in shares_of(later.storage, LATER).items() if unit in ranked}
    same = shares_of(later.storage, LATER, old_rules)
    both = old.keys() & new.keys()
    moves = ranking(later.storage, field_of(later.storage, Level.COMMUNE, LATER), against=PERIOD).changes.moves
    for unit in both:
        kept = {each: old[each] for each in both}
        at = [
            places(old)[unit],
            places(kept)[unit],
            places({**kept, unit: same[unit]})[unit],
            places({each: same[each] for each in both})[unit],
            places({each: new[each] for each in both})[unit],
            places(new)[unit],
        ]
        move = moves[unit]
        assert (move.own, move.others, move.rules) == (at[1] - at[2], at[2] - at[3], at[3] - at[4]), unit
        assert move.units == (at[0] - at[1]) + (at[4] - at[5])


def places_known(later, period, unit):
    """Whether the unit was ranked in a quarter."""
    held = ranking(later.storage, field_of(later.storage, Level.COMMUNE, period)).places
    return any(each.member.unit == unit and each.rank for each in held)


def test_the_ranking_page_says_each_change_with_its_parts(later, page):
    moves = ranking(later.storage, field_of(later.storage, Level.COMMUNE, LATER), against=PERIOD).changes.moves
    rows = {
        row.select_one("th a")["href"].split("/")[2]: words(row)
        for row in page(f"/bang-xep-hang/xa/{LATER}?so-voi={PERIOD}").select("table.ranking tbody tr")
    }
    assert set(moves) <= set(rows)
    assert all(move_words(move) in rows[unit] for unit, move in moves.items())


def test_the_province_s_page_leads_to_the_round_that_freezes_its_result(city, page):
    centre = Person(signed_in(create_app(city.settings, city.storage), "lan.td", Grant(Role.APPRAISER, "46")))
    said = words(page(f"/tinh/{PERIOD}").select_one("#chot-ca-tinh"))
    assert "bản nháp" in said
    assert "Mở đợt" not in said
    link = centre.open(f"/tinh/{PERIOD}").select_one("#chot-ca-tinh a.btn")
    form = centre.open(link["href"])
    assert form.select_one("#ma")["value"] == "dti-46-2025-q3"
    assert [each["value"] for each in form.select("option[selected]")] == ["46", "province-922", "Q3", "province"]
    opened = centre.press(
        form, "Mở đợt đánh giá", **{each["name"]: each.get("value", "") for each in form.select("main input[value]")}, **CHOSEN
    )
    assert "DTI cấp tỉnh, Quý III năm 2025" in words(opened.main)
    standing = centre.open(f"/tinh/{PERIOD}").select_one("#chot-ca-tinh a")
    assert standing["href"] == "/dot-danh-gia/dti-46-2025-q3"


CHOSEN = {"don-vi": "46", "khung": "province-922", "theo": "dong", "cap": "province"}


def test_the_province_s_page_and_its_cheapest_percents_lead_to_each_other(city):
    centre = Person(city.site())
    steps = f"/don-vi/46/{PERIOD}/buoc-tiep"
    assert centre.open(f"/tinh/{PERIOD}").select_one(f'a[href="{steps}"]')
    back = {link["href"] for link in centre.open(steps).select("main a")}
    assert {f"/tinh/{PERIOD}", f"/tinh/{PERIOD}/3.3"} <= back
