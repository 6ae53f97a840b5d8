"""Several sources asked at once by threads that nobody has to wait for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Asking(Generic[T]):
    """Runs the jobs, `at_once` of them at a time; left early, it starts no more and waits for none.

    A single job is done by whoever wants its answer: that thread may have a connection to the source from the last time. The others
    are daemons, since one that reads an answer which only drips cannot be ended, and must not keep the process alive. An answer to
    `hurry` about is looked at before whoever brought it goes on.
    """

    def __init__(self, jobs: Mapping[str, Callable[[], T]], at_once: int, hurry: Callable[[T], bool] = lambda answer: False) -> None:
        self._hurry = hurry
        self._looked_at = {name: threading.Event() for name in jobs}
        self._answers: dict[str, Future[T]] = {name: Future() for name in jobs}
        self._queue: SimpleQueue[tuple[str, Callable[[], T]]] = SimpleQueue()
        self._come: SimpleQueue[str] = SimpleQueue()
        self._cancelled: set[str] = set()
        for name, job in jobs.items():
            self._queue.put((name, job))
        for _ in range(min(at_once, len(jobs)) if len(jobs) > 1 else 0):
            threading.Thread(target=self._work, daemon=True).start()

    def answer(self, name: str) -> T:
        """The job's answer, once it is there."""
        if len(self._answers) == 1:
            self._work()
        return self._answers[name].result()

    def groups(self, most: int, within_s: float) -> Iterator[list[tuple[str, T]]]:
        """Every answer with its job's name, as they come: up to `most` together that come within so many seconds of the first of them."""
        if len(self._answers) == 1:
            self._work()
        given = 0
        while given < len(self._answers) - len(self._cancelled):
            group, until = [self._next(None)], time.monotonic() + within_s
            while len(group) < most and given + len(group) < len(self._answers) - len(self._cancelled) and not self._hurry(group[-1][1]):
                try:
                    group.append(self._next(max(0.0, until - time.monotonic())))
                except Empty:
                    break
            given += len(group)
            yield group
            for name, _ in group:
                self._looked_at[name].set()

    def cancel(self) -> tuple[str, ...]:
        """Start none of the jobs that are still in the queue; those."""
        self._cancelled |= {name for name, answer in self._answers.items() if answer.cancel()}
        for looked_at in self._looked_at.values():
            looked_at.set()
        return tuple(name for name in self._answers if name in self._cancelled)

    def _next(self, patience_s: float | None) -> tuple[str, T]:
        name = self._come.get(timeout=patience_s)
        return name, self._answers[name].result()

    def _work(self) -> None:
        while True:
            try:
                name, job = self._queue.get_nowait()
            except Empty:
                return
            answer = self._answers[name]
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(job())
                except BaseException as fault:  # whoever waits for the answer is told
                    answer.set_exception(fault)
                self._come.put(name)
                if len(self._answers) > 1 and answer.exception() is None and self._hurry(answer.result()):
                    self._looked_at[name].wait()


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
