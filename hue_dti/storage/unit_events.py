"""Events that change units: which are known, which hold, what would stand in the way of taking one back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, tuple_, update

from hue_dti.collation import nfc
from hue_dti.errors import UnitEventRefused
from hue_dti.periods import LOCAL
from hue_dti.storage import ties, units
from hue_dti.storage.engine import aware, glance, transaction
from hue_dti.storage.sessions import end_all
from hue_dti.storage.tables import org_unit, unit_alias
from hue_dti.storage.tables_accounts import account_grant
from hue_dti.storage.tables_units import unit_event, unit_event_change, unit_event_step
from hue_dti.storage.trail import record
from hue_dti.storage.unit_uses import Use, uses
from hue_dti.trail.model import Event
from hue_dti.units.changing import in_order
from hue_dti.units.events import Change, ChangeKind, Resolution, UnitEvent
from hue_dti.units.model import Level, OrgUnit

APPLIED, REVERTED = "applied", "reverted"
NEW_UNITS = "units"
"""Why sign-ins were ended."""


@dataclass(frozen=True, slots=True)
class Known:
    """An event, and what was done with it last: `step` is empty while it only waits."""

    event: UnitEvent
    step: str = ""
    by: str = ""
    at: datetime | None = None
    reason: str = ""

    @property
    def holds(self) -> bool:
        """Whether the units stand as it orders."""
        return self.step == APPLIED


class UnitEventBook:
    """Every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[Known, ...]:
        """Every event that is known, by its day."""
        with transaction(self._engine) as connection:
            return _read(connection)

    def learn(self, events: Iterable[UnitEvent]) -> None:
        """Know these events; what is told otherwise of an event that does not hold replaces what was known."""
        with transaction(self._engine) as connection:
            known = {each.event.number: each for each in _read(connection)}
            for event in events:
                there = known.get(event.number)
                if there is not None and (there.holds or there.event == event):
                    continue
                _write(connection, event, fresh=there is None)

    def apply(
        self, event: UnitEvent, after: Sequence[OrgUnit], by: str, at: datetime, reason: str = "", trail: Sequence[Event] = ()
    ) -> tuple[str, ...]:
        """Bring the units to how they stand after the event and return whose rights at units that are no more ended with them."""
        with transaction(self._engine) as connection:
            _stand_at(connection, event.number, held=False)
            units.save(connection, after)
            ended = _end_grants(connection, event, at)
            _step(connection, event.number, APPLIED, by, at, reason)
            record(connection, *trail)
            return ended

    def revert(self, event: UnitEvent, before: Sequence[OrgUnit], by: str, at: datetime, reason: str, trail: Sequence[Event] = ()) -> None:
        """Take the event back; UnitEventRefused when a unit that it made is in use already, or another event came after it."""
        gone = [(change.new, event.effective_on) for change in event.changes if change.new]
        with transaction(self._engine) as connection:
            _stand_at(connection, event.number, held=True)
            used = uses(connection, event)
            if used:
                raise UnitEventRefused(_in_use(event, used))
            of_these = tuple_(org_unit.c.code, org_unit.c.valid_from).in_(gone)
            connection.execute(delete(unit_alias).where(tuple_(unit_alias.c.code, unit_alias.c.valid_from).in_(gone)))
            connection.execute(delete(org_unit).where(of_these))
            units.save(connection, before)
            _give_back(connection, event)
            _step(connection, event.number, REVERTED, by, at, reason)
            record(connection, *trail)

    def uses(self, event: UnitEvent) -> tuple[Use, ...]:
        """What already hangs on the units that the event made, from its day on."""
        with transaction(self._engine) as connection:
            return uses(connection, event)

    def below(self, code: str, day: date) -> tuple[str, ...]:
        """The codes of the unit and everything below it that day, nearest first."""
        with glance(self._engine) as connection:
            return ties.below(connection, nfc(code), day)

    def above(self, code: str, day: date) -> tuple[str, ...]:
        """The codes of the unit and those above it that day, nearest first."""
        with glance(self._engine) as connection:
            return ties.above(connection, nfc(code), day)


def _stand_at(connection: Connection, number: str, *, held: bool) -> None:
    """Wait for whoever changes units now, then see that the event stands as the caller believes."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("hue_dti unit events"))))
    newest = select(unit_event_step.c.step).where(unit_event_step.c.event == number).order_by(unit_event_step.c.id.desc()).limit(1)
    holds = connection.execute(newest).scalar_one_or_none() == APPLIED
    if holds is not held:
        raise UnitEventRefused(f"Sự kiện {number} {'đã' if holds else 'chưa'} áp dụng; hãy tải lại trang hoặc xem: hue-dti units events")


def _step(connection: Connection, number: str, step: str, by: str, at: datetime, reason: str) -> None:
    row = {"event": number, "step": step, "done_by": nfc(by), "done_at": aware(at), "reason": nfc(reason)}
    connection.execute(insert(unit_event_step).values(row))


def _end_grants(connection: Connection, event: UnitEvent, at: datetime) -> tuple[str, ...]:
    """A right at a unit that ends may not pass to another unit that is given the same code; the person is asked to sign in again."""
    row = account_grant.c
    codes = {change.old for change in event.changes if not _goes_on(change)}
    old = (row.unit.in_(codes), row.granted_at < _first_moment(event.effective_on), row.ended_at.is_(None))
    ended = update(account_grant).where(*old).values(ended_by=_mark(event), ended_at=aware(at)).returning(row.login)
    logins = tuple(sorted(set(connection.execute(ended).scalars())))
    for login in logins:
        end_all(connection, login, NEW_UNITS, at)
    return logins


def _give_back(connection: Connection, event: UnitEvent) -> None:
    row = account_grant.c
    connection.execute(update(account_grant).where(row.ended_by == _mark(event)).values(ended_by="", ended_at=None))


def _goes_on(change: Change) -> bool:
    return change.kind in (ChangeKind.RENAME, ChangeKind.MOVE) and change.new == change.old


def _mark(event: UnitEvent) -> str:
    return f"sự kiện {event.number}"


def _first_moment(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


def _in_use(event: UnitEvent, used: Collection[Use]) -> str:
    shown = "; ".join(f"{use.what}: {', '.join(use.units)}" for use in used)
    return (
        f"Không hoàn tác được sự kiện {event.number} vì đơn vị mới đã được dùng ({shown}); hãy ghi một sự kiện mới thay cho việc hoàn tác."
    )


def _read(connection: Connection) -> tuple[Known, ...]:
    last = select(unit_event_step).order_by(unit_event_step.c.id)
    steps = {row.event: row for row in connection.execute(last)}
    changes: dict[str, list[Change]] = {}
    for row in connection.execute(select(unit_event_change).order_by(*unit_event_change.primary_key)):
        changes.setdefault(row.event, []).append(_change(row))
    events = {row.number: _event(row, tuple(changes.get(row.number, ()))) for row in connection.execute(select(unit_event))}
    return tuple(_known(event, steps.get(event.number)) for event in in_order(events.values()))


def _known(event: UnitEvent, row: Any) -> Known:
    return Known(event) if row is None else Known(event, row.step, row.done_by, row.done_at, row.reason)


def _event(row: Any, changes: tuple[Change, ...]) -> UnitEvent:
    resolution = Resolution(row.resolution, row.issued_on, row.issuer)
    return UnitEvent(row.number, row.effective_on, row.title, resolution, row.source, row.note, changes)


def _change(row: Any) -> Change:
    share = Fraction(row.share_part, row.share_whole) if row.share_part is not None else None
    level = Level(row.level) if row.level is not None else None
    return Change(ChangeKind(row.change), row.old_code, row.new_code, row.new_name, level, row.parent, share, row.old_name, row.note)


def _write(connection: Connection, event: UnitEvent, *, fresh: bool) -> None:
    told = event.resolution
    head = {"effective_on": event.effective_on, "title": event.title, "source": event.source, "note": event.note}
    head |= {"resolution": told.number, "issued_on": told.issued_on, "issuer": told.issuer}
    if fresh:
        connection.execute(insert(unit_event).values(number=event.number, **head))
    else:
        connection.execute(update(unit_event).where(unit_event.c.number == event.number).values(head))
        connection.execute(delete(unit_event_change).where(unit_event_change.c.event == event.number))
    rows = [_row(event.number, position, change) for position, change in enumerate(event.changes)]
    if rows:
        connection.execute(insert(unit_event_change), rows)


def _row(number: str, position: int, change: Change) -> dict[str, object]:
    share = change.share
    return {
        "event": number,
        "position": position,
        "change": change.kind.value,
        "old_code": change.old,
        "old_name": change.old_name,
        "new_code": change.new,
        "new_name": change.name,
        "level": change.level.value if change.level is not None else None,
        "parent": change.parent,
        "share_part": share.numerator if share is not None else None,
        "share_whole": share.denominator if share is not None else None,
        "note": change.note,
    }
