"""What a monitor asks of the database: how the sources were last met, how full the queue is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from hue_dti.storage.pulls import ASKED
from hue_dti.storage.queue import QUEUE
from hue_dti.storage.tables import pull_run


@dataclass(frozen=True, slots=True)
class SourcePulse:
    """One source over all units: its newest good pull, None before the first, and how many units' newest pulls ended how."""

    source: str
    last_good_at: datetime | None
    outcomes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class QueuePulse:
    """How many jobs are in each of the queue's states, and since when the oldest one that may be done now has waited."""

    depth: Mapping[str, int]
    waiting_since: datetime | None


@dataclass(frozen=True, slots=True)
class Pulse:
    """What one look at the database tells a monitor; `frozen_quarters` counts each unit's quarter once, however often closed."""

    sources: tuple[SourcePulse, ...]
    queue: QueuePulse
    beats: Mapping[str, datetime]
    frozen_quarters: int


_DEPTH = text("""
    SELECT state, (SELECT count(*) FROM procrastinate_jobs WHERE status = state AND queue_name = :queue) AS jobs
    FROM unnest(enum_range(NULL::procrastinate_job_status)) AS state WHERE state <> 'succeeded'""")

_WAITING_SINCE = text("""
    SELECT min(coalesce(waiting.scheduled_at, event.at)) FROM procrastinate_jobs AS waiting
    LEFT JOIN procrastinate_events AS event ON event.job_id = waiting.id AND event.type = 'deferred'
    WHERE waiting.status = 'todo' AND waiting.queue_name = :queue AND coalesce(waiting.scheduled_at, now()) <= now()""")

_BEATS = text("SELECT name, at FROM heartbeat")
_FROZEN = text("SELECT count(DISTINCT (unit, period)) FROM snapshot")


def pulse(connection: Connection) -> Pulse:
    """Look once, in the caller's transaction."""
    return Pulse(
        sources=_sources(connection),
        queue=_queue(connection),
        beats={each.name: each.at for each in connection.execute(_BEATS)},
        frozen_quarters=connection.execute(_FROZEN).scalar_one(),
    )


def _sources(connection: Connection) -> tuple[SourcePulse, ...]:
    row = pull_run.c
    ended = select(row.source, row.unit, row.outcome).where(row.outcome.is_not(None), ASKED)
    newest = ended.ext(distinct_on(row.source, row.unit)).order_by(row.source, row.unit, row.id.desc())
    outcomes: dict[str, dict[str, int]] = {}
    for each in connection.execute(newest):
        counted = outcomes.setdefault(each.source, {})
        counted[each.outcome] = counted.get(each.outcome, 0) + 1
    brought = select(row.source, func.max(row.finished_at).label("at")).where(row.outcome.in_(("ok", "partial")), ASKED)
    good = {each.source: each.at for each in connection.execute(brought.group_by(row.source))}
    return tuple(SourcePulse(source, good.get(source), counted) for source, counted in sorted(outcomes.items()))


def _queue(connection: Connection) -> QueuePulse:
    depth = {each.state: each.jobs for each in connection.execute(_DEPTH, {"queue": QUEUE})}
    return QueuePulse(depth, connection.execute(_WAITING_SINCE, {"queue": QUEUE}).scalar_one())
