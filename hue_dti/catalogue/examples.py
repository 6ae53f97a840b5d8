"""A criterion's formula worked through with figures: `Ví dụ 45 trên 60: 10 × 45 ÷ 60 = 7,5 điểm.`"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from hue_dti.catalogue.model import Criterion, Measure
from hue_dti.catalogue.rules import Count, Gate, Inverse, Judged, Ratio, Rule, Uses, Weighted
from hue_dti.catalogue.words import rule_words, share_words
from hue_dti.numerals import POINT, format_count, format_points

_PART, _WHOLE, _FEW = 45, 60, 3


def rule_with_example(criterion: Criterion, measures: Mapping[str, Measure]) -> str:
    """How the criterion's points are found, and once with figures where that tells more than the words."""
    worked = _worked(criterion.rule, criterion.max_points, measures)
    return rule_words(criterion, measures) + (f" Ví dụ {worked}." if worked else "")


def _worked(rule: Rule, most: Fraction, measures: Mapping[str, Measure]) -> str:
    """The sum with usual figures; empty where the words of the rule name every outcome already."""
    match rule:
        case Count(measure=code, at_least=at_least) if at_least > 1:
            had = -(-at_least // 2)
            by = f"{format_count(had)} ÷ {format_count(at_least)}"
            return f"{format_count(had)} {measures[code].noun}: {_sum(most, by, Fraction(had, at_least))}"
        case Ratio(whole=None, target=target):
            share, below = Fraction(_PART, 100), f" ÷ {share_words(target)}" if target != 1 else ""
            return f"{share_words(share)}: {_sum(most, f'{share_words(share)}{below}', share / target)}"
        case Ratio(target=target):
            below = f"({share_words(target)} × {_WHOLE})" if target != 1 else f"{_WHOLE}"
            return f"{_PART} trên {_WHOLE}: {_sum(most, f'{_PART} ÷ {below}', Fraction(_PART, _WHOLE) / target)}"
        case Inverse():
            return f"{_FEW} trên {_WHOLE}: {_sum(most, f'(1 − {_FEW} ÷ {_WHOLE})', 1 - Fraction(_FEW, _WHOLE))}"
        case Gate(measure=code, at_least=at_least, then=inner):
            worked = _worked(inner, most, measures)
            return f"đã có {format_count(at_least)} {measures[code].noun}, {worked}" if worked else ""
        case Uses(functions=functions) if len(functions) > 1:
            used = len(functions) - 1
            return f"có sử dụng {used} chức năng: {_sum(most, f'{used} ÷ {len(functions)}', Fraction(used, len(functions)))}"
        case Weighted(parts=parts):
            told = ((part.name, _worked(part.rule, most * part.weight, measures)) for part in parts)
            return "; ".join(f"{name}, {worked}" for name, worked in told if worked)
        case Judged():
            return f"80%: {_sum(most, '80%', Fraction(4, 5))}"
    return ""


def _sum(most: Fraction, by: str, share: Fraction) -> str:
    """`10 × 45 ÷ 60 = 7,5 điểm`, never more than the most."""
    earned = format_points(most * min(share, Fraction(1)) * POINT)
    return f"{format_points(most * POINT)} × {by} = {earned} điểm" + (" (không quá mức tối đa)" if share > 1 else "")
