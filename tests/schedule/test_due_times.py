"""Due times are the province's: whatever the machine's zone, over the end of the year and in leap years."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from hue_dti.periods import LOCAL
from hue_dti.schedule.due import missed, next_due
from hue_dti.schedule.model import AtCutoff, Cron, Entry
from hue_dti.units.model import Level

NIGHTLY = Entry("nightly", "job", Cron("5", "0", "*", "*", "*"), frozenset())
LEAP_DAY = Entry("leap", "job", Cron("0", "6", "29", "2", "*"), frozenset())
CUTOFF = Entry("close", "job", AtCutoff(6, 0), frozenset(), Level.DISTRICT)


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


PRINTED = """
from datetime import datetime
from hue_dti.catalogue.load import load_catalogue
from hue_dti.resources import folder
from hue_dti.schedule.due import missed, next_due
from hue_dti.schedule.model import AtCutoff, Cron, Entry
from hue_dti.units.model import Level
from datetime import UTC
catalogue = load_catalogue(folder("criteria"))
for when in (Cron("5", "0", "*", "*", "*"), Cron("0", "6", "29", "2", "*"), AtCutoff(6, 0)):
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
"""


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Ho_Chi_Minh"])
def test_a_process_in_any_zone_finds_the_same_moments(zone):
    done = subprocess.run([sys.executable, "-c", PRINTED], env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True)
    assert done.stdout == EXPECTED
