"""How late the schedule is: what was due, can still be made up for, and nobody has called."""

from datetime import datetime, timedelta

from hue_dti.periods import LOCAL
from hue_dti.schedule.lag import schedule_lag
from hue_dti.schedule.model import BeforeCutoff, Cron, Entry
from hue_dti.units.model import Level

REMIND = Entry("remind", "remind", BeforeCutoff((14, 7), 8, 0), frozenset(), Level.DISTRICT)
NIGHTLY = Entry("nightly", "pull", Cron("0", "1", "*", "*", "*"), frozenset())


def lag(clockwork, entry, met, now):
    made = clockwork(entry)
    made.call_all_due(met)
    return schedule_lag([entry], made.bench.catalogue, made.bench.storage.schedule, now)


def test_it_is_as_late_as_what_it_left_out_first(clockwork):
    met = datetime(2024, 5, 1, tzinfo=LOCAL)
    assert lag(clockwork, NIGHTLY, met, met + timedelta(days=3)) == timedelta(days=2, hours=23)


def test_a_reminder_that_would_come_too_late_is_not_waited_for(clockwork):
    met, cutoff = datetime(2024, 5, 1, tzinfo=LOCAL), datetime(2024, 6, 10, tzinfo=LOCAL)
    assert lag(clockwork, REMIND, met, cutoff - timedelta(days=10)) > timedelta(days=3)
    assert lag(clockwork, REMIND, met, cutoff + timedelta(days=10)) == timedelta(0)
