"""A quarter as it is read: the frozen one, or the open one, worked out once and kept until a row that it rests on changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hue_dti.catalogue.model import Catalogue
from hue_dti.periods import LOCAL, Period
from hue_dti.services.hosts import line_of
from hue_dti.services.quarter import draft, frozen, newest_of
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit


def read(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period, now: datetime) -> Snapshot:
    """The newest frozen quarter, or the open one while there is none."""
    head = newest_of(storage, unit.code, period)
    return frozen(storage, head.sha256) if head is not None else open_quarter(storage, catalogue, unit, period, now)


def open_quarter(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period, now: datetime) -> Snapshot:
    """What `draft` gives at this moment; raises what it raises. What is frozen is never taken from here."""
    _, found = storage.kept.value(
        ("open quarter", id(catalogue), unit, period, now.astimezone(LOCAL).date()),
        lambda: _made(storage, catalogue, unit, period, now),
    )
    return replace(found, head=replace(found.head, closed_at=now))


def _made(
    storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period, now: datetime
) -> tuple[tuple[Catalogue, Snapshot], frozenset[str]]:
    """The draft with the units it rests on: those of its tree, and those above, whose pulls tell why a figure is not there.

    The catalogue is kept beside it, so that the key's number stays its own.
    """
    snapshot = draft(storage, catalogue, unit, period, now)
    above = line_of(storage.units(), unit.code, period.end)
    return (catalogue, snapshot), frozenset(each.code for each in (unit, *snapshot.tree.units, *above))
