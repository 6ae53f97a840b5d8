"""Pull a quarter's figures: ask every source, keep its answers, let what is sound through the gate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import HueDtiError, SettingError
from hue_dti.numerals import format_count
from hue_dti.observations.intake import NOT_GIVEN, Admission, carried_over
from hue_dti.observations.model import ListedArticle, Observation, Pulled, SourceFault, State
from hue_dti.observations.opinions import beside
from hue_dti.observations.remembering import RememberingStore, placed
from hue_dti.observations.replay import ReplayingStore
from hue_dti.observations.standing import beside_typed, typed_values
from hue_dti.periods import Period
from hue_dti.services.approved import approved_values
from hue_dti.services.asking import Asking, OpenRuns
from hue_dti.services.errand import Errand, errand_for, resolver
from hue_dti.services.source_model import SourceSettings
from hue_dti.storage import Storage
from hue_dti.trail.model import Event
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import NameIndex

SOURCES_AT_ONCE = 4
STOPPED = "bị dừng giữa chừng; hãy lấy lại"
NOT_THERE = "đọc lại câu trả lời đã lưu thì không có số này"


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
    """What a connector brought in a run (None with the reason when it failed), and the answers it read.

    Not `whole` is what a person handed in: of what it does not tell nobody was asked.
    """

    run: int
    store: RememberingStore | ReplayingStore
    pulled: Pulled | None
    failure: str
    whole: bool = True
    trail: tuple[Event, ...] = ()


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
        """Let in what one source brought; figures of a unit and period are weighed and stored by one at a time."""
        with self.storage.alone(f"admit {self.errand.unit.code} {self.errand.period}"):
            return self._admit(code, source, asked, to_come)

    def _admit(self, code: str, source: SourceSettings | None, asked: Asked, to_come: Collection[str]) -> SourceOutcome:
        """Store what passes the gate; a source that failed leaves its earlier figures, marked as such where they are old.

        `to_come` are the sources of this run that are let in after this one.
        Answers read again replace what was read from them before: a figure that is not in them any more is missing.
        """
        errand = self.errand
        current, before = _unread(self.storage.observations([unit.code for unit in errand.tree.units], errand.period), code, asked.store)
        opinions, told = _unread(self._opinions(code), code, asked.store)
        if asked.pulled is None or source is None:
            old, others = (
                tuple(carried_over(known, catalogue, code, errand.cutoff, asked.failure))
                for known, catalogue in ((current, errand.catalogue), (opinions, beside(errand.catalogue, code)))
            )
            return self._finish(code, source, asked, "failed", asked.failure, Admission(old, (), (), others))
        names = NameIndex(errand.tree.units)
        resolve = resolver(names, errand.tree, self.storage.confirmed_names(code), source)
        typed, by_machine = typed_values(current) if asked.whole else {}, errand.catalogue.sources[code].entry == "connector"
        standing = self.approved if by_machine else {**typed, **self.approved}
        admitted = errand.weigh(code, source, asked.pulled, current, asked.store.answers, resolve, to_come, opinions, standing)
        admitted = beside_typed(admitted, typed, by_machine) if asked.whole else without_untold(admitted)
        admission = replace(
            admitted,
            observations=(*admitted.observations, *_gone(before, admitted.observations)),
            second=(*admitted.second, *_gone(told, admitted.second)),
        )
        for printed in admission.unknown_names:
            suggested = names.suggest(printed)
            self.storage.note_unknown_name(code, printed, suggested[0] if suggested else None, errand.now(), asked.run)
        reason = f"{format_count(len(admission.faults))} dòng không dùng được" if admission.faults else ""
        return self._finish(code, source, asked, "partial" if admission.faults else "ok", reason, admission)

    def _opinions(self, code: str) -> list[Observation]:
        """What this source told where another one counts."""
        told = self.storage.second_opinions([unit.code for unit in self.errand.tree.units], self.errand.period)
        return [each for each in told if each.origin.source == code]

    def _finish(
        self, code: str, source: SourceSettings | None, asked: Asked, outcome: str, reason: str, admission: Admission
    ) -> SourceOutcome:
        """Store all of the run in one piece, so that one that is cut off has changed nothing."""
        requests, faults, at = asked.store.requests, placed(asked.store.answers, admission.faults), self.errand.now()
        pulled = asked.pulled or Pulled(())
        fresh, listed = admission.fresh if asked.pulled is not None else (), _from_answers(pulled.articles, asked.store)
        came = admission.observations, pulled.documents, admission.second, listed
        self.storage.finish_pull(asked.run, outcome, reason, requests, len(fresh), faults, at, *came, asked.trail)
        self.runs.done(asked.run)
        if outcome == "failed" and source is not None and not source.lacks and not isinstance(asked.store, ReplayingStore):
            self.storage.circuits.failed(code, at)
        oldest = min((each.as_of for each in fresh), default=None)
        name, owner = self.errand.catalogue.sources[code].name, source.owner if source else ""
        return SourceOutcome(code, name, outcome, reason, requests, len(fresh), oldest, faults, owner)


def without_untold(admission: Admission) -> Admission:
    """An admission without the figures that are only carried over because nothing was said of them."""
    kept, others = (
        tuple(each for each in figures if not (each.state is State.CARRIED_OVER and each.reason == NOT_GIVEN))
        for figures in (admission.observations, admission.second)
    )
    return replace(admission, observations=kept, second=others)


def _from_answers(articles: Iterable[ListedArticle], store: RememberingStore | ReplayingStore) -> tuple[ListedArticle, ...]:
    """The articles, each with its raw answer only where that is one of this pull's."""
    return tuple(each if each.raw_sha256 in store.answers else replace(each, raw_sha256="") for each in articles)


def _unread(
    known: Sequence[Observation], code: str, store: RememberingStore | ReplayingStore
) -> tuple[list[Observation], list[Observation]]:
    """What is known, without what was read from the answers that are now read again, and that."""
    if not isinstance(store, ReplayingStore):
        return list(known), []
    before = [each for each in known if each.origin.source == code and each.origin.raw_sha256 in store.hashes]
    return [each for each in known if each not in before], before


def _gone(before: Sequence[Observation], now: Sequence[Observation]) -> Iterator[Observation]:
    """What was read from the same answers before and is not in them any more."""
    told = {(each.unit, each.measure) for each in now}
    for each in before:
        if each.value is not None and (each.unit, each.measure) not in told:
            yield replace(each, value=None, state=State.MISSING, reason=NOT_THERE)
