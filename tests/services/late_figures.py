"""A quarter a week before its cut-off that some figures of have not come."""

from dataclasses import replace
from datetime import datetime

from hue_dti.observations.model import State
from hue_dti.periods import LOCAL
from hue_dti.services.owing import owing
from hue_dti.services.quarter import draft
from tests.golden_quarter import PERIOD

A_WEEK_BEFORE = datetime(2024, 6, 3, 8, tzinfo=LOCAL)
ABSENT = [("citizen_signatures", 10), ("staff_wallets", 3)]
"""Measures and of how many units they are absent."""


def made_late(quarter):
    """The quarter without these figures."""
    run = quarter.storage.begin_pull("police", "483", PERIOD, quarter.now())
    codes = sorted({unit.code for unit in quarter.storage.units()})
    came = quarter.storage.observations(codes, PERIOD)
    for measure, count in ABSENT:
        gone = [replace(each, value=None, state=State.MISSING) for each in came if each.measure == measure][:count]
        assert len(gone) == count
        quarter.storage.save_observations(run, gone)
    return quarter


def owed_by(quarter):
    """What it owes."""
    return owing(draft(quarter.storage, quarter.catalogue, quarter.unit, PERIOD, A_WEEK_BEFORE), quarter.catalogue)
