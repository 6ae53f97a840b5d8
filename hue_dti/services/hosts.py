"""Whose quarter a unit's figures belong to: the nearest unit, itself or above it, that an official set scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from hue_dti.catalogue.model import Catalogue
from hue_dti.units.lines import spans_of
from hue_dti.units.model import OrgUnit


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


def host_in(catalogue: Catalogue, line: Sequence[OrgUnit], day: date) -> OrgUnit | None:
    """The nearest unit of the line that an official set scores, else the nearest that any set scores; None without one."""
    sets = [(unit, found) for unit in line if (found := catalogue.set_for(unit.level, day)) is not None]
    return next((unit for unit, found in sets if found.official), next((unit for unit, _ in sets), None))
