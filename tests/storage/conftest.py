"""Small true figures for the storage tests."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from hue_dti.observations.model import Observation, Origin, RawAnswer, State
from hue_dti.periods import Period
from hue_dti.snapshots.model import SnapshotHead
from hue_dti.units.model import Level, OrgUnit

Q2 = Period.parse("2024-Q2")
SIX_O_CLOCK = datetime(2024, 6, 9, 23, 0, tzinfo=UTC)


def answer(body=b'{"standardised": 921}', at=SIX_O_CLOCK, request="GET https://super-app.example/accounts?page=1"):
    return RawAnswer(hashlib.sha256(body).hexdigest(), request, 200, "application/json", at, body)


def observation(
    raw, value=921, unit="483", measure="staff_standardised", period=Q2, state=State.MEASURED, place="$.standardised", reason=""
):
    origin = Origin("super_app", raw.request, raw.fetched_at, raw.sha256, place)
    return Observation(unit, measure, period, value, state, date(2024, 6, 10), origin, reason)


def head(number=1, unit="483", period="2024-Q2", previous=None, supersedes=None, reason="", criteria_set="hue-district-2024"):
    return SnapshotHead(
        sha256=hashlib.sha256(f"{unit}/{number}/{period}".encode()).hexdigest(),
        unit=unit,
        period=period,
        criteria_set=criteria_set,
        sequence=number,
        previous_sha256=previous,
        supersedes_sha256=supersedes,
        reason=reason,
        closed_at=SIX_O_CLOCK,
        closed_by="Trần Thị Bình",
        program_version="0.1.0",
        cutoff=date(2024, 6, 10),
    )


def unit(code, name="Huyện Nam Đông", level=Level.DISTRICT, valid_from=date(2020, 1, 1), valid_to=None, parent=None):
    return OrgUnit(code, name, level, parent, valid_from, valid_to)


@pytest.fixture(scope="session")
def make():
    """Builders of what goes into the storage, and the moment they all share."""
    return SimpleNamespace(unit=unit, answer=answer, observation=observation, head=head, period=Q2, at=SIX_O_CLOCK)


@pytest.fixture
def run(storage, make):
    """An open pull of the super-app for Nam Đông's second quarter."""
    return storage.begin_pull("super_app", "483", make.period, make.at)
