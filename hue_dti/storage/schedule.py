"""What the clock has called, signs of life, and sources that have grown old."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.pulls import ASKED
from hue_dti.storage.queue import Deferred, defer
from hue_dti.storage.tables import pull_run
from hue_dti.storage.tables_aside import heartbeat, scheduled_run, stale_source

FIRST_SEEN, ON_TIME, CATCH_UP = "first_seen", "on_time", "catch_up"


@dataclass(frozen=True, slots=True)
class ScheduledRun:
    """One due time of a schedule's entry that was called: on time, late (`catch_up`), or only `first_seen`; `queued` jobs came of it."""

    job: str
    due_at: datetime
    kind: str
    noted_at: datetime
    queued: int = 0


@dataclass(frozen=True, slots=True)
class StaleSource:
    """A source without a good pull for too long; `last_good_at` None when there never was one."""

    unit: str
    source: str
    last_good_at: datetime | None
    noted_at: datetime


class ScheduleBook:
    """The clock's pages of the database; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def call(self, run: ScheduledRun, jobs: Iterable[Deferred] = ()) -> bool:
        """Note the due time and queue its jobs together; False, with nothing queued, when it was noted before."""
        jobs = tuple(jobs)
        row = {"job": nfc(run.job), "due_at": aware(run.due_at), "kind": run.kind, "noted_at": aware(run.noted_at), "queued": len(jobs)}
        fresh = upsert(scheduled_run).values(row).on_conflict_do_nothing().returning(scheduled_run.c.job)
        with transaction(self._engine) as connection:
            if connection.execute(fresh).one_or_none() is None:
                return False
            defer(connection, jobs)
            return True

    def counted_from(self, job: str, until: datetime) -> datetime | None:
        """The newest due time of the entry, up to `until`, that was called; when it was first seen where none was, None before that."""
        row = scheduled_run.c
        newest = func.max(row.due_at).filter(row.kind != FIRST_SEEN)
        asked = select(func.coalesce(newest, func.min(row.due_at))).where(row.job == nfc(job), row.due_at <= aware(until))
        with transaction(self._engine) as connection:
            found: datetime | None = connection.execute(asked).scalar_one()
            return found

    def last_runs(self) -> Mapping[str, ScheduledRun]:
        """The newest run of every entry that has one, by entry."""
        row = scheduled_run.c
        newest = select(scheduled_run).ext(distinct_on(row.job)).where(row.kind != FIRST_SEEN).order_by(row.job, row.due_at.desc())
        with transaction(self._engine) as connection:
            return {each.job: ScheduledRun(**each._mapping) for each in connection.execute(newest)}

    def runs_of(self, job: str) -> tuple[ScheduledRun, ...]:
        """Every call of the entry, oldest first; when it was first seen is none."""
        row = scheduled_run.c
        called = select(scheduled_run).where(row.job == nfc(job), row.kind != FIRST_SEEN).order_by(row.due_at)
        with transaction(self._engine) as connection:
            return tuple(ScheduledRun(**each._mapping) for each in connection.execute(called))

    def beat(self, name: str, at: datetime) -> None:
        """Leave a sign of life; an older one never replaces a newer."""
        statement = upsert(heartbeat).values(name=nfc(name), at=aware(at))
        newest = func.greatest(heartbeat.c.at, statement.excluded.at)
        with transaction(self._engine) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": newest}))

    def last_beat(self, name: str) -> datetime | None:
        """The newest sign of life of this name."""
        with transaction(self._engine) as connection:
            found: datetime | None = connection.execute(select(heartbeat.c.at).where(heartbeat.c.name == nfc(name))).scalar_one_or_none()
            return found

    def last_good_pulls(self, unit: str) -> Mapping[str, datetime]:
        """When each source last brought figures for the unit, in whatever period, by source, because it was asked."""
        row = pull_run.c
        asked = (row.unit == nfc(unit), ASKED, row.outcome.in_(("ok", "partial")))
        good = select(row.source, func.max(row.finished_at).label("at")).where(*asked)
        with transaction(self._engine) as connection:
            return {each.source: each.at for each in connection.execute(good.group_by(row.source))}

    def note_stale(self, unit: str, stale: Mapping[str, datetime | None], at: datetime) -> None:
        """Make these, with their last good pulls, the unit's stale sources; one stale before keeps the moment it was first noted."""
        row = stale_source.c
        rows = [
            {"unit": nfc(unit), "source": nfc(source), "last_good_at": good and aware(good), "noted_at": aware(at)}
            for source, good in sorted(stale.items())
        ]
        with transaction(self._engine) as connection:
            connection.execute(delete(stale_source).where(row.unit == nfc(unit), row.source.not_in([each["source"] for each in rows])))
            if rows:
                connection.execute(upsert(stale_source).on_conflict_do_nothing(), rows)

    def stale_sources(self) -> tuple[StaleSource, ...]:
        """Every stale source, by unit and source."""
        with transaction(self._engine) as connection:
            rows = connection.execute(select(stale_source).order_by(*stale_source.primary_key))
            return tuple(StaleSource(**each._mapping) for each in rows)
