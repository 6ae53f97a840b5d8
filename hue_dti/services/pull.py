"""Pull a quarter's figures: ask every source, keep its answers, let what is sound through the gate."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.errors import HueDtiError, NoSetInForce, SettingError, StorageError
from hue_dti.numerals import format_count
from hue_dti.observations.intake import Admission, Gatekeeper, RememberingStore, carried_over
from hue_dti.observations.model import Pulled, PullRequest, SourceFault
from hue_dti.periods import Period
from hue_dti.services.approved import standing_for
from hue_dti.services.asking import Asking, OpenRuns
from hue_dti.services.sources import SourceSettings, find_connector
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit, Tree
from hue_dti.units.names import NameIndex
from hue_dti.units.tree import build_tree

SOURCES_AT_ONCE = 4
STOPPED = "bị dừng giữa chừng; hãy lấy lại"

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
class _Asked:
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
    criteria_set = set_in_force(catalogue, unit, period)
    for code in only:
        if code not in catalogue.sources:
            raise SettingError(f"Không có nguồn '{code}'; các nguồn: {', '.join(catalogue.sources)}.")
    wanted = [code for code in base_first(catalogue) if not only or code in only]
    tree = build_tree(storage.units(), criteria_set.calendar.cutoff(period), unit.code)
    errand = _Errand(storage, catalogue, criteria_set, tree, period, now)
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


@dataclass(frozen=True, slots=True)
class _Errand:
    """What every source is asked and checked with."""

    storage: Storage
    catalogue: Catalogue
    criteria_set: CriteriaSet
    tree: Tree
    period: Period
    now: Callable[[], datetime]
    runs: OpenRuns = field(default_factory=OpenRuns)

    @property
    def unit(self) -> OrgUnit:
        return self.tree.units[0]

    @property
    def cutoff(self) -> date:
        return self.criteria_set.calendar.cutoff(self.period)

    def ask(self, code: str, source: SourceSettings | None) -> _Asked:
        """Let the source's connector bring what it can; whatever goes wrong is this source's alone."""
        run = self.runs.begin(lambda: self.storage.begin_pull(code, self.unit.code, self.period, self.now()))
        store = RememberingStore(self.storage.raw_store(run).keep)
        if source is None:
            return _Asked(run, store, None, "chưa khai báo nguồn này trong tệp nguồn số liệu; hãy thêm rồi lấy lại")
        try:
            return _Asked(run, store, find_connector(source.connector, code).pull(self._request(code, source), store, self.now), "")
        except StorageError:
            raise
        except HueDtiError as fault:
            return _Asked(run, store, None, str(fault))
        except Exception as fault:  # a province's own connector must not cost it the other sources
            _LOG.exception("connector %s of source %s failed", source.connector, code)
            reason = f"connector '{source.connector}' dừng vì lỗi ngoài dự kiến ({type(fault).__name__}); hãy báo người viết connector"
            return _Asked(run, store, None, reason)

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

    def admit(self, code: str, asked: _Asked, to_come: Collection[str]) -> SourceOutcome:
        """Store what passes the gate; a source that failed leaves its earlier figures, marked as such where they are old.

        `to_come` are the sources of this run that are let in after this one.
        """
        current = self.storage.observations([unit.code for unit in self.tree.units], self.period)
        if asked.pulled is None:
            old = tuple(carried_over(current, self.catalogue, code, self.cutoff, asked.failure))
            return self._finish(code, asked, "failed", asked.failure, Admission(old, (), ()))
        names = NameIndex(self.tree.units)
        standing = standing_for(
            self.storage.base.approved([unit.code for unit in self.tree.units], self.period.year), (), self.tree, self.catalogue
        )
        approved = {key: each.value for key, each in standing.items()}
        answers = asked.store.answers
        gate = Gatekeeper(self.catalogue, code, self.period, self.cutoff, _resolver(names), current, answers, to_come, approved)
        admission = gate.admit(asked.pulled)
        for printed in admission.unknown_names:
            suggested = names.suggest(printed)
            self.storage.note_unknown_name(code, printed, suggested[0] if suggested else None, self.now())
        reason = f"{format_count(len(admission.faults))} dòng không dùng được" if admission.faults else ""
        return self._finish(code, asked, "partial" if admission.faults else "ok", reason, admission)

    def _finish(self, code: str, asked: _Asked, outcome: str, reason: str, admission: Admission) -> SourceOutcome:
        """Store all of the run in one piece, so that one that is cut off has changed nothing."""
        requests, faults = asked.store.requests, admission.faults
        fresh, register = (admission.fresh, asked.pulled.documents) if asked.pulled is not None else ((), None)
        self.storage.finish_pull(asked.run, outcome, reason, requests, len(fresh), faults, self.now(), admission.observations, register)
        self.runs.done(asked.run)
        oldest = min((each.as_of for each in fresh), default=None)
        return SourceOutcome(code, self.catalogue.sources[code].name, outcome, reason, requests, len(fresh), oldest, faults)


def _resolver(names: NameIndex) -> Callable[[str], OrgUnit | None]:
    def resolve(printed: str) -> OrgUnit | None:
        try:
            return names.resolve(printed)
        except HueDtiError:
            return None

    return resolve
