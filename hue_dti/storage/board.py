"""What the operations centre's board reads: how pulls went, which answers came, what waits in the queue, what trials told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, and_, case, delete, func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.alerts.judge import SourceRecord
from hue_dti.collation import nfc
from hue_dti.periods import Period
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.model import PullRun
from hue_dti.storage.pulls import ASKED, CAME, read_run
from hue_dti.storage.queue import QUEUE, Deferred, Queued, defer_once, find
from hue_dti.storage.tables import pull_run, raw_request
from hue_dti.storage.tables_aside import source_trial
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

ALIVE = timedelta(seconds=10)
"""A worker without a heartbeat for longer is taken for dead, as the workers themselves take each other."""

TRIALS_KEPT = timedelta(days=1)

_RUN = pull_run.c
_GOOD = and_(_RUN.outcome.in_(("ok", "partial")), ASKED)


@dataclass(frozen=True, slots=True)
class CameAnswer:
    """One answer of a pull, without its body."""

    run: int
    request: str
    status: int
    content_type: str
    fetched_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptTrial:
    """What a source told when it was tried."""

    tried_at: datetime
    told: Mapping[str, Any]


class BoardBook:
    """The board's view of the database, in which answers read again, files handed in and typed figures are no sign that a source lives.

    Every method is one transaction and raises StorageError as `Storage` does.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def pulled(self, units: Collection[str] = ()) -> tuple[tuple[str, Period], ...]:
        """Every unit and period whose figures were pulled or handed in, the one that came last first; of these units, where said."""
        asked = select(_RUN.unit, _RUN.period).where(CAME).group_by(_RUN.unit, _RUN.period).order_by(func.max(_RUN.id).desc())
        if units:
            asked = asked.where(_RUN.unit.in_([nfc(unit) for unit in units]))
        with transaction(self._engine) as connection:
            return tuple((row.unit, Period.parse(row.period)) for row in connection.execute(asked))

    def source_records(self, unit: str) -> Mapping[str, SourceRecord]:
        """How each source has done for the unit in whatever period."""
        return self.records([unit]).get(nfc(unit), {})

    def records(self, units: Collection[str], source: str = "") -> Mapping[str, Mapping[str, SourceRecord]]:
        """How each source, or this one, has done for these units in whatever period, by unit and source."""
        wanted = [_RUN.unit.in_([nfc(unit) for unit in units]), ASKED, *([_RUN.source == nfc(source)] if source else [])]
        mine = select(pull_run).where(*wanted).subquery()
        row, good = mine.c, mine.c.outcome.in_(("ok", "partial"))
        last_good = func.coalesce(func.max(case((good, row.id))).over(partition_by=(row.unit, row.source)), 0)
        told = select(mine, good.label("good"), and_(row.outcome == "failed", row.id > last_good).label("newly_failed")).subquery().c
        asked = select(
            told.unit,
            told.source,
            func.min(told.started_at).label("first_asked"),
            func.max(told.finished_at).filter(told.good).label("last_good"),
            func.count().filter(told.newly_failed).label("failures"),
            func.max(told.finished_at).filter(told.newly_failed).label("failed_at"),
            func.array_agg(aggregate_order_by(told.reason, told.id)).filter(told.newly_failed).label("reasons"),
        ).group_by(told.unit, told.source)
        refused = func.jsonb_array_length(_RUN.faults).label("refused")
        readable = select(_RUN.unit, _RUN.source, _RUN.finished_at, refused).where(*wanted, _GOOD)
        newest = readable.ext(distinct_on(_RUN.unit, _RUN.source)).order_by(_RUN.unit, _RUN.source, _RUN.id.desc())
        found: dict[str, dict[str, SourceRecord]] = {}
        with transaction(self._engine) as connection:
            read = {(each.unit, each.source): (each.refused, each.finished_at) for each in connection.execute(newest)}
            for each in connection.execute(asked):
                found.setdefault(each.unit, {})[each.source] = SourceRecord(
                    each.first_asked,
                    each.last_good,
                    each.failures,
                    each.failed_at,
                    (each.reasons or [""])[-1],
                    *read.get((each.unit, each.source), (0, None)),
                )
        return found

    def last_good(self, unit: str, period: Period) -> Mapping[str, datetime]:
        """When each source last brought figures for the unit and period, by source."""
        asked = select(_RUN.source, func.max(_RUN.finished_at).label("at")).where(_RUN.unit == nfc(unit), _RUN.period == str(period), _GOOD)
        with transaction(self._engine) as connection:
            return {row.source: row.at for row in connection.execute(asked.group_by(_RUN.source))}

    def recent_pulls(self, unit: str, period: Period, most: int) -> Mapping[str, tuple[PullRun, ...]]:
        """The newest pulls of each source for the unit and period, oldest first, by source."""
        place = func.row_number().over(partition_by=_RUN.source, order_by=_RUN.id.desc()).label("place")
        ranked = select(pull_run, place).where(_RUN.unit == nfc(unit), _RUN.period == str(period), ASKED).subquery()
        asked = select(*(ranked.c[each.name] for each in pull_run.columns)).where(ranked.c.place <= most).order_by(ranked.c.id)
        found: dict[str, list[PullRun]] = {}
        with transaction(self._engine) as connection:
            for row in connection.execute(asked).mappings():
                found.setdefault(row["source"], []).append(read_run(row))
        return {source: tuple(runs) for source, runs in found.items()}

    def newest_run(self, source: str, unit: str, period: Period) -> PullRun | None:
        """The newest pull of the source for the unit and period."""
        return self.newest_runs(source, [unit], period).get(nfc(unit))

    def newest_runs(self, source: str, units: Collection[str], period: Period) -> Mapping[str, PullRun]:
        """The newest pull of the source for each of the units in the period, by unit; none where there was none."""
        mine = _RUN.source == source, _RUN.unit.in_([nfc(unit) for unit in units]), _RUN.period == str(period), ASKED
        newest = select(pull_run).ext(distinct_on(_RUN.unit)).where(*mine).order_by(_RUN.unit, _RUN.id.desc())
        with transaction(self._engine) as connection:
            return {row["unit"]: read_run(row) for row in connection.execute(newest).mappings()}

    def answers_of(self, *runs: int) -> Mapping[int, tuple[CameAnswer, ...]]:
        """The answers of these pulls in the order they came, by pull."""
        row = raw_request.c
        asked = select(row.run_id.label("run"), row.request, row.status, row.content_type, row.fetched_at, row.sha256)
        found: dict[int, list[CameAnswer]] = {run: [] for run in runs}
        with transaction(self._engine) as connection:
            for each in connection.execute(asked.where(row.run_id.in_(runs)).order_by(row.id)):
                found[each.run].append(CameAnswer(**each._mapping))
        return {run: tuple(answers) for run, answers in found.items()}

    def asked_for(self, sha256: str) -> tuple[tuple[str, str], ...]:
        """The units, with the periods, for which an answer of these bytes came."""
        asked = select(_RUN.unit, _RUN.period).join(raw_request, raw_request.c.run_id == _RUN.id).where(raw_request.c.sha256 == sha256)
        with transaction(self._engine) as connection:
            return tuple((row.unit, row.period) for row in connection.execute(asked.distinct()))

    def queue_once(self, job: Deferred, trail: Sequence[Event] = ()) -> Queued:
        """Queue the job unless the same one waits or runs; that one, or the new one."""
        with transaction(self._engine) as connection:
            queued = defer_once(connection, job)
            record(connection, *trail)
            return queued

    def queued(self, *jobs: Deferred) -> tuple[Queued | None, ...]:
        """Each job as it waits or runs just now."""
        with transaction(self._engine) as connection:
            return find(connection, jobs)

    def job_status(self, number: int) -> str | None:
        """`todo`, `doing`, `failed` …; None for a job that ended well, or never was."""
        asked = text("SELECT status::text FROM procrastinate_jobs WHERE id = :id AND queue_name = :queue")
        with transaction(self._engine) as connection:
            found: str | None = connection.execute(asked, {"id": number, "queue": QUEUE}).scalar_one_or_none()
            return found

    def is_foreign(self, number: int, job: Deferred) -> bool:
        """Whether the number is that of another job, or of none there ever was; of a job that is done and gone nobody knows."""
        asked = text("""
            SELECT coalesce((SELECT lock <> :lock FROM procrastinate_jobs WHERE id = :id),
                :id > coalesce(pg_sequence_last_value(cast(pg_get_serial_sequence('procrastinate_jobs', 'id') AS regclass)), 0))""")
        with transaction(self._engine) as connection:
            return bool(connection.execute(asked, {"id": number, "lock": job.lock}).scalar_one())

    def pulls_under_way(self, unit: str, period: Period) -> bool:
        """Whether a source is being asked for the unit and period, or will be."""
        asked = text("""
            SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE queue_name = :queue AND status IN ('todo', 'doing')
                AND args ->> 'period' = :period AND (task_name = 'pull_source' AND args ->> 'unit' = :unit
                    OR task_name = 'pull_units' AND :unit = ANY(string_to_array(args ->> 'units', ','))))""")
        with transaction(self._engine) as connection:
            return bool(connection.execute(asked, {"queue": QUEUE, "unit": nfc(unit), "period": str(period)}).scalar_one())

    def asked_together(self, unit: str, period: Period) -> Mapping[str, bool]:
        """The sources that are asked for the unit and period together with others, or wait for a worker: whether it has begun."""
        asked = text("""
            SELECT args ->> 'source' AS source, bool_or(status = 'doing') AS running FROM procrastinate_jobs
            WHERE queue_name = :queue AND task_name = 'pull_units' AND args ->> 'period' = :period
                AND :unit = ANY(string_to_array(args ->> 'units', ','))
                AND (status = 'doing' OR status = 'todo' AND coalesce(scheduled_at, now()) <= now())
            GROUP BY 1""")
        with transaction(self._engine) as connection:
            rows = connection.execute(asked, {"queue": QUEUE, "unit": nfc(unit), "period": str(period)})
            return {row.source: row.running for row in rows}

    def workers(self) -> int:
        """How many workers showed a sign of life just now."""
        asked = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - :alive")
        with transaction(self._engine) as connection:
            return int(connection.execute(asked, {"alive": ALIVE}).scalar_one())

    def keep_trial(self, unit: str, period: Period, source: str, told: Mapping[str, Any], at: datetime) -> None:
        """Keep what the source told, in place of what it told before; old trials go."""
        row = upsert(source_trial).values(unit=nfc(unit), period=str(period), source=source, tried_at=aware(at), told=dict(told))
        with transaction(self._engine) as connection:
            connection.execute(delete(source_trial).where(source_trial.c.tried_at < aware(at) - TRIALS_KEPT))
            changed = {"tried_at": row.excluded.tried_at, "told": row.excluded.told}
            connection.execute(row.on_conflict_do_update(index_elements=["unit", "period", "source"], set_=changed))

    def trial(self, unit: str, period: Period, source: str) -> KeptTrial | None:
        """The newest trial of the source for the unit and period."""
        row = source_trial.c
        asked = select(row.tried_at, row.told).where(row.unit == nfc(unit), row.period == str(period), row.source == source)
        with transaction(self._engine) as connection:
            found = connection.execute(asked).one_or_none()
            return None if found is None else KeptTrial(found.tried_at, found.told)
