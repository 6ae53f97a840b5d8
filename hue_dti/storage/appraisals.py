"""An appraiser's marks and a unit's explanations as they are kept: insert-only, one chain for each criterion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row, select
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.appraisal.model import AppraisalMark, Case, Stage
from hue_dti.collation import nfc
from hue_dti.errors import ReviewRefused
from hue_dti.storage.cases import signer
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.reviews import alone, signature, standing
from hue_dti.storage.tables_reviews import appraisal_mark
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event


class AppraisalBook:
    """The appraisal's page of the database; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(self, case: Case, marks: Sequence[AppraisalMark], trail: Sequence[Event] = ()) -> None:
        """Keep words on criteria of the case as it was seen, all or none; each says which word it `follows`.

        Raises ReviewRefused where somebody moved the case, or wrote on one of these criteria, first.
        """
        with transaction(self._engine) as connection:
            alone(connection, case)
            if standing(connection, case).version != case.version:
                raise ReviewRefused("Hồ sơ thẩm định vừa đổi, trước bạn; việc của bạn chưa được ghi. Hãy xem lại rồi quyết định.")
            for mark in sorted(marks, key=lambda each: each.criterion):
                fresh = upsert(appraisal_mark).values(_row(mark, case.version)).on_conflict_do_nothing()
                if connection.execute(fresh.returning(appraisal_mark.c.id)).one_or_none() is None:
                    raise ReviewRefused(f"Vừa có người ghi điểm tiêu chí {mark.criterion}, trước bạn; hãy xem lại rồi quyết định.")
            record(connection, *trail)

    def marks(self, unit: str, period: str) -> tuple[AppraisalMark, ...]:
        """Every word on the unit's criteria in the period, oldest first."""
        row = appraisal_mark.c
        asked = select(appraisal_mark).where(row.unit == nfc(unit), row.period == period).order_by(row.id)
        with transaction(self._engine) as connection:
            return tuple(map(_mark, connection.execute(asked)))


def _row(mark: AppraisalMark, version: int) -> dict[str, object]:
    kept = {name: getattr(mark, name) for name in ("period", "criterion", "self_points", "points", "follows")}
    told = {"unit": nfc(mark.unit), "stage": mark.stage.value, "reason": nfc(mark.reason), "case_version": version}
    return {**kept, **told, **signature(mark.by, aware(mark.at))}


def _mark(row: Row[Any]) -> AppraisalMark:
    return mark_of(row, row.period, row.criterion)


def mark_of(row: Row[Any], period: str, criterion: str) -> AppraisalMark:
    """The word that a row keeps, on what its table calls the period and the criterion."""
    return AppraisalMark(
        unit=row.unit,
        period=period,
        criterion=criterion,
        stage=Stage(row.stage),
        self_points=row.self_points,
        points=row.points,
        reason=row.reason,
        by=signer(row),
        at=row.done_at,
        number=row.id,
        follows=row.follows,
    )
