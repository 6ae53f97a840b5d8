"""Read a quarter's stored answers again, after a connector was mended or a name was placed; no source is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import SourceError
from hue_dti.observations.model import Pulled
from hue_dti.observations.replay import ReplayingStore
from hue_dti.periods import Period
from hue_dti.services.import_file import is_handed_in, read_again
from hue_dti.services.letting_in import Asked, SourceOutcome
from hue_dti.services.pull import Visit, sources_wanted, visit_for
from hue_dti.services.sources import SourceSettings
from hue_dti.storage import PullRun, Storage, Way
from hue_dti.units.model import OrgUnit

GOOD = ("ok", "partial")
ENDED = (*GOOD, "failed")
READABLE = (Way.ASKED, Way.FILE)


def replay_quarter(
    storage: Storage,
    catalogue: Catalogue,
    sources: Mapping[str, SourceSettings],
    unit: OrgUnit,
    period: Period,
    now: Callable[[], datetime],
    only: Collection[str] = (),
    on_done: Callable[[SourceOutcome], None] = lambda outcome: None,
    or_last_good: bool = False,
) -> tuple[SourceOutcome, ...]:
    """Let the connectors read what each source's newest ended pull kept; figures keep their request, time and hash.

    A connector that still fails changes nothing; with `or_last_good` the newest pull that did well is read instead, for its figures are
    those that stand. Raises SourceError when there is nothing to read again.
    """
    visit = visit_for(storage, catalogue, unit, period, now)
    newest = _newest(storage, unit.code, period)
    found = {code: _read(visit, newest[code], sources.get(code)) for code in sources_wanted(catalogue, only) if code in newest}
    if or_last_good:
        for run in storage.last_pulls(unit.code, period, GOOD, READABLE):
            first = found.get(run.source)
            if run.source in found and (first is None or first.pulled is None):
                newest[run.source], found[run.source] = run, _read(visit, run, sources.get(run.source))
    read = {code: each for code, each in found.items() if each is not None}
    unread = next((code for code in only if code not in read), "")
    if unread or not read:
        raise SourceError(_nothing_kept(catalogue, unit, period, unread))
    sound = [code for code, each in read.items() if each.pulled is not None]
    outcomes = []
    for code, each in read.items():
        outcome = (
            _admitted(visit, newest[code], each, sound[sound.index(code) + 1 :]) if each.pulled is not None else _failed(visit, code, each)
        )
        outcomes.append(outcome)
        on_done(outcome)
    return tuple(outcomes)


def _newest(storage: Storage, unit: str, period: Period) -> dict[str, PullRun]:
    """Each source's newest pull that ended, by source; a file that could not be read stands in the way of none."""
    asked, good = storage.last_pulls(unit, period, ENDED, (Way.ASKED,)), storage.last_pulls(unit, period, GOOD, READABLE)
    return {run.source: run for run in sorted((*asked, *good), key=lambda run: run.id)}


@dataclass(frozen=True, slots=True)
class _Read:
    """What a connector read in the kept answers of a pull, None with the reason when it failed."""

    source: SourceSettings | None
    asked: PullRun
    store: ReplayingStore
    pulled: Pulled | None
    failure: str
    whole: bool = True


def _read(visit: Visit, newest: PullRun, source: SourceSettings | None) -> _Read | None:
    """What one source's newest pull tells; None when it kept no answer."""
    asked = newest if newest.replays is None else visit.storage.pull_run(newest.replays)
    answers = visit.storage.answers_of(asked.id)
    if not answers:
        return None
    store, then = ReplayingStore(answers), answers[-1].fetched_at
    errand = replace(visit.errand, now=lambda: then)
    if source is not None and is_handed_in(answers[-1]):
        file = store.recorded(answers[-1].request)
        return _Read(source, asked, store, *read_again(errand, newest.source, source, file), whole=False)
    return _Read(source, asked, store, *errand.bring(newest.source, source, store))


def _admitted(visit: Visit, newest: PullRun, read: _Read, to_come: Sequence[str]) -> SourceOutcome:
    """Let in what was read, as a pull of its own that names the one whose answers they are."""
    asked = read.asked
    unit, period = visit.errand.unit, visit.errand.period
    run = visit.storage.begin_pull(newest.source, unit.code, period, asked.started_at, replays=asked.id, way=asked.way)
    return visit.admit(newest.source, read.source, Asked(run, read.store, read.pulled, "", read.whole), to_come)


def _failed(visit: Visit, code: str, read: _Read) -> SourceOutcome:
    name, owner = visit.errand.catalogue.sources[code].name, read.source.owner if read.source else ""
    return SourceOutcome(code, name, "failed", read.failure, read.store.requests, 0, None, (), owner)


def _nothing_kept(catalogue: Catalogue, unit: OrgUnit, period: Period, code: str) -> str:
    pull = f"hãy lấy số liệu: hue-dti pull --unit {unit.code} --period {period}"
    if not code:
        return f"Chưa lưu câu trả lời nào cho {unit.name}, {period.label}; {pull}"
    name = catalogue.sources[code].name
    return f"{name}: lần lấy mới nhất của {unit.name}, {period.label} không giữ câu trả lời nào để đọc lại; {pull} --source {code}"
