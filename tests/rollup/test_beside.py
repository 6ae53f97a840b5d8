"""Two quarters beside each other: sums of the same counts are subtracted, a line that units changed is only shown."""

from fractions import Fraction

import pytest

from hue_dti.catalogue.rollup_levels import counted_at
from hue_dti.rollup.beside import BY_UNITS, NOBODY_NOW, NOBODY_THEN, OTHER_PLACES, OTHER_WAY, Side, pairs
from hue_dti.rollup.province import ProvincialValue, roll_up
from hue_dti.units.model import Level
from tests.reports.test_province_paper import AT
from tests.rollup.local_counts import CATALOGUE, FRAMEWORK, MADE, added_up

COMMUNES = [f"{district}{n}" for district in "ABC" for n in (1, 2, 3)]
THEN, NOW = frozenset(Level) - {Level.VILLAGE}, frozenset({Level.PROVINCE, Level.COMMUNE})


def side(told, levels, given=()):
    """A quarter of the small province in which only units of these levels count."""
    feds, tree = added_up(told)
    made = counted_at(MADE, CATALOGUE.measures, levels)
    figures = {feed.component: feds[feed.component].figure(tree, 0) for feed in made.feeds}
    return Side(roll_up(FRAMEWORK, made, figures, {each.code: each for each in given}), levels)


def told(part, communes=COMMUNES):
    counts = {code: dict.fromkeys(communes, part) for code in ("households_broadband", "teams", "staff_trained")}
    wholes = {code: dict.fromkeys(communes, 10) for code in ("households", "villages", "staff")}
    return {**counts, **wholes, "procedures": {"A": 4}, "procedures_online": {"A": 3}}


def of(then, now, changed=True):
    return {pair.now.component.code: pair for pair in pairs(then, now, CATALOGUE.measures, changed)}


def test_sums_of_the_same_counts_are_subtracted_across_a_reorganisation_and_others_are_not():
    found = of(side(told(3), THEN), side(told(8), NOW))
    assert (found["3.3"].broken, found["3.3"].change) == ("", Fraction(1, 2))
    broken = {code: pair.broken for code, pair in found.items() if pair.broken}
    assert {code: broken[code] for code in ("4.1", "4.7", "6.8")} == {"4.1": BY_UNITS, "4.7": OTHER_PLACES, "6.8": NOBODY_NOW}
    assert all(found[code].change is None for code in broken)
    assert of(side(told(8), NOW), side(told(3), THEN))["6.8"].broken == NOBODY_THEN


def test_without_a_reorganisation_nothing_breaks():
    found = of(side(told(3), NOW), side(told(8), NOW), changed=False)
    assert {pair.broken for pair in found.values()} == {""}
    assert "6.8" not in found


def test_what_the_province_gave_is_not_subtracted_from_what_units_counted():
    given = ProvincialValue("3.4", Fraction(1), None, "100%", "Công văn", None, "ioc", "Trực", AT)
    found = of(side(told(3), NOW), side(told(8), NOW, [given, ProvincialValue("4.7", Fraction(1), None, "", "", None, "", "", AT)]))
    assert found["4.7"].broken == OTHER_WAY
    assert found["3.4"].change is None


@pytest.mark.parametrize(("communes", "too_few"), [(COMMUNES, False), (COMMUNES[:8], True)])
def test_shares_of_too_few_units_are_not_subtracted(communes, too_few):
    pair = of(side(told(3), NOW), side(told(8, communes), NOW))["3.3"]
    assert (pair.too_few, pair.change is None) == (too_few, too_few)
