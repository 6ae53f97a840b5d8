"""When an entry is due: always in the local time of the province, whatever the zone of the machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from apscheduler.triggers.cron import CronTrigger

from hue_dti.catalogue.model import Catalogue
from hue_dti.periods import LOCAL, Period, PeriodKind
from hue_dti.schedule.model import AtCutoff, BeforeCutoff, Cron, Due, Entry
from hue_dti.units.model import Level

_BACK = tuple(timedelta(days=days) for days in (1 / 24, 1, 32, 366, 366 * 9))
"""How far back one looks for the newest due time, step by step: what comes each minute is found in an hour, 29 February in nine years."""


def next_due(entry: Entry, catalogue: Catalogue, after: datetime) -> Due | None:
    """The first time after this moment; None when there is none within two years and no cut-off is known."""
    if isinstance(entry.when, Cron):
        moment = _following(trigger(entry.when), after)
        return None if moment is None else Due(moment)
    return next(iter(_around_cutoffs(entry.when, entry.level, catalogue, after, after + timedelta(days=366 * 2))), None)


def missed(entry: Entry, catalogue: Catalogue, after: datetime, until: datetime) -> tuple[Due, ...]:
    """What was due after the one moment and up to the other: of a crontab's times only the newest, of cut-offs every one.

    A night's pull need not be made up twice; a quarter that was to be closed is to be closed. Of the days before a cut-off only the
    newest is made up for, and none once the cut-off has passed: nobody is reminded of what can no longer be done.
    """
    if isinstance(entry.when, AtCutoff):
        return _around_cutoffs(entry.when, entry.level, catalogue, after, until)
    if isinstance(entry.when, BeforeCutoff):
        today = until.astimezone(LOCAL).date()
        missed_days = _around_cutoffs(entry.when, entry.level, catalogue, after, until)[-1:]
        return tuple(due for due in missed_days if today <= _last_day(due))
    newest = _newest(trigger(entry.when), after, until)
    return () if newest is None else (Due(newest),)


def trigger(cron: Cron) -> CronTrigger:
    """The crontab's times; raise ValueError for a field that is not one."""
    fields = {"minute": cron.minute, "hour": cron.hour, "day": cron.day, "month": cron.month, "day_of_week": cron.weekday}
    return CronTrigger(**fields, timezone=LOCAL)


def running_quarter(level: Level, catalogue: Catalogue, day: date) -> Period | None:
    """The quarter whose events the day belongs to, by the calendar of the level's set; None where no set is in force."""
    for period in _quarters(day.year, day.year + 1):
        criteria_set = catalogue.set_for(level, period.end)
        if criteria_set is not None and day in criteria_set.calendar.window(period):
            return period
    return None


def _following(times: CronTrigger, after: datetime) -> datetime | None:
    found: datetime | None = times.get_next_fire_time(None, after.astimezone(LOCAL) + timedelta(microseconds=1))
    return found


def _newest(times: CronTrigger, after: datetime, until: datetime) -> datetime | None:
    for back in _BACK:
        start = max(after, until - back)
        newest, moment = None, _following(times, start)
        while moment is not None and moment <= until:
            newest, moment = moment, _following(times, moment)
        if newest is not None or start == after:
            return newest
    return None


def _last_day(due: Due) -> date:
    return due.at.astimezone(LOCAL).date() + timedelta(days=due.days_before or 0)


def _around_cutoffs(
    when: AtCutoff | BeforeCutoff, level: Level | None, catalogue: Catalogue, after: datetime, until: datetime
) -> tuple[Due, ...]:
    """What is due after the one moment and up to the other, in the order of time."""
    found = (due for due in _of_cutoffs(when, level, catalogue, after, until) if after < due.at <= until)
    return tuple(sorted(found, key=lambda due: due.at))


def _of_cutoffs(
    when: AtCutoff | BeforeCutoff, level: Level | None, catalogue: Catalogue, after: datetime, until: datetime
) -> Iterator[Due]:
    for period in _quarters(after.astimezone(LOCAL).year - 1, until.astimezone(LOCAL).year + 1):
        criteria_set = None if level is None else catalogue.set_for(level, period.end)
        if criteria_set is None:
            continue
        cutoff = criteria_set.calendar.cutoff(period)
        for days_before in when.days if isinstance(when, BeforeCutoff) else (None,):
            day = cutoff + timedelta(days=1 if days_before is None else -days_before)
            yield Due(datetime.combine(day, time(when.hour, when.minute), LOCAL), period, days_before)


def _quarters(first_year: int, last_year: int) -> Iterator[Period]:
    for year in range(first_year, last_year + 1):
        for number in (1, 2, 3, 4):
            yield Period(year, PeriodKind.QUARTER, number)
