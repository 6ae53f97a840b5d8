"""Pull a quarter's figures: ask every source, keep its answers, let what is sound through the gate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import HueDtiError, SettingError
from hue_dti.numerals import format_count
from hue_dti.observations.intake import Admission, RememberingStore, carried_over
from hue_dti.observations.model import ListedArticle, Pulled, SourceFault
from hue_dti.periods import Period
from hue_dti.services.asking import Asking, OpenRuns
from hue_dti.services.errand import Errand, errand_for
from hue_dti.services.source_model import SourceSettings
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import NameIndex

SOURCES_AT_ONCE = 4
STOPPED = "bị dừng giữa chừng; hãy lấy lại"


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """How one source's pull went: `ok`, `partial` (some readings refused) or `failed` with the reason."""

    source: str
    name: str
    outcome: str
    reason: str
    requests: int
    observations: int
    oldest: date | None
    faults: tuple[SourceFault, ...]
    owner: str = ""
    """Whom to tell."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking one source in the pull `run`; `pulled` is None, and `failure` says why, where nothing did."""

    run: int
    store: RememberingStore
    pulled: Pulled | None
    failure: str


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
    for code in only:
        if code not in catalogue.sources:
            raise SettingError(f"Không có nguồn '{code}'; các nguồn: {', '.join(catalogue.sources)}.")
    wanted = [code for code in base_first(catalogue) if not only or code in only]
    visit = Visit(storage, errand_for(storage, catalogue, unit, period, now))
    outcomes: list[SourceOutcome] = []
    asking = Asking({code: partial(visit.ask, code, sources.get(code)) for code in wanted}, SOURCES_AT_ONCE)
    try:
        for at, code in enumerate(wanted, start=1):
            outcome = visit.admit(code, sources.get(code), asking.answers[code].result(), wanted[at:])
            outcomes.append(outcome)
            on_done(outcome)
    except BaseException:
        asking.cancel()
        visit.stop()
        raise
    return tuple(outcomes)


def base_first(catalogue: Catalogue) -> list[str]:
    """Sources in an order that lets base figures in first, since parts are checked against their wholes."""
    with_base = {measure.source for measure in catalogue.measures.values() if measure.base}
    return sorted(catalogue.sources, key=lambda code: code not in with_base)


@dataclass(frozen=True, slots=True)
class Visit:
    """An errand whose answers, figures and faults are stored."""

    storage: Storage
    errand: Errand
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
        """Store what passes the gate; a source that failed leaves its earlier figures, marked as such where they are old.

        `to_come` are the sources of this run that are let in after this one.
        """
        errand = self.errand
        current = self.storage.observations([unit.code for unit in errand.tree.units], errand.period)
        if asked.pulled is None or source is None:
            old = tuple(carried_over(current, errand.catalogue, code, errand.cutoff, asked.failure))
            return self._finish(code, source, asked, "failed", asked.failure, Admission(old, (), ()))
        names = NameIndex(errand.tree.units)
        admission = self.kept_of(errand.weigh(code, source, asked.pulled, current, asked.store, names, to_come))
        for printed in admission.unknown_names:
            suggested = names.suggest(printed)
            self.storage.note_unknown_name(code, printed, suggested[0] if suggested else None, errand.now())
        reason = f"{format_count(len(admission.faults))} dòng không dùng được" if admission.faults else ""
        return self._finish(code, source, asked, "partial" if admission.faults else "ok", reason, admission)

    def kept_of(self, admission: Admission) -> Admission:
        """What of an admission is stored; all of it."""
        return admission

    def _finish(
        self, code: str, source: SourceSettings | None, asked: Asked, outcome: str, reason: str, admission: Admission
    ) -> SourceOutcome:
        """Store all of the run in one piece, so that one that is cut off has changed nothing."""
        requests, faults, at = asked.store.requests, admission.faults, self.errand.now()
        pulled = asked.pulled or Pulled(())
        fresh, listed = admission.fresh if asked.pulled is not None else (), _from_answers(pulled.articles, asked.store)
        came, register = admission.observations, pulled.documents
        self.storage.finish_pull(asked.run, outcome, reason, requests, len(fresh), faults, at, came, register, listed)
        self.runs.done(asked.run)
        oldest = min((each.as_of for each in fresh), default=None)
        name, owner = self.errand.catalogue.sources[code].name, source.owner if source else ""
        return SourceOutcome(code, name, outcome, reason, requests, len(fresh), oldest, faults, owner)


def _from_answers(articles: Iterable[ListedArticle], store: RememberingStore) -> tuple[ListedArticle, ...]:
    """The articles, each with its raw answer only where that is one of this pull's."""
    return tuple(each if each.raw_sha256 in store.answers else replace(each, raw_sha256="") for each in articles)
