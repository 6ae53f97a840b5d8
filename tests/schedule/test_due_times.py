"""Due times are the province's: whatever the machine's zone, over the end of the year and in leap years."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from hue_dti.periods import LOCAL
from hue_dti.schedule.due import missed, next_due
from hue_dti.schedule.model import AtCutoff, BeforeCutoff, Cron, Entry
from hue_dti.units.model import Level

NIGHTLY = Entry("nightly", "job", Cron("5", "0", "*", "*", "*"), frozenset())
LEAP_DAY = Entry("leap", "job", Cron("0", "6", "29", "2", "*"), frozenset())
CUTOFF = Entry("close", "job", AtCutoff(6, 0), frozenset(), Level.DISTRICT)

REMIND = Entry("remind", "job", BeforeCutoff((14, 7, 3, 1), 8, 0), frozenset(), Level.DISTRICT)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def series(entry, catalogue, after, count):
    found = []
    while len(found) < count:
        after = next_due(entry, catalogue, found[-1] if found else after).at
        found.append(after)
    return found


def test_a_nightly_job_is_due_at_the_same_local_time_over_the_end_of_the_year(catalogue):
    found = series(NIGHTLY, catalogue, at("2026-12-30T12:00"), 4)
    assert found == [at("2026-12-31T00:05"), at("2027-01-01T00:05"), at("2027-01-02T00:05"), at("2027-01-03T00:05")]


def test_every_night_of_a_leap_year_has_its_due_time_and_none_twice(catalogue):
    found = series(NIGHTLY, catalogue, at("2028-01-01T00:00"), 366)
    assert found[-1] == at("2028-12-31T00:05")
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(days=1)}
    assert at("2028-02-29T00:05") in found


def test_the_29th_of_february_comes_in_leap_years_only_and_is_found_missed_years_later(catalogue):
    assert series(LEAP_DAY, catalogue, at("2026-01-01T00:00"), 2) == [at("2028-02-29T06:00"), at("2032-02-29T06:00")]
    assert [due.at for due in missed(LEAP_DAY, catalogue, at("2024-03-01T00:00"), at("2031-12-31T00:00"))] == [at("2028-02-29T06:00")]


def test_the_moment_itself_counts_as_missed_and_the_next_is_after_it(catalogue):
    night = at("2026-11-22T00:05")
    assert [due.at for due in missed(NIGHTLY, catalogue, night - timedelta(hours=1), night)] == [night]
    assert missed(NIGHTLY, catalogue, night, night + timedelta(hours=23)) == ()
    assert next_due(NIGHTLY, catalogue, night).at == night + timedelta(days=1)


def test_a_quarter_is_due_on_the_morning_after_its_cut_off_with_its_name(catalogue):
    coming = next_due(CUTOFF, catalogue, at("2024-04-02T00:00"))
    assert (coming.at, str(coming.period)) == (at("2024-06-11T06:00"), "2024-Q2")
    coming = next_due(CUTOFF, catalogue, at("2024-12-31T23:59"))
    assert (coming.at, str(coming.period)) == (at("2025-01-01T06:00"), "2024-Q4")


def test_every_cut_off_that_was_missed_is_due_and_of_nights_only_the_newest(catalogue):
    away = at("2024-06-01T00:00"), at("2024-10-02T00:00")
    assert [str(due.period) for due in missed(CUTOFF, catalogue, *away)] == ["2024-Q2", "2024-Q3"]
    assert [due.at for due in missed(NIGHTLY, catalogue, *away)] == [at("2024-10-01T00:05")]


def days_missed(catalogue, after, until):
    return [(due.at, str(due.period), due.days_before) for due in missed(REMIND, catalogue, at(after), at(until))]


def test_the_days_before_a_cut_off_come_one_after_the_other_with_quarter_and_number(catalogue):
    found, after = [], at("2024-05-01T00:00")
    for _ in range(5):
        due = next_due(REMIND, catalogue, after)
        after = due.at
        found.append((due.at, str(due.period), due.days_before))
    assert found == [
        (at("2024-05-27T08:00"), "2024-Q2", 14),
        (at("2024-06-03T08:00"), "2024-Q2", 7),
        (at("2024-06-07T08:00"), "2024-Q2", 3),
        (at("2024-06-09T08:00"), "2024-Q2", 1),
        (at("2024-09-16T08:00"), "2024-Q3", 14),
    ]


def test_of_missed_days_before_a_cut_off_only_the_newest_is_made_up_for(catalogue):
    assert days_missed(catalogue, "2024-05-20T00:00", "2024-06-07T12:00") == [(at("2024-06-07T08:00"), "2024-Q2", 3)]
    assert days_missed(catalogue, "2024-05-20T00:00", "2024-06-10T23:59") == [(at("2024-06-09T08:00"), "2024-Q2", 1)]


def test_no_day_before_a_cut_off_is_made_up_for_once_the_cut_off_has_passed(catalogue):
    assert days_missed(catalogue, "2024-05-20T00:00", "2024-06-11T00:00") == []
    assert days_missed(catalogue, "2024-05-20T00:00", "2024-09-01T00:00") == []
    assert days_missed(catalogue, "2024-05-20T00:00", "2024-09-16T08:00") == [(at("2024-09-16T08:00"), "2024-Q3", 14)]


def test_the_days_before_the_cut_off_of_march_are_counted_through_a_leap_february(catalogue):
    early = Entry("remind", "job", BeforeCutoff((31,), 8, 0), frozenset(), Level.DISTRICT)
    assert next_due(early, catalogue, at("2024-02-01T00:00")).at == at("2024-02-29T08:00")


PRINTED = """
from datetime import datetime
from hue_dti.catalogue.load import load_catalogue
from hue_dti.resources import folder
from hue_dti.schedule.due import missed, next_due
from hue_dti.schedule.model import AtCutoff, BeforeCutoff, Cron, Entry
from hue_dti.units.model import Level
from datetime import UTC
catalogue = load_catalogue(folder("criteria"))
for when in (Cron("5", "0", "*", "*", "*"), Cron("0", "6", "29", "2", "*"), AtCutoff(6, 0), BeforeCutoff((14, 1), 8, 0)):
    entry = Entry("e", "e", when, frozenset(), Level.DISTRICT)
    moment = datetime(2024, 1, 31, 18, tzinfo=UTC)
    print(next_due(entry, catalogue, moment).at.astimezone(UTC))
    print([due.at.astimezone(UTC).isoformat() for due in missed(entry, catalogue, moment, datetime(2024, 11, 4, tzinfo=UTC))])
"""
EXPECTED = """\
2024-02-01 17:05:00+00:00
['2024-11-03T17:05:00+00:00']
2024-02-28 23:00:00+00:00
['2024-02-28T23:00:00+00:00']
2024-03-31 23:00:00+00:00
['2024-03-31T23:00:00+00:00', '2024-06-10T23:00:00+00:00', '2024-09-30T23:00:00+00:00']
2024-03-17 01:00:00+00:00
[]
"""


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Ho_Chi_Minh"])
def test_a_process_in_any_zone_finds_the_same_moments(zone):
    done = subprocess.run([sys.executable, "-c", PRINTED], env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True)
    assert done.stdout == EXPECTED
