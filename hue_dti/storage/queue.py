"""The job queue, Procrastinate's tables in the same database: what to do is put in by name, in the caller's own transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import psycopg
from procrastinate import SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import Connection

from hue_dti.storage.engine import driver

QUEUE = "hue_dti"


@dataclass(frozen=True, slots=True)
class Deferred:
    """A job to do: the name it is installed under in the entry-point group `hue_dti.jobs`, and its arguments."""

    job: str
    arguments: Mapping[str, str] = field(default_factory=dict)

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
            task_kwargs={name: str(value) for name, value in each.arguments.items()},
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


class _OnThisConnection(SyncPsycopgConnector):
    """Has no pool of its own: it only works on the connection it is handed."""

    def get_sync_connector(self) -> SyncPsycopgConnector:
        return self
