"""Sentences are filled once, with names only, and braces in values are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hue_dti.catalogue.model import ShortfallSpec
from hue_dti.catalogue.placeholders import ALWAYS, allowed, fill, stray_brace, used
from hue_dti.catalogue.rules import KINDS, Count, Dated, Gate, Inverse, Judged, Ratio, Steps, Uses, Weighted, WhenNone, YesNo
from hue_dti.periods import MonthDay
from hue_dti.units.model import Level

RATIO = Ratio("a", "b", WhenNone.ZERO)
RULES = {
    "yes_no": (YesNo("a"), set()),
    "count": (Count("a", 1), {"share", "part", "at_least"}),
    "ratio": (RATIO, {"share", "part", "whole", "rate", "missing", "missing_share"}),
    "inverse": (Inverse("a", "b", WhenNone.ZERO), {"share", "part", "whole", "rate", "missing", "missing_share"}),
    "steps": (Steps("a", ()), {"share", "part", "at_least"}),
    "dated": (Dated("a", MonthDay(1, 31), RATIO.target), {"date", "by"}),
    "gate": (Gate("a", 5, RATIO), {"gate_count", "gate_at_least", "share", "part", "whole", "rate", "missing", "missing_share"}),
    "uses": (Uses(("a",)), {"share", "part", "whole", "in_use", "not_in_use"}),
    "weighted": (Weighted(()), {"share"}),
    "judged": (Judged("a"), {"share"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_rule_offers_its_own_figures_beside_those_known_always(kind):
    rule, figures = RULES[kind]
    assert allowed(rule, None) == ALWAYS | figures


def test_a_percentage_offers_no_counts():
    assert allowed(Ratio("a", None, WhenNone.ZERO), None) == ALWAYS | {"share"}


def test_a_shortfall_adds_the_place_its_footnote_hangs_on():
    assert allowed(RATIO, ShortfallSpec((Level.AGENCY,), "missing", "người")) == allowed(RATIO, None) | {"note"}


def test_placeholders_are_listed_in_order_with_repetitions_and_doubled_braces_are_none():
    assert used("{part}/{whole}, {{share}}, {part}") == ("part", "whole", "part")


@pytest.mark.parametrize(("text", "stray"), [("{part", "{part"), ("part}", "}"), ("{{part}", "}"), ("{a{b}}", "{a{b}}"), ("{part}{", "{")])
def test_a_brace_without_its_partner_is_found(text, stray):
    assert stray_brace(text) == stray


def test_filling_puts_values_in_once_and_doubled_braces_become_single_ones():
    assert fill("{{x}} {part}/{whole}", {"part": "{whole}", "whole": "{{7*7}}"}) == "{x} {whole}/{{7*7}}"


def test_a_value_not_given_is_an_error_and_not_an_empty_place():
    with pytest.raises(KeyError):
        fill("{part}", {})


@given(st.text())
def test_any_value_comes_out_as_it_went_in(value):
    assert fill("a {unit} b", {"unit": value}) == f"a {value} b"


@given(st.text(alphabet="{}ab ", max_size=12))
def test_a_text_without_stray_braces_can_always_be_filled(text):
    if not stray_brace(text):
        filled = fill(text, dict.fromkeys(used(text), "x"))
        assert filled.count("{") == text.count("{{")
