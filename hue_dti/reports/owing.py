"""What a unit still owes of a quarter and what its silence costs, as reminders and letters tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hue_dti.periods import Period
from hue_dti.units.model import OrgUnit


@dataclass(frozen=True, slots=True)
class OwedMeasure:
    """Figures of one measure that have not come: of which units, from which source, and why where that is known.

    `entry` is how the source gives figures: `connector` (a machine asks it) or by hand.
    """

    name: str
    source: str
    owner: str
    entry: str
    units: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OwedCriterion:
    """A criterion that cannot be reckoned in full; `points` it has now and `max_points`, in ten-thousandths."""

    code: str
    name: str
    points: int
    max_points: int
    measures: tuple[OwedMeasure, ...]

    @property
    def gain(self) -> int:
        """What could come to the points at most; no promise that it will."""
        return max(self.max_points - self.points, 0)


@dataclass(frozen=True, slots=True)
class OwingUnit:
    """A unit that has not given all its figures: how many of how many came, and the criteria that wait for the others."""

    name: str
    expected: int
    present: int
    criteria: tuple[str, ...]
    gain: int

    @property
    def missing(self) -> int:
        return self.expected - self.present


@dataclass(frozen=True, slots=True)
class Owing:
    """All that one unit and those below it owe; `criteria` in printed order, `units` in the tree's.

    `points` and `max_points` are the unit's total as it stands, in ten-thousandths.
    """

    unit: OrgUnit
    period: Period
    cutoff: date
    expected: int
    present: int
    points: int
    max_points: int
    criteria: tuple[OwedCriterion, ...]
    units: tuple[OwingUnit, ...]

    @property
    def missing(self) -> int:
        """How many figures have not come."""
        return self.expected - self.present

    @property
    def gain(self) -> int:
        """What the total could grow by at most, each criterion counted once."""
        return sum(criterion.gain for criterion in self.criteria)

    @property
    def share(self) -> Fraction | None:
        """Present of expected; None when nothing is expected."""
        return Fraction(self.present, self.expected) if self.expected else None

    def days_left(self, today: date) -> int:
        """Days to the cut-off; 0 on its day, below 0 after it."""
        return (self.cutoff - today).days
