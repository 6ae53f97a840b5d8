"""Pull a quarter's figures: ask every source, keep its answers, let what is sound through the gate."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.errors import HueDtiError, NoSetInForce, SettingError, StorageError
from hue_dti.numerals import format_count
from hue_dti.observations.intake import Admission, Gatekeeper, RememberingStore, carried_over
from hue_dti.observations.model import Observation, Pulled, PullRequest, RawStore, SourceFault, State
from hue_dti.observations.replay import ReplayingStore
from hue_dti.periods import Period
from hue_dti.services.asking import Asking, OpenRuns
from hue_dti.services.sources import SourceSettings, find_connector
from hue_dti.storage import ConfirmedName, Storage
from hue_dti.units.model import OrgUnit, Tree
from hue_dti.units.names import NameIndex, spelt_key
from hue_dti.units.tree import build_tree

SOURCES_AT_ONCE = 4
STOPPED = "bị dừng giữa chừng; hãy lấy lại"
NOT_THERE = "đọc lại câu trả lời đã lưu thì không có số này"

_LOG = logging.getLogger(__name__)


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a connector brought in a run (None with the reason when it failed), and the answers it read."""

    run: int
    store: RememberingStore | ReplayingStore
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
    errand = Errand.to(storage, catalogue, unit, period, now)
    wanted = sources_wanted(catalogue, only)
    outcomes: list[SourceOutcome] = []
    asking = Asking({code: partial(errand.ask, code, sources.get(code)) for code in wanted}, SOURCES_AT_ONCE)
    try:
        for at, code in enumerate(wanted, start=1):
            outcome = errand.admit(code, asking.answers[code].result(), wanted[at:])
            outcomes.append(outcome)
            on_done(outcome)
    except BaseException:
        asking.cancel()
        errand.stop()
        raise
    return tuple(outcomes)


def set_in_force(catalogue: Catalogue, unit: OrgUnit, period: Period) -> CriteriaSet:
    """The criteria set that scores the unit in the period; raise NoSetInForce when there is none."""
    found = catalogue.set_for(unit.level, period.end)
    if found is None:
        raise NoSetInForce(f"Chưa có bộ tiêu chí nào áp dụng cho {unit.name} trong {period.label}; hãy thêm tệp vào criteria/.")
    return found


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
class Errand:
    """What every source is asked and checked with."""

    storage: Storage
    catalogue: Catalogue
    criteria_set: CriteriaSet
    tree: Tree
    period: Period
    now: Callable[[], datetime]
    runs: OpenRuns = field(default_factory=OpenRuns)

    @classmethod
    def to(cls, storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period, now: Callable[[], datetime]) -> Errand:
        """The errand of a unit and period; UnknownUnit when no set is in force."""
        criteria_set = set_in_force(catalogue, unit, period)
        tree = build_tree(storage.units(), criteria_set.calendar.cutoff(period), unit.code)
        return cls(storage, catalogue, criteria_set, tree, period, now)

    @property
    def unit(self) -> OrgUnit:
        return self.tree.units[0]

    @property
    def cutoff(self) -> date:
        return self.criteria_set.calendar.cutoff(self.period)

    def ask(self, code: str, source: SourceSettings | None) -> Asked:
        """Let the source's connector bring what it can; whatever goes wrong is this source's alone."""
        run = self.runs.begin(lambda: self.storage.begin_pull(code, self.unit.code, self.period, self.now()))
        store = RememberingStore(self.storage.raw_store(run).keep)
        return Asked(run, store, *self.read(code, source, store, self.now))

    def read(self, code: str, source: SourceSettings | None, store: RawStore, clock: Callable[[], datetime]) -> tuple[Pulled | None, str]:
        """What the source's connector brings, or None and why it brings nothing."""
        if source is None:
            return None, "chưa khai báo nguồn này trong tệp nguồn số liệu; hãy thêm rồi lấy lại"
        try:
            return find_connector(source.connector, code).pull(self._request(code, source), store, clock), ""
        except StorageError:
            raise
        except HueDtiError as fault:
            return None, str(fault)
        except Exception as fault:  # a province's own connector must not cost it the other sources
            _LOG.exception("connector %s of source %s failed", source.connector, code)
            reason = f"connector '{source.connector}' dừng vì lỗi ngoài dự kiến ({type(fault).__name__}); hãy báo người viết connector"
            return None, reason

    def stop(self) -> None:
        """Finish what was begun as failed; when the database does not take it, the reason for stopping is the one to tell."""
        for run in self.runs.stop():
            with suppress(HueDtiError):
                self.storage.finish_pull(run, "failed", STOPPED, 0, 0, (), self.now())

    def _request(self, code: str, source: SourceSettings) -> PullRequest:
        calendar = self.criteria_set.calendar
        measures = [measure for measure in self.catalogue.measures.values() if measure.source == code]
        return PullRequest(
            unit=self.unit,
            units=self.tree.units,
            period=self.period,
            calendar=calendar,
            cutoff=self.cutoff,
            windows={measure.code: measure.days(calendar, self.period) for measure in measures},
            settings=source.settings,
        )

    def admit(self, code: str, asked: Asked, to_come: Collection[str]) -> SourceOutcome:
        """Store what passes the gate; a source that failed leaves its earlier figures, marked as such where they are old.

        `to_come` are the sources of this run that are let in after this one.
        Answers read again replace what was read from them before: a figure that is not in them any more is missing.
        """
        current = self.storage.observations([unit.code for unit in self.tree.units], self.period)
        before: list[Observation] = []
        if isinstance(asked.store, ReplayingStore):
            before = [each for each in current if each.origin.source == code and each.origin.raw_sha256 in asked.store.hashes]
            current = [each for each in current if each not in before]
        if asked.pulled is None:
            old = tuple(carried_over(current, self.catalogue, code, self.cutoff, asked.failure))
            return self._finish(code, asked, "failed", asked.failure, Admission(old, (), ()))
        names = NameIndex(self.tree.units)
        resolve = resolver(names, self.tree, self.storage.confirmed_names(code))
        gate = Gatekeeper(self.catalogue, code, self.period, self.cutoff, resolve, current, asked.store.answers, to_come)
        admitted = gate.admit(asked.pulled)
        admission = replace(admitted, observations=(*admitted.observations, *_gone(before, admitted)))
        for printed in admission.unknown_names:
            suggested = names.suggest(printed)
            self.storage.note_unknown_name(code, printed, suggested[0] if suggested else None, self.now(), asked.run)
        reason = f"{format_count(len(admission.faults))} dòng không dùng được" if admission.faults else ""
        return self._finish(code, asked, "partial" if admission.faults else "ok", reason, admission)

    def _finish(self, code: str, asked: Asked, outcome: str, reason: str, admission: Admission) -> SourceOutcome:
        """Store all of the run in one piece, so that one that is cut off has changed nothing."""
        requests, faults = asked.store.requests, admission.faults
        fresh, register = (admission.fresh, asked.pulled.documents) if asked.pulled is not None else ((), None)
        self.storage.finish_pull(asked.run, outcome, reason, requests, len(fresh), faults, self.now(), admission.observations, register)
        self.runs.done(asked.run)
        oldest = min((each.as_of for each in fresh), default=None)
        return SourceOutcome(code, self.catalogue.sources[code].name, outcome, reason, requests, len(fresh), oldest, faults)


def _gone(before: Sequence[Observation], admission: Admission) -> Iterator[Observation]:
    """What was read from the same answers before and is not in them any more."""
    told = {(each.unit, each.measure) for each in admission.observations}
    for each in before:
        if each.value is not None and (each.unit, each.measure) not in told:
            yield replace(each, value=None, state=State.MISSING, reason=NOT_THERE)


def resolver(names: NameIndex, tree: Tree, confirmed: Sequence[ConfirmedName]) -> Callable[[str], OrgUnit | None]:
    """Which unit a source means: what a person confirmed for this source comes before what the name itself says."""
    known = {
        spelt_key(each.name): tree.unit(each.code)
        for each in confirmed
        if each.code in tree.index and tree.unit(each.code).valid_from == each.valid_from
    }

    def resolve(printed: str) -> OrgUnit | None:
        if spelt_key(printed) in known:
            return known[spelt_key(printed)]
        try:
            return names.resolve(printed)
        except HueDtiError:
            return None

    return resolve
