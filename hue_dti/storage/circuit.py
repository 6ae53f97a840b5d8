"""Sources that failed several times running are left in peace for a while, by every worker on every machine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Row, Select, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.storage.engine import aware, glance, transaction
from hue_dti.storage.tables_aside import source_circuit

_row = source_circuit.c


@dataclass(frozen=True, slots=True)
class Patience:
    """After `failures` failures running a source rests, longer each time; one call then tries it, and counts as lost after
    `trial`; the others look again after `look_again`.
    """

    failures: int = 3
    first_rest: timedelta = timedelta(minutes=1)
    longest_rest: timedelta = timedelta(minutes=30)
    trial: timedelta = timedelta(minutes=10)
    look_again: timedelta = timedelta(seconds=30)

    def rest(self, failures: int) -> timedelta:
        """How long a source rests that failed so often running."""
        doubled = min(max(failures - self.failures, 0), 30)
        rest: timedelta = self.first_rest * 2**doubled
        return min(rest, self.longest_rest)


@dataclass(frozen=True, slots=True)
class Circuit:
    """A source that failed last time, `failures` times running; `rests_until` is None while it is asked, `trying` while one call tries."""

    source: str
    failures: int
    rests_until: datetime | None
    trying: bool


class CircuitBook:
    """The circuits of all sources; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine, patience: Patience | None = None) -> None:
        self._engine, self._patience = engine, patience or Patience()

    def rests_until(self, source: str, now: datetime) -> datetime | None:
        """None: ask now. Otherwise when to come again. Of those that come after the rest, one is let through to try."""
        with glance(self._engine) as connection:
            if connection.execute(_resting(nfc(source))).one_or_none() is None:
                return None
        with transaction(self._engine, awaited=False) as connection:
            found = _of(connection, nfc(source))
            if found is None or found.rests_until is None:
                return None
            if aware(now) < found.rests_until:
                until: datetime = found.rests_until
                return min(until, aware(now) + self._patience.look_again) if found.trying else until
            _set(connection, nfc(source), rests_until=aware(now) + self._patience.trial, trying=True)
            return None

    def failed(self, source: str, now: datetime) -> None:
        """The source failed; calls that were under way when the rest began do not lengthen it."""
        with transaction(self._engine, awaited=False) as connection:
            fresh = {"source": nfc(source), "failures": 0, "rests_until": None, "trying": False}
            connection.execute(upsert(source_circuit).values(fresh).on_conflict_do_nothing())
            found = _of(connection, nfc(source))
            if found is None or (found.rests_until is not None and not found.trying and aware(now) < found.rests_until):
                return
            failures = found.failures + 1
            until = aware(now) + self._patience.rest(failures) if failures >= self._patience.failures else None
            _set(connection, nfc(source), failures=failures, rests_until=until, trying=False)

    def failing(self) -> Mapping[str, Circuit]:
        """Every source that failed last time, by source."""
        with transaction(self._engine) as connection:
            rows = connection.execute(select(source_circuit).order_by(_row.source))
            return {each.source: Circuit(**each._mapping) for each in rows}


def good(connection: Connection, sources: Collection[str]) -> None:
    """The sources gave answers that could be read: nothing is held against them."""
    if sources:
        connection.execute(delete(source_circuit).where(_row.source.in_([nfc(source) for source in sources])))


def _resting(source: str) -> Select[tuple[str]]:
    return select(_row.source).where(_row.source == source, _row.rests_until.is_not(None))


def _of(connection: Connection, source: str) -> Row[tuple[str, int, datetime | None, bool]] | None:
    return connection.execute(select(source_circuit).where(_row.source == source).with_for_update()).one_or_none()


def _set(connection: Connection, source: str, **values: object) -> None:
    connection.execute(update(source_circuit).where(_row.source == source).values(**values))
