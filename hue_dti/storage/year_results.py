"""Published indices of whole years as they are kept: every version stays, the newest holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.errors import ResultRefused
from hue_dti.rollup.year_results import YearResult, spelling_of
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.tables_year_results import year_result
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

_ANOTHER = "Vừa có người ghi kết quả của năm này, trước bạn; chưa ghi gì. Hãy xem bản mới rồi nộp lại."


class YearResultBook:
    """Every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, given: YearResult, trail: Sequence[Event] = ()) -> None:
        """Keep the next version; ResultRefused when the newest one is not the one before it any more."""
        row = {"framework": given.framework, "year": given.year, "number": given.number, "content": nfc(given.content)}
        row |= {"decimal_sign": given.spelling.decimal.value, "points": given.spelling.points, "document": nfc(given.document)}
        row |= {"issued_on": given.issued_on, "reason": nfc(given.reason), "done_by": nfc(given.by), "name": nfc(given.name)}
        row |= {"post": nfc(given.post), "done_at": aware(given.at)}
        with transaction(self._engine) as connection:
            newest = select(func.coalesce(func.max(year_result.c.number), 0)).where(
                year_result.c.framework == given.framework, year_result.c.year == given.year
            )
            if connection.execute(newest).scalar_one() != given.number - 1:
                raise ResultRefused(_ANOTHER)
            fresh = upsert(year_result).values(row).on_conflict_do_nothing().returning(year_result.c.id)
            if connection.execute(fresh).one_or_none() is None:
                raise ResultRefused(_ANOTHER)
            record(connection, *trail)

    def all(self) -> tuple[YearResult, ...]:
        """Every version of every year, the newest first."""
        row = year_result.c
        asked = select(year_result).order_by(row.year.desc(), row.framework, row.number.desc())
        with transaction(self._engine) as connection:
            return tuple(map(_result, connection.execute(asked)))

    def versions(self, framework: str, year: int) -> tuple[YearResult, ...]:
        """Every version of a year, the newest first."""
        return tuple(each for each in self.all() if (each.framework, each.year) == (framework, year))


def _result(row: Row[Any]) -> YearResult:
    return YearResult(
        framework=row.framework,
        year=row.year,
        number=row.number,
        content=row.content,
        spelling=spelling_of(row.decimal_sign, row.points),
        document=row.document,
        issued_on=row.issued_on,
        reason=row.reason,
        by=row.done_by,
        name=row.name,
        post=row.post,
        at=row.done_at,
    )
