"""The same scoring in OpenFisca and the same ranking in scikit-criteria, to measure ours beside them; benchmark-only dependencies."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from skcriteria import mkdm
from skcriteria.agg.simple import WeightedSumModel

from hue_dti.catalogue.model import CriteriaSet, Criterion
from hue_dti.catalogue.rules import Inverse, Ratio, WhenNone

ABSENT = -1
"""A figure that did not come, in OpenFisca's whole numbers, which know no absence."""

YEAR = "2024"
ACHIEVED, IN_PROGRESS, NOT_STARTED, NOT_APPLICABLE = 1, 2, 3, 5

logging.getLogger("openfisca_core").setLevel(logging.ERROR)


def tax_system(criteria_set: CriteriaSet) -> TaxBenefitSystem:
    """The set's ratios as OpenFisca variables: an input for each measure, points, status and what is left out for each criterion, sums."""
    unit = build_entity(key="unit", plural="units", label="Đơn vị", is_person=True)
    system = TaxBenefitSystem([unit])
    for code in sorted({code for criterion in criteria_set.criteria for code in criterion.rule.measures()}):
        system.add_variable(_variable(code, unit, int, default=ABSENT))
    for criterion in criteria_set.criteria:
        for variable in _of_criterion(criterion, unit):
            system.add_variable(variable)
    for variable in _sums(criteria_set, unit):
        system.add_variable(variable)
    return system


@dataclass(frozen=True)
class Told:
    """What OpenFisca tells of every unit; status and have by criterion, have only where coverage was asked for."""

    total: np.ndarray
    left_out: np.ndarray
    present: np.ndarray
    status: list[np.ndarray]
    have: list[np.ndarray]


def scored_by_openfisca(
    system: TaxBenefitSystem, criteria_set: CriteriaSet, figures: Mapping[str, np.ndarray], units: int, *, coverage: bool
) -> Told:
    """Every unit's total from figures that lie in arrays already, after all else that our engine tells of a unit."""
    simulation = SimulationBuilder().build_default_simulation(system, count=units)
    for code, values in figures.items():
        simulation.set_input(code, YEAR, values)
    return _asked(simulation, criteria_set, coverage)


def _asked(simulation: Simulation, criteria_set: CriteriaSet, coverage: bool) -> Told:
    """The total, statuses, what leaves the maximum, how many figures came; with `coverage` also of how many units for each criterion."""
    criteria = criteria_set.criteria
    status = [simulation.calculate(_name("status", each), YEAR) for each in criteria]
    for name in ("converted", "expected"):
        simulation.calculate(name, YEAR)
    have = [simulation.calculate(_name("have", each), YEAR) for each in criteria if coverage]
    for each in criteria if coverage else ():
        simulation.calculate(_name("owed", each), YEAR)
    total, left_out, present = (simulation.calculate(name, YEAR) for name in ("total", "left_out", "present"))
    return Told(total, left_out, present, status, have)


def ranks_by_skcriteria(points: np.ndarray, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Ranks and sums of the units (rows) by the weighted sum of their criteria (columns), all weights 1."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matrix = mkdm(points, [max] * points.shape[1], weights=np.ones(points.shape[1]), alternatives=names)
        result = WeightedSumModel().evaluate(matrix)
    return result.rank_, result.e_.score


def _name(what: str, criterion: Criterion) -> str:
    return f"{what}_{criterion.code.replace('.', '_')}"


def _variable(name: str, unit: object, kind: type, formula: object = None, default: int = 0) -> type[Variable]:
    shape = {"value_type": kind, "entity": unit, "definition_period": DateUnit.YEAR, "label": name, "default_value": kind(default)}
    return type(name, (Variable,), shape if formula is None else {**shape, "formula": formula})


def _of_criterion(criterion: Criterion, unit: object) -> Iterator[type[Variable]]:
    rule, most, opened = criterion.rule, float(criterion.max_points), criterion.status.opened
    assert isinstance(rule, Ratio | Inverse)  # the commune set has no other
    full, applies_not = rule.when_none is WhenNone.FULL, rule.when_none is WhenNone.NOT_APPLICABLE
    share_name, points_name, status_name = (_name(what, criterion) for what in ("share", "points", "status"))

    def share(units, period):  # type: ignore[no-untyped-def]
        part, whole = units(rule.part, period), units(rule.whole, period)
        reached = np.minimum(part, whole) / np.where(whole > 0, whole, 1)
        told = np.where(whole > 0, 1 - reached if isinstance(rule, Inverse) else reached, float(full))
        return np.where((part != ABSENT) & (whole != ABSENT) & opened, told, ABSENT)

    def points(units, period):  # type: ignore[no-untyped-def]
        return np.maximum(units(share_name, period), 0) * most

    def status(units, period):  # type: ignore[no-untyped-def]
        if not opened:
            return np.full(units.count, NOT_STARTED)
        told, empty = units(share_name, period), units(rule.whole, period) == 0
        known = told != ABSENT
        choices = [known & empty & applies_not, known & (told == 1)]
        return np.select(choices, [NOT_APPLICABLE, ACHIEVED], IN_PROGRESS)

    def have(units, period):  # type: ignore[no-untyped-def]
        if not opened:
            return np.zeros(units.count, np.int32)
        return ((units(rule.part, period) != ABSENT) & (units(rule.whole, period) != ABSENT)).astype(np.int32)

    def owed(units, period):  # type: ignore[no-untyped-def]
        return np.full(units.count, int(opened), np.int32)

    yield _variable(_name("have", criterion), unit, int, have)
    yield _variable(_name("owed", criterion), unit, int, owed)
    yield _variable(share_name, unit, float, share)
    yield _variable(points_name, unit, float, points)
    yield _variable(status_name, unit, int, status)


def _sums(criteria_set: CriteriaSet, unit: object) -> Iterator[type[Variable]]:
    criteria = criteria_set.criteria
    most = float(sum(criterion.max_points for criterion in criteria))
    measures = sorted({code for criterion in criteria if criterion.status.opened for code in criterion.rule.measures()})

    def total(units, period):  # type: ignore[no-untyped-def]
        return sum(units(_name("points", criterion), period) for criterion in criteria)

    def left_out(units, period):  # type: ignore[no-untyped-def]
        return sum((units(_name("status", each), period) == NOT_APPLICABLE) * float(each.max_points) for each in criteria)

    def converted(units, period):  # type: ignore[no-untyped-def]
        return units("total", period) / np.maximum(most - units("left_out", period), 1) * most

    def expected(units, period):  # type: ignore[no-untyped-def]
        return np.full(units.count, len(measures))

    def present(units, period):  # type: ignore[no-untyped-def]
        return sum((units(code, period) != ABSENT).astype(int) for code in measures)

    for name, kind, formula in (("total", float, total), ("left_out", float, left_out), ("converted", float, converted)):
        yield _variable(name, unit, kind, formula)
    yield _variable("expected", unit, int, expected)
    yield _variable("present", unit, int, present)
