"""Scoring many units in one pass gives what scoring each alone gives, and what plain fractions give."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

COMMUNES = ("Xã A", "Xã B", "Xã C")
AGENCIES = {"Trường A1": "Xã A", "Trường A2": "Xã A", "Trường B1": "Xã B", "Phòng C": "Huyện"}
OFFICES = (*COMMUNES, *AGENCIES)
EVERYWHERE = {"levels": ["agency", "commune"]}
MEASURES = {
    "done": EVERYWHERE,
    "staff": EVERYWHERE,
    "largest": EVERYWHERE | {"over_units": "max"},
    "own": EVERYWHERE | {"over_units": "none"},
    "plan": {"levels": ["commune"], "kind": "date"},
    "review": {"levels": ["commune"], "kind": "progress"},
}
RATIO = {"kind": "ratio", "part": "done", "whole": "staff", "when_none": "not_applicable"}
RULES = {
    "I.1": RATIO,
    "I.2": RATIO | {"when_none": "full", "target": "2/3"},
    "I.3": {"kind": "inverse", "part": "done", "whole": "staff", "when_none": "zero"},
    "I.4": {"kind": "count", "measure": "done", "at_least": "24"},
    "II.1": {"kind": "steps", "measure": "largest", "rungs": [{"at_least": "5", "share": "1/3"}, {"at_least": "9", "share": "1"}]},
    "II.2": {"kind": "gate", "measure": "own", "at_least": "5", "then": RATIO},
    "II.3": {"kind": "uses", "functions": ["done", "largest", "own"]},
    "II.4": {"kind": "yes_no", "measure": "review"},
    "II.5": {"kind": "dated", "measure": "plan", "by": "01-31", "late": "1/2"},
    "III.1": {
        "kind": "weighted",
        "parts": [
            {"name": "a", "weight": "1/3", "rule": RATIO},
            {"name": "b", "weight": "2/3", "rule": {"kind": "yes_no", "measure": "review"}},
        ],
    },
}

STATES = st.sampled_from(["missing", "source_failed", "not_applicable"])
COUNTS = st.one_of(st.integers(0, 30), st.integers(0, 2**63 - 1)).map(str)
DAYS = st.one_of(STATES, st.sampled_from(["2024-01-31", "2024-02-01"]))
STEPS_OF_A_REVIEW = st.one_of(STATES, st.sampled_from(["no", "begun", "done"]))


def figures_of(units, values):
    return st.fixed_dictionaries(dict.fromkeys(units, values))


ALL_FIGURES = st.fixed_dictionaries(
    {code: figures_of(OFFICES, st.one_of(STATES, COUNTS)) for code in ("done", "staff", "largest", "own")}
    | {"plan": figures_of(COMMUNES, DAYS), "review": figures_of(COMMUNES, STEPS_OF_A_REVIEW)}
)
SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def case(figures, units):
    return {
        "level": "commune",
        "units": {unit: AGENCIES.get(unit, "Huyện") for unit in units},
        "measures": MEASURES,
        "figures": {code: {unit: each[unit] for unit in units if unit in each} for code, each in figures.items()},
        "criteria": [
            {"code": code, "rule": rule, "max_points": "10", "shortfall": {"levels": ["agency", "commune"]}} for code, rule in RULES.items()
        ],
    }


@SETTINGS
@given(figures=ALL_FIGURES)
def test_scoring_all_communes_at_once_equals_scoring_them_one_by_one(figures, play):
    together = play(case(figures, OFFICES)).sheets
    alone = [play(case(figures, (commune, *(unit for unit in AGENCIES if AGENCIES[unit] == commune)))).sheets[0] for commune in COMMUNES]
    assert list(together) == alone


@SETTINGS
@given(figures=ALL_FIGURES)
def test_the_array_engine_and_plain_fractions_give_the_same_digit(figures, play):
    for sheet in play(case(figures, OFFICES)).sheets:
        for line in sheet.criteria:
            share, points = plainly(RULES[line.code], figures, sheet.unit)
            assert (line.share, line.points) == (share, points), (sheet.unit, line.code)


@SETTINGS
@given(figures=ALL_FIGURES)
def test_every_list_sums_to_what_is_missing_and_names_no_absent_unit(figures, play):
    sheets = play(case(figures, OFFICES)).sheets
    for line in (line for sheet in sheets for line in sheet.criteria if line.shortfalls):
        assert sum(each.missing for each in line.shortfalls) == line.missing
        assert not {each.unit for each in line.shortfalls} & set(line.coverage.absent)
        assert all(each.missing for each in line.shortfalls)


@SETTINGS
@given(figures=ALL_FIGURES)
def test_no_points_leave_the_range_and_every_sum_is_exact(figures, play):
    for sheet in play(case(figures, OFFICES)).sheets:
        assert all(0 <= line.points <= line.max_points for line in sheet.criteria)
        assert sheet.total.points == sum(group.points for group in sheet.groups) == sum(line.points for line in sheet.criteria)


def plainly(rule, figures, unit):
    """The share as a fraction (None without one) and the points, one unit at a time."""
    if rule["kind"] != "weighted":
        share = plain_share(rule, figures, unit)
        return (share if isinstance(share, Fraction) else None), half_up(share)
    shares = [(Fraction(part["weight"]), plain_share(part["rule"], figures, unit)) for part in rule["parts"]]
    applying = sum(weight for weight, share in shares if share != "not applicable")
    known = [(weight / applying, share) for weight, share in shares if isinstance(share, Fraction)]
    points = sum(half_up(weight * share) for weight, share in known)
    return (sum((weight * share for weight, share in known), Fraction(0)) if known else None), points


def half_up(share):
    return floor(share * 100_000 + Fraction(1, 2)) if isinstance(share, Fraction) else 0


def plain_share(rule, figures, unit):
    match rule["kind"]:
        case "ratio" | "inverse":
            return plain_ratio(rule, figures, unit)
        case "count":
            done = plain_sum("done", figures, unit)
            return min(Fraction(done, int(rule["at_least"])), Fraction(1)) if isinstance(done, int) else done
        case "steps":
            reached = plain_sum("largest", figures, unit, max)
            if not isinstance(reached, int):
                return reached
            return max((Fraction(rung["share"]) for rung in rule["rungs"] if reached >= int(rung["at_least"])), default=Fraction(0))
        case "gate":
            opening = plain_sum("own", figures, unit, own=True)
            if not isinstance(opening, int):
                return opening
            return plain_ratio(rule["then"], figures, unit) if opening >= int(rule["at_least"]) else Fraction(0)
        case "uses":
            found = [plain_sum("done", figures, unit), plain_sum("largest", figures, unit, max), plain_sum("own", figures, unit, own=True)]
            asked = [each for each in found if each != "not applicable"]
            if not any(isinstance(each, int) for each in asked):
                return "absent" if asked else "not applicable"
            return Fraction(sum(isinstance(each, int) and each > 0 for each in asked), len(asked))
        case "yes_no":
            return {"done": Fraction(1), "begun": Fraction(0), "no": Fraction(0)}.get(*plain_word(figures["review"][unit]))
        case "dated":
            return {"2024-01-31": Fraction(1), "2024-02-01": Fraction(1, 2)}.get(*plain_word(figures["plan"][unit]))


def plain_word(text):
    return text, "not applicable" if text == "not_applicable" else "absent"


def below(unit):
    return [unit, *(agency for agency, parent in AGENCIES.items() if parent == unit)]


def plain_sum(code, figures, unit, add=sum, own=False):
    texts = [figures[code][each] for each in ([unit] if own else below(unit))]
    if not [text for text in texts if text != "not_applicable"]:
        return "not applicable"
    numbers = [int(text) for text in texts if text.isdigit()]
    return add(numbers) if numbers else "absent"


def plain_ratio(rule, figures, unit):
    pairs = [(figures["done"][each], figures["staff"][each]) for each in below(unit)]
    expected = [pair for pair in pairs if "not_applicable" not in pair]
    present = [(int(part), int(whole)) for part, whole in expected if part.isdigit() and whole.isdigit()]
    if not present:
        return "absent" if expected else "not applicable"
    part, whole = (sum(each) for each in zip(*present, strict=True))
    if whole == 0:
        return {"full": Fraction(1), "zero": Fraction(0), "not_applicable": "not applicable"}[rule["when_none"]]
    if rule["kind"] == "inverse":
        return max(1 - Fraction(part, whole), Fraction(0))
    return min(Fraction(part, whole) / Fraction(rule.get("target", 1)), Fraction(1))
