"""Every case of `cases/*.yaml`, played with the real engine; how a case is written stands at the top of those files."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from hue_dti.errors import ScoringError
from hue_dti.scoring.ranking import rank

EXPECTED_OF_A_LINE = frozenset(
    {
        "status", "part", "whole", "share", "points", "capped", "has_figures", "gate_count", "coverage", "absent", "shortfalls",
        "parts", "as_of", "states", "missing", "figures", "max_points", "assumed", "shows",
    }
)  # fmt: skip


def test_the_golden_case_comes_out_as_the_sentence_says(golden_case, play):
    expected = golden_case["expect"]
    if "error" in expected:
        with pytest.raises(ScoringError) as raised:
            play(golden_case)
        assert [text for text in expected["error"] if text not in str(raised.value)] == []
        return
    played = play(golden_case)
    sheet = played.sheets[0]
    if "ranking" in expected:
        assert [_place(ranked) for ranked in rank(played.sheets, played.criteria_set)] == expected["ranking"]
        return
    for code, group in expected.get("groups", {}).items():
        found = next(each for each in sheet.groups if each.code == code)
        assert {key: _written(getattr(found, key), key) for key in group} == group, code
    if "total" in expected:
        assert {key: _written(getattr(sheet.total, key), key) for key in expected["total"]} == expected["total"]
    for code, line in expected.get("criteria", {}).items():
        _check(line, sheet.criterion(code))
    own = {key: value for key, value in expected.items() if key in EXPECTED_OF_A_LINE}
    if own:
        _check(own, sheet.criterion(golden_case.get("criterion", "X.1")))
    assert expected.keys() <= EXPECTED_OF_A_LINE | {"groups", "total", "criteria"}


def test_every_golden_case_has_a_sentence_of_its_own_and_expects_something(cases):
    sentences = [case["case"] for case in cases]
    assert sorted(sentences) == sorted(set(sentences))
    assert [case["case"] for case in cases if not case["expect"]] == []


def test_the_golden_cases_cover_every_kind_of_rule(cases):
    from hue_dti.catalogue.rules import KINDS

    used = {line["rule"]["kind"] for case in cases if "quarter" not in case for line in case.get("criteria", [case])}
    assert used == set(KINDS)


def test_the_golden_quarter_has_a_case_for_every_criterion(cases, play):
    quarter = [case for case in cases if case.get("quarter") == "nam-dong-2024-q2"]
    listed = [case["criterion"] for case in quarter if "criterion" in case]
    assert listed == [criterion.code for criterion in play(quarter[0]).criteria_set.criteria]
    assert len(listed) == 53


def _check(expected, line):
    assert {key: _written(_of(line, key), key) for key in expected} == expected


def _of(line, key):
    match key:
        case "coverage":
            return f"{line.coverage.have}/{line.coverage.expected}"
        case "absent":
            return list(line.coverage.absent)
        case "shortfalls":
            return [f"{each.unit}: {each.missing}" for each in line.shortfalls]
        case "parts":
            return {part.name: _written(part.points, "points") for part in line.parts}
        case "figures":
            return {code: _written(value, code) for code, value in line.figures}
        case "states":
            return [str(state) for state in line.states]
    return getattr(line, key)


def _written(value, key):
    """A value as the cases spell it: points with as many decimals as needed, shares with six rounded half-up."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if key == "status":
        return value.slug
    if key == "converted":
        return str(value / 10_000)
    if key == "share":
        return _decimals(value, 6)
    if key in {"points", "max_points", "points_stated", "max_points_stated", "excluded"}:
        return f"{Decimal(value) / 10_000:f}"
    return value if isinstance(value, list | dict) else str(value)


def _decimals(value: Fraction, places: int) -> str:
    return str((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(10) ** -places, ROUND_HALF_UP))


def _place(ranked):
    return f"{ranked.rank} {ranked.unit}" if ranked.rank else f"- {ranked.unit}: {ranked.reason}"
