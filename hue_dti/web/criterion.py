"""A criterion page: the worked calculation, each figure with the answers it came from, the lower units."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask import abort, render_template

from hue_dti.catalogue.examples import rule_with_example
from hue_dti.catalogue.model import Criterion, Measure, OverUnits
from hue_dti.catalogue.rules import Inverse, Ratio
from hue_dti.catalogue.words import rule_words
from hue_dti.observations.base import BASE_SOURCE
from hue_dti.observations.entered import ENTERED
from hue_dti.observations.model import State
from hue_dti.reports.figures import inner
from hue_dti.reports.lines import LineWriter
from hue_dti.reports.wording import NoteCounter, plain
from hue_dti.scoring.model import CriterionScore
from hue_dti.snapshots.model import FrozenFigure
from hue_dti.units.model import OrgUnit
from hue_dti.web.site import Quarter, open_quarter
from hue_dti.web.trend import trend
from hue_dti.web.working import Equation, equations


@dataclass(frozen=True, slots=True)
class Share:
    """One unit's share of a figure, with the raw answer behind it."""

    unit: OrgUnit
    figure: FrozenFigure


@dataclass(frozen=True, slots=True)
class Worked:
    """One measure of the rule: the unit's value and what it was summed from; `absent` counts those that gave none."""

    measure: Measure
    value: int | None
    shares: tuple[Share, ...]
    absent: int

    @property
    def answers(self) -> tuple[FrozenFigure, ...]:
        """The first figure of every raw answer, in the order of the units."""
        found: dict[str, FrozenFigure] = {}
        for each in self.shares:
            if each.figure.state.has_value and each.figure.origin and each.figure.origin.raw_sha256:
                found.setdefault(each.figure.origin.raw_sha256, each.figure)
        return tuple(found.values())

    @property
    def told(self) -> int:
        """How many units have a value."""
        return sum(1 for each in self.shares if each.figure.state.has_value)

    @property
    def typed(self) -> int:
        """How many of them have it from a person."""
        return sum(1 for each in self.shares if each.figure.state.has_value and self.is_typed(each.figure))

    @property
    def approved(self) -> int:
        """How many of them have it approved."""
        return sum(1 for each in self.shares if each.figure.state.has_value and self.is_approved(each.figure))

    @staticmethod
    def is_approved(figure: FrozenFigure) -> bool:
        """Whether the figure is an approved base figure."""
        return figure.origin is not None and figure.origin.source == BASE_SOURCE

    @staticmethod
    def is_typed(figure: FrozenFigure) -> bool:
        """Whether a person typed the figure."""
        return figure.origin is not None and figure.origin.source == ENTERED

    @property
    def lead(self) -> FrozenFigure | None:
        """The figure that stands for the whole in the line of its origin: the newest with a value, else any."""
        told = [each.figure for each in self.shares if each.figure.state.has_value and each.figure.origin]
        newest = max(told, key=lambda figure: figure.origin.fetched_at, default=None)  # type: ignore[union-attr]
        return newest or next((each.figure for each in self.shares), None)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One lower unit in the table of a criterion; `gain` are the ten-thousandths of a point the unit would earn if it were complete."""

    unit: OrgUnit
    part: FrozenFigure
    whole: FrozenFigure
    listed: int | None
    gain: Fraction | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The worked calculations, the figures behind them, the lower units that are listed and the others."""

    equations: tuple[Equation, ...]
    figures: tuple[Worked, ...]
    listed: tuple[UnitLine, ...]
    others: tuple[UnitLine, ...]


def criterion_page(code: str, period: str, criterion: str) -> str:
    """One criterion: the rule in words with real digits, the figures with their sources, the units that miss."""
    shown = open_quarter(code, period)
    try:
        line, chosen = shown.snapshot.sheet.criterion(criterion), shown.criteria_set.criterion(criterion)
    except KeyError:
        abort(404)
    writer = LineWriter(shown.snapshot, shown.catalogue, shown.book, NoteCounter())
    worked = explain(shown, chosen, line)
    told = rule_words if worked.equations else rule_with_example
    return render_template(
        "criterion.html",
        q=shown,
        criterion=chosen,
        line=line,
        group=shown.criteria_set.group_of(criterion),
        words=told(chosen, shown.catalogue.measures),
        worked=worked,
        sentence=plain(writer.sentence(chosen, line)),
        proxy=getattr(inner(chosen.rule), "proxy", ""),
        neighbours=_neighbours(shown, criterion),
        points=trend(shown, lambda sheet: _of(sheet.criterion(criterion))),
    )


def explain(shown: Quarter, criterion: Criterion, line: CriterionScore) -> Explanation:
    """Everything a reader needs to recompute the points by hand."""
    figures = worked(shown, line)
    units = _units(shown, criterion, line)
    return Explanation(
        equations(criterion, line, shown.catalogue.measures, shown.period.year),
        figures,
        tuple(row for row in units if row.listed),
        tuple(row for row in units if not row.listed),
    )


def _of(line: CriterionScore) -> tuple[int, int]:
    return line.points, line.max_points


def worked(shown: Quarter, line: CriterionScore) -> tuple[Worked, ...]:
    """Every measure of the criterion's rule with what it was summed from."""
    return tuple(_worked(shown, code, value) for code, value in line.figures)


def _worked(shown: Quarter, code: str, value: int | None) -> Worked:
    measure = shown.catalogue.measures[code]
    units = shown.snapshot.tree.under(shown.unit.code)
    if measure.over_units is OverUnits.NONE:
        units = units[:1]
    found = [Share(unit, figure) for unit in units if unit.level in measure.levels and (figure := shown.snapshot.figure(unit.code, code))]
    return Worked(measure, value, tuple(found), sum(1 for each in found if each.figure.state in {State.MISSING, State.SOURCE_FAILED}))


def _units(shown: Quarter, criterion: Criterion, line: CriterionScore) -> tuple[UnitLine, ...]:
    """The lower units of a criterion with a list: those listed in the list's order, then the rest in the tree's."""
    rule = inner(criterion.rule)
    if criterion.shortfall is None or not isinstance(rule, Ratio | Inverse) or rule.whole is None:
        return ()
    listed = {each.unit: each.missing for each in line.shortfalls}
    order = {code: position for position, code in enumerate(listed)}
    rows = []
    for unit in shown.snapshot.tree.under(shown.unit.code)[1:]:
        part, whole = shown.snapshot.figure(unit.code, rule.part), shown.snapshot.figure(unit.code, rule.whole)
        if unit.level in criterion.shortfall.levels and part is not None and whole is not None:
            missing = listed.get(unit.code)
            rows.append(UnitLine(unit, part, whole, missing, _gain(rule, line, missing)))
    return tuple(sorted(rows, key=lambda row: order.get(row.unit.code, len(order))))


def _gain(rule: Ratio | Inverse, line: CriterionScore, missing: int | None) -> Fraction | None:
    """What the missing of one unit are worth, as long as the whole is not reached without it."""
    if isinstance(rule, Inverse) or line.shows != "missing" or not missing or not line.whole or rule.target != 1:
        return None
    return Fraction(line.max_points * missing, line.whole)


def _neighbours(shown: Quarter, criterion: str) -> tuple[str | None, str | None]:
    codes = [line.code for line in shown.snapshot.sheet.criteria]
    at = codes.index(criterion)
    return (codes[at - 1] if at else None, codes[at + 1] if at + 1 < len(codes) else None)
