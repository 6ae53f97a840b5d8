"""Try a source for whoever asks on the board: what it told is kept for a day to be looked at, and no figure with it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from hue_dti.catalogue.model import Catalogue
from hue_dti.observations.model import RawAnswer, Reading
from hue_dti.periods import Period
from hue_dti.services.run_now import Asked, Progress, SourceCall, Stage
from hue_dti.services.source_model import SourceSettings
from hue_dti.services.try_source import Trial, try_source
from hue_dti.storage import KeptTrial, Storage
from hue_dti.trail.model import Event
from hue_dti.units.model import OrgUnit

ANSWERS_KEPT, FIGURES_KEPT, FAULTS_KEPT = 5, 300, 100
LARGEST_ANSWER = 300_000
"""Bytes of an answer that is kept to be shown."""


def try_and_keep(
    storage: Storage,
    catalogue: Catalogue,
    code: str,
    source: SourceSettings | None,
    unit: OrgUnit,
    period: Period,
    now: Callable[[], datetime],
) -> None:
    """Ask the source without storing a figure, and keep what it told for the board."""
    trial = try_source(storage, catalogue, code, source, unit, period, now)
    storage.board.keep_trial(unit.code, period, code, told(trial), now())


def ask_trial(storage: Storage, call: SourceCall, trail: Sequence[Event] = ()) -> Asked:
    """Queue the trial, unless it waits or runs already."""
    kept = storage.board.trial(call.unit, call.period, call.source)
    queued = storage.board.queue_once(call.deferred, trail)
    return Asked(queued.number, _stamp(kept), queued.before)


def trial_progress(storage: Storage, call: SourceCall, asked: Asked) -> tuple[Progress, KeptTrial | None]:
    """How far the trial has come, and what it told once it is done."""
    if storage.board.is_foreign(asked.job, call.deferred):
        return Progress(Stage.FOREIGN, None, (), storage.board.workers()), None
    status = storage.board.job_status(asked.job)
    kept = storage.board.trial(call.unit, call.period, call.source)
    workers = storage.board.workers()
    if kept is not None and _stamp(kept) != asked.after:
        return Progress(Stage.DONE, None, (), workers), kept
    stage = {"todo": Stage.QUEUED, "doing": Stage.RUNNING, "failed": Stage.BROKEN}.get(status or "", Stage.GONE)
    return Progress(stage, None, (), workers), None


def told(trial: Trial) -> dict[str, Any]:
    """A trial as JSON: answers with their bytes, figures with what would become of each, faults; each list cut, with its whole length."""
    readings = trial.pulled.readings if trial.pulled else ()
    faults = tuple(dict.fromkeys(trial.admission.faults)) if trial.admission else ()
    stored = {(each.origin.raw_sha256, each.origin.place, each.measure) for each in trial.admission.fresh} if trial.admission else set()
    why = {fault.place: fault.what for fault in faults}
    return {
        "failure": _plain(trial.failure),
        "answers": [_answer(each) for each in trial.answers[:ANSWERS_KEPT]],
        "answered": len(trial.answers),
        "figures": [_figure(each, stored, why) for each in readings[:FIGURES_KEPT]],
        "read": len(readings),
        "to_store": len(stored),
        "faults": [{"place": _plain(each.place), "what": _plain(each.what)} for each in faults[:FAULTS_KEPT]],
        "faulty": len(faults),
        "documents": len((trial.pulled.documents if trial.pulled else None) or ()),
    }


def _answer(answer: RawAnswer) -> dict[str, Any]:
    kept = len(answer.body) <= LARGEST_ANSWER
    return {
        "request": _plain(answer.request),
        "status": answer.status,
        "content_type": _plain(answer.content_type),
        "bytes": len(answer.body),
        "sha256": answer.sha256,
        "body": b64encode(answer.body).decode("ascii") if kept else None,
    }


def _figure(reading: Reading, stored: set[tuple[str, str, str]], why: dict[str, str]) -> dict[str, Any]:
    passes = (reading.raw_sha256, reading.place, reading.measure) in stored
    return {
        "unit": _plain(reading.unit),
        "measure": reading.measure,
        "value": reading.value,
        "as_of": reading.as_of.isoformat(),
        "place": _plain(reading.place),
        "refused": "" if passes else _plain(why.get(reading.place, "không qua kiểm tra")),
    }


def _stamp(kept: KeptTrial | None) -> int:
    """Tells one trial of a source from the next."""
    return 0 if kept is None else int(kept.tried_at.timestamp() * 1_000_000)


def _plain(text: str) -> str:
    """The text without what a database's JSON cannot hold."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text)
