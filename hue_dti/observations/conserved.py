"""The proof that an event loses and invents nothing: every measure before and after it, and each gap with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hue_dti.catalogue.model import Measure
from hue_dti.catalogue.over_change import OverChange
from hue_dti.observations.restated import Told, allocate
from hue_dti.units.changing import after
from hue_dti.units.events import ChangeKind, UnitEvent
from hue_dti.units.model import Level, OrgUnit

_ADDED = frozenset({OverChange.SUM, OverChange.RECOMPUTE})


@dataclass(frozen=True, slots=True)
class Gap:
    """Counts that reach no unit: whose they are, how many, and why."""

    unit: OrgUnit
    value: int
    why: str


@dataclass(frozen=True, slots=True)
class Conserved:
    """One measure over all units that the event changes: `before` what they had, `after` what the new ones get, `gaps` the rest.

    `told` of `asked` units had a figure. A measure that is not added has no totals.
    """

    measure: Measure
    before: int
    after: int
    gaps: tuple[Gap, ...]
    told: int
    asked: int

    @property
    def added(self) -> bool:
        """Whether its figures of the old units may be added up for the new ones."""
        return self.measure.over_change in _ADDED

    @property
    def holds(self) -> bool:
        """Whether before is after and the gaps that are said: nothing lost, nothing counted twice."""
        return self.before == self.after + sum(gap.value for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many units of a level there are on the eve and on the day."""

    level: Level
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What an event does to units and to figures."""

    levels: tuple[LevelCount, ...]
    measures: tuple[Conserved, ...]

    @property
    def holds(self) -> bool:
        """Whether every measure is conserved, said gaps included."""
        return all(each.holds for each in self.measures)

    @property
    def gaps(self) -> tuple[Conserved, ...]:
        """The measures of which something reaches no unit."""
        return tuple(each for each in self.measures if each.gaps)


def prove(units: Iterable[OrgUnit], event: UnitEvent, measures: Iterable[Measure], told: Told) -> Proof:
    """The proof for figures as `told`; CatalogueError when the event cannot hold at all."""
    given = tuple(units)
    then = after(given, event)
    before = {unit.code: unit for unit in given if unit.exists_on(event.eve)}
    changed = {code: before[code] for code in dict.fromkeys(change.old for change in event.changes)}
    return Proof(
        levels=_levels(given, then, event),
        measures=tuple(each for measure in measures if (each := _conserved(measure, changed, event, told)).asked),
    )


def _levels(given: Sequence[OrgUnit], then: Sequence[OrgUnit], event: UnitEvent) -> tuple[LevelCount, ...]:
    before = Counter(unit.level for unit in given if unit.exists_on(event.eve))
    after_it = Counter(unit.level for unit in then if unit.exists_on(event.effective_on))
    return tuple(LevelCount(level, before[level], after_it[level]) for level in Level if before[level] or after_it[level])


def _conserved(measure: Measure, changed: dict[str, OrgUnit], event: UnitEvent, told: Told) -> Conserved:
    asked = [unit for unit in changed.values() if unit.level in measure.levels]
    figures = {unit.code: value for unit in asked if (value := told(unit, measure.code)) is not None}
    if measure.over_change not in _ADDED:
        return Conserved(measure, 0, 0, (), len(figures), len(asked))
    reached: Counter[str] = Counter()
    gaps = []
    for code, value in figures.items():
        changes = event.out_of(code)
        shares = allocate(value, [change.part for change in changes])
        if changes[0].kind is ChangeKind.END:
            gaps += [Gap(changed[code], value, "đơn vị kết thúc, không có đơn vị nhận")] if value else []
        elif shares is None:
            gaps += [Gap(changed[code], value, "tách mà không có căn cứ chia")] if value else []
        else:
            for change, share in zip(changes, shares, strict=True):
                reached[change.new] += share
    return Conserved(measure, sum(figures.values()), sum(reached.values()), tuple(gaps), len(figures), len(asked))
