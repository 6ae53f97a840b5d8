"""What a unit could still do, as frozen values; points are ten-thousandths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from hue_dti.catalogue.model import Criterion
from hue_dti.periods import Period


class Mark(StrEnum):
    """What a step reaches."""

    FULL = "full"  # the criterion's full share
    RUNG = "rung"  # a rung of a ladder below the top
    GATE = "gate"  # the count that opens a gate
    RANK = "rank"  # the least count that wins a place
    COMING = "coming"  # what comes new until the deadline, at the pace so far, all of it as asked; what was counted stays
    FIGURES = "figures"  # figures that are wanting; what they are worth at most

    @property
    def sure(self) -> bool:
        """Whether doing it gives the points whatever else happens."""
        return self not in (Mark.COMING, Mark.FIGURES)


@dataclass(frozen=True, slots=True)
class Move:
    """One measure's sum for the unit: what it is and what it would be; None where no figure came."""

    measure: str
    now: int | None
    then: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do for a criterion, with what scoring it again gives.

    `gain` is the change of the unit's points, of all criteria that use these figures (`also` are the others that change), where the step
    is not `sure` of its own criterion alone; `size` is how
    much there is to do, in counts, millions of đồng, percent or acts. `rank` is the place it gives, None where the unit is not ranked.
    `until` is the last day that counts.
    """

    criterion: Criterion
    mark: Mark
    moves: tuple[Move, ...]
    size: Fraction
    gain: int
    points: int
    rank: int | None
    until: date
    also: tuple[str, ...] = ()

    @property
    def rate(self) -> Fraction:
        """Ten-thousandths of a point for one of what is counted."""
        return Fraction(self.gain) / self.size


@dataclass(frozen=True, slots=True)
class Lost:
    """A criterion that loses points and for which nothing is proposed, with the reason."""

    criterion: Criterion
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class NextSteps:
    """All that one unit could do, those worth most for the least count first.

    `path` is what one after the other would give, each step scored on top of those before it. `rank` of `ranked` units is the place now;
    `counts_in` is the period in which what is done still counts, `until` its last day.
    """

    unit: str
    points: int
    max_points: int
    rank: int | None
    ranked: int
    counts_in: Period
    until: date
    steps: tuple[Step, ...]
    path: tuple[Step, ...]
    lost: tuple[Lost, ...]

    @property
    def to_next_rank(self) -> tuple[Step, ...]:
        """The single steps that win at least one place, the least first."""
        won = [step for step in self.steps if self.rank and step.rank and step.rank < self.rank and step.mark.sure]
        least: dict[tuple[str, str], Step] = {}
        for step in won:
            key = step.criterion.code, step.moves[0].measure
            if key not in least or step.size < least[key].size:
                least[key] = step
        return tuple(sorted(least.values(), key=lambda step: step.size))
