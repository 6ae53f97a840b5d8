"""The province's quarter towards the ministry's index: frozen figures where a unit closed, today's where it has not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.model import Catalogue
from hue_dti.catalogue.rollup_levels import counted_at
from hue_dti.catalogue.rollups import RollUpMap
from hue_dti.errors import FrameworkError, UnknownUnit
from hue_dti.periods import LOCAL, Period
from hue_dti.rollup.local import FedArrays, LocalFigure, add_up
from hue_dti.rollup.losses import UnitLoss, UnitPart, losses, rows_of, units_of
from hue_dti.rollup.province import ProvincialValue, RollUp, roll_up, with_entered_points
from hue_dti.scoring.frame import blank_column
from hue_dti.scoring.model import Column, Frame
from hue_dti.services.quarter import current_figures, frozen
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import Storage
from hue_dti.units.model import Level, OrgUnit, Tree
from hue_dti.units.tree import build_tree

FRAMEWORK = "province-922"
"""The framework a province is rolled up to unless another is asked for."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Where local criteria lead: the frameworks and the roll-up maps of the installation."""

    frameworks: Mapping[str, Framework]
    maps: Mapping[str, RollUpMap]

    def lead(self, code: str, period: Period) -> tuple[Framework, RollUpMap]:
        """The framework and the map to it in force at the period's end; FrameworkError where there is none."""
        if code not in self.frameworks:
            raise FrameworkError(f"Không có khung '{code}'; hãy xem: hue-dti criteria framework")
        for made in self.maps.values():
            if made.framework == code and made.in_force_on(period.end):
                return self.frameworks[code], made
        raise FrameworkError(f"Chưa có bảng tổng hợp nào lên khung {code} cho {period.label}; hãy thêm tệp vào criteria/rollup/.")


@dataclass(frozen=True)
class ProvinceQuarter:
    """The province's quarter: its roll-up, the tree of units, and which of the units that close a quarter have closed it.

    Without `live` the figures of units that have not closed are left out as if they had told nothing.
    """

    province: OrgUnit
    period: Period
    tree: Tree
    feds: Mapping[str, FedArrays]
    figures: Mapping[str, LocalFigure]
    roll_up: RollUp
    framework: Framework
    closed: tuple[OrgUnit, ...]
    open: tuple[OrgUnit, ...]
    live: bool

    @property
    def below(self) -> tuple[Level, ...]:
        """The levels below the province that have figures, highest first."""
        present = {unit.level for unit in self.tree.units}
        return tuple(level for level in Level if level in present and level is not Level.PROVINCE)

    @cached_property
    def losses(self) -> tuple[UnitLoss, ...]:
        """The units right below the province, the one that costs most points first."""
        return losses(self.tree, self.feds, self.figures, self.framework, self.rows_under(self.province.code))

    def units_of(self, component: str, under: str = "") -> tuple[UnitPart, ...]:
        """What each unit right below the province, or below another unit, brings to a component; the most costly first."""
        line = self.roll_up.line(component)
        if line is None or component not in self.figures:
            return ()
        rows = self.rows_under(under or self.province.code)
        return units_of(self.tree, self.feds[component], self.figures[component], line.component, rows)

    def rows_under(self, code: str) -> list[int]:
        """The rows of the units right below this one."""
        parent = self.tree.index[code]
        return [row for row, above in enumerate(self.tree.parent) if above == parent]

    def rows_of(self, level: Level) -> list[int]:
        """The rows of a level's units."""
        return rows_of(self.tree, level)


def province_quarter(
    storage: Storage, catalogue: Catalogue, ways: Ways, period: Period, now: datetime, live: bool = True, code: str = FRAMEWORK
) -> ProvinceQuarter:
    """Roll the province's quarter up; FrameworkError without a map in force, UnknownUnit without a province at the period's end."""
    framework, made = ways.lead(code, period)
    units = storage.units()
    province = province_on(units, period)
    cutoff = min((each.calendar.cutoff(period) for each in catalogue.sets.values() if each.in_force_on(period.end)), default=period.end)
    tree = build_tree(units, cutoff, province.code)
    made = counted_at(made, catalogue.measures, {unit.level for unit in tree.units})
    hosts = hosts_of(catalogue, tree, period)
    heads = {head.unit: head for head in storage.newest_heads() if head.period == str(period)}
    closed = [unit for unit in hosts if unit.code in heads]
    frame = _frame(storage, catalogue, made, tree, period, hosts, now) if live else _blank(catalogue, made, tree)
    for unit in closed:
        _lay_over(frame, tree, unit, frozen(storage, heads[unit.code].sha256))
    entered = values_of(storage, province, period, framework) if live else {}
    known = with_entered_points(framework, entered)
    feds = add_up(made, catalogue.measures, frame, [0], period.end.month)
    figures = {component: fed.figure(tree, 0) for component, fed in feds.items()}
    rolled = roll_up(framework, made, figures, entered)
    still = tuple(unit for unit in hosts if unit.code not in heads)
    return ProvinceQuarter(province, period, tree, feds, figures, rolled, known, tuple(closed), still, live)


def province_on(units: Sequence[OrgUnit], period: Period) -> OrgUnit:
    """The province as it was at the period's end."""
    found = [unit for unit in units if unit.level is Level.PROVINCE and unit.exists_on(period.end)]
    if not found:
        raise UnknownUnit(f"Cuối {period.label} không có đơn vị cấp tỉnh nào trong danh sách đơn vị; hãy chọn kỳ khác.")
    return found[0]


def hosts_of(catalogue: Catalogue, tree: Tree, period: Period) -> tuple[OrgUnit, ...]:
    """The units that close a quarter of their own: those of the highest level with an official set, else with any."""
    present = [level for level in Level if any(unit.level is level for unit in tree.units)]
    sets = [(level, found) for level in present if (found := catalogue.set_for(level, period.end)) is not None]
    level = next((level for level, found in sets if found.official), next((level for level, _ in sets), None))
    return tuple(unit for unit in tree.units if unit.level is level)


def values_of(storage: Storage, province: OrgUnit, period: Period, framework: Framework) -> Mapping[str, ProvincialValue]:
    """What the province gave for the period, by code."""
    return storage.provincial.newest(province.code, str(period), framework.code)


def _frame(
    storage: Storage, catalogue: Catalogue, made: RollUpMap, tree: Tree, period: Period, hosts: Sequence[OrgUnit], now: datetime
) -> Frame:
    day = min(tree.as_of, now.astimezone(LOCAL).date())
    pulled_for = [tree.units[0].code, *(unit.code for unit in hosts)]
    return current_figures(storage, catalogue, tree, period, pulled_for, day).frame(tree, made.measures)


def _blank(catalogue: Catalogue, made: RollUpMap, tree: Tree) -> Frame:
    return Frame(tree, {code: blank_column(tree, catalogue.measures[code]) for code in made.measures})


def _lay_over(frame: Frame, tree: Tree, unit: OrgUnit, snapshot: Snapshot) -> None:
    """Put what a unit froze in place of whatever stands in its subtree."""
    first, end = tree.index[unit.code], tree.end[tree.index[unit.code]]
    theirs = snapshot.tree
    rows = np.array([tree.index.get(each.code, -1) for each in theirs.units])
    inside = (rows >= first) & (rows < end)
    told = table_of(snapshot.figures, theirs).frame(theirs, frame.columns)
    for code, column in frame.columns.items():
        _forget(column, first, end)
        known = told.columns[code]
        for mine, frozen_ones in ((column.value, known.value), (column.state, known.state), (column.as_of, known.as_of)):
            mine[rows[inside]] = frozen_ones[inside]


def _forget(column: Column, first: int, end: int) -> None:
    column.value[first:end] = 0
    column.state[first:end] = 0
    column.as_of[first:end] = 0
