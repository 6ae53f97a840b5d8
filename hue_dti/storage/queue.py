"""The job queue, Procrastinate's tables in the same database: what to do is put in by name, in the caller's own transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import psycopg
from procrastinate import SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import Connection, text

from hue_dti.errors import StorageError
from hue_dti.storage.engine import driver

QUEUE = "hue_dti"


@dataclass(frozen=True, slots=True)
class Deferred:
    """A job to do: the name it is installed under in the entry-point group `hue_dti.jobs`, and its arguments."""

    job: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, str] = field(default_factory=dict)
    """Arguments that make no other job of it."""

    priority: int = 0
    """Of those that wait the highest is done first."""

    at: datetime | None = None
    """Not before this moment, an aware one."""

    @property
    def lock(self) -> str:
        """The same job with the same arguments never runs twice at a time."""
        return f"{self.job} {json.dumps(dict(self.arguments), sort_keys=True, ensure_ascii=False)}"


def defer(connection: Connection, jobs: Iterable[Deferred]) -> None:
    """Queue the jobs; they are there once the caller's transaction commits, and never when it rolls back."""
    waiting = [
        Job(
            id=None,
            queue=QUEUE,
            lock=each.lock,
            queueing_lock=None,
            task_name=each.job,
            task_kwargs={name: str(value) for name, value in {**each.arguments, **each.apart}.items()},
            priority=each.priority,
            scheduled_at=each.at,
        )
        for each in jobs
    ]
    if not waiting:
        return
    try:
        JobManager(_OnThisConnection()).batch_defer_jobs(waiting, connection=driver(connection))
    except ConnectorException as fault:
        if isinstance(fault.__cause__, psycopg.Error):
            raise fault.__cause__ from fault
        raise


@dataclass(frozen=True, slots=True)
class Queued:
    """A job in the queue: its number, whether a worker has it in hand, and whether it was there before somebody asked for it."""

    number: int
    running: bool = False
    before: bool = False


def defer_once(connection: Connection, job: Deferred) -> Queued:
    """Queue the job unless the same one runs or waits for a worker; two who ask at once get the same one."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:lock, 0))"), {"lock": job.lock})
    (there,) = find(connection, [job])
    if there is not None:
        if not there.running:
            _take_over(connection, there.number, job)
        return there
    defer(connection, [job])
    (made,) = find(connection, [job])
    if made is None:
        raise StorageError(f"Không xếp được việc '{job.job}' vào hàng đợi; hãy chạy: hue-dti doctor")
    return replace(made, before=False)


def _take_over(connection: Connection, number: int, job: Deferred) -> None:
    """The job that waits is done as it is wanted now: no later, and with what makes no other job of it."""
    wanted = text("""
        UPDATE procrastinate_jobs SET priority = greatest(priority, :priority), args = args || cast(:apart AS jsonb)
        WHERE id = :id AND status = 'todo'""")
    connection.execute(wanted, {"id": number, "priority": job.priority, "apart": json.dumps(dict(job.apart))})


def find(connection: Connection, jobs: Iterable[Deferred]) -> tuple[Queued | None, ...]:
    """Each of the jobs as it waits for a worker or runs, the running one where both are there; None where it does neither.

    One that is to come again later is not waiting for a worker.
    """
    locks = [job.lock for job in jobs]
    asked = text("""
        SELECT lock, id, status = 'doing' AS running FROM procrastinate_jobs
        WHERE lock = ANY(:locks) AND queue_name = :queue
          AND (status = 'doing' OR status = 'todo' AND coalesce(scheduled_at, now()) <= now())
        ORDER BY status = 'doing', id DESC""")
    rows = connection.execute(asked, {"locks": locks, "queue": QUEUE})
    found = {row.lock: Queued(row.id, row.running, before=True) for row in rows}
    return tuple(found.get(lock) for lock in locks)


class _OnThisConnection(SyncPsycopgConnector):
    """Has no pool of its own: it only works on the connection it is handed."""

    def get_sync_connector(self) -> SyncPsycopgConnector:
        return self
