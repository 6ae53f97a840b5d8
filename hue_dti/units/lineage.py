"""Identity in time: which unit became which, and what a unit of today was made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hue_dti.units.changing import in_order
from hue_dti.units.events import SAME_UNIT, Change, UnitEvent
from hue_dti.units.model import OrgUnit


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one event, with the unit on its far side (None where nothing follows or the tree does not know it)."""

    event: UnitEvent
    change: Change
    unit: OrgUnit | None


@dataclass(frozen=True, slots=True)
class Origin:
    """A unit of an earlier day of which `part` (None where nobody can say) is in a later one."""

    unit: OrgUnit
    part: Fraction | None


class Lineage:
    """What events made of units; a unit is always told by its code and a day, for codes and names are given again."""

    def __init__(self, units: Iterable[OrgUnit], events: Iterable[UnitEvent]) -> None:
        self._spans: dict[str, list[OrgUnit]] = {}
        for unit in units:
            self._spans.setdefault(unit.code, []).append(unit)
        self.events = in_order(events)

    def on(self, code: str, day: date) -> OrgUnit | None:
        """The unit that bore the code that day."""
        return next((unit for unit in self._spans.get(code, ()) if unit.exists_on(day)), None)

    def below(self, unit: OrgUnit, day: date) -> tuple[OrgUnit, ...]:
        """The units under it that day, at any depth."""
        there = [each for spans in self._spans.values() for each in spans if each.exists_on(day)]
        found: list[OrgUnit] = []
        above = {unit.code}
        while above:
            next_ = [each for each in there if each.parent in above]
            found += next_
            above = {each.code for each in next_}
        return tuple(found)

    def became(self, unit: OrgUnit) -> tuple[Step, ...]:
        """What followed this very span of the unit; empty while it lasts."""
        for event in self.events:
            if unit.valid_to == event.eve and event.out_of(unit.code):
                return tuple(Step(event, each, self.on(each.new, event.effective_on)) for each in event.out_of(unit.code))
        return ()

    def came_from(self, unit: OrgUnit) -> tuple[Step, ...]:
        """What this very span of the unit was made from; empty where it was there from the beginning."""
        for event in self.events:
            if unit.valid_from == event.effective_on and event.into(unit.code):
                return tuple(Step(event, each, self.on(each.old, event.eve)) for each in event.into(unit.code))
        return ()

    def identity(self, unit: OrgUnit) -> tuple[OrgUnit, ...]:
        """The spans of the same unit up to this one, oldest first: renamed or moved it is the same, merged or split it is not."""
        line = [unit]
        while len(steps := self.came_from(line[0])) == 1 and steps[0].change.kind in SAME_UNIT and steps[0].unit is not None:
            line.insert(0, steps[0].unit)
        return tuple(line)

    def same(self, now: OrgUnit, then: OrgUnit) -> bool:
        """Whether the one is the other of an earlier day: the very span, or a span before it that was renamed or moved."""
        return any((each.code, each.valid_from) == (then.code, then.valid_from) for each in self.identity(now))

    def was_there(self, unit: OrgUnit, day: date) -> bool:
        """Whether the unit, not another one of its code, was there on an earlier day."""
        then = self.on(unit.code, day)
        return then is not None and self.same(unit, then)

    def breaks(self, unit: OrgUnit) -> tuple[UnitEvent, ...]:
        """Events, oldest first, across which the unit's figures are those of other units."""
        found: list[UnitEvent] = []
        waiting, seen = [unit], set()
        while waiting:
            each = waiting.pop()
            for step in self.came_from(each):
                if step.change.kind not in SAME_UNIT and step.event not in found:
                    found.append(step.event)
                if step.unit is not None and (key := (step.unit.code, step.unit.valid_from)) not in seen:
                    seen.add(key)
                    waiting.append(step.unit)
        return in_order(found)

    def origins(self, unit: OrgUnit, day: date) -> tuple[Origin, ...]:
        """The units of an earlier day that are in this one, each with its part; the unit itself where it was there already."""
        if unit.exists_on(day):
            return (Origin(unit, Fraction(1)),)
        parts: dict[tuple[str, date], tuple[OrgUnit, Fraction | None]] = {}
        for step in self.came_from(unit) if day < unit.valid_from else ():
            if step.unit is None:
                continue
            for origin in self.origins(step.unit, day):
                key = (origin.unit.code, origin.unit.valid_from)
                part = None if step.change.part is None or origin.part is None else step.change.part * origin.part
                _, known = parts.get(key, (origin.unit, Fraction(0)))
                parts[key] = origin.unit, None if part is None or known is None else known + part
        return tuple(Origin(each, part) for each, part in parts.values())
