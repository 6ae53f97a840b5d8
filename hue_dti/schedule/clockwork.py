"""Call what is due, once: each due time is noted in the transaction that queues its jobs, so a second caller finds it done."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hue_dti.periods import LOCAL, Period
from hue_dti.schedule.due import missed, next_due, running_quarter
from hue_dti.schedule.model import Due, Entry
from hue_dti.services.hosts import own_hosts
from hue_dti.services.sources import sources_of
from hue_dti.services.workbench import Workbench
from hue_dti.storage import Deferred, ScheduledRun
from hue_dti.storage.schedule import CATCH_UP, FIRST_SEEN, ON_TIME
from hue_dti.units.model import OrgUnit

GRACE = timedelta(minutes=1)
"""A call later than this is marked as made up for (chạy bù)."""

UNITS_TOGETHER = 24
"""Few enough that a person who asks in between, or a worker that takes over from one that died, waits for little."""


@dataclass(frozen=True, slots=True)
class Clockwork:
    """The entries of a schedule over one installation; safe to run in any number of processes at once."""

    entries: tuple[Entry, ...]
    bench: Workbench

    def call_all_due(self, now: datetime) -> tuple[ScheduledRun, ...]:
        """Call every entry that is due and was not called; returns what this call did."""
        return tuple(run for entry in self.entries for run in self.call_due(entry, now))

    def call_due(self, entry: Entry, now: datetime) -> tuple[ScheduledRun, ...]:
        """Call the entry if it is due and was not called; an entry met for the first time is due from now on."""
        book = self.bench.storage.schedule
        last = book.counted_from(entry.name, now)
        if last is None:
            book.call(ScheduledRun(entry.name, now, FIRST_SEEN, now))
            return ()
        done = []
        for due in missed(entry, self.bench.catalogue, last, now):
            jobs = tuple(self.jobs_of(entry, due))
            run = ScheduledRun(entry.name, due.at, ON_TIME if now - due.at <= GRACE else CATCH_UP, now, len(jobs))
            if book.call(run, jobs):
                done.append(run)
        return tuple(done)

    def is_idle(self, entry: Entry, now: datetime) -> bool:
        """Whether the entry is for units of which none will exist when it is due next, so that it will do nothing."""
        due = next_due(entry, self.bench.catalogue, now)
        if entry.level is None or due is None:
            return False
        day = due.at.astimezone(LOCAL).date()
        return not self._there(entry, day)

    def jobs_of(self, entry: Entry, due: Due) -> Iterator[Deferred]:
        """What the entry puts into the queue: a job for each unit, or few units, and source it is for; none where no set is in force.

        Sources come in turn, so that workers that take job after job ask different ones.
        """
        for about in self._units(entry, due):
            for source in self._sources(entry):
                given = {**about, **source}
                yield Deferred(entry.job, {name: given[name] for name in sorted(entry.wants)}, entry.arguments)

    def _units(self, entry: Entry, due: Due) -> Iterator[dict[str, str]]:
        if entry.level is None:
            yield {}
            return
        period = due.period or running_quarter(entry.level, self.bench.catalogue, due.at.astimezone(LOCAL).date())
        if period is None:
            return
        about = {"period": str(period), **({} if due.days_before is None else {"days_before": str(due.days_before)})}
        codes = self._codes(entry, period)
        if "units" in entry.wants:
            for first in range(0, len(codes), UNITS_TOGETHER):
                yield {"units": ",".join(codes[first : first + UNITS_TOGETHER]), **about}
        elif "unit" in entry.wants:
            for code in codes:
                yield {"unit": code, **about}
        else:
            yield about

    def _codes(self, entry: Entry, period: Period) -> list[str]:
        return [unit.code for unit in self._there(entry, period.end) if not entry.units or unit.code in entry.units]

    def _there(self, entry: Entry, day: date) -> Sequence[OrgUnit]:
        """The units of the entry's level that day; with `hosting` those that close a quarter of their own."""
        units = self.bench.storage.units()
        if entry.hosting and entry.level is not None:
            return own_hosts(self.bench.catalogue, units, entry.level, day)
        return [unit for unit in units if unit.level is entry.level and unit.exists_on(day)]

    def _sources(self, entry: Entry) -> list[dict[str, str]]:
        if "source" not in entry.wants:
            return [{}]
        chosen = entry.sources
        if chosen is None:
            bench = self.bench
            declared = sources_of(bench.settings, os.environ, bench.catalogue, complete=False) if bench.settings.sources is not None else {}
            chosen = tuple(code for code, source in declared.items() if not source.handed_in)
        return [{"source": code} for code in chosen]
