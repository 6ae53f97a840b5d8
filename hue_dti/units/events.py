"""What changes units: dated, numbered events, each citing the resolution that orders it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from hue_dti.units.model import Level, OrgUnit


class ChangeKind(StrEnum):
    """What becomes of one unit."""

    MERGE = "merge"  # the whole of it goes, with others, into one unit
    SPLIT = "split"  # parts of it go into several units
    RENAME = "rename"  # the same unit under another name, level word or code
    MOVE = "move"  # the same unit under another managing unit
    END = "end"  # it ends and nothing follows it


SAME_UNIT = frozenset({ChangeKind.RENAME, ChangeKind.MOVE})
"""After these the unit is still the same one: its figures go on without a break."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The act that orders an event."""

    number: str
    issued_on: date
    issuer: str


@dataclass(frozen=True, slots=True)
class Change:
    """From the unit that bears `old` on the day before to the one that bears `new` from the day itself (empty after END).

    `share` is the part of the old unit's counts that goes to the new one, None where a split has no basis to say so.
    """

    kind: ChangeKind
    old: str
    new: str = ""
    name: str = ""
    level: Level | None = None
    parent: str | None = None
    share: Fraction | None = None
    old_name: str = ""
    note: str = ""
    place: tuple[str, int] = field(default=("", 0), compare=False)

    @property
    def part(self) -> Fraction | None:
        """The part of the old unit's counts that follows it here: all of it but for a split."""
        return self.share if self.kind is ChangeKind.SPLIT else Fraction(1)


@dataclass(frozen=True, slots=True)
class UnitEvent:
    """One event: `number` names it for good, `effective_on` is the first day of the new order."""

    number: str
    effective_on: date
    title: str
    resolution: Resolution
    source: str = ""
    note: str = ""
    changes: tuple[Change, ...] = ()
    place: tuple[str, int] = field(default=("", 0), compare=False)

    @property
    def eve(self) -> date:
        """The last day of the old order."""
        return self.effective_on - timedelta(days=1)

    def touches(self, code: str) -> bool:
        """Whether a unit of this code ends, begins or changes by it."""
        return any(code in (change.old, change.new) for change in self.changes)

    def into(self, code: str) -> tuple[Change, ...]:
        """What goes into the unit that bears this code from the day itself."""
        return tuple(change for change in self.changes if change.new == code)

    def out_of(self, code: str) -> tuple[Change, ...]:
        """What becomes of the unit that bore this code the day before."""
        return tuple(change for change in self.changes if change.old == code)

    def breaks(self, code: str) -> bool:
        """Whether figures of the unit that bears this code from the day itself are not those of the unit before."""
        return any(change.kind not in SAME_UNIT for change in self.into(code))


def successor(change: Change, event: UnitEvent, before: OrgUnit) -> OrgUnit:
    """The unit that begins with the change; what a change does not say stays as it was."""
    same = change.kind in SAME_UNIT
    return OrgUnit(
        code=change.new,
        name=change.name or before.name,
        level=change.level or before.level,
        parent=change.parent if change.parent is not None else before.parent,
        valid_from=event.effective_on,
        located_in=before.located_in if same else None,
        aliases=before.aliases if same and not change.name else (),
    )
