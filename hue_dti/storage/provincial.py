"""Values that the province gives, as the database keeps them: insert-only, the newest of a code counts, each with its event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from hue_dti.collation import nfc
from hue_dti.errors import EntryConflict
from hue_dti.numerals import POINT
from hue_dti.rollup.given import Given
from hue_dti.rollup.province import ProvincialValue
from hue_dti.storage.engine import aware, glance, transaction
from hue_dti.storage.tables_provincial import provincial_value
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

_ROW = provincial_value.c
_TEXTS = ("unit", "period", "framework", "code", "result", "document", "reason")


class ProvincialBook:
    """Every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def give(self, given: Given, by: str, name: str, at: datetime, trail: Sequence[Event] = ()) -> tuple[int, bool]:
        """Keep a value, or that it is taken back, and return its number and whether it is new; the same form sent twice is one value.

        EntryConflict where another value came after the one the form saw, or the form's number was used for something else.
        """
        with transaction(self._engine) as connection:
            _alone(connection, given)
            known = connection.execute(select(provincial_value).where(_ROW.client_id == given.client)).one_or_none()
            if known is not None:
                return _the_same(known, given), False
            stands = _follows(connection, given)
            values = _values(given) | {"given_by": nfc(by), "given_name": nfc(name), "given_at": aware(at), "replaces": stands or None}
            number = int(connection.execute(insert(provincial_value).values(values).returning(_ROW.id)).scalar_one())
            record(connection, *trail)
            return number, True

    def follows(self, given: Given) -> None:
        """EntryConflict where another value came after the one the form saw; a form that is kept already is no conflict."""
        with glance(self._engine) as connection:
            if connection.execute(select(_ROW.id).where(_ROW.client_id == given.client)).one_or_none() is None:
                _follows(connection, given)

    def newest(self, unit: str, period: str, framework: str) -> Mapping[str, ProvincialValue]:
        """What counts now, by code; what was taken back is not among it."""
        with glance(self._engine) as connection:
            rows = _newest(connection, _of(unit, period, framework))
        return {row.code: _value(row) for row in rows if row.part is not None}

    def lasts(self, unit: str, period: str, framework: str) -> Mapping[str, int]:
        """The number of the newest row of each code, taken back or not."""
        with glance(self._engine) as connection:
            return {row.code: int(row.id) for row in _newest(connection, _of(unit, period, framework))}

    def last(self, unit: str, period: str, framework: str, code: str) -> int:
        """The number of the newest row of a code, taken back or not; 0 for none."""
        with glance(self._engine) as connection:
            rows = _newest(connection, _of(unit, period, framework), _ROW.code == code)
        return int(rows[0].id) if rows else 0

    def history(self, unit: str, period: str, framework: str, code: str) -> tuple[tuple[ProvincialValue | None, str, str, datetime], ...]:
        """Every value of a code, newest first: the value (None where it was taken back), the reason, who, when."""
        wanted = select(provincial_value).where(_of(unit, period, framework), _ROW.code == code).order_by(_ROW.id.desc())
        with glance(self._engine) as connection:
            rows = connection.execute(wanted).all()
        return tuple((_value(row) if row.part is not None else None, row.reason, row.given_name, row.given_at) for row in rows)


def _alone(connection: Connection, given: Given) -> None:
    """One at a time for a province and period, so that each value follows the one that stands."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(nfc(f"provincial {given.unit} {given.period}"), 0))))


def _follows(connection: Connection, given: Given) -> int:
    """The number of the value that the given one follows, 0 for none; EntryConflict where it is not the one the form saw."""
    standing = _newest(connection, _of(given.unit, given.period, given.framework), _ROW.code == given.code)
    stands = int(standing[0].id) if standing else 0
    if given.replaces != stands:
        raise EntryConflict("Chỉ số này vừa có người ghi; hãy xem số đó rồi ghi lại nếu cần.")
    return stands


def _of(unit: str, period: str, framework: str) -> ColumnElement[bool]:
    return (_ROW.unit == nfc(unit)) & (_ROW.period == period) & (_ROW.framework == framework)


def _newest(connection: Connection, *narrowed: ColumnElement[bool]) -> Sequence[Row[Any]]:
    wanted = select(provincial_value).ext(distinct_on(_ROW.code)).where(*narrowed).order_by(_ROW.code, _ROW.id.desc())
    return connection.execute(wanted).all()


def _the_same(known: Row[Any], given: Given) -> int:
    values = _values(given)
    if any(known._mapping[name] != value for name, value in values.items()):
        raise EntryConflict("Mã của lần gửi này đã dùng cho số khác; hãy tải lại trang rồi ghi lại.")
    return int(known.id)


def _values(given: Given) -> dict[str, Any]:
    values: dict[str, Any] = {name: nfc(getattr(given, name)) for name in _TEXTS}
    share, most = given.share, given.max_points
    values |= {"part": None if share is None else share.numerator, "whole": None if share is None else share.denominator}
    return values | {"client_id": given.client, "evidence_id": given.evidence, "max_points": None if most is None else int(most * POINT)}


def _value(row: Row[Any]) -> ProvincialValue:
    most = None if row.max_points is None else Fraction(row.max_points, POINT)
    return ProvincialValue(
        row.code,
        Fraction(row.part, row.whole),
        most,
        row.result,
        row.document,
        row.evidence_id,
        row.given_by,
        row.given_name,
        row.given_at,
        int(row.id),
    )
