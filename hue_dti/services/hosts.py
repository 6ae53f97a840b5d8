"""Whose quarter a unit's figures belong to: the nearest unit, itself or above it, that an official set scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from hue_dti.catalogue.model import Catalogue
from hue_dti.periods import Period
from hue_dti.units.lines import spans_of
from hue_dti.units.model import Level, OrgUnit


def line_of(units: Iterable[OrgUnit], code: str, day: date) -> tuple[OrgUnit, ...]:
    """The unit and those above it on that day, nearest first; empty for a unit that was not there."""
    spans = spans_of(units)
    found: dict[str, OrgUnit] = {}
    current = _on(spans, code, day)
    while current is not None and current.code not in found:
        found[current.code] = current
        current = _on(spans, current.parent or "", day)
    return tuple(found.values())


def _on(spans: Mapping[str, Sequence[OrgUnit]], code: str, day: date) -> OrgUnit | None:
    return next((each for each in spans.get(code, ()) if each.exists_on(day)), None)


def own_hosts(catalogue: Catalogue, units: Iterable[OrgUnit], level: Level, day: date) -> tuple[OrgUnit, ...]:
    """The units of a level that close quarters of their own on that day: no unit above them has a set that goes before theirs."""
    known = {each.code: each for each in units if each.exists_on(day)}
    found = []
    for unit in known.values():
        if unit.level is level:
            line = [unit]
            while (above := known.get(line[-1].parent or "")) is not None and above not in line:
                line.append(above)
            if host_in(catalogue, line, day) == unit:
                found.append(unit)
    return tuple(found)


def host_in(catalogue: Catalogue, line: Sequence[OrgUnit], day: date) -> OrgUnit | None:
    """The nearest unit of the line that an official set scores, else the nearest that any set scores; None without one."""
    sets = [(unit, found) for unit in line if (found := catalogue.set_for(unit.level, day)) is not None]
    return next((unit for unit, found in sets if found.official), next((unit for unit, _ in sets), None))


def admission_of(unit: str, period: Period) -> str:
    """The matter that one is alone at while a unit's figures of a period are weighed and stored, or its quarter is frozen."""
    return f"admit {unit} {period}"
