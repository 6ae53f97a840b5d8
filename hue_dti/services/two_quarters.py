"""Two quarters of the province beside each other, with the events that changed units between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hue_dti.catalogue.model import Measure
from hue_dti.periods import Period, PeriodKind
from hue_dti.rollup.beside import Pair, Side, pairs
from hue_dti.services.roll_up import ProvinceQuarter, Ways
from hue_dti.storage import Storage
from hue_dti.units.events import UnitEvent


@dataclass(frozen=True)
class TwoQuarters:
    """An earlier quarter and a later one by the same framework; `events` changed units between them, oldest first."""

    then: ProvinceQuarter
    now: ProvinceQuarter
    events: tuple[UnitEvent, ...]
    pairs: tuple[Pair, ...]

    @property
    def broken(self) -> tuple[Pair, ...]:
        """The components whose line breaks."""
        return tuple(pair for pair in self.pairs if pair.broken)


def two_quarters(storage: Storage, one: ProvinceQuarter, other: ProvinceQuarter, measures: Mapping[str, Measure]) -> TwoQuarters:
    """The two in the order of time."""
    then, now = sorted((one, other), key=lambda each: each.period.end)
    events = tuple(each for each in storage.lineage().events if then.tree.as_of < each.effective_on <= now.tree.as_of)
    return TwoQuarters(then, now, events, pairs(_side(then), _side(now), measures, bool(events)))


def comparable_periods(storage: Storage, ways: Ways, framework: str, beside: Period) -> tuple[Period, ...]:
    """The other quarters in which anybody closed and that a map to the framework applies to, newest first."""
    found = {Period.parse(head.period) for head in storage.newest_heads()}
    maps = [made for made in ways.maps.values() if made.framework == framework]
    quarters = (each for each in found if each.kind is PeriodKind.QUARTER and each != beside)
    told = (each for each in quarters if any(made.in_force_on(each.end) for made in maps))
    return tuple(sorted(told, key=lambda each: each.end, reverse=True))


def _side(found: ProvinceQuarter) -> Side:
    return Side(found.roll_up, frozenset(unit.level for unit in found.tree.units))
