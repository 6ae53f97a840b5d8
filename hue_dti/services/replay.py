"""Read a quarter's stored answers again, after a connector was mended or a name was placed; no source is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import SourceError
from hue_dti.observations.replay import ReplayingStore
from hue_dti.periods import Period
from hue_dti.services.pull import Asked, Errand, SourceOutcome, sources_wanted
from hue_dti.services.sources import SourceSettings
from hue_dti.storage import PullRun, Storage
from hue_dti.units.model import OrgUnit


def replay_quarter(
    storage: Storage,
    catalogue: Catalogue,
    sources: Mapping[str, SourceSettings],
    unit: OrgUnit,
    period: Period,
    now: Callable[[], datetime],
    only: Collection[str] = (),
    on_done: Callable[[SourceOutcome], None] = lambda outcome: None,
) -> tuple[SourceOutcome, ...]:
    """Let the connectors read what each source's newest pull kept; figures keep their request, time and hash.

    A connector that still fails changes nothing. Raises SourceError when there is nothing to read again.
    """
    errand = Errand.to(storage, catalogue, unit, period, now)
    newest = {run.source: run for run in storage.last_pulls(unit.code, period)}
    outcomes = []
    for code in sources_wanted(catalogue, only):
        outcome = _again(errand, newest[code], sources.get(code)) if code in newest else None
        if outcome is not None:
            outcomes.append(outcome)
            on_done(outcome)
        elif only:
            raise SourceError(
                f"{catalogue.sources[code].name}: lần lấy mới nhất của {unit.name}, {period.label} không giữ câu trả lời nào để đọc lại; "
                f"hãy lấy số liệu: hue-dti pull --unit {unit.code} --period {period} --source {code}"
            )
    if not outcomes:
        raise SourceError(
            f"Chưa lưu câu trả lời nào cho {unit.name}, {period.label}; hãy lấy số liệu: hue-dti pull --unit {unit.code} --period {period}"
        )
    return tuple(outcomes)


def _again(errand: Errand, newest: PullRun, source: SourceSettings | None) -> SourceOutcome | None:
    """The outcome of one source; None when its newest pull kept no answer."""
    storage, code = errand.storage, newest.source
    asked = newest if newest.replays is None else storage.pull_run(newest.replays)
    answers = storage.answers_of(asked.id)
    if not answers:
        return None
    store, then = ReplayingStore(answers), answers[-1].fetched_at
    pulled, failure = errand.read(code, source, store, lambda: then)
    if pulled is None:
        return SourceOutcome(code, errand.catalogue.sources[code].name, "failed", failure, store.requests, 0, None, ())
    run = storage.begin_pull(code, errand.unit.code, errand.period, asked.started_at, replays=asked.id)
    return errand.admit(code, Asked(run, store, pulled, ""))
