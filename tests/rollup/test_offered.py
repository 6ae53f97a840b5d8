"""What figures give a round's lines: only what was measured everywhere, under the round's own maximum, and never a zero for a gap."""

from dataclasses import replace

import pytest

from hue_dti.appraisal.rounds import RoundLine
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.load_rollups import load_rollups
from hue_dti.catalogue.outline import outline_of
from hue_dti.numerals import POINT
from hue_dti.observations.model import State
from hue_dti.resources import folder
from hue_dti.rollup.local import LocalFigure
from hue_dti.rollup.offered import from_roll_up
from hue_dti.rollup.province import ComponentState, roll_up
from hue_dti.rollup.rounds import round_lines
from hue_dti.scoring.model import Coverage

TOLD = {state: 0 for state in State if state.has_value}


@pytest.fixture(scope="module")
def rolled():
    """The province with a quarter of everything measured, but one component told by persons and one by some units only."""
    frameworks = load_frameworks(folder("criteria"))
    made = load_rollups(folder("criteria"), load_catalogue(folder("criteria")), frameworks)["hue-931-to-province-922"]
    local = {
        feed.component: LocalFigure(feed, 25, 100, Coverage(3, 3, ()), None, TOLD | {State.MEASURED: 3}, None)
        for feed in made.feeds
        if not feed.result_only
    }
    known = [line for line in round_lines(outline_of(frameworks["province-922"])) if line.code in local]
    told, some = known[0].code, known[1].code
    local[told] = replace(local[told], told=TOLD | {State.REPORTED: 1, State.MEASURED: 2})
    local[some] = replace(local[some], coverage=Coverage(2, 3, ("481",)))
    return roll_up(frameworks["province-922"], made, local, {}), told, some


def test_only_what_machines_measured_in_every_unit_is_offered_and_gaps_are_named(rolled):
    found, told, some = rolled
    lines = round_lines(outline_of(found.framework))
    offers = from_roll_up(lines, found)
    assert offers.keys() == {line.code for line in lines}
    given = {code: offer for code, offer in offers.items() if offer.points is not None}
    assert given
    for code, offer in given.items():
        line = found.line(code)
        assert (line.state, offer.points, line.provisional) == (ComponentState.MEASURED, int(line.points * POINT), False)
        assert offer.figure.startswith("25/100 (")
    assert (offers[told].points, offers[told].why) == (None, "có số do người báo, không phải máy đo")
    assert (offers[some].points, offers[some].why) == (None, "mới có 2/3 đơn vị")
    assert all(offer.why for offer in offers.values() if offer.points is None)
    assert "chưa đo đủ" in offers["awareness"].why


def test_points_under_another_maximum_than_the_round_s_are_not_offered(rolled):
    found, *_ = rolled
    code = next(code for code, offer in from_roll_up(round_lines(outline_of(found.framework)), found).items() if offer.points is not None)
    line = RoundLine(code, "x", "infrastructure", 7 * POINT)
    assert "của đợt là 7" in from_roll_up([line], found)[code].why
