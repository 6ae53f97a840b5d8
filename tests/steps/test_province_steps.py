"""One more percent of a component: the least count that brings it, and what the province wins by rolling the whole up again."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.load_rollups import load_rollups
from hue_dti.observations.model import State
from hue_dti.resources import folder
from hue_dti.rollup.local import LocalFigure
from hue_dti.rollup.province import roll_up
from hue_dti.scoring.model import Coverage
from hue_dti.steps.province import PERCENT, cheapest

TOLD = {state: 0 for state in State if state.has_value}
COUNTS = st.tuples(st.integers(0, 5000), st.integers(1, 5000)).map(lambda pair: (min(pair), max(pair)))
HALF = [(50, 100)] * 30


@pytest.fixture(scope="module")
def ways():
    catalogue = load_catalogue(folder("criteria"))
    frameworks = load_frameworks(folder("criteria"))
    made = load_rollups(folder("criteria"), catalogue, frameworks)["hue-931-to-province-922"]
    return catalogue, frameworks["province-922"], made


def figures(made, counts):
    return {
        feed.component: LocalFigure(feed, part, whole, Coverage(3, 3, ()), None, TOLD | {State.MEASURED: 3}, None)
        for feed, (part, whole) in zip(made.feeds, counts, strict=False)
    }


@settings(max_examples=40, deadline=None)
@example(counts=HALF)
@given(counts=st.lists(COUNTS, min_size=30, max_size=30))
def test_a_percent_is_worth_what_rolling_up_again_gives_and_takes_the_least_count(ways, counts):
    catalogue, framework, made = ways
    local = figures(made, counts)
    before = roll_up(framework, made, local, {})
    found = cheapest(before, catalogue.measures)
    assert [each.rate for each in found] == sorted((each.rate for each in found), reverse=True)
    assert found or counts != HALF
    for each in found:
        code, sign = each.component.code, -1 if each.fewer else 1
        figure = local[code]
        after = roll_up(framework, made, {**local, code: replace(figure, part=figure.part + sign * each.count)}, {})
        assert after.points - before.points == each.points > 0
        assert after.index.low - before.index.low == each.index
        wanted = min(figure.share + PERCENT, each.component.target or 1)
        one_less = replace(figure, part=figure.part + sign * (each.count - 1))
        assert each.after >= wanted > one_less.share


def test_what_has_happened_or_is_complete_is_not_proposed(ways):
    catalogue, framework, made = ways
    full = {feed.component: (0, 100) if feed.way.value == "inverse" else (100, 100) for feed in made.feeds}
    assert cheapest(roll_up(framework, made, figures(made, [full[feed.component] for feed in made.feeds]), {}), catalogue.measures) == ()
    half = cheapest(roll_up(framework, made, figures(made, HALF), {}), catalogue.measures)
    assert half
    assert not any(catalogue.measures[each.figure.feed.part].final for each in half)
