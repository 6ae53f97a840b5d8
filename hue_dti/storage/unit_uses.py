"""What hangs on units that an event made: once anything does, the event is not taken back any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Column, ColumnElement, Connection, Table, select

from hue_dti.errors import PeriodError
from hue_dti.periods import LOCAL, Period
from hue_dti.storage.tables import newest_observation, second_opinion, snapshot, snapshot_lower_unit
from hue_dti.storage.tables_accounts import account_grant
from hue_dti.storage.tables_aside import base_proposal, unit_profile
from hue_dti.storage.tables_evidence import evidence
from hue_dti.storage.tables_reports import report_text
from hue_dti.storage.tables_reviews import submission
from hue_dti.units.events import UnitEvent

MOST_UNITS = 5


@dataclass(frozen=True, slots=True)
class Use:
    """One kind of thing that hangs on new units, and the codes of the first of them."""

    what: str
    units: tuple[str, ...]


_IN_A_PERIOD: tuple[tuple[str, Table], ...] = (
    ("số liệu", newest_observation),
    ("số liệu để so sánh", second_opinion),
    ("hồ sơ gửi duyệt", submission),
    ("tài liệu kiểm chứng", evidence),
    ("báo cáo", report_text),
    ("bản chốt", snapshot),
)
"""Tables with a unit and a period."""


def uses(connection: Connection, event: UnitEvent) -> tuple[Use, ...]:
    """What was stored from the event's day on for units that bear the codes it gave."""
    codes = sorted({change.new for change in event.changes if change.new})
    found = [_use(connection, what, table.c.unit, codes, *_later(connection, table, event)) for what, table in _IN_A_PERIOD]
    frozen = select(snapshot.c.sha256).where(snapshot.c.cutoff >= event.effective_on)
    found.append(_use(connection, "bản chốt của đơn vị trên", snapshot_lower_unit.c.unit, codes, snapshot_lower_unit.c.sha256.in_(frozen)))
    given = account_grant.c.granted_at >= datetime.combine(event.effective_on, time(), LOCAL)
    found.append(_use(connection, "quyền của người dùng", account_grant.c.unit, codes, given, account_grant.c.ended_at.is_(None)))
    for what, table in (("số liệu nền", base_proposal), ("thông tin chung", unit_profile)):
        found.append(_use(connection, what, table.c.unit, codes, table.c.valid_from == event.effective_on))
    return tuple(use for use in found if use.units)


def _use(connection: Connection, what: str, unit: Column[str], codes: Iterable[str], *which: ColumnElement[bool]) -> Use:
    asked = select(unit).distinct().where(unit.in_(list(codes)), *which).order_by(unit).limit(MOST_UNITS)
    return Use(what, tuple(connection.execute(asked).scalars()))


def _later(connection: Connection, table: Table, event: UnitEvent) -> tuple[ColumnElement[bool], ...]:
    """Rows of periods that end on the event's day or later; a period that nobody can read is not one of them."""
    spelt = connection.execute(select(table.c.period).distinct()).scalars()
    return (table.c.period.in_([each for each in spelt if _ends_after(each, event)]),)


def _ends_after(spelt: str, event: UnitEvent) -> bool:
    try:
        return Period.parse(spelt).end >= event.effective_on
    except PeriodError:
        return False
