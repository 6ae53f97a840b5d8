"""A result asked for as a target says at least so much, except where less is better or there is no more."""

import pytest

from hue_dti.plans.results import aim_words
from hue_dti.plans.targets import TargetKind, target_of


@pytest.mark.parametrize(
    ("result", "aim", "kind"),
    [
        ("60,00%", "60% trở lên", TargetKind.AT_LEAST),
        ("55,40%", "55,40% trở lên", TargetKind.AT_LEAST),
        ("100,00%", "100%", TargetKind.AT_LEAST),
        ("15", "15 trở lên", TargetKind.AT_LEAST),
        ("4/6", "4/6 trở lên", TargetKind.AT_LEAST),
        ("6/6", "6/6", TargetKind.AT_LEAST),
        ("5,27%, càng thấp càng tốt", "không quá 5,27%", TargetKind.WORDS),
        ("08/01/2024", "08/01/2024", TargetKind.WORDS),
        ("", "", TargetKind.OPEN),
    ],
)
def test_a_result_becomes_the_target_that_asks_for_it(result, aim, kind):
    assert (aim_words(result), target_of(aim).kind) == (aim, kind)
