"""A criterion's points worked out on the page: the rule with its real digits, each number named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from hue_dti.catalogue.model import Criterion, Measure, ValueKind
from hue_dti.catalogue.rules import Count, Dated, Gate, Inverse, Judged, Ratio, Rule, Steps, Uses, Weighted, YesNo
from hue_dti.numerals import POINT, format_count, format_date, format_percent, format_points
from hue_dti.scoring.model import CriterionScore
from hue_dti.web.formats import amount_words, figure_words
from hue_dti.web.language import translate


@dataclass(frozen=True, slots=True)
class Term:
    """One number with its name under it; `measure` leads to the figure it is, `sign` stands before it."""

    text: str
    label: str = ""
    measure: str = ""
    sign: str = ""


Equation = tuple[Term, ...]
_Pieces = tuple[Term | str, ...]
"""Terms with the operators between them."""


@dataclass(frozen=True, slots=True)
class _Line:
    """The counts and points that one rule worked on."""

    part: int | None
    whole: int | None
    share: Fraction
    points: int
    most: Fraction
    figures: Mapping[str, int | None]
    gate_count: int | None


def equations(criterion: Criterion, line: CriterionScore, measures: Mapping[str, Measure], year: int) -> tuple[Equation, ...]:
    """One calculation, or one for each part of a weighted rule; none while there is no share to work out."""
    if line.share is None:
        return ()
    figures, most = dict(line.figures), Fraction(line.max_points, POINT)
    if not isinstance(criterion.rule, Weighted):
        counts = _Line(line.part, line.whole, line.share, line.points, most, figures, line.gate_count)
        return (_joined(_worked(criterion.rule, counts, measures, year)),)
    made = []
    for part, got in zip(criterion.rule.parts, line.parts, strict=True):
        if got.share is not None:
            counts = _Line(got.part, got.whole, got.share, got.points, most * part.weight, figures, None)
            made.append(_joined((f"{part.name}:", *_worked(part.rule, counts, measures, year))))
    return tuple(made)


def _joined(pieces: _Pieces) -> Equation:
    """Each term with the signs that stand before it."""
    terms, signs = [], []
    for piece in pieces:
        if isinstance(piece, str):
            signs.append(piece)
        else:
            terms.append(replace(piece, sign=" ".join(signs).replace("( ", "(")))
            signs = []
    return tuple(terms)


def _worked(rule: Rule, line: _Line, measures: Mapping[str, Measure], year: int) -> _Pieces:
    most = Term(_points(line.most), translate("điểm tối đa"))
    earned = Term(format_points(line.points), translate("điểm đạt được"))
    match rule:
        case YesNo(measure=code):
            return (_figure(code, line, measures), "→", earned)
        case Dated(measure=code, by=by):
            issued, last = line.figures.get(code) or 0, by.in_year(year)
            sign = "≤" if issued and date.fromordinal(issued) <= last else ">"
            limit = Term(format_date(last), translate("hạn để tròn điểm"))
            return (_figure(code, line, measures), *((sign, limit) if issued else ()), "→", earned)
        case Steps(measure=code):
            reached = Term(format_percent(line.share), translate("bậc đạt được"))
            return (_figure(code, line, measures), "→", most, "×", reached, "=", earned)
        case Gate(measure=code, at_least=at_least, then=then):
            is_open = (line.gate_count or 0) >= at_least
            count = Term(format_count(line.gate_count or 0), measures[code].name, code)
            gate: _Pieces = (count, "≥" if is_open else "<", Term(format_count(at_least), translate("mức mở cửa tính điểm")), "→")
            return (*gate, *(_worked(then, line, measures, year) if is_open else (earned,)))
        case Count(measure=code, at_least=at_least):
            asked = Term(format_count(at_least), translate("mức tối thiểu"))
            return (most, "×", "(", _figure(code, line, measures), "÷", asked, _closing(line), "=", earned)
        case Ratio() | Inverse():
            return _divided(rule, line, measures, (most, earned))
        case Uses(functions=functions):
            used = sum(1 for code in functions if line.figures.get(code))
            asked = Term(format_count(len(functions)), translate("chức năng được yêu cầu"))
            return (most, "×", "(", Term(format_count(used), translate("chức năng có sử dụng")), "÷", asked, ")", "=", earned)
        case Judged() | Weighted():
            return (most, "×", Term(format_percent(line.share), translate("tỷ lệ do thẩm định")), "=", earned)


def _divided(rule: Ratio | Inverse, line: _Line, measures: Mapping[str, Measure], ends: tuple[Term, Term]) -> _Pieces:
    most, earned = ends
    part = _figure(rule.part, line, measures, line.part)
    if rule.whole is None:
        return (most, "×", part, *_target(rule), "=", earned)
    whole = _figure(rule.whole, line, measures, line.whole)
    if not line.whole:
        return (whole, "→", earned)
    if isinstance(rule, Inverse):
        return (most, "×", "(", "1", "−", part, "÷", whole, ")", "=", earned)
    return (most, "×", "(", part, "÷", whole, *_target(rule), _closing(line), "=", earned)


def _closing(line: _Line) -> str:
    """The bracket's end; where more was reached than asked for, it says that only the whole counts."""
    reached = line.share == 1 and line.part is not None and line.whole is not None and line.part > line.whole
    return f"{translate('; tối đa 100%')} )" if reached else ")"


def _target(rule: Ratio | Inverse) -> _Pieces:
    if isinstance(rule, Inverse) or rule.target == 1:
        return ()
    goal = Term(format_percent(rule.target).replace(",00%", "%"), translate("mức phải đạt"))
    return ("÷", goal)


def _figure(code: str, line: _Line, measures: Mapping[str, Measure], counted: int | None = None) -> Term:
    """The number the rule used: the counts of a partial sum may be smaller than the figure itself."""
    value = counted if counted is not None else line.figures.get(code)
    measure = measures[code]
    if value is None:
        return Term("–", measure.name, code)
    return Term(amount_words(value) if measure.kind is ValueKind.AMOUNT else figure_words(value, measure), measure.name, code)


def _points(points: Fraction) -> str:
    return translate("%(n)s điểm", n=format_points(points * POINT))
