"""One source asked for many units: a few at a time, and what came is let in together; each unit's pull stays a pull of its own."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import DatabaseUnreachable, HueDtiError
from hue_dti.periods import Period
from hue_dti.services.approved import approved_for
from hue_dti.services.asking import Asking, OpenRuns
from hue_dti.services.errand import errands_for
from hue_dti.services.hosts import admission_of
from hue_dti.services.letting_in import Asked, Known, LetIn, SourceOutcome, counts_against, let_in
from hue_dti.services.pull import Visit, sources_wanted
from hue_dti.services.source_model import SourceSettings
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit

UNITS_AT_ONCE = 3
"""Of one source; a connector lets fewer through at a time, so that a call that must wait holds up no other."""

TOGETHER, WITHIN_S = 16, 0.3
"""So many answers, or those of so many seconds, are let in with one commit."""

NOT_LET_IN = "nhận số liệu dừng vì lỗi ngoài dự kiến; hãy xem nhật ký của tiến trình làm việc"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Come:
    """How the source did for each unit, and the units it was not asked for because it rests by now."""

    outcomes: Mapping[str, SourceOutcome]
    left: tuple[str, ...]


def pull_units(
    storage: Storage,
    catalogue: Catalogue,
    code: str,
    source: SourceSettings | None,
    units: Sequence[OrgUnit],
    period: Period,
    now: Callable[[], datetime],
    patient: bool = True,
) -> Come:
    """Ask the source for each unit's subtree and store what passes; a unit that fails costs only itself.

    A `patient` round ends once the source has failed so often running that it rests; one that failed last time is tried with one unit
    first.
    """
    sources_wanted(catalogue, [code])
    errands = errands_for(storage, catalogue, units, period, now)
    approved = approved_for(storage, [errand.tree for errand in errands], catalogue, period)
    runs = OpenRuns()
    visits = {errand.unit.code: Visit(storage, errand, mine, runs) for errand, mine in zip(errands, approved, strict=True)}
    turn = _Round(storage, code, source, period, visits, patient)
    try:
        return turn.run(list(visits))
    except BaseException:
        next(iter(visits.values())).stop()
        raise


@dataclass(frozen=True, slots=True)
class _Round:
    storage: Storage
    code: str
    source: SourceSettings | None
    period: Period
    visits: Mapping[str, Visit]
    patient: bool
    outcomes: dict[str, SourceOutcome] = field(default_factory=dict)

    def run(self, units: Sequence[str]) -> Come:
        first = 1 if len(units) > 1 and self.code in self.storage.circuits.failing() else len(units)
        left = self._ask(units[:first])
        if units[first:]:
            left = self._ask(units[first:]) if not self._rests() else tuple(units[first:])
        return Come(self.outcomes, left)

    def _ask(self, units: Sequence[str]) -> tuple[str, ...]:
        """Ask for these units and let in what comes; those left out because the source rests."""
        jobs = {unit: partial(self.visits[unit].ask, self.code, self.source) for unit in units}
        asking = Asking(jobs, UNITS_AT_ONCE, hurry=lambda asked: asked.pulled is None)
        left: tuple[str, ...] = ()
        try:
            for group in asking.groups(TOGETHER, WITHIN_S):
                self._let_in(group)
                if any(self.outcomes[unit].outcome == "failed" for unit, _ in group) and self._rests():
                    left = asking.cancel()
        except BaseException:
            asking.cancel()
            raise
        return left

    def _rests(self) -> bool:
        """Whether the source has failed so often running that it is left in peace."""
        if not self.patient:
            return False
        circuit = self.storage.circuits.failing().get(self.code)
        return circuit is not None and circuit.rests_until is not None and not circuit.trying

    def _let_in(self, group: Sequence[tuple[str, Asked]]) -> None:
        """Let in all of them at once; where that does not do, one by one."""
        try:
            come = self._together(group)
        except DatabaseUnreachable:
            raise
        except Exception as fault:  # one unit's answer must not cost the others theirs
            _LOG.warning("%s pulls of source %s are let in one by one: %s", len(group), self.code, type(fault).__name__)
            for unit, asked in group:
                self.outcomes[unit] = self._alone(unit, asked)
            return
        for (unit, asked), each in zip(group, come, strict=True):
            self.visits[unit].runs.done(asked.run)
            self.outcomes[unit] = each.outcome
            if counts_against(self.source, asked, each.outcome.outcome):
                self.storage.circuits.failed(self.code, each.ended.at)

    def _together(self, group: Sequence[tuple[str, Asked]]) -> list[LetIn]:
        trees = {unit: self.visits[unit].errand.tree.index for unit, _ in group}
        codes = {code for tree in trees.values() for code in tree}
        with self.storage.sitting([admission_of(unit, self.period) for unit in trees]) as sitting:
            current, opinions = sitting.observations(codes, self.period), sitting.second_opinions(codes, self.period)
            confirmed = sitting.confirmed_names(self.code)
            come = []
            for unit, asked in group:
                visit, tree = self.visits[unit], trees[unit]
                mine, beside = ([each for each in figures if each.unit in tree] for figures in (current, opinions))
                known = Known(mine, beside, confirmed, visit.approved)
                come.append(let_in(visit.errand, self.code, self.source, asked, known, visit.errand.now()))
            sitting.finish([each.ended for each in come])
        return come

    def _alone(self, unit: str, asked: Asked) -> SourceOutcome:
        visit = self.visits[unit]
        try:
            return visit.admit(self.code, self.source, asked, ())
        except DatabaseUnreachable:
            raise
        except Exception as fault:  # its message may repeat a secret, so only its kind and its lines are told
            lines = "".join(traceback.format_tb(fault.__traceback__))
            _LOG.error("unit %s of source %s is not let in: %s\n%s", unit, self.code, type(fault).__name__, lines)
            with suppress(HueDtiError):
                self.storage.finish_pull(asked.run, "failed", NOT_LET_IN, asked.store.requests, 0, (), visit.errand.now())
            visit.runs.done(asked.run)
            name = visit.errand.catalogue.sources[self.code].name
            return SourceOutcome(self.code, name, "failed", NOT_LET_IN, asked.store.requests, 0, None, ())
