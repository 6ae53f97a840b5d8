"""Pulls as the door gives them: begun, their answers kept, several of them ended in one piece."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from hue_dti.collation import nfc
from hue_dti.observations.model import ListedArticle, Observation, RawAnswer, RawStore, RegisteredDocument, SourceFault
from hue_dti.periods import Period
from hue_dti.storage import articles, circuit, documents, names, observations, pulls
from hue_dti.storage.engine import glance, transaction
from hue_dti.storage.model import ConfirmedName, Ended, PullRun, Way
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(matter, 0)) FROM unnest(cast(:matters AS text[])) AS matter")


@dataclass(frozen=True, slots=True)
class Sitting:
    """One transaction in which pulls are ended by what is stored just then, with nobody else at the same matters."""

    _connection: Connection

    def observations(self, units: Collection[str], period: Period) -> list[Observation]:
        """The current figures of the units in the period, by unit and measure."""
        return observations.newest(self._connection, [nfc(unit) for unit in units], str(period))

    def second_opinions(self, units: Collection[str], period: Period) -> list[Observation]:
        """What sources that do not count tell of the units in the period, the newest of each, by unit, measure and source."""
        return observations.opinions(self._connection, [nfc(unit) for unit in units], str(period))

    def confirmed_names(self, source: str) -> tuple[ConfirmedName, ...]:
        """What the source calls units, oldest confirmation first."""
        return names.confirmed(self._connection, source)

    def finish(self, ended: Sequence[Ended]) -> None:
        """Close these pulls with all that came; raise StorageError when one is not open.

        A source that was asked and did not fail is in good standing again.
        """
        closed = pulls.finish(self._connection, ended)
        circuit.good(self._connection, {closed[each.run].source for each in ended if each.outcome != "failed" and closed[each.run].asked})
        observations.save_all(self._connection, {each.run: each.came for each in ended})
        observations.save_all(self._connection, {each.run: each.second for each in ended}, observations.SECOND_OPINION)
        for each in ended:
            of = closed[each.run]
            if each.register is not None:
                documents.save(self._connection, each.run, of.unit, of.period, each.register)
            articles.save(self._connection, each.run, of.source, each.listed)
            for printed, suggested in each.unknown:
                names.note(self._connection, of.source, printed, suggested, each.at, each.run)
        record(self._connection, *(event for each in ended for event in each.trail))


class Pulling:
    """The part of `Storage` that keeps pulls and the answers they brought; every method is one transaction."""

    _engine: Engine

    @contextmanager
    def sitting(self, matters: Collection[str]) -> Iterator[Sitting]:
        """A transaction alone at these matters; waits for whoever is at one of them, and nobody waits for another in a circle."""
        with transaction(self._engine) as connection:
            if matters:
                connection.execute(_ALONE, {"matters": sorted(nfc(matter) for matter in matters)})
            yield Sitting(connection)

    @contextmanager
    def alone(self, matter: str) -> Iterator[None]:
        """Nobody else is at the same matter while the block lasts; waits for whoever is."""
        with self.sitting([matter]):
            yield

    def begin_pull(
        self, source: str, unit: str, period: Period | str, at: datetime, replays: int | None = None, way: Way = Way.ASKED
    ) -> int:
        """Open a pull and return its number; one that reads the stored answers of another again names it."""
        return pulls.begin_quickly(self._engine, source, unit, str(period), at, replays, way)

    def pull_run(self, run: int) -> PullRun:
        """The pull of this number; raise StorageError when there is none."""
        with transaction(self._engine) as connection:
            return pulls.one(connection, run)

    def answers_of(self, run: int) -> tuple[RawAnswer, ...]:
        """The answers this pull kept, in the order they came."""
        with transaction(self._engine) as connection:
            return pulls.answers_of(connection, run)

    def finish_pull(
        self,
        run: int,
        outcome: str,
        reason: str,
        requests: int,
        observed: int,
        faults: Sequence[SourceFault],
        at: datetime,
        came: Sequence[Observation] = (),
        register: Iterable[RegisteredDocument] | None = None,
        second: Sequence[Observation] = (),
        listed: Iterable[ListedArticle] = (),
        trail: Sequence[Event] = (),
    ) -> None:
        """Close a pull with its outcome (ok, partial or failed), its reason and counts; raise StorageError when it is not open.

        The figures that came, those of them that are only compared (`second`), the unit's register (None where the source keeps none)
        and the articles it listed are stored with it or not at all. A source that was asked and did not fail is in good standing again.
        """
        articles_listed, documents_registered = tuple(listed), None if register is None else tuple(register)
        ended = Ended(run, outcome, reason, requests, observed, faults, at, came, documents_registered, second, articles_listed, (), trail)
        with self.sitting(()) as sitting:
            sitting.finish([ended])

    def last_pulls(
        self, unit: str, period: Period | str | None = None, outcomes: Collection[str] = (), ways: Collection[Way] = ()
    ) -> tuple[PullRun, ...]:
        """The newest pull of each source for the unit and period (None: whatever period), by source; of those that ended so or came
        in these ways, where said.
        """
        with glance(self._engine) as connection:
            return pulls.last(connection, nfc(unit), None if period is None else str(period), outcomes, ways)

    def raw_store(self, run: int) -> RawStore:
        """Where a connector keeps the answers of this pull; each is committed at once."""
        return pulls.DatabaseRawStore(self._engine, run)

    def raw_answers(self) -> tuple[str, ...]:
        """The hash of every raw answer that is named anywhere."""
        with transaction(self._engine) as connection:
            return pulls.answer_hashes(connection)

    def altered_answers(self, of: Collection[str] | None = None) -> dict[str, str]:
        """What is wrong with raw answers, of these or of all, by hash: the database itself computes what they are now."""
        with transaction(self._engine) as connection:
            return pulls.altered(connection, of)

    def raw_answer(self, sha256: str) -> RawAnswer | None:
        """The stored answer with this hash, told as it was first fetched."""
        with transaction(self._engine) as connection:
            return pulls.answer(connection, sha256)
