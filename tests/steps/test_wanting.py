"""What is supposed where figures are wanting."""

from dataclasses import replace

from hue_dti.catalogue.rules import Count
from hue_dti.scoring.again import Again
from hue_dti.steps.wanting import supposed
from hue_dti.units.model import Level
from tests.steps.conftest import DAY, PERIOD


def test_figures_wanting_in_several_units_are_supposed_to_come_together_to_what_is_asked(world):
    made = world(1, 1.0)
    criteria_set = made.catalogue.sets["hue-district-2024"]
    asked = replace(criteria_set.criterion("I.4"), rule=Count("shops", 10))
    one = replace(criteria_set, groups=(replace(criteria_set.groups[0], criteria=(asked,)),))
    again = Again.of(one, made.catalogue.measures, made.frame, PERIOD, DAY)
    found = supposed(again, again.base.lines[0], made.horizon(Level.DISTRICT))
    assert again.base.spans.total(found.columns["shops"].value).tolist() == [10], "communes count shops, the district asks for ten"
