"""Pull a quarter's figures: ask every source, keep its answers, let what is sound through the gate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import HueDtiError, SettingError
from hue_dti.observations.remembering import RememberingStore
from hue_dti.periods import Period
from hue_dti.services.approved import approved_values
from hue_dti.services.asking import Asking, OpenRuns
from hue_dti.services.errand import Errand, errand_for
from hue_dti.services.hosts import admission_of
from hue_dti.services.letting_in import Asked, Known, SourceOutcome, counts_against, let_in
from hue_dti.services.source_model import SourceSettings
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit

SOURCES_AT_ONCE = 4
STOPPED = "bị dừng giữa chừng; hãy lấy lại"


def pull_quarter(
    storage: Storage,
    catalogue: Catalogue,
    sources: Mapping[str, SourceSettings],
    unit: OrgUnit,
    period: Period,
    now: Callable[[], datetime],
    only: Collection[str] = (),
    on_done: Callable[[SourceOutcome], None] = lambda outcome: None,
) -> tuple[SourceOutcome, ...]:
    """Ask the sources for a unit's subtree and store what passes; a dead source leaves its reason, never a zero."""
    wanted = sources_wanted(catalogue, only)
    visit = visit_for(storage, catalogue, unit, period, now)
    outcomes: list[SourceOutcome] = []
    asking = Asking({code: partial(visit.ask, code, sources.get(code)) for code in wanted}, SOURCES_AT_ONCE)
    try:
        for at, code in enumerate(wanted, start=1):
            outcome = visit.admit(code, sources.get(code), asking.answer(code), wanted[at:])
            outcomes.append(outcome)
            on_done(outcome)
    except BaseException:
        asking.cancel()
        visit.stop()
        raise
    return tuple(outcomes)


def visit_for(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period, now: Callable[[], datetime]) -> Visit:
    """A visit with the unit's errand and the base figures approved by now."""
    errand = errand_for(storage, catalogue, unit, period, now)
    return Visit(storage, errand, approved_values(storage, errand.tree, catalogue, period))


def base_first(catalogue: Catalogue) -> list[str]:
    """Sources in an order that lets base figures in first, since parts are checked against their wholes."""
    with_base = {measure.source for measure in catalogue.measures.values() if measure.base}
    return sorted(catalogue.sources, key=lambda code: code not in with_base)


def sources_wanted(catalogue: Catalogue, only: Collection[str]) -> list[str]:
    """The sources named, or all of them; those with base figures first. SettingError for a name nobody declared."""
    for code in only:
        if code not in catalogue.sources:
            raise SettingError(f"Không có nguồn '{code}'; các nguồn: {', '.join(catalogue.sources)}.")
    return [code for code in base_first(catalogue) if not only or code in only]


@dataclass(frozen=True, slots=True)
class Visit:
    """An errand whose answers, figures and faults are stored; `approved` are the approved base figures as it sets out."""

    storage: Storage
    errand: Errand
    approved: Mapping[tuple[str, str], int]
    runs: OpenRuns = field(default_factory=OpenRuns)

    def ask(self, code: str, source: SourceSettings | None) -> Asked:
        """Let the source's connector bring what it can."""
        errand = self.errand
        run = self.runs.begin(lambda: self.storage.begin_pull(code, errand.unit.code, errand.period, errand.now()))
        store = RememberingStore(self.storage.raw_store(run).keep)
        return Asked(run, store, *errand.bring(code, source, store))

    def stop(self) -> None:
        """Finish what was begun as failed; when the database does not take it, the reason for stopping is the one to tell."""
        for run in self.runs.stop():
            with suppress(HueDtiError):
                self.storage.finish_pull(run, "failed", STOPPED, 0, 0, (), self.errand.now())

    def admit(self, code: str, source: SourceSettings | None, asked: Asked, to_come: Collection[str]) -> SourceOutcome:
        """Let in what one source brought; figures of a unit and period are weighed and stored by one at a time.

        `to_come` are the sources of this run that are let in after this one.
        """
        errand, codes = self.errand, [unit.code for unit in self.errand.tree.units]
        with self.storage.sitting([admission_of(errand.unit.code, errand.period)]) as sitting:
            figures, opinions = sitting.observations(codes, errand.period), sitting.second_opinions(codes, errand.period)
            known = Known(figures, opinions, sitting.confirmed_names(code), self.approved)
            come = let_in(errand, code, source, asked, known, errand.now(), to_come)
            sitting.finish([come.ended])
        self.runs.done(asked.run)
        if counts_against(source, asked, come.outcome.outcome):
            self.storage.circuits.failed(code, come.ended.at)
        return come.outcome
