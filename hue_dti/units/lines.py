"""From a unit up to the province, as of a day: where rights are looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from hue_dti.units.model import OrgUnit

_last: tuple[tuple[OrgUnit, ...], Mapping[str, Sequence[OrgUnit]]] = ((), {})


def spans_of(units: Iterable[OrgUnit]) -> Mapping[str, Sequence[OrgUnit]]:
    """The units by code, each with its spans of time; made once for a tuple that is asked about again and again."""
    global _last
    known, spans = _last
    if units is known:
        return spans
    made: dict[str, list[OrgUnit]] = {}
    for unit in units:
        made.setdefault(unit.code, []).append(unit)
    if isinstance(units, tuple):
        _last = units, made
    return made


class Lines:
    """The lines of all units; made once for a list of units, it remembers what it was asked."""

    def __init__(self, units: Iterable[OrgUnit], today: date) -> None:
        self._spans = spans_of(units)
        self.today = today
        self._known: dict[tuple[str, date | None], tuple[str, ...]] = {}

    def of(self, code: str, day: date | None = None) -> tuple[str, ...]:
        """The unit's code and those above it; of a unit that was not there that day as it was last, nothing of an unknown one."""
        if (code, day) not in self._known:
            self._known[code, day] = self._found(code, day)
        return self._known[code, day]

    def _found(self, code: str, day: date | None) -> tuple[str, ...]:
        line: list[str] = []
        current: str | None = code
        asked = day or self.today
        while current is not None and current not in line and current in self._spans:
            unit = self._on(current, asked)
            asked = min(asked, unit.valid_to) if unit.valid_to is not None else asked
            line.append(current)
            current = unit.parent
        return tuple(line)

    def _on(self, code: str, day: date) -> OrgUnit:
        spans = self._spans[code]
        return next((unit for unit in spans if unit.exists_on(day)), max(spans, key=lambda unit: unit.valid_from))
