"""Ask a source now: put the job into the queue unless it is there, and tell how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hue_dti.periods import Period
from hue_dti.storage import CameAnswer, Deferred, PullRun, Queued, Storage
from hue_dti.trail.model import Event

PULL, TRY = "pull_source", "try_source"
SOMEBODY_WAITS = 1
"""The priority of what a person asked for: before what the schedule queued, even where that waits for a source to have rested."""


class Stage(StrEnum):
    """How far a job that somebody asked for has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    BROKEN = "broken"  # it failed before it could tell an outcome
    GONE = "gone"  # nobody knows of it any more
    FOREIGN = "foreign"  # the number is that of something else


@dataclass(frozen=True, slots=True)
class SourceCall:
    """One source to be asked for one unit and period, for keeps (`pull_source`) or for a trial (`try_source`)."""

    unit: str
    period: Period
    source: str
    job: str = PULL

    @property
    def deferred(self) -> Deferred:
        """The job as it stands in the queue, the scheduled one included."""
        about = {"unit": self.unit, "period": str(self.period), "source": self.source}
        return Deferred(self.job, about, {"anyway": "1"} if self.job == PULL else {}, SOMEBODY_WAITS)


@dataclass(frozen=True, slots=True)
class Asked:
    """A job that somebody asked for: the queue's number, and the newest pull before it; `before` when it was in the queue already."""

    job: int
    after: int
    before: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come: the pull once it began, the answers that have come so far, and how many workers are alive."""

    stage: Stage
    run: PullRun | None
    answers: tuple[CameAnswer, ...]
    workers: int

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.stage in {Stage.DONE, Stage.BROKEN, Stage.GONE, Stage.FOREIGN}


def ask_now(storage: Storage, call: SourceCall, trail: Sequence[Event] = ()) -> Asked:
    """Queue the job; the one that waits or runs already is taken for it."""
    newest = storage.board.newest_run(call.source, call.unit, call.period)
    queued = storage.board.queue_once(call.deferred, trail)
    return Asked(queued.number, _before(newest, queued), queued.before)


def progress(storage: Storage, call: SourceCall, asked: Asked) -> Progress:
    """How far the job has come; the queue is read first, so that a job which ends meanwhile shows its pull."""
    if storage.board.is_foreign(asked.job, call.deferred):
        return Progress(Stage.FOREIGN, None, (), storage.board.workers())
    status = storage.board.job_status(asked.job)
    newest = storage.board.newest_run(call.source, call.unit, call.period)
    run = newest if newest is not None and newest.id > asked.after else None
    answers = storage.board.answers_of(run.id)[run.id] if run is not None else ()
    return Progress(_stage(status, run), run, answers, storage.board.workers())


def _before(newest: PullRun | None, queued: Queued) -> int:
    """The pull after which ours comes; a running job's own pull may have begun already."""
    if newest is None:
        return 0
    return newest.id - 1 if queued.running and newest.outcome is None else newest.id


def _stage(status: str | None, run: PullRun | None) -> Stage:
    if run is not None and run.outcome is not None:
        return Stage.DONE
    if status == "todo":
        return Stage.QUEUED
    if status == "doing":
        return Stage.RUNNING
    if status == "failed":
        return Stage.BROKEN
    return Stage.RUNNING if run is not None else Stage.GONE
