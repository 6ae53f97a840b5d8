"""When each source of a unit is asked next, as the schedule has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from hue_dti.catalogue.model import Catalogue
from hue_dti.periods import LOCAL
from hue_dti.schedule.due import next_due, running_quarter
from hue_dti.schedule.model import Due, Entry
from hue_dti.units.model import OrgUnit

PULLS = ("pull_source", "pull_units")


def next_pulls(entries: Iterable[Entry], catalogue: Catalogue, unit: OrgUnit, after: datetime) -> Mapping[str, Due]:
    """The next time of each source, by source; none where nothing asks it for the unit, or no set will be in force by then."""
    found: dict[str, Due] = {}
    for entry, due in _calls(entries, catalogue, unit, after):
        for source in catalogue.sources if entry.sources is None else entry.sources:
            if source not in found or due.at < found[source].at:
                found[source] = due
    return found


def _calls(entries: Iterable[Entry], catalogue: Catalogue, unit: OrgUnit, after: datetime) -> Iterator[tuple[Entry, Due]]:
    for entry in entries:
        if entry.job not in PULLS or entry.level is not unit.level or (entry.units and unit.code not in entry.units):
            continue
        due = next_due(entry, catalogue, after)
        if due is not None:
            period = due.period or running_quarter(unit.level, catalogue, due.at.astimezone(LOCAL).date())
            if period is not None and unit.exists_on(period.end):
                yield entry, Due(due.at, period)
