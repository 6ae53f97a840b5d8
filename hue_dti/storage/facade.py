"""The storage room's door: everything other rooms may ask of the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from types import TracebackType

from sqlalchemy import Engine

from hue_dti.collation import nfc
from hue_dti.observations.model import ListedArticle, Observation, RawAnswer, RawStore, RegisteredDocument, SourceFault
from hue_dti.periods import Period, Window
from hue_dti.snapshots.model import SnapshotHead
from hue_dti.storage import articles, documents, figures, observations, pulls, snapshots, units
from hue_dti.storage.articles import ArticleBook
from hue_dti.storage.embedded import Lease
from hue_dti.storage.engine import transaction
from hue_dti.storage.leader import Leadership
from hue_dti.storage.model import Figures, PullRun, UnknownName
from hue_dti.storage.queue import Deferred, defer
from hue_dti.storage.schedule import ScheduleBook
from hue_dti.units.model import OrgUnit


class Storage:
    """The database as the application's role sees it; every method is one transaction. Safe in threads; close it after use.

    Codes and names may come in any Unicode form and are kept in NFC; times must be aware and come back in UTC.
    Methods raise StorageError for what the database refuses or when it cannot be reached.
    """

    def __init__(self, engine: Engine, lease: Lease | None = None) -> None:
        self._engine = engine
        self._lease = lease

    def __enter__(self) -> Storage:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give back all connections and, as its last user, stop the embedded server."""
        self._engine.dispose()
        if self._lease is not None:
            self._lease.release()

    @property
    def schedule(self) -> ScheduleBook:
        """What the clock has called, signs of life, stale sources."""
        return ScheduleBook(self._engine)

    @property
    def articles(self) -> ArticleBook:
        """Articles of web sites, and what persons said they count for."""
        return ArticleBook(self._engine)

    @property
    def address(self) -> str:
        """The database's address with its password, for libpq; never to be printed."""
        return self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def leadership(self, matter: str) -> Leadership:
        """A claim to lead in a matter, on a connection of its own; at most one process holds it."""
        return Leadership(self._engine.url, matter)

    def defer(self, *jobs: Deferred) -> None:
        """Queue these jobs, all or none."""
        with transaction(self._engine) as connection:
            defer(connection, jobs)

    def save_units(self, given: Iterable[OrgUnit]) -> None:
        """Bring the units to what is given, by (code, valid_from); those not given stay."""
        with transaction(self._engine) as connection:
            units.save(connection, given)

    def units(self) -> tuple[OrgUnit, ...]:
        """Every unit of every time, by code and then by first day."""
        with transaction(self._engine) as connection:
            return units.read_all(connection)

    def note_unknown_name(self, source: str, name: str, suggested: str | None, at: datetime) -> None:
        """List a name that no unit answers to, with the code of the likeliest unit, for a person to place."""
        with transaction(self._engine) as connection:
            units.note_unknown_name(connection, source, name, suggested, at)

    def unknown_names(self) -> tuple[UnknownName, ...]:
        """The names nobody has placed, by source and name."""
        with transaction(self._engine) as connection:
            return units.unknown_names(connection)

    def begin_pull(self, source: str, unit: str, period: Period | str, at: datetime) -> int:
        """Open a pull and return its number."""
        with transaction(self._engine) as connection:
            return pulls.begin(connection, source, unit, str(period), at)

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
        listed: Iterable[ListedArticle] = (),
    ) -> None:
        """Close a pull with its outcome (ok, partial or failed), its reason and counts; raise StorageError when it is not open.

        The figures that came, the unit's register (None where the source keeps none) and the articles it listed are stored with it or
        not at all.
        """
        with transaction(self._engine) as connection:
            source, unit, period = pulls.finish(connection, run, outcome, reason, requests, observed, faults, at)
            observations.save(connection, run, came)
            if register is not None:
                documents.save(connection, run, unit, period, register)
            articles.save(connection, run, source, listed)

    def last_pulls(self, unit: str, period: Period | str) -> tuple[PullRun, ...]:
        """The newest pull of each source for the unit and period, by source."""
        with transaction(self._engine) as connection:
            return pulls.last(connection, nfc(unit), str(period))

    def raw_store(self, run: int) -> RawStore:
        """Where a connector keeps the answers of this pull; each is committed at once."""
        return pulls.DatabaseRawStore(self._engine, run)

    def raw_answer(self, sha256: str) -> RawAnswer | None:
        """The stored answer with this hash, told as it was first fetched."""
        with transaction(self._engine) as connection:
            return pulls.answer(connection, sha256)

    def save_observations(self, run: int, given: Sequence[Observation]) -> int:
        """Add figures to the history and return how many; an origin's raw hash must be that of a stored answer, or empty."""
        with transaction(self._engine) as connection:
            return observations.save(connection, run, given)

    def observations(self, units_wanted: Collection[str], period: Period | str) -> list[Observation]:
        """The current figures of the units in the period, by unit and measure."""
        with transaction(self._engine) as connection:
            return observations.newest(connection, [nfc(unit) for unit in units_wanted], str(period))

    def figures(self, units_wanted: Sequence[str], period: Period | str) -> Figures:
        """The current figures of the units in the period as arrays, for whole provinces; unit indices follow the order given."""
        with transaction(self._engine) as connection:
            return figures.gather(connection, [nfc(unit) for unit in units_wanted], str(period))

    def figure_history(self, unit: str, measure: str) -> list[Observation]:
        """Every figure ever stored for the unit and measure, oldest first."""
        with transaction(self._engine) as connection:
            return observations.history(connection, nfc(unit), measure)

    def save_documents(self, run: int, unit: str, period: Period | str, docs: Iterable[RegisteredDocument]) -> None:
        """Store the unit's register of the period as this pull knows it, in place of the one before; history is kept."""
        with transaction(self._engine) as connection:
            documents.save(connection, run, unit, str(period), docs)

    def documents(self, unit: str, window: Window) -> tuple[RegisteredDocument, ...]:
        """The unit's documents dated in the window, oldest first."""
        with transaction(self._engine) as connection:
            return documents.in_window(connection, nfc(unit), window)

    def save_snapshot(self, head: SnapshotHead, bundle: bytes, lower_units: Collection[str] = (), then: Collection[Deferred] = ()) -> None:
        """Freeze a quarter and queue what comes then, both or neither; the same snapshot again changes and queues nothing.

        Raise StorageError for what would fork the unit's chain.
        """
        with transaction(self._engine) as connection:
            if snapshots.save(connection, head, bundle, lower_units):
                defer(connection, then)

    def snapshot_bundle(self, unit: str, period: Period | str) -> bytes | None:
        """The unit's newest closed quarter for the period."""
        with transaction(self._engine) as connection:
            return snapshots.newest_bundle(connection, nfc(unit), str(period))

    def covering_bundle(self, unit: str, period: Period | str) -> bytes | None:
        """The newest closed quarter of a unit above in which this unit was scored too."""
        with transaction(self._engine) as connection:
            return snapshots.covering_bundle(connection, nfc(unit), str(period))

    def bundle(self, sha256: str) -> bytes | None:
        """The bundle of this name."""
        with transaction(self._engine) as connection:
            return snapshots.bundle(connection, sha256)

    def snapshot_heads(self, unit: str) -> tuple[SnapshotHead, ...]:
        """The unit's chain of closed quarters, oldest first."""
        with transaction(self._engine) as connection:
            return snapshots.heads(connection, nfc(unit))

    def newest_head(self, unit: str) -> SnapshotHead | None:
        """The end of the unit's chain."""
        with transaction(self._engine) as connection:
            return snapshots.newest_head(connection, nfc(unit))

    def closed_units(self) -> tuple[str, ...]:
        """The units that have closed quarters, by code."""
        with transaction(self._engine) as connection:
            return snapshots.closed_units(connection)

    def newest_heads(self) -> tuple[SnapshotHead, ...]:
        """The newest closing of every unit and period, newest period first."""
        with transaction(self._engine) as connection:
            return snapshots.newest_heads(connection)
