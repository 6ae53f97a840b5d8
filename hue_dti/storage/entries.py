"""Typed figures: an entry, its record, its figure and its event are written in one transaction, once for each number of a page's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.appraisal.model import Case, Workflow
from hue_dti.collation import nfc
from hue_dti.errors import EntryConflict
from hue_dti.observations.entered import Choice, Entry, Typed, Writer
from hue_dti.observations.model import Observation, RawAnswer
from hue_dti.storage import observations, reasons, reviews, trail
from hue_dti.storage.engine import aware, glance, transaction
from hue_dti.storage.entered_run import keep_one
from hue_dti.storage.model import ChangeReason
from hue_dti.storage.tables_entry import entry
from hue_dti.trail.model import Event

NOTHING_THERE = UUID(int=0)
"""What a page says an entry replaces when it saw none in the cell."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the gate made of an entry: its figure and record, what was there before, the event that tells of it.

    `compared` is the value of the quarter before where the change from it is asked about.
    """

    figure: Observation
    record: RawAnswer
    old: int | None
    compared: int | None
    event: Event


Weigh = Callable[[Sequence[Observation], Case], Weighed]
"""The unit's current figures and where their review stands → what to keep; raises EntryRefused for what may not be kept."""


class EntryBook:
    """The book of typed figures; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, typed: Typed, by: Writer, at: datetime, sender: str, matters: Sequence[str], weigh: Weigh) -> tuple[Entry, bool]:
        """Keep an entry and its figure, and tell whether it is new; the same number with the same body gives what was kept.

        `sender` is the unit that sends the figure to review. `matters` are those that pulls and reviews of the figure's unit are alone at:
        entries go on beside each other, never beside these.
        Raises EntryConflict for a number known with another body, and when another entry came after the one that the page knew.
        """
        with transaction(self._engine) as connection:
            _stand_in_line(connection, typed, matters)
            known, before = _of_client_and_cell(connection, typed)
            if known is not None:
                return _the_same(known, typed), False
            _must_know(typed, before)
            case = reviews.standing(connection, Case(nfc(sender), typed.period, Workflow.FIGURES))
            weighed = weigh(observations.newest(connection, [nfc(typed.unit)], typed.period), case)
            kept = _keep(connection, replace(typed, replaces=before.typed.client if before else None), typed.sha256, by, at, weighed)
            trail.record_and_commit(connection, weighed.event)
            return kept, True

    def kept(self, typed: Typed) -> Entry | None:
        """What was kept of it before, None when nothing was; EntryConflict for a number known with another body."""
        with transaction(self._engine) as connection:
            known = _of_client(connection, typed.client)
            return None if known is None else _the_same(known, typed)

    def newest(self, units: Collection[str], period: str) -> tuple[Entry, ...]:
        """The newest entry of every cell of the units in the period."""
        with glance(self._engine) as connection:
            return _newest(connection, units, period)

    def of_unit(self, unit: str, period: str) -> tuple[Entry, ...]:
        """Every entry of the unit in the period, newest first."""
        wanted = select(entry).where(entry.c.unit == nfc(unit), entry.c.period == period).order_by(entry.c.id.desc())
        with glance(self._engine) as connection:
            return tuple(_entry(found) for found in connection.execute(wanted))

    def of_cell(self, unit: str, measure: str, period: str) -> tuple[Entry, ...]:
        """Every entry of a cell, oldest first."""
        row = entry.c
        wanted = select(entry).where(row.unit == nfc(unit), row.measure == nfc(measure), row.period == period).order_by(row.id)
        with glance(self._engine) as connection:
            return tuple(_entry(found) for found in connection.execute(wanted))


def _stand_in_line(connection: Connection, typed: Typed, matters: Sequence[str]) -> None:
    """One entry of a unit and period at a time, beside those of other units and never beside a pull of theirs."""
    shared = [func.pg_advisory_xact_lock_shared(func.hashtextextended(nfc(matter), 0)) for matter in sorted(matters)]
    own = func.pg_advisory_xact_lock(func.hashtextextended(nfc(f"enter {typed.unit} {typed.period}"), 0))
    connection.execute(select(*shared, own))


def _of_client_and_cell(connection: Connection, typed: Typed) -> tuple[Row[Any] | None, Entry | None]:
    """The entry of this number, and the newest of the cell."""
    row = entry.c
    cell = (row.unit == nfc(typed.unit), row.period == typed.period, row.measure == nfc(typed.measure))
    newest = select(row.id).where(*cell).order_by(row.id.desc()).limit(1).scalar_subquery()
    found = connection.execute(select(entry).where(or_(row.client_id == typed.client, row.id == newest))).all()
    known = next((each for each in found if each.client_id == typed.client), None)
    of_cell = (each for each in found if (each.unit, each.period, each.measure) == (nfc(typed.unit), typed.period, nfc(typed.measure)))
    before = max(of_cell, key=lambda each: each.id, default=None)
    return known, None if before is None else _entry(before)


def _of_client(connection: Connection, client: UUID) -> Row[Any] | None:
    return connection.execute(select(entry).where(entry.c.client_id == client)).one_or_none()


def _the_same(known: Row[Any], typed: Typed) -> Entry:
    if known.sha256 != typed.sha256:
        raise EntryConflict("Mã của lần gửi này đã dùng cho một số khác; hãy tải lại trang rồi nhập lại ô này.")
    return _entry(known)


def _must_know(typed: Typed, before: Entry | None) -> None:
    """A page that says what it replaces must say what stands there."""
    stands = before.typed.client if before is not None else NOTHING_THERE
    if typed.replaces is not None and typed.replaces != stands:
        raise EntryConflict("Ô này vừa có số khác được nhập; hãy xem số đó rồi ghi lại nếu cần.", before)


def _newest(connection: Connection, units: Collection[str], period: str, measure: str = "") -> tuple[Entry, ...]:
    row = entry.c
    wanted = select(entry).where(row.unit.in_([nfc(unit) for unit in units]), row.period == period)
    if measure:
        wanted = wanted.where(row.measure == nfc(measure))
    newest = wanted.ext(distinct_on(row.unit, row.measure)).order_by(row.unit, row.measure, row.id.desc())
    return tuple(_entry(found) for found in connection.execute(newest))


def _keep(connection: Connection, typed: Typed, sha256: str, by: Writer, at: datetime, weighed: Weighed) -> Entry:
    """Write everything of a new entry but its event: the run, its record, its figure, itself."""
    keep_one(connection, weighed.record, weighed.figure, at)
    row = {
        "client_id": typed.client,
        **{name: nfc(getattr(typed, name)) for name in ("unit", "measure", "period", "reason")},
        "choice": typed.choice.value,
        "value": typed.value,
        "old_value": weighed.old,
        "compared": weighed.compared,
        "entered_by": nfc(by.login),
        "name": nfc(by.name),
        "post": nfc(by.post),
        "entered_at": aware(at),
        "sha256": sha256,
        "raw_sha256": weighed.record.sha256,
        "replaces": typed.replaces,
    }
    kept = connection.execute(upsert(entry).values(row).on_conflict_do_nothing(index_elements=["client_id"]).returning(entry)).one_or_none()
    if kept is None:
        raise EntryConflict("Mã của lần gửi này đã dùng cho một ô khác; hãy tải lại trang rồi nhập lại ô này.")
    if weighed.compared is not None and typed.value is not None and typed.reason:
        change = (weighed.compared, typed.value)
        reasons.give(connection, ChangeReason(typed.unit, typed.measure, typed.period, *change, typed.reason, by.login, at))
    return _entry(kept)


def _entry(row: Row[Any]) -> Entry:
    typed = Typed(row.client_id, row.unit, row.measure, row.period, Choice(row.choice), row.value, row.reason, row.entered_by, row.replaces)
    by = Writer(row.entered_by, row.name, row.post)
    return Entry(row.id, typed, by, row.entered_at, row.raw_sha256, row.old_value, row.compared)
