"""One function per rule class: counts in, exact shares out, for all scored units at once.

| kind | share |
|---|---|
| yes_no | 1 if done, otherwise 0 |
| count | min(count ÷ at_least, 1) |
| ratio | min(part ÷ (whole × target), 1) |
| inverse | max(0, 1 − part ÷ whole) |
| steps | the share of the highest rung reached |
| dated | 1 up to the date, `late` after it; a paper without a date earns 0 |
| gate | 0 until the gate opens, whatever the inner counts say; then the inner rule |
| uses | functions in use ÷ functions asked; a function without a figure is not known to be in use, one that does not apply leaves both |
| weighted | Σ weight × share; a part that does not apply leaves its weight to the others, one without figures adds nothing |
| judged | the appraiser's share |

A criterion without the figures it needs has no share at all, which is not a share of zero.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import assert_never

import numpy as np

from hue_dti.catalogue.rules import Count, Dated, Gate, Inverse, Judged, Ratio, Rule, Steps, Uses, Weighted, WhenNone, YesNo
from hue_dti.errors import ScoringError
from hue_dti.numerals import POINT, format_count
from hue_dti.scoring.outcome import Opening, Outcome, Portion, none_of, ones
from hue_dti.scoring.points import Bools, Counts, times
from hue_dti.scoring.sums import SummedFigures, Term

DONE = 2
"""Progress of a yes_no measure: 0 no, 1 begun, 2 done."""
WHOLE_PERCENT = 10_000
"""100% in hundredths of a percent, the unit of percentages."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule needs to know besides figures: the criterion it stands in and the year of the period."""

    criterion: str
    year: int


def assess(rule: Rule, figures: SummedFigures, setting: Setting) -> Outcome:
    """Apply any rule; raise ScoringError where a declared subset exceeds its whole."""
    match rule:
        case YesNo():
            return yes_no(rule, figures)
        case Count():
            return count(rule, figures)
        case Ratio():
            return ratio(rule, figures, setting)
        case Inverse():
            return inverse(rule, figures, setting)
        case Steps():
            return steps(rule, figures)
        case Dated():
            return dated(rule, figures, setting)
        case Gate():
            return gate(rule, figures, setting)
        case Uses():
            return uses(rule, figures)
        case Weighted():
            return weighted(rule, figures, setting)
        case Judged():
            return judged(rule, figures)
        case _:
            assert_never(rule)


def unscored(rule: Rule, figures: SummedFigures) -> Outcome:
    """The figures of a criterion that is not opened: seen, but nothing is made of them."""
    nothing = none_of(len(figures.spans))
    terms = tuple(figures.one(code) for code in dict.fromkeys(rule.measures()))
    return Outcome(nothing.astype(np.int64), ones(len(nothing)), nothing, nothing, terms, nothing, nothing, nothing, nothing)


def yes_no(rule: YesNo, figures: SummedFigures) -> Outcome:
    """1 if done; 0 means that the unit itself declares it has not begun."""
    term = figures.one(rule.measure)
    progress = term.values[0]
    outcome = _outcome((progress >= DONE).astype(np.int64), ones(len(progress)), term)
    return replace(outcome, declared=term.known & (progress == 0))


def count(rule: Count, figures: SummedFigures) -> Outcome:
    """min(count ÷ at_least, 1); printed as count of at_least."""
    term = figures.one(rule.measure)
    needed = np.full(len(figures.spans), rule.at_least)
    return _printed(_outcome(np.minimum(term.values[0], needed), needed, term), term.values[0], needed)


def ratio(rule: Ratio, figures: SummedFigures, setting: Setting) -> Outcome:
    """min(part ÷ (whole × target), 1); a measure that comes as a percentage is its own ratio."""
    terms, part, whole = _part_and_whole(rule, figures, setting)
    num, den = times(part, rule.target.denominator), times(whole, rule.target.numerator)
    return _against_base(rule, num if num is part and _within(rule, terms) else np.minimum(num, den), den, part, whole, terms)


def inverse(rule: Inverse, figures: SummedFigures, setting: Setting) -> Outcome:
    """max(0, 1 − part ÷ whole)."""
    terms, part, whole = _part_and_whole(rule, figures, setting)
    return _against_base(rule, np.maximum(whole - part, 0), whole, part, whole, terms)


def steps(rule: Steps, figures: SummedFigures) -> Outcome:
    """The share of the highest rung reached, 0 below the first; printed as count of the top rung."""
    term = figures.one(rule.measure)
    reached = term.values[0]
    common = lcm(*(rung.share.denominator for rung in rule.rungs))
    num = np.zeros(len(reached), np.int64)
    for rung in sorted(rule.rungs, key=lambda rung: rung.at_least):
        num = np.where(reached >= rung.at_least, int(rung.share * common), num)
    top = max(rung.at_least for rung in rule.rungs)
    outcome = _outcome(num, ones(len(num)) * common, term)
    return replace(_printed(outcome, reached, np.full(len(num), top)), listed=None)


def dated(rule: Dated, figures: SummedFigures, setting: Setting) -> Outcome:
    """1 if issued by the day of the period's year, `late` after it; finished either way, unless it bears no date yet."""
    term = figures.one(rule.measure)
    day = term.values[0]
    issued = np.asarray(day > 0)
    in_time = issued & (day <= rule.by.in_year(setting.year).toordinal())
    num = np.where(in_time, rule.late.denominator, np.where(issued, rule.late.numerator, 0))
    return replace(_outcome(num, ones(len(day)) * rule.late.denominator, term), finished=term.known & issued)


def gate(rule: Gate, figures: SummedFigures, setting: Setting) -> Outcome:
    """0 until the gate opens, even over an absent or empty inner base; then the inner rule."""
    term = figures.one(rule.measure)
    inner = assess(rule.then, figures, setting)
    opening = Opening(term.values[0], term.known, term.known & np.asarray(term.values[0] >= rule.at_least))
    return replace(
        inner,
        num=np.where(opening.open, inner.num, 0),
        counted=term.known & (~opening.open | inner.counted),
        not_applicable=term.not_applicable | (opening.open & inner.not_applicable),
        terms=(term, *inner.terms),
        capped=opening.open & inner.capped,
        finished=opening.open & inner.finished,
        declared=none_of(len(figures.spans)),
        opening=opening,
    )


def uses(rule: Uses, figures: SummedFigures) -> Outcome:
    """Functions in use ÷ functions asked."""
    terms = tuple(figures.one(code) for code in rule.functions)
    in_use = _added([term.known & (term.values[0] > 0) for term in terms])
    asked = _added([~term.not_applicable for term in terms])
    outcome = _outcome(in_use, np.maximum(asked, 1), *terms)
    counted = np.logical_or.reduce([term.known for term in terms])
    outcome = replace(outcome, counted=counted, not_applicable=np.asarray(asked == 0))
    return replace(_printed(outcome, in_use, asked), listed=None)


def weighted(rule: Weighted, figures: SummedFigures, setting: Setting) -> Outcome:
    """Σ weight × share over the parts that apply, exact for any denominators."""
    portions = tuple(Portion(part.name, part.weight, assess(part.rule, figures, setting)) for part in rule.parts)
    outcomes = [portion.outcome for portion in portions]
    num, den = _blend(portions)
    size = len(figures.spans)
    return Outcome(
        num,
        den,
        counted=np.logical_or.reduce([outcome.known for outcome in outcomes]),
        not_applicable=np.logical_and.reduce([outcome.not_applicable for outcome in outcomes]),
        terms=tuple(term for outcome in outcomes for term in outcome.terms),
        capped=np.logical_or.reduce([outcome.capped for outcome in outcomes]),
        finished=np.logical_and.reduce([outcome.full | outcome.finished | outcome.not_applicable for outcome in outcomes]),
        declared=none_of(size),
        shown=none_of(size),
        portions=portions,
    )


def judged(rule: Judged, figures: SummedFigures) -> Outcome:
    """The appraiser's share, given in ten-thousandths."""
    term = figures.one(rule.measure)
    return _outcome(np.minimum(term.values[0], POINT), ones(len(figures.spans)) * POINT, term)


def weights(portions: tuple[Portion, ...]) -> tuple[list[Counts], Counts]:
    """Each part's weight per unit as whole numbers, 0 where the part does not apply, and their sum (at least 1)."""
    common = lcm(*(portion.weight.denominator for portion in portions))
    shares = [np.where(portion.outcome.not_applicable, 0, int(portion.weight * common)) for portion in portions]
    return shares, np.maximum(_added(shares), 1)


def _blend(portions: tuple[Portion, ...]) -> tuple[Counts, Counts]:
    shares, total = weights(portions)
    blend: list[Fraction] = [Fraction(0)] * len(total)
    for share, portion in zip(shares, portions, strict=True):
        outcome = portion.outcome
        for i in np.flatnonzero(outcome.known).tolist():
            blend[i] += Fraction(int(share[i]), int(total[i])) * Fraction(int(outcome.num[i]), int(outcome.den[i]))
    return np.array([part.numerator for part in blend], object), np.array([part.denominator for part in blend], object)


def _part_and_whole(rule: Ratio | Inverse, figures: SummedFigures, setting: Setting) -> tuple[tuple[Term, ...], Counts, Counts]:
    if rule.whole is None:
        terms: tuple[Term, ...] = (figures.one(rule.part),)
        part, whole = terms[0].values[0], ones(len(figures.spans)) * WHOLE_PERCENT
    else:
        terms = figures.both(rule.part, rule.whole)
        part, whole = (value for term in terms for value in term.values)
    if rule.subset:
        _refuse_excess(terms, part, whole, figures, setting.criterion)
    return terms, part, whole


def _refuse_excess(terms: tuple[Term, ...], part: Counts, whole: Counts, figures: SummedFigures, criterion: str) -> None:
    every_row = len(terms) == 1 and len(terms[0].columns) == 2
    if every_row:
        part, whole = (column.value for column in terms[0].columns)
        both: Bools = terms[0].used
    else:
        both = np.logical_and.reduce([term.known for term in terms])
    excess = both & np.asarray(part > whole)
    if excess.any():
        i = int(excess.argmax())
        unit = figures.tree.units[i if every_row else figures.spans.first[i]]
        raise ScoringError(
            f"Tiêu chí {criterion}, {unit.name} (mã {unit.code}): "
            f"phần đạt {format_count(int(part[i]))} lớn hơn tổng {format_count(int(whole[i]))}; hãy kiểm tra hai số liệu này rồi chấm lại."
        )


def _against_base(rule: Ratio | Inverse, num: Counts, den: Counts, part: Counts, whole: Counts, terms: tuple[Term, ...]) -> Outcome:
    """The share num ÷ den where there is a whole; where it is 0, num is 0 too and the rule says what that means."""
    counted, excused = _told(terms)
    empty, nothing, paired = np.asarray(whole == 0), none_of(len(num)), rule.whole is not None
    if rule.when_none is WhenNone.FULL:
        num = np.where(empty, 1, num)
    elif rule.when_none is WhenNone.NOT_APPLICABLE:
        excused = excused | (counted & empty)
    return Outcome(
        num,
        np.maximum(den, 1),
        counted,
        excused,
        terms,
        capped=nothing if _within(rule, terms) else counted & np.asarray(part > whole),
        finished=nothing,
        declared=nothing,
        shown=counted if paired else nothing,
        part=part if paired else None,
        whole=whole if paired else None,
        listed=terms[0] if paired and len(terms) == 1 else None,
    )


def _within(rule: Ratio | Inverse, terms: tuple[Term, ...]) -> bool:
    """Whether no part can exceed its whole: a subset, added up in pairs of which none was refused."""
    return rule.subset and rule.whole is not None and len(terms) == 1


def _told(terms: tuple[Term, ...]) -> tuple[Bools, Bools]:
    """Where every term came, and where one does not apply."""
    counted = functools.reduce(np.logical_and, [term.known for term in terms])
    return counted, functools.reduce(np.logical_or, [term.not_applicable for term in terms])


def _outcome(num: Counts, den: Counts, *terms: Term) -> Outcome:
    nothing = none_of(len(num))
    counted, excused = _told(terms)
    return Outcome(num, den, counted, excused, terms, nothing, nothing, nothing, nothing)


def _printed(outcome: Outcome, part: Counts, whole: Counts) -> Outcome:
    listed = outcome.terms[0] if len(outcome.terms) == 1 else None
    return replace(outcome, part=part, whole=whole, shown=outcome.counted, listed=listed)


def _added(counts: list[Counts] | list[Bools]) -> Counts:
    total: Counts = np.add.reduce([count.astype(np.int64) for count in counts])
    return total
