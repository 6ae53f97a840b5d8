"""The province's draft index: what is sure, what is provisional, what is open; what the province gave beside what units told."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

from hue_dti.catalogue.rollups import Match
from hue_dti.observations.model import State
from hue_dti.rollup.province import ComponentState, ProvincialValue, Range, roll_up
from tests.rollup.local_counts import FRAMEWORK, MADE, added_up, rolled, units

COMMUNES = [unit.code for unit in units() if unit.code[1:]]
ALL = {"households_broadband": dict.fromkeys(COMMUNES, 1), "households": dict.fromkeys(COMMUNES, 4)}


def given(code, share, max_points=None):
    moment = datetime(2024, 6, 1, tzinfo=UTC)
    return ProvincialValue(code, Fraction(share), max_points, "", "Văn bản", None, "tinh", "Người tỉnh", moment)


def main(found, code):
    return next(each for each in found.mains if each.main.code == code)


def test_without_any_figure_everything_is_open():
    found = rolled({})
    assert (found.index, found.points, found.known_of) == (Range(Fraction(0), Fraction(1)), 0, 0)
    assert found.tally == {
        ComponentState.MEASURED: 0,
        ComponentState.REPORTED: 0,
        ComponentState.MISSING: 18,  # 17 that local counts feed, and 8.8, of which they feed two parts
        ComponentState.NOT_LOCAL: 77,
    }


def test_points_of_all_units_are_sure_and_those_of_some_are_provisional():
    found = rolled(ALL)
    infrastructure = main(found, "infrastructure")
    assert (infrastructure.low, infrastructure.high) == (Fraction(5, 2), Fraction(185, 2))
    assert found.index == Range(Fraction(25, 10_000), Fraction(9925, 10_000))
    some = {**ALL, "households_broadband": {code: 1 for code in COMMUNES if code != "C3"}}
    infrastructure = main(rolled(some), "infrastructure")
    assert (infrastructure.points, infrastructure.known_of, infrastructure.provisional) == (Fraction(5, 2), 10, Fraction(5, 2))
    assert (infrastructure.low, infrastructure.high) == (0, 100)


def test_ranges_of_main_indices_add_up_to_the_index_and_the_pillars():
    found = rolled(ALL, [given("1.3", "1/3"), given("economy", "0.5")])
    assert found.index.low == sum(each.low for each in found.mains) / 1000
    assert found.index.high == sum(each.high for each in found.mains) / 1000
    for pillar, value in found.pillars:
        assert value.low == sum(main(found, code).low for code in pillar.main if code != "smart_city") / pillar.max_points


def test_what_the_province_gave_is_used_where_no_unit_tells_the_very_thing():
    found = rolled(ALL, [given("3.3", "0.9"), given("3.1", "0.9"), given("3.4", "1")])
    uses = {code: (found.line(code).uses, found.line(code).state) for code in ("3.1", "3.3", "3.4")}
    assert uses == {
        "3.1": ("entered", ComponentState.REPORTED),
        "3.3": ("local", ComponentState.MEASURED),
        "3.4": ("entered", ComponentState.REPORTED),
    }
    assert found.line("3.3").entered.share == Fraction(9, 10)
    near = rolled({"accounts": {"A1": 10}, "accounts_standardised": {"A1": 1}}, [given("3.1", "0.9")]).line("3.1")
    assert (near.uses, near.share, near.local.share) == ("entered", Fraction(9, 10), Fraction(1, 10))


def test_a_maximum_that_a_document_tells_makes_points_of_a_share():
    found = rolled({}, [given("1.1", "1", Fraction(10))])
    line = found.line("1.1")
    assert (line.points, line.component.max_points, line.max_entered) == (10, 10, True)
    assert FRAMEWORK.components[0].max_points is None
    known = rolled(ALL).line("3.3").component.max_points
    assert rolled(ALL, [given("3.3", "1", known + 1)]).line("3.3").component.max_points == known, "what the framework knows stays"
    assert (main(found, "awareness").low, main(found, "awareness").high) == (10, 100)


def test_a_value_given_for_a_whole_main_index_closes_what_is_open_and_must_fit_what_is_sure():
    found = rolled(ALL, [given("infrastructure", "0.7273")])
    infrastructure = main(found, "infrastructure")
    assert (infrastructure.low, infrastructure.high, infrastructure.sound) == (Fraction("72.73"), Fraction("72.73"), True)
    assert not main(rolled(ALL, [given("infrastructure", "0.02")]), "infrastructure").sound
    assert main(rolled(ALL, [given("infrastructure", "0.025")]), "infrastructure").sound, "just what is sure"


def test_a_value_given_for_a_whole_main_index_does_not_count_where_nothing_is_open():
    (index,) = (each for each in FRAMEWORK.main if each.code == "infrastructure")
    each_one = [given(leaf.code, "1") for line in index.components for leaf in (line.parts or (line,))]
    infrastructure = main(rolled({}, [*each_one, given("infrastructure", "0.5")]), "infrastructure")
    assert (infrastructure.open_of, infrastructure.uses_entered) == (0, False)
    assert (infrastructure.low, infrastructure.high) == (100, 100)


def test_with_every_main_index_the_total_is_exact_and_as_published():
    values = {
        "awareness": "0.9333",
        "institutions": "0.7",
        "infrastructure": "0.7273",
        "workforce": "0.7051",
        "security": "0.5227",
        "government": "0.7379",
        "economy": "0.5537",
        "society": "0.2984",
    }
    found = rolled({}, [given(code, share) for code, share in values.items()])
    assert found.index.exact
    assert round(float(found.index.low), 4) == 0.6342  # Hậu Giang 2022
    assert {pillar.code: round(float(value.low), 4) for pillar, value in found.pillars} == {
        "government": 0.7235,
        "economy": 0.6798,
        "society": 0.6209,
    }


def test_money_of_which_nobody_knows_how_it_earns_points_has_a_result_and_no_points():
    spent = {"budget": dict.fromkeys("ABC", 10**12), "budget_digital": dict.fromkeys("ABC", 10**10)}
    line = rolled(spent).line("6.22")
    assert (line.share, line.points, line.state) == (Fraction(1, 100), None, ComponentState.MEASURED)
    fed = replace(added_up(spent)[0]["6.22"].feed, match=Match.SAME)
    figure = replace(added_up(spent)[0]["6.22"].figure(added_up(spent)[1], 0), feed=fed)
    line = roll_up(FRAMEWORK, MADE, {"6.22": figure}, {"6.22": given("6.22", "1", Fraction(10))}).line("6.22")
    assert (line.uses, line.component.max_points, line.points) == ("local", 10, None)


def test_a_component_of_which_some_parts_came_is_missing():
    figures = {"reflections": dict.fromkeys("ABC", 2), "reflections_on_time": dict.fromkeys("ABC", 1)}
    line = rolled(figures).line("8.8")
    assert [part.state for part in line.parts] == [ComponentState.NOT_LOCAL, ComponentState.MEASURED, ComponentState.MISSING]
    assert line.state is ComponentState.MISSING


def test_a_source_that_failed_counts_as_missing_and_is_named():
    line = rolled({"addresses": {"A1": State.SOURCE_FAILED}}).line("8.4")
    assert line.state is ComponentState.MISSING
    assert "A1" in line.local.coverage.absent
