"""What a criterion or component came to, in the words a plan uses: one number where there is one, so that a target can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from hue_dti.catalogue.model import Criterion, Measure
from hue_dti.catalogue.rules import Gate, Inverse, Ratio, Rule, Uses, Weighted
from hue_dti.numerals import format_percent, format_points
from hue_dti.plans.targets import quantity_of
from hue_dti.rollup.province import Line, MainLine
from hue_dti.scoring.model import CriterionScore, Status
from hue_dti.steps.words import value_words

_LESS = ", càng thấp càng tốt"
"""Behind a share of what should not be: no target is read as this number or more."""

_SILENT = frozenset({Status.NOT_APPLICABLE, Status.NOT_STARTED})


@dataclass(frozen=True, slots=True)
class Results:
    """Results by the code of lines and of groups, that of the rank, and `told`: which figures they are."""

    lines: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    rank: str = ""
    told: str = ""


def result_words(criterion: Criterion, line: CriterionScore, measures: Mapping[str, Measure]) -> str:
    """What a criterion came to; empty where nothing came or it does not apply."""
    if not line.has_figures or line.status in _SILENT:
        return ""
    rule: Rule = criterion.rule
    while isinstance(rule, Gate):
        rule = rule.then
    figures = dict(line.figures)
    match rule:
        case Ratio(whole=str()) if line.part is not None and line.whole:
            return format_percent(Fraction(line.part, line.whole))
        case Ratio(whole=str()):
            return format_percent(line.share) if line.share is not None else ""
        case Inverse():
            return f"{format_percent(1 - line.share)}{_LESS}" if line.share is not None else ""
        case Uses(functions=functions):
            return f"{sum((figures.get(code) or 0) > 0 for code in functions)}/{len(functions)}"
        case Weighted():
            return f"{format_points(line.points)} điểm"
        case _:
            code = rule.measures()[0]
            value = figures.get(code)
            return value_words(value, measures[code]) if value is not None else ""


def component_words(line: Line) -> str:
    """What a provincial component came to: the province's own words where it gave it, else the share; empty where nothing tells."""
    if line.uses == "entered" and line.entered is not None and line.entered.result:
        return line.entered.result
    about = " (tạm tính, còn đơn vị chưa có số)" if line.provisional else ""
    return f"{format_percent(line.share)}{about}" if line.uses and line.share is not None else ""


def main_words(main: MainLine) -> str:
    """The share of points of a main index, where it is known for sure."""
    most = main.main.max_points
    return format_percent(main.low / most) if most and main.low == main.high else ""


def aim_words(result: str) -> str:
    """A result to be reached, as a target: `90% trở lên`, `không quá 2%`; the whole of anything, and words, stay as they are."""
    result = result.replace(",00%", "%")
    if result.endswith(_LESS):
        return f"không quá {result.removesuffix(_LESS)}"
    part, slash, whole = result.partition("/")
    is_full = result == "100%" or (slash and part == whole)
    return result if is_full or quantity_of(result) is None else f"{result} trở lên"
