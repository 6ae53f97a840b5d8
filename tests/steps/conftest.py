"""A small province with figures drawn by chance, under the criteria that ship."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue, Measure, ValueKind
from hue_dti.observations.intake import subsets
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.scoring.again import Again
from hue_dti.scoring.frame import frame_from
from hue_dti.scoring.model import Frame
from hue_dti.steps.horizon import Horizon
from hue_dti.units.model import Level, OrgUnit, Tree
from hue_dti.units.tree import build_tree

PERIOD, DAY = Period.parse("2024-Q2"), date(2024, 6, 10)
ORIGIN = Origin("test", "", datetime(2024, 6, 10, tzinfo=UTC), "", "")


@dataclass(frozen=True)
class World:
    """A district of five communes and three agencies, with figures."""

    catalogue: Catalogue
    tree: Tree
    frame: Frame

    def again(self, level: Level, *units: str) -> Again:
        criteria_set = self.catalogue.set_for(level, PERIOD.end)
        return Again.of(criteria_set, self.catalogue.measures, self.frame, PERIOD, DAY, units or None)

    def horizon(self, level: Level, day: date = DAY, closed: bool = False) -> Horizon:
        return Horizon.of(self.catalogue.set_for(level, PERIOD.end), PERIOD, day, closed)


@pytest.fixture(scope="session")
def world() -> object:
    """Makes a world of a seed; `absent` is the part of figures that did not come."""
    catalogue = load_catalogue(folder("criteria"))
    return lambda seed, absent=0.1: made(catalogue, random.Random(seed), absent)


def made(catalogue: Catalogue, chance: random.Random, absent: float) -> World:
    start = date(2020, 1, 1)
    units = [OrgUnit("D", "Huyện", Level.DISTRICT, None, start)]
    units += [OrgUnit(f"X{n}", f"Xã {n}", Level.COMMUNE, "D", start) for n in range(5)]
    units += [OrgUnit(f"C{n}", f"Cơ quan {n}", Level.AGENCY, "D", start) for n in range(3)]
    tree = build_tree(units, DAY)
    seen = [each for unit in tree.units for each in _of(unit, catalogue, chance, absent)]
    return World(catalogue, tree, frame_from(tree, catalogue.measures, seen))


def _of(unit: OrgUnit, catalogue: Catalogue, chance: random.Random, absent: float) -> Iterator[Observation]:
    values = {code: _value(measure, chance) for code, measure in catalogue.measures.items() if unit.level in measure.levels}
    for _ in range(3):
        for part, whole in sorted(subsets(catalogue)):
            if part in values and whole in values:
                values[part] = min(values[part], values[whole])
    for code, value in values.items():
        if chance.random() >= absent:
            yield Observation(unit.code, code, PERIOD, value, State.REPORTED, DAY, ORIGIN)


def _value(measure: Measure, chance: random.Random) -> int:
    match measure.kind:
        case ValueKind.PROGRESS:
            return chance.randint(0, 2)
        case ValueKind.DATE:
            return chance.choice((0, date(2024, 1, 8).toordinal(), date(2024, 3, 1).toordinal()))
        case ValueKind.PERCENT:
            return chance.randint(0, 10_000)
        case ValueKind.AMOUNT:
            return chance.randint(0, 10**9)
        case _:
            return chance.choice((0, 1, chance.randint(0, 30), chance.randint(0, 900)))
