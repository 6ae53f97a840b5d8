"""Pull a quarter's figures: ask every source, keep its answers, let what is sound through the gate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime

from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.errors import HueDtiError, SettingError, SourceError, UnknownUnit
from hue_dti.observations.intake import Gatekeeper, RememberingStore
from hue_dti.observations.model import Pulled, PullRequest, SourceFault
from hue_dti.periods import Period
from hue_dti.services.sources import SourceSettings, find_connector
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit, Tree
from hue_dti.units.names import NameIndex
from hue_dti.units.tree import build_tree

SOURCES_AT_ONCE = 4


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
    wanted = [code for code in base_first(catalogue) if not only or code in only]
    for code in only:
        if code not in catalogue.sources:
            raise SettingError(f"Không có nguồn '{code}'; các nguồn: {', '.join(catalogue.sources)}.")
    tree = build_tree(storage.units(), criteria_set.calendar.cutoff(period), unit.code)
    outcomes: list[SourceOutcome] = []
    with ThreadPoolExecutor(SOURCES_AT_ONCE) as pool:
        asked = {code: pool.submit(_ask, storage, catalogue, criteria_set, sources.get(code), code, tree, period, now) for code in wanted}
        for code in wanted:
            outcome = _admit(storage, catalogue, code, tree, period, asked[code], now)
            outcomes.append(outcome)
            on_done(outcome)
    return tuple(outcomes)


def set_in_force(catalogue: Catalogue, unit: OrgUnit, period: Period) -> CriteriaSet:
    """The criteria set that scores the unit in the period."""
    found = catalogue.set_for(unit.level, period.end)
    if found is None:
        raise UnknownUnit(f"Chưa có bộ tiêu chí nào áp dụng cho {unit.name} trong {period.label}; hãy thêm tệp vào criteria/.")
    return found


def base_first(catalogue: Catalogue) -> list[str]:
    """Sources in an order that lets base figures in first, since parts are checked against their wholes."""
    with_base = {measure.source for measure in catalogue.measures.values() if measure.base}
    return sorted(catalogue.sources, key=lambda code: code not in with_base)


def _ask(
    storage: Storage,
    catalogue: Catalogue,
    criteria_set: CriteriaSet,
    source: SourceSettings | None,
    code: str,
    tree: Tree,
    period: Period,
    now: Callable[[], datetime],
) -> _Asked:
    run = storage.begin_pull(code, tree.units[0].code, period, now())
    store = RememberingStore(storage.raw_store(run).keep)
    if source is None:
        return _Asked(run, store, None, "chưa khai báo nguồn này trong tệp nguồn số liệu; hãy thêm rồi lấy lại")
    measures = [measure for measure in catalogue.measures.values() if measure.source == code]
    request = PullRequest(
        unit=tree.units[0],
        units=tree.units,
        period=period,
        calendar=criteria_set.calendar,
        cutoff=criteria_set.calendar.cutoff(period),
        windows={measure.code: measure.days(criteria_set.calendar, period) for measure in measures},
        settings=source.settings,
    )
    try:
        return _Asked(run, store, find_connector(source.connector, code).pull(request, store, now), "")
    except (SourceError, SettingError) as fault:
        return _Asked(run, store, None, str(fault))


def _admit(
    storage: Storage, catalogue: Catalogue, code: str, tree: Tree, period: Period, asking: Future[_Asked], now: Callable[[], datetime]
) -> SourceOutcome:
    asked = asking.result()
    name = catalogue.sources[code].name
    if asked.pulled is None:
        storage.finish_pull(asked.run, "failed", asked.failure, asked.store.requests, 0, (), now())
        return SourceOutcome(code, name, "failed", asked.failure, asked.store.requests, 0, None, ())
    names = NameIndex(tree.units)
    current = storage.observations([unit.code for unit in tree.units], period)
    known = {(each.unit, each.measure): each.value for each in current if each.value is not None}
    gate = Gatekeeper(catalogue, code, period, _resolver(names), known, asked.store.answers)
    admission = gate.admit(asked.pulled)
    stored = storage.save_observations(asked.run, list(admission.observations))
    if asked.pulled.documents:
        storage.save_documents(asked.run, tree.units[0].code, period, asked.pulled.documents)
    for printed in admission.unknown_names:
        suggested = names.suggest(printed)
        storage.note_unknown_name(code, printed, suggested[0] if suggested else None, now())
    outcome = "partial" if admission.faults else "ok"
    reason = f"{len(admission.faults)} dòng không dùng được" if admission.faults else ""
    storage.finish_pull(asked.run, outcome, reason, asked.store.requests, stored, admission.faults, now())
    oldest = min((each.as_of for each in admission.observations), default=None)
    return SourceOutcome(code, name, outcome, reason, asked.store.requests, stored, oldest, admission.faults)


def _resolver(names: NameIndex) -> Callable[[str], OrgUnit | None]:
    def resolve(printed: str) -> OrgUnit | None:
        try:
            return names.resolve(printed)
        except HueDtiError:
            return None

    return resolve
