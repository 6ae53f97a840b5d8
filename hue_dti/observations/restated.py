"""Figures of units that are no more, told for the units they became, by each measure's own policy; what has no basis is not told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hue_dti.catalogue.model import Measure
from hue_dti.catalogue.over_change import OverChange
from hue_dti.numerals import format_count
from hue_dti.units.events import SAME_UNIT
from hue_dti.units.lineage import Lineage
from hue_dti.units.model import OrgUnit

Told = Callable[[OrgUnit, str], int | None]
"""What a unit's figure of a measure was, None where it has none."""

MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Restated:
    """One measure of one unit as of an earlier day: the value, or why there is none; `parts` are the units it comes from."""

    value: int | None
    why: str = ""
    parts: tuple[OrgUnit, ...] = ()


@dataclass(frozen=True, slots=True)
class Restatement:
    """Restates figures of one earlier day; `told` gives those that the units of that day really had."""

    lineage: Lineage
    day: date
    told: Told

    def of(self, unit: OrgUnit, measure: Measure) -> Restated:
        """The figure that the unit would have had that day."""
        if unit.level not in measure.levels:
            return Restated(None, "không tính ở cấp này")
        if unit.exists_on(self.day):
            value = self.told(unit, measure.code)
            return Restated(value, "" if value is not None else f"{unit.name} không có số", (unit,))
        steps = self.lineage.came_from(unit)
        if len(steps) == 1 and steps[0].change.kind in SAME_UNIT and steps[0].unit is not None:
            return self.of(steps[0].unit, measure)  # renamed or moved it is the same unit, whatever is measured
        match measure.over_change:
            case OverChange.SUM:
                return self._sum(unit, measure)
            case OverChange.MEAN:
                return self._mean(unit, measure)
        parts = tuple(origin.unit for origin in self.lineage.origins(unit, self.day))
        return Restated(None, _UNTOLD[measure.over_change], parts)

    def _sum(self, unit: OrgUnit, measure: Measure) -> Restated:
        total, parts, absent = 0, dict[OrgUnit, None](), dict[OrgUnit, None]()
        for step in self.lineage.came_from(unit):
            if step.unit is None:
                continue
            whole = self.of(step.unit, measure)
            parts |= dict.fromkeys(whole.parts)
            if whole.value is None:
                absent |= dict.fromkeys(whole.parts or (step.unit,))
                continue
            shared = allocate(whole.value, [each.part for each in step.event.out_of(step.change.old)])
            if shared is None:
                return Restated(None, f"không có căn cứ chia số của {step.unit.name}", tuple(parts))
            total += shared[step.event.out_of(step.change.old).index(step.change)]
        if not parts:
            return Restated(None, "không rõ đơn vị trước đó")
        return Restated(None, _lacking(absent, parts), tuple(parts)) if absent else Restated(total, "", tuple(parts))

    def _mean(self, unit: OrgUnit, measure: Measure) -> Restated:
        origins = self.lineage.origins(unit, self.day)
        parts = tuple(origin.unit for origin in origins)
        if not parts or any(origin.part != 1 for origin in origins):
            return Restated(None, "không có căn cứ chia số của đơn vị cũ", parts)
        told = [(self.told(each, measure.code), self._weight(each, measure.weighted_by)) for each in parts]
        absent = [each for each, (value, weight) in zip(parts, told, strict=True) if value is None or weight is None]
        whole = sum(weight or 0 for _, weight in told)
        if absent or not whole:
            return Restated(None, _lacking(absent, parts) if absent else "trọng số bằng 0", parts)
        exact = Fraction(sum((value or 0) * (weight or 0) for value, weight in told), whole)
        return Restated(int(exact + Fraction(1, 2)), "", parts)

    def _weight(self, unit: OrgUnit, measure: str) -> int | None:
        """The weight of a unit: its own figure, else the sum over the units below it that have one; None where none has."""
        own = self.told(unit, measure)
        below = [value for each in self.lineage.below(unit, self.day) if (value := self.told(each, measure)) is not None]
        return own if own is not None else sum(below) if below else None


_UNTOLD = {
    OverChange.RECOMPUTE: "phải đếm lại theo đơn vị mới, không cộng từ đơn vị cũ",
    OverChange.NOT_COMPARABLE: "không so sánh được qua lần sắp xếp",
}
"""Why figures of some measures are not told for another unit."""


def allocate(value: int, parts: Sequence[Fraction | None]) -> list[int] | None:
    """Whole numbers in proportion to the parts that together are the value exactly (largest remainders first); None without a basis."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    exact = [value * part for part in known]
    shares = [int(each) for each in exact]
    left = int(sum(exact)) - sum(shares)
    for at in sorted(range(len(exact)), key=lambda at: (shares[at] - exact[at], at))[:left]:
        shares[at] += 1
    return shares


def _lacking(absent: Iterable[OrgUnit], parts: Iterable[OrgUnit]) -> str:
    names = [unit.name for unit in absent]
    shown = ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")
    return f"thiếu số của {format_count(len(names))}/{format_count(len(list(parts)))} đơn vị: {shown}"
