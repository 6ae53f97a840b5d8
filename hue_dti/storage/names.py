"""Names that no unit answers to: waiting for a person, confirmed as a unit's, or put aside with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.storage.engine import aware
from hue_dti.storage.model import ConfirmedName, DismissedName, UnknownName
from hue_dti.storage.tables import dismissed_unit_name, unit_alias, unknown_unit_name


def note(connection: Connection, source: str, name: str, suggested: str | None, at: datetime, run: int | None) -> None:
    """Put the name on the list for a person to place, or note that it was seen again; what was put aside stays aside."""
    source, name = nfc(source), nfc(name)
    aside = select(dismissed_unit_name).where(dismissed_unit_name.c.source == source, dismissed_unit_name.c.name == name)
    if connection.execute(aside).one_or_none() is not None:
        return
    statement = upsert(unknown_unit_name).values(
        source=source, name=name, suggested=suggested, first_seen=aware(at), last_seen=aware(at), run_id=run
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["source", "name"],
            set_={
                "suggested": statement.excluded.suggested,
                "last_seen": func.greatest(unknown_unit_name.c.last_seen, statement.excluded.last_seen),
                "run_id": func.coalesce(statement.excluded.run_id, unknown_unit_name.c.run_id),
            },
        )
    )


def waiting(connection: Connection) -> tuple[UnknownName, ...]:
    """The names nobody has placed, by source and name."""
    return tuple(UnknownName(*row) for row in connection.execute(select(unknown_unit_name).order_by(*unknown_unit_name.primary_key)))


def confirm(connection: Connection, given: ConfirmedName) -> None:
    """Make the name an alias of the unit in this source and take it off the list; raise StorageError for a unit nobody knows."""
    key = {"code": nfc(given.code), "valid_from": given.valid_from, "source": nfc(given.source)}
    taken = select(func.coalesce(func.max(unit_alias.c.position) + 1, 0)).where(*(unit_alias.c[column] == key[column] for column in key))
    position = connection.execute(taken).scalar_one()
    row = {
        "position": position,
        "alias": nfc(given.name),
        "confirmed_by": nfc(given.by),
        "confirmed_at": aware(given.at),
        "run_id": given.run,
    }
    connection.execute(insert(unit_alias).values(key | row))
    _take_off(connection, given.source, given.name)


def confirmed(connection: Connection, source: str | None) -> tuple[ConfirmedName, ...]:
    """What was confirmed, oldest first, of one source or of all; of two for one name the later counts."""
    wanted = select(*(unit_alias.c[name] for name in ("source", "alias", "code", "valid_from", "confirmed_by", "confirmed_at", "run_id")))
    wanted = wanted.where(unit_alias.c.source != "" if source is None else unit_alias.c.source == nfc(source))
    return tuple(ConfirmedName(*row) for row in connection.execute(wanted.order_by(unit_alias.c.confirmed_at, unit_alias.c.alias)))


def dismiss(connection: Connection, source: str, name: str, reason: str, by: str, at: datetime) -> None:
    """Put the name aside for good and take it off the list."""
    row = {"source": nfc(source), "name": nfc(name), "reason": nfc(reason), "dismissed_by": nfc(by), "dismissed_at": aware(at)}
    connection.execute(insert(dismissed_unit_name).values(row))
    _take_off(connection, source, name)


def dismissed(connection: Connection) -> tuple[DismissedName, ...]:
    """The names put aside, by source and name."""
    return tuple(DismissedName(*row) for row in connection.execute(select(dismissed_unit_name).order_by(*dismissed_unit_name.primary_key)))


def _take_off(connection: Connection, source: str, name: str) -> None:
    same = (unknown_unit_name.c.source == nfc(source), unknown_unit_name.c.name == nfc(name))
    connection.execute(delete(unknown_unit_name).where(*same))
