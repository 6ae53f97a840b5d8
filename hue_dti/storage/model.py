"""What storage tells about itself: pulls as they went, names it could not place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hue_dti.observations.model import SourceFault


@dataclass(frozen=True, slots=True)
class PullRun:
    """One pull of one source; `outcome` is ok, partial or failed, None while it runs or when it was killed."""

    id: int
    source: str
    unit: str
    period: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    reason: str
    requests: int
    observations: int
    faults: tuple[SourceFault, ...]


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A unit's name in a source that nobody has placed yet, with the code of the likeliest unit."""

    source: str
    name: str
    suggested: str | None
    first_seen: datetime
    last_seen: datetime
