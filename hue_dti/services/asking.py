"""Several sources asked at once by threads that nobody has to wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Asking(Generic[T]):
    """Runs the jobs, `at_once` of them at a time; left early, it starts no more and waits for none.

    A single job is done by whoever wants its answer: that thread may have a connection to the source from the last time. The others
    are daemons, since one that reads an answer which only drips cannot be ended, and must not keep the process alive.
    """

    def __init__(self, jobs: Mapping[str, Callable[[], T]], at_once: int) -> None:
        self._answers: dict[str, Future[T]] = {name: Future() for name in jobs}
        self._queue: SimpleQueue[tuple[Future[T], Callable[[], T]]] = SimpleQueue()
        for name, job in jobs.items():
            self._queue.put((self._answers[name], job))
        for _ in range(min(at_once, len(jobs)) if len(jobs) > 1 else 0):
            threading.Thread(target=self._work, daemon=True).start()

    def answer(self, name: str) -> T:
        """The job's answer, once it is there."""
        if len(self._answers) == 1:
            self._work()
        return self._answers[name].result()

    def cancel(self) -> None:
        """Start none of the jobs that are still in the queue."""
        for answer in self._answers.values():
            answer.cancel()

    def _work(self) -> None:
        while True:
            try:
                answer, job = self._queue.get_nowait()
            except Empty:
                return
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(job())
                except BaseException as fault:  # whoever waits for the answer is told
                    answer.set_exception(fault)


class OpenRuns:
    """The pulls begun and not finished, so that one that is stopped can finish them; safe in threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: set[int] = set()
        self._stopped = False

    def begin(self, begin: Callable[[], int]) -> int:
        """Open a pull; raise InterruptedError once all were stopped."""
        with self._lock:
            if self._stopped:
                raise InterruptedError
            run = begin()
            self._runs.add(run)
            return run

    def done(self, run: int) -> None:
        """The pull is finished."""
        with self._lock:
            self._runs.discard(run)

    def stop(self) -> tuple[int, ...]:
        """Let no more be opened; those that are."""
        with self._lock:
            self._stopped = True
            return tuple(sorted(self._runs))
