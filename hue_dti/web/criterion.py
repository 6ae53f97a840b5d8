"""A criterion page's figures: the worked calculation, and each figure with the answers it came from."""

from __future__ import annotations

from dataclasses import dataclass

from hue_dti.catalogue.model import Criterion, Measure, OverUnits
from hue_dti.catalogue.rules import Inverse, Ratio
from hue_dti.numerals import format_count, format_points
from hue_dti.observations.model import State
from hue_dti.reports.figures import inner
from hue_dti.scoring.model import CriterionScore
from hue_dti.snapshots.model import FrozenFigure
from hue_dti.units.model import OrgUnit
from hue_dti.web.site import Quarter


@dataclass(frozen=True, slots=True)
class Origin:
    """One unit's share of a figure, with the raw answer behind it."""

    unit: OrgUnit
    figure: FrozenFigure


@dataclass(frozen=True, slots=True)
class Worked:
    """One measure of the rule: the unit's value and what it was summed from."""

    measure: Measure
    value: int | None
    origins: tuple[Origin, ...]
    absent: int

    @property
    def lead(self) -> FrozenFigure | None:
        """The figure that stands for the origin line: the newest answer with a value."""
        with_value = [each.figure for each in self.origins if each.figure.state.has_value and each.figure.origin]
        return max(with_value, key=lambda figure: figure.origin.fetched_at, default=None)  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One lower unit's own line in the table of a criterion."""

    unit: OrgUnit
    part: int | None
    whole: int | None
    listed: int | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The worked calculation in digits, the figures behind it, the lower units."""

    digits: str
    figures: tuple[Worked, ...]
    units: tuple[UnitLine, ...]


def explain(shown: Quarter, criterion: Criterion, line: CriterionScore) -> Explanation:
    """Everything a reader needs to recompute the points by hand."""
    figures = tuple(_worked(shown, code, value) for code, value in line.figures)
    return Explanation(_digits(criterion, line), figures, _units(shown, criterion, line))


def _worked(shown: Quarter, code: str, value: int | None) -> Worked:
    measure = shown.catalogue.measures[code]
    units = shown.snapshot.tree.under(shown.unit.code)
    if measure.over_units is OverUnits.NONE:
        units = units[:1]
    found = [Origin(unit, figure) for unit in units if unit.level in measure.levels and (figure := shown.snapshot.figure(unit.code, code))]
    return Worked(measure, value, tuple(found), sum(1 for each in found if each.figure.state in {State.MISSING, State.SOURCE_FAILED}))


def _digits(criterion: Criterion, line: CriterionScore) -> str:
    rule = inner(criterion.rule)
    points, maximum = format_points(line.points), format_points(line.max_points)
    if line.part is None or not line.whole:
        return f"{points} / {maximum} điểm"
    part, whole = format_count(line.part), format_count(line.whole)
    if isinstance(rule, Inverse):
        return f"{maximum} điểm × (1 − {part} ÷ {whole}) = {points}"
    target = f" × {_percent(rule)}" if isinstance(rule, Ratio) and rule.target != 1 else ""
    capped = ", tính tối đa 100%" if line.capped or line.part > line.whole else ""
    return f"{maximum} điểm × ({part} ÷ {whole}{target}{capped}) = {points}"


def _percent(rule: Ratio) -> str:
    return f"{rule.target * 100}%".replace(".", ",")


def _units(shown: Quarter, criterion: Criterion, line: CriterionScore) -> tuple[UnitLine, ...]:
    if criterion.shortfall is None:
        return ()
    rule = inner(criterion.rule)
    if not isinstance(rule, Ratio | Inverse) or rule.whole is None:
        return ()
    listed = {each.unit: each.missing for each in line.shortfalls}
    order = {each.unit: position for position, each in enumerate(line.shortfalls)}
    rows = []
    for unit in shown.snapshot.tree.under(shown.unit.code):
        part, whole = shown.snapshot.figure(unit.code, rule.part), shown.snapshot.figure(unit.code, rule.whole)
        if unit.level not in criterion.shortfall.levels or part is None or whole is None or unit.code == shown.unit.code:
            continue
        rows.append(UnitLine(unit, part.value, whole.value, listed.get(unit.code)))
    return tuple(sorted(rows, key=lambda row: order.get(row.unit.code, len(order))))
