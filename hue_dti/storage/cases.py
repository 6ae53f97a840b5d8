"""Cases of sending, review and appraisal as they are read: each as its newest move left it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Row, select
from sqlalchemy.dialects.postgresql import distinct_on

from hue_dti.appraisal.model import Case, Move, Signed, State, Workflow
from hue_dti.collation import nfc
from hue_dti.storage.engine import transaction
from hue_dti.storage.tables_reviews import submission


@dataclass(frozen=True, slots=True)
class Moved:
    """One move as it was made; `told` is what was sent with it."""

    case: Case
    told: Any = None


class CaseBook:
    """What the database knows of cases; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def case(self, unit: str, period: str, workflow: Workflow = Workflow.FIGURES) -> Case:
        """The unit's case as it stands; a draft without version where nobody made a move."""
        return self.cases([unit], period, workflow).get(nfc(unit), Case(nfc(unit), period, workflow))

    def cases(self, units: Collection[str], period: str, workflow: Workflow = Workflow.FIGURES) -> dict[str, Case]:
        """The cases of these units that anybody moved, by unit."""
        row = submission.c
        which = (row.unit.in_([nfc(unit) for unit in units]), row.period == period, row.workflow == workflow.value)
        asked = select(submission).ext(distinct_on(row.unit)).where(*which).order_by(row.unit, row.version.desc())
        with transaction(self._engine) as connection:
            return {each.unit: case_of(each) for each in connection.execute(asked)}

    def standing(self, states: Collection[State]) -> tuple[Case, ...]:
        """The cases of all units, periods and workflows that stand in one of these states."""
        row = submission.c
        newest = select(submission).ext(distinct_on(row.unit, row.period, row.workflow))
        kept = newest.order_by(row.unit, row.period, row.workflow, row.version.desc()).subquery()
        with transaction(self._engine) as connection:
            found = connection.execute(select(kept).where(kept.c.state.in_([each.value for each in states])))
            return tuple(map(case_of, found))

    def history(self, unit: str, period: str, workflow: Workflow = Workflow.FIGURES) -> tuple[Moved, ...]:
        """Every move of the case, oldest first."""
        row = submission.c
        which = (row.unit == nfc(unit), row.period == period, row.workflow == workflow.value)
        with transaction(self._engine) as connection:
            found = connection.execute(select(submission).where(*which).order_by(row.version))
            return tuple(Moved(case_of(each), each.told) for each in found)


def signer(row: Row[Any]) -> Signed:
    """Who did it, from those columns."""
    return Signed(row.done_by, row.name, row.post)


def case_of(row: Row[Any]) -> Case:
    """A move's row as the case it left."""
    return Case(
        unit=row.unit,
        period=row.period,
        workflow=Workflow(row.workflow),
        state=State(row.state),
        version=row.version,
        move=Move(row.move),
        by=signer(row),
        at=row.done_at,
        reason=row.reason,
        until=row.until,
        sender=row.sender,
        code=row.code,
    )
