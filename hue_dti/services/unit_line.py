"""Who stands above and below a unit on a day, as the closure of the tree tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hue_dti.services.units_named import spans_on
from hue_dti.storage import Storage
from hue_dti.units.model import Level, OrgUnit


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit on a day: those above it, the nearest first, and everything below it, the nearest first."""

    unit: OrgUnit
    day: date
    above: tuple[OrgUnit, ...]
    below: tuple[OrgUnit, ...]

    @property
    def levels(self) -> tuple[tuple[Level, tuple[OrgUnit, ...]], ...]:
        """The units below by level, the highest first."""
        found = ((level, tuple(unit for unit in self.below if unit.level is level)) for level in Level)
        return tuple((level, units) for level, units in found if units)


def unit_line(storage: Storage, unit: OrgUnit, day: date) -> UnitLine:
    """The line of a unit that is there on the day."""
    there, book = spans_on(storage.units(), day), storage.unit_events
    above = tuple(there[code] for code in book.above(unit.code, day)[1:])
    below = tuple(there[code] for code in book.below(unit.code, day)[1:])
    return UnitLine(unit, day, above, below)
