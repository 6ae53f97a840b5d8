"""Figures counted from what persons told in registers and evidence, let in by the gate beside figures they typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.errors import EntryRefused
from hue_dti.observations.entered import ENTERED
from hue_dti.observations.intake import Gatekeeper
from hue_dti.observations.model import Observation, Pulled, RawAnswer, Reading, State
from hue_dti.periods import LOCAL, Period, Window
from hue_dti.services.approved import approved_values
from hue_dti.services.enter import locked
from hue_dti.services.errand import set_in_force
from hue_dti.services.hosts import admission_of, host_in, line_of
from hue_dti.services.review_lock import Locks, sender_of
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree

WAYS = ("sổ ", "văn bản trong minh chứng")
"""How the records of registers and evidence begin; a figure typed into its own cell begins otherwise, and stays."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where figures are counted: the unit and those above it, the unit whose quarter it is, its set, the period."""

    line: tuple[OrgUnit, ...]
    host: OrgUnit
    criteria_set: CriteriaSet
    period: Period

    @property
    def unit(self) -> OrgUnit:
        return self.line[0]

    @property
    def cutoff(self) -> date:
        """The last day that counts."""
        return self.criteria_set.calendar.cutoff(self.period)

    def days(self, catalogue: Catalogue, measure: str) -> Window:
        """The days whose events count for the measure."""
        return catalogue.measures[measure].days(self.criteria_set.calendar, self.period)

    @property
    def sender(self) -> str:
        """The unit that sends the figures to review."""
        return sender_of(self.line, self.host).code

    @property
    def matters(self) -> tuple[str, str]:
        """What pulls of the quarter and reviews of its figures are alone at."""
        return admission_of(self.host.code, self.period), f"review {self.sender} {self.period}"


@dataclass(frozen=True, slots=True)
class Count:
    """What a register tells of a measure; None where it tells that there is nothing, with the reason."""

    measure: str
    value: int | None
    place: str
    reason: str = ""


def ground_of(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period) -> Ground | None:
    """Where the unit's figures of the period belong; None where no set scores it."""
    line = line_of(storage.units(), unit.code, period.end)
    host = host_in(catalogue, line, period.end)
    if host is None:
        return None
    return Ground(line, host, set_in_force(catalogue, host, period), period)


def standing(storage: Storage, ground: Ground) -> Mapping[str, Observation]:
    """The unit's current figures by measure."""
    return {each.measure: each for each in storage.observations([ground.unit.code], ground.period)}


def counted(
    storage: Storage, catalogue: Catalogue, ground: Ground, counts: Sequence[Count], record: RawAnswer, instead: bool = False
) -> tuple[Observation, ...]:
    """The counts as the gate lets them in. What a table of the office told stays unless they are to stand `instead` of it; approved base
    figures always stay, and so does what a closed quarter or review keeps closed, as EntryRefused says where it was to be replaced.
    """
    current, today = standing(storage, ground), record.fetched_at.astimezone(LOCAL).date()
    case = storage.reviews.case(ground.sender, str(ground.period))
    locks = Locks(storage, catalogue, ground.line, ground.host, ground.period, case)
    approved = approved_values(storage, build_tree(storage.units(), ground.cutoff, ground.unit.code), catalogue, ground.period)
    readings = []
    for count in counts:
        measure, now = catalogue.measures[count.measure], current.get(count.measure)
        if ground.unit.level not in measure.levels or locked(catalogue, measure, now, (ground.unit.code, count.measure) in approved):
            continue
        if not _gives_way(now, count, instead):
            continue
        why = locks.why(count.measure, now, today)
        if why and instead:
            raise EntryRefused(why)
        if not why:
            readings.append(_reading(ground, count, record))
    asked = {reading.measure for reading in readings}
    ours = {code: replace(measure, source=ENTERED) if code in asked else measure for code, measure in catalogue.measures.items()}
    told, answers = replace(catalogue, measures=ours), {record.sha256: record}
    gate = Gatekeeper(told, ENTERED, ground.period, ground.cutoff, lambda _: ground.unit, current.values(), answers, (), None, approved)
    admitted = gate.admit(Pulled(tuple(readings)))
    return tuple(each for each in admitted.observations if each.measure in asked)


def _reading(ground: Ground, count: Count, record: RawAnswer) -> Reading:
    state = State.REPORTED if count.value is not None else State.MISSING
    return Reading(ground.unit.code, count.measure, count.value, ground.cutoff, record.sha256, count.place, state, count.reason)


def _gives_way(now: Observation | None, count: Count, instead: bool) -> bool:
    """Whether the figure that stands there may be replaced: nothing, what was told the same way, or by the person's own wish."""
    if now is None or now.value is None:
        return count.value is not None
    return (instead and count.value is not None) or (now.origin.source == ENTERED and now.origin.request.startswith(WAYS))
