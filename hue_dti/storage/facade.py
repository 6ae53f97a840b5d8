"""The storage room's door: everything other rooms may ask of the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from types import TracebackType

from sqlalchemy import Engine

from hue_dti.collation import nfc
from hue_dti.observations.model import Observation, RegisteredDocument
from hue_dti.periods import Period, Window
from hue_dti.storage import documents, figures, monitoring, observations, units
from hue_dti.storage.alerts import AlertBook
from hue_dti.storage.articles import ArticleBook
from hue_dti.storage.base import BaseBook
from hue_dti.storage.board import BoardBook
from hue_dti.storage.circuit import CircuitBook
from hue_dti.storage.closed import ClosedQuarters
from hue_dti.storage.dump import Dump, dumping
from hue_dti.storage.embedded import Lease
from hue_dti.storage.engine import glance, transaction
from hue_dti.storage.kept import Kept
from hue_dti.storage.leader import Leadership
from hue_dti.storage.migrate import Migration, read_state
from hue_dti.storage.model import Figures
from hue_dti.storage.names_and_reasons import NamesAndReasons
from hue_dti.storage.people import People
from hue_dti.storage.profiles import ProfileBook
from hue_dti.storage.pulling import Pulling
from hue_dti.storage.queue import Deferred, defer
from hue_dti.storage.reminders import ReminderBook
from hue_dti.storage.schedule import ScheduleBook
from hue_dti.units.lineage import Lineage
from hue_dti.units.model import OrgUnit


class Storage(Pulling, NamesAndReasons, ClosedQuarters, People):
    """The database as the application's role sees it; every method is one transaction. Safe in threads; close it after use.

    Codes and names may come in any Unicode form and are kept in NFC; times must be aware and come back in UTC.
    Methods raise StorageError for what the database refuses or when it cannot be reached.
    """

    def __init__(self, engine: Engine, lease: Lease | None = None) -> None:
        self._engine = engine
        self._lease = lease
        self._units: tuple[int, tuple[OrgUnit, ...]] = (0, ())
        self._lineage: tuple[int, Lineage] = (0, Lineage((), ()))
        self.kept = Kept(engine)

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
    def profiles(self) -> ProfileBook:
        """General information of units: posts, addresses, sizes."""
        return ProfileBook(self._engine)

    @property
    def base(self) -> BaseBook:
        """Base figures: proposals, approvals, and what is approved."""
        return BaseBook(self._engine)

    @property
    def reminders(self) -> ReminderBook:
        """Which reminders were sent, and what became of the others."""
        return ReminderBook(self._engine)

    @property
    def articles(self) -> ArticleBook:
        """Articles of web sites, and what persons said they count for."""
        return ArticleBook(self._engine)

    @property
    def circuits(self) -> CircuitBook:
        """Which sources failed last time, and which rest because of it."""
        return CircuitBook(self._engine)

    @property
    def alerts(self) -> AlertBook:
        """What the operations centre is to be told of."""
        return AlertBook(self._engine)

    @property
    def board(self) -> BoardBook:
        """How pulls go, what waits in the queue, what trials told."""
        return BoardBook(self._engine)

    @property
    def address(self) -> str:
        """The database's address with its password, for libpq; never to be printed."""
        return self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def dumping(self) -> AbstractContextManager[Dump]:
        """Every table's rows as of one moment, to back them up."""
        return dumping(self._engine)

    def migration(self) -> Migration:
        """Where the tables stand; raise DatabaseUnreachable when the database does not answer."""
        with transaction(self._engine) as connection:
            return read_state(connection)

    def pulse(self) -> monitoring.Pulse:
        """What a monitor watches, in one look."""
        with transaction(self._engine) as connection:
            return monitoring.pulse(connection)

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
        with glance(self._engine) as connection:
            change, known = units.changes(connection), self._units
        if change != known[0]:
            with transaction(self._engine) as connection:
                self._units = known = change, units.read_all(connection)
        return known[1]

    def lineage(self) -> Lineage:
        """What the events that hold made of units."""
        units_now = self.units()
        change, known = self._units[0], self._lineage
        if change != known[0]:
            held = [each.event for each in self.unit_events.all() if each.holds]
            self._lineage = known = change, Lineage(units_now, held)
        return known[1]

    def save_observations(self, run: int, given: Sequence[Observation]) -> int:
        """Add figures to the history and return how many; an origin's raw hash must be that of a stored answer, or empty."""
        with transaction(self._engine) as connection:
            return observations.save(connection, run, given)

    def observations(self, units_wanted: Collection[str], period: Period | str) -> list[Observation]:
        """The current figures of the units in the period, by unit and measure."""
        with glance(self._engine) as connection:
            return observations.newest(connection, [nfc(unit) for unit in units_wanted], str(period))

    def second_opinions(self, units_wanted: Collection[str], period: Period | str) -> list[Observation]:
        """What sources that do not count tell of the units in the period, the newest of each, by unit, measure and source."""
        with transaction(self._engine) as connection:
            return observations.opinions(connection, [nfc(unit) for unit in units_wanted], str(period))

    def figures(self, units_wanted: Sequence[str], period: Period | str) -> Figures:
        """The current figures of the units in the period as arrays, for whole provinces; unit indices follow the order given."""
        with glance(self._engine) as connection:
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
        with glance(self._engine) as connection:
            return documents.in_window(connection, nfc(unit), window)
