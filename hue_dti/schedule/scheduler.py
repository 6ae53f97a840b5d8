"""The process that watches the clock: exactly one leads, and it only queues; the table of runs is the truth."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import DatabaseUnreachable, HueDtiError
from hue_dti.periods import LOCAL
from hue_dti.schedule.clockwork import Clockwork
from hue_dti.schedule.due import next_due
from hue_dti.schedule.model import Entry
from hue_dti.storage import ScheduledRun
from hue_dti.storage.leader import Leadership

MATTER = "hue_dti.schedule"
LOOK_S = 1.0
"""How often one asks who leads, in seconds."""

SWEEP = timedelta(minutes=1)
"""How often the leader looks for what a moved clock or a lost connection left out."""

_LOG = logging.getLogger(__name__)


class Scheduler:
    """Stands by until nobody leads, then leads: makes up for what was missed, and calls what comes due."""

    def __init__(
        self,
        clockwork: Clockwork,
        leadership: Leadership,
        clock: Callable[[], datetime],
        say: Callable[[str], None] = lambda line: None,
        called: Callable[[ScheduledRun], None] = lambda run: None,
    ) -> None:
        self._clockwork, self._leadership, self._clock, self._say, self._called = clockwork, leadership, clock, say, called
        self._timer: BackgroundScheduler | None = None
        self._look_again_at: datetime | None = None

    def run(self, stop: Event) -> None:
        """Watch until `stop` is set; gives the lead up at the end."""
        try:
            while not stop.is_set():
                self.look()
                stop.wait(LOOK_S)
        finally:
            self._step_down()
            self._leadership.release()

    def look(self) -> bool:
        """One look at who leads and what was left out; returns whether we lead."""
        leads = self._leadership.held()
        if leads and self._timer is None:
            self._say("Tiến trình này giữ lịch chạy.")
            self._timer = self._started()
        elif not leads and self._timer is not None:
            self._say("Mất quyền giữ lịch chạy; chờ đến lượt.")
            self._step_down()
        now = self._clock()
        if leads and (self._look_again_at is None or now >= self._look_again_at or now < self._look_again_at - SWEEP):
            self._look_again_at = now + SWEEP
            for entry in self._clockwork.entries:
                self._call(entry)
        return leads

    def _started(self) -> BackgroundScheduler:
        timer = BackgroundScheduler(timezone=LOCAL)
        for entry in self._clockwork.entries:
            when = _Times(entry, self._clockwork.bench.catalogue)
            timer.add_job(partial(self._call, entry), when, id=entry.name, misfire_grace_time=None, coalesce=True)
        timer.start()
        return timer

    def _step_down(self) -> None:
        self._look_again_at = None
        if self._timer is not None:
            self._timer.shutdown(wait=True)
            self._timer = None

    def _call(self, entry: Entry) -> None:
        try:
            for run in self._clockwork.call_due(entry, self._clock()):
                self._called(run)
        except HueDtiError as fault:
            _LOG.warning("%s could not be called, trying again: %s", entry.name, fault)
            if isinstance(fault, DatabaseUnreachable):
                self._look_again_at = None


class _Times(BaseTrigger):  # type: ignore[misc]
    """An entry's due times, as the timer wants them."""

    def __init__(self, entry: Entry, catalogue: Catalogue) -> None:
        self._entry, self._catalogue = entry, catalogue

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        due = next_due(self._entry, self._catalogue, previous_fire_time or now)
        return None if due is None else due.at
