"""What a unit's quarter would come to with other figures or targets; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.periods import Period
from hue_dti.scoring.again import Again
from hue_dti.scoring.engine import sheets
from hue_dti.scoring.model import ScoreSheet
from hue_dti.services.next_steps import fellow_snapshots, frame_of, scored_unit, scores_beside
from hue_dti.snapshots.model import Snapshot
from hue_dti.steps.peers import Peers, Score, converted, ranked
from hue_dti.steps.supposing import Reached, Target, supposing, with_targets
from hue_dti.storage import Storage


@dataclass(frozen=True, slots=True)
class Outcome:
    """A unit's sheet and its place among `ranked` units, None where it has none."""

    sheet: ScoreSheet
    rank: int | None
    ranked: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Before and after; `missed` are the sums that cannot be what was asked."""

    before: Outcome
    after: Outcome
    missed: tuple[Reached, ...]

    @property
    def moved(self) -> tuple[tuple[str, int, int], ...]:
        """The criteria whose points change: code, before, after."""
        pairs = zip(self.before.sheet.criteria, self.after.sheet.criteria, strict=True)
        return tuple((old.code, old.points, new.points) for old, new in pairs if old.points != new.points or old.status != new.status)


def what_if(
    storage: Storage, whole: Snapshot, catalogue: Catalogue, unit: str, figures: Mapping[str, int], targets: Mapping[str, Target]
) -> WhatIf:
    """Score the unit as it is and as it would be; other targets are asked of every unit it is ranked with, other figures of it alone.

    Raises ScoringError where the figures contradict each other.
    """
    now, criteria_set = scored_unit(whole, catalogue, unit)
    beside = Peers.given(now.base, scores_beside(storage, whole, unit, criteria_set))
    asking = with_targets(criteria_set, targets)
    other = now if not targets else _again(whole, catalogue, asking, unit)
    then, missed = supposing(other, figures)
    peers = beside if not targets else Peers.given(other.base, _scores(storage, whole, catalogue, asking, unit))
    return WhatIf(_outcome(now, beside), _outcome(then, peers), missed)


def _outcome(again: Again, peers: Peers) -> Outcome:
    return Outcome(sheets(again.base)[0], peers.rank(again.base, 0), peers.size(0))


def _again(whole: Snapshot, catalogue: Catalogue, criteria_set: CriteriaSet, unit: str | None) -> Again:
    units = None if unit is None else {unit}
    return Again.of(criteria_set, catalogue.measures, frame_of(whole, catalogue), Period.parse(whole.head.period), whole.tree.as_of, units)


def _scores(storage: Storage, whole: Snapshot, catalogue: Catalogue, asking: CriteriaSet, unit: str) -> tuple[Score, ...]:
    """The converted scores of those the unit is ranked with, asked for the same."""
    if unit != whole.head.unit:
        return _converted(_again(whole, catalogue, asking, None))
    snapshots = (whole, *fellow_snapshots(storage, whole))
    return tuple(score for each in snapshots for score in _converted(_again(each, catalogue, asking, each.head.unit)))


def _converted(again: Again) -> tuple[Score, ...]:
    placed = ranked(again.base, again.base.criteria_set.enough_data)
    return tuple(converted(again.base, i) for i in range(len(placed)) if placed[i])
