"""The worker: takes jobs out of the queue and calls them by name, takes back those of workers that died."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job
from procrastinate.worker import Worker

from hue_dti.errors import MailUnsent, StorageError
from hue_dti.storage.facade import Storage
from hue_dti.storage.queue import QUEUE

SPARE_THREADS = 4
"""For what is not a job, such as looking up the database's name."""

_LOG = logging.getLogger(__name__)

_TAKE_BACK = """
    WITH stalled AS (
        SELECT job.id, job.attempts FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
        WHERE job.status = 'doing' AND job.queue_name = %(queue)s
          AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(stall_s)s))
        FOR UPDATE OF job SKIP LOCKED)
    SELECT id, CASE WHEN attempts < %(most)s THEN procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)
                    ELSE procrastinate_finish_job_v1(id, 'failed', false) END AS done FROM stalled"""

_WAITING = """
    SELECT id FROM procrastinate_jobs AS waiting
    WHERE status = 'todo' AND queue_name = %(queue)s AND coalesce(scheduled_at, now()) <= now() AND NOT EXISTS (
        SELECT FROM procrastinate_jobs AS other WHERE other.lock = waiting.lock AND (other.status = 'doing' OR other.status = 'todo'
            AND (other.priority > waiting.priority OR other.priority = waiting.priority AND other.id < waiting.id)))
    LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly a dead worker is noticed and how long a living one may take to leave; seconds, but for counts.

    The mail server is waited for four times longer after each attempt: 1 minute, 4, 16, 64, and 4 hours.
    """

    heartbeat_s: float = 2
    stall_s: float = 10
    look_for_stalled_s: float = 1
    poll_s: float = 2
    grace_s: float = 10
    jobs_at_once: int = 2
    most_attempts: int = 5
    wait_after_fault_s: int = 5
    wait_for_the_mail_s: int = 60
    reconnect_s: float = 2


def work(
    storage: Storage,
    jobs: Mapping[str, Callable[..., None]],
    pace: Pace | None = None,
    until_empty: bool = False,
    abandon: Callable[[], None] = lambda: None,
) -> None:
    """Work off the queue until a signal says stop, or, with `until_empty`, until nothing is left that may be done now.

    Jobs that failed because the database or the mail server was away come again after a while, and those whose source rests once it has
    rested; others stay in the queue as failed. `abandon` is called when a job still runs at the end of the grace; it should end the
    process at once: another worker takes the job back.
    Raises StorageError, with `until_empty`, when the queue cannot be reached.
    """
    asyncio.run(_Shift(storage, jobs, pace or Pace()).run(until_empty, abandon))


class _Again(BaseRetryStrategy):
    """A job comes again after a fault of the database or the mail server, and when the source it asks has rested; other faults it keeps."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, StorageError) and job.attempts < self._pace.most_attempts:
            return RetryDecision(retry_in={"seconds": self._pace.wait_after_fault_s})
        if isinstance(exception, MailUnsent) and job.attempts < self._pace.most_attempts:
            return RetryDecision(retry_in={"seconds": self._pace.wait_for_the_mail_s * 4**job.attempts})
        return None


class _Shift:
    """One worker's time at work, over as many connections as that takes."""

    def __init__(self, storage: Storage, jobs: Mapping[str, Callable[..., None]], pace: Pace) -> None:
        self._address, self._jobs, self._pace = storage.address, jobs, pace
        self._told_to_stop = asyncio.Event()
        self._worker: Worker | None = None

    async def run(self, until_empty: bool, abandon: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(self._pace.jobs_at_once + SPARE_THREADS))  # by itself it has few on a small machine
        for number in () if until_empty else (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._stop)
        while not self._told_to_stop.is_set():
            try:
                working = asyncio.ensure_future(self._work(until_empty))
                stopping = asyncio.ensure_future(self._told_to_stop.wait())
                await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
                done, _ = await asyncio.wait({working}, timeout=self._pace.grace_s)
                stopping.cancel()
                if not done:
                    abandon()
                await working
            except (ConnectorException, psycopg.Error) as fault:
                if until_empty:
                    raise StorageError(f"Không làm việc được với hàng đợi ({fault}); hãy chạy: hue-dti doctor") from fault
                _LOG.warning("the queue cannot be reached, trying again: %s", fault.__cause__ or fault)
            if until_empty:
                return
            await self._pause(self._pace.reconnect_s)

    def _stop(self) -> None:
        self._told_to_stop.set()
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call]

    async def _pause(self, seconds: float) -> None:
        with_end = asyncio.ensure_future(self._told_to_stop.wait())
        await asyncio.wait({with_end}, timeout=seconds)
        with_end.cancel()

    async def _work(self, until_empty: bool) -> None:
        app = self._app()
        async with app.open_async():
            await self._take_back(app)
            looking = asyncio.create_task(self._keep_taking_back(app))
            try:
                await self._serve(app, until_empty)
                while until_empty and await self._has_work(app):  # what came while the last job ran
                    await self._serve(app, until_empty)
            finally:
                looking.cancel()
                self._worker = None

    async def _serve(self, app: App, until_empty: bool) -> None:
        pace = self._pace
        self._worker = Worker(
            app,
            queues=[QUEUE],
            wait=not until_empty,
            concurrency=pace.jobs_at_once,
            fetch_job_polling_interval=pace.poll_s,
            install_signal_handlers=False,
            update_heartbeat_interval=pace.heartbeat_s,
            stalled_worker_timeout=pace.stall_s,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
        )
        if not self._told_to_stop.is_set():  # run() forgets what it was told before
            await self._worker.run()  # type: ignore[no-untyped-call]

    def _app(self) -> App:
        most = self._pace.jobs_at_once + 4
        quick = {"options": "-c synchronous_commit=off"}  # the queue's own notes: a fall of the machine at worst has a job done again
        connector = PsycopgConnector(conninfo=self._address, min_size=1, max_size=most, timeout=10, reconnect_timeout=5, kwargs=quick)
        app = App(connector=connector)
        again = _Again(self._pace)
        for name, job in self._jobs.items():
            app.task(name=name, queue=QUEUE, retry=again)(job)
        return app

    async def _keep_taking_back(self, app: App) -> None:
        while True:
            await asyncio.sleep(self._pace.look_for_stalled_s)
            try:
                await self._take_back(app)
            except ConnectorException as fault:  # the worker's own heartbeat meets it too, and ends this connection
                _LOG.warning("stalled jobs cannot be looked for: %s", fault.__cause__ or fault)

    async def _has_work(self, app: App) -> bool:
        return bool(await app.connector.execute_query_all_async(_WAITING, queue=QUEUE))

    async def _take_back(self, app: App) -> None:
        """Put the jobs of workers without a heartbeat back into the queue, in one statement so that two workers never do it both.

        A job that has cost its worker's life too often is given up as failed.
        """
        arguments = {"queue": QUEUE, "stall_s": self._pace.stall_s, "most": self._pace.most_attempts}
        for row in await app.connector.execute_query_all_async(_TAKE_BACK, **arguments):
            _LOG.warning("job %s was left by a worker that died", row["id"])
