"""A rule in an official's words: `10 điểm × (Tài khoản đã chuẩn hóa ÷ Công chức, viên chức)`."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

from hue_dti.catalogue.model import Criterion, Measure
from hue_dti.catalogue.rules import Count, Dated, Gate, Inverse, Judged, Ratio, Rule, Steps, Uses, Weighted, WhenNone, YesNo
from hue_dti.numerals import POINT, format_count, format_percent, format_points
from hue_dti.periods import MonthDay

ASSUMED = "(giả định)"
"""Stands after points that the decision's text does not give."""

_WHEN_NONE = {WhenNone.FULL: "đạt tròn điểm", WhenNone.NOT_APPLICABLE: "không áp dụng", WhenNone.ZERO: "0 điểm"}


def rule_words(criterion: Criterion, measures: Mapping[str, Measure]) -> str:
    """How the criterion's points are found, in one or two sentences with the measures' names; assumed points are marked."""
    text = _words(criterion.rule, criterion.max_points, measures)
    return f"{text} {_mark(criterion)}".strip()


def points_words(criterion: Criterion) -> str:
    """The maximum as printed: `10 điểm`, `10 điểm (giả định)`."""
    return f"{_points(criterion.max_points)}{' ' + ASSUMED if criterion.points_assumed else ''}"


def _mark(criterion: Criterion) -> str:
    return f"Điểm tối đa {_points(criterion.max_points)} là giả định, quyết định không nêu." if criterion.points_assumed else ""


def _words(rule: Rule, most: Fraction, measures: Mapping[str, Measure]) -> str:
    """The formula with its conditions; `most` are the points the rule can earn."""
    match rule:
        case YesNo(measure=code):
            return f"{_points(most)} khi đã hoàn thành: {_name(code, measures)}; chưa hoàn thành thì 0 điểm."
        case Count(measure=code, at_least=at_least):
            return f"{_points(most)} × ({_name(code, measures)} ÷ {_counted(at_least, code, measures)}), nhiều nhất {_points(most)}."
        case Ratio():
            return _ratio(rule, most, measures)
        case Inverse(part=part, whole=whole, when_none=when_none):
            formula = f"{_points(most)} × (1 − {_name(part, measures)} ÷ {_name(whole, measures)})"
            return f"{formula}. {_without(whole, when_none, measures)}"
        case Steps():
            return _steps(rule, most, measures)
        case Dated(measure=code, by=by, late=late):
            after = f"sau ngày đó: {_points(most * late)}; chưa có thì 0 điểm"
            return f"{_name(code, measures)} chậm nhất {_day(by)}: {_points(most)}; {after}."
        case Gate(measure=code, at_least=at_least, then=inner):
            opens = f"0 điểm khi chưa đủ {_counted(at_least, code, measures)} ({_name(code, measures)})"
            return f"{opens}; từ đó: {_words(inner, most, measures)}"
        case Uses(functions=functions):
            asked = "; ".join(_name(code, measures) for code in functions)
            return f"{_points(most)} × (số chức năng có sử dụng ÷ {format_count(len(functions))}), gồm: {asked}."
        case Weighted(parts=parts):
            lines = (f"{part.name} ({share_words(part.weight)}): {_words(part.rule, most * part.weight, measures)}" for part in parts)
            return "Cộng các phần: " + " ".join(lines)
        case Judged(measure=code):
            return f"{_points(most)} × tỷ lệ do người thẩm định cho, kèm lý do ({_name(code, measures)})."
        case _:
            assert_never(rule)


def _ratio(rule: Ratio, most: Fraction, measures: Mapping[str, Measure]) -> str:
    part = _name(rule.part, measures)
    below = "" if rule.whole is None else f" ÷ {_name(rule.whole, measures)}"
    if rule.target != 1 and rule.whole is not None:
        below = f" ÷ ({share_words(rule.target)} × {_name(rule.whole, measures)})"
    elif rule.target != 1:
        below = f" ÷ {share_words(rule.target)}"
    formula = f"{_points(most)} × ({part}{below})" if below else f"{_points(most)} × {part}"
    if rule.target != 1 or not rule.subset:
        formula += f", nhiều nhất {_points(most)}"
    proxy = f"Số thay thế: {rule.proxy.rstrip('.')}." if rule.proxy else ""
    none = "" if rule.whole is None else _without(rule.whole, rule.when_none, measures)
    return " ".join(piece for piece in (f"{formula}.", none, proxy) if piece)


def _without(whole: str, when_none: WhenNone, measures: Mapping[str, Measure]) -> str:
    return f"{_name(whole, measures)} bằng 0 thì {_WHEN_NONE[when_none]}."


def _steps(rule: Steps, most: Fraction, measures: Mapping[str, Measure]) -> str:
    rungs = "; ".join(f"từ {_counted(rung.at_least, rule.measure, measures)}: {_points(most * rung.share)}" for rung in rule.rungs)
    until = f" tính đến {_day(rule.last_by)}" if rule.last_by else ""
    return f"{_name(rule.measure, measures)}{until}: {rungs}; ít hơn thì 0 điểm."


def _name(code: str, measures: Mapping[str, Measure]) -> str:
    return measures[code].name


def _counted(count: int, code: str, measures: Mapping[str, Measure]) -> str:
    return f"{format_count(count)} {measures[code].noun}"


def _points(points: Fraction) -> str:
    return f"{format_points(points * POINT)} điểm"


def share_words(share: Fraction) -> str:
    """`80%`, `12,50%`."""
    hundred = share * 100
    return f"{format_count(int(hundred))}%" if hundred.denominator == 1 else format_percent(share)


def _day(day: MonthDay) -> str:
    return f"ngày {day.day:02d}/{day.month:02d}"
