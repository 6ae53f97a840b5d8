"""The next best steps of a unit's quarter: from its frozen figures, or from the draft while it is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.periods import Period
from hue_dti.scoring.again import Again
from hue_dti.scoring.model import Frame, ScoreSheet
from hue_dti.scoring.ranking import rank
from hue_dti.services.quarter import catalogue_of, closed_in
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.model import Snapshot
from hue_dti.steps.horizon import Horizon
from hue_dti.steps.model import NextSteps
from hue_dti.steps.peers import Peers
from hue_dti.steps.plan import next_steps
from hue_dti.storage import Storage


def steps_of(storage: Storage, whole: Snapshot, catalogue: Catalogue, unit: str, today: date) -> NextSteps:
    """The steps of a unit that has a sheet in this quarter; `catalogue` is the one the quarter stands on, `whole` the host's snapshot."""
    again, criteria_set = scored_unit(whole, catalogue, unit)
    peers = Peers.given(again.base, scores_beside(storage, whole, unit, criteria_set))
    return next_steps(again, peers, horizon_of(whole, criteria_set, today))


def horizon_of(whole: Snapshot, criteria_set: CriteriaSet, today: date) -> Horizon:
    """Until when something done after this quarter, or in it while it is open, counts."""
    closed = bool(whole.head.sha256)
    day = whole.head.cutoff if closed else min(today, whole.head.cutoff)
    return Horizon.of(criteria_set, Period.parse(whole.head.period), day, closed)


def scored_unit(whole: Snapshot, catalogue: Catalogue, unit: str) -> tuple[Again, CriteriaSet]:
    """The unit's score with the figures behind it, ready to be scored again."""
    sheet = next(each for each in (whole.sheet, *whole.lower) if each.unit == unit)
    criteria_set = catalogue.sets[sheet.criteria_set]
    frame = frame_of(whole, catalogue)
    return Again.of(criteria_set, catalogue.measures, frame, Period.parse(whole.head.period), whole.tree.as_of, {unit}), criteria_set


def scores_beside(storage: Storage, whole: Snapshot, unit: str, criteria_set: CriteriaSet) -> tuple[Fraction, ...]:
    """The converted scores of the ranked units the unit is compared with, its own among them."""
    ranking = rank((whole.sheet, *fellows(storage, whole)), criteria_set) if unit == whole.head.unit else whole.ranking
    return tuple(each.converted for each in ranking if each.rank is not None and each.converted is not None)


def frame_of(whole: Snapshot, catalogue: Catalogue) -> Frame:
    """The quarter's figures as scoring reads them."""
    return table_of(whole.figures, whole.tree).frame(whole.tree, catalogue.measures)


def fellows(storage: Storage, whole: Snapshot) -> Iterable[ScoreSheet]:
    """The closed sheets of the other units of the same level in the same period, scored by the same rules."""
    return (snapshot.sheet for snapshot in fellow_snapshots(storage, whole))


def fellow_snapshots(storage: Storage, whole: Snapshot) -> Iterator[Snapshot]:
    """Their snapshots; SnapshotTampered where one is no longer what was frozen, for the places would be wrong without it."""
    for snapshot in closed_in(storage, Period.parse(whole.head.period)):
        alike = snapshot.head.criteria_set == whole.head.criteria_set and snapshot.head.unit != whole.head.unit
        if alike and _same_rules(snapshot, whole):
            yield snapshot


def _same_rules(one: Snapshot, other: Snapshot) -> bool:
    """Whether both quarters were scored by the same rules, whatever their words."""
    known = [catalogue_of(each).sets[each.head.criteria_set].criteria for each in (one, other)]
    rules = [[(each.code, each.max_points, each.rule, each.status.opened) for each in criteria] for criteria in known]
    return rules[0] == rules[1]
