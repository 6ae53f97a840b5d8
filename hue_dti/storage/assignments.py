"""Which unit or person answers for which criterion."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, insert, select, update

from hue_dti.accounts.assignment import Assignment
from hue_dti.collation import nfc
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.tables_accounts import criterion_assignment
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

_ROW = criterion_assignment.c


class AssignmentBook:
    """Every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, unit: str, criteria_set: str) -> Mapping[str, Assignment]:
        """What stands for a unit's set, by criterion."""
        return {each.criterion: each for each in self._standing(_ROW.unit == nfc(unit), _ROW.criteria_set == criteria_set)}

    def of_person(self, login: str) -> tuple[Assignment, ...]:
        """What stands for a person, wherever."""
        return self._standing(_ROW.login == login)

    def assign(
        self,
        unit: str,
        criteria_set: str,
        criteria: Collection[str],
        responsible: str,
        login: str,
        by: str,
        at: datetime,
        trail: Sequence[Event] = (),
    ) -> int:
        """Give criteria to a unit or person in place of whoever had them, to nobody when `responsible` is empty; how many changed."""
        with transaction(self._engine) as connection:
            which = (_ROW.unit == nfc(unit), _ROW.criteria_set == criteria_set, _ROW.criterion.in_(sorted(criteria)))
            rows = connection.execute(select(criterion_assignment).where(*which, _ROW.ended_at.is_(None)).with_for_update()).all()
            same = {row.criterion for row in rows if (row.responsible, row.login) == (responsible, login)}
            ended = [row.id for row in rows if row.criterion not in same]
            _end(connection, _ROW.id.in_(ended), by, at)
            fresh = sorted(set(criteria) - same) if responsible else []
            told = {"unit": nfc(unit), "criteria_set": criteria_set, "responsible": nfc(responsible), "login": login, "ended_by": ""}
            rows_new = [{**told, "criterion": code, "assigned_by": nfc(by), "assigned_at": aware(at)} for code in fresh]
            if rows_new:
                connection.execute(insert(criterion_assignment), rows_new)
            changed = len(set(fresh)) if responsible else len(ended)
            record(connection, *(trail if changed else ()))
            return changed

    def _standing(self, *which: ColumnElement[bool]) -> tuple[Assignment, ...]:
        asked = select(criterion_assignment).where(*which, _ROW.ended_at.is_(None)).order_by(_ROW.id)
        with transaction(self._engine) as connection:
            return tuple(map(_assignment, connection.execute(asked)))


def hand_over_criteria(connection: Connection, old: str, new: str, by: str, at: datetime) -> None:
    """Give every criterion of one person to another, within a change that calls for it."""
    asked = select(criterion_assignment).where(_ROW.login == old, _ROW.ended_at.is_(None)).with_for_update()
    rows = connection.execute(asked).mappings().all()
    _end(connection, _ROW.id.in_([row["id"] for row in rows]), by, at)
    kept = ("unit", "criteria_set", "criterion", "responsible")
    told = {"ended_by": "", "login": new, "assigned_by": nfc(by), "assigned_at": aware(at)}
    if rows:
        connection.execute(insert(criterion_assignment), [{**{name: row[name] for name in kept}, **told} for row in rows])


def _end(connection: Connection, which: ColumnElement[bool], by: str, at: datetime) -> None:
    connection.execute(update(criterion_assignment).where(which).values(ended_by=nfc(by), ended_at=aware(at)))


def _assignment(row: Any) -> Assignment:
    told = {name: getattr(row, name) for name in ("unit", "criteria_set", "criterion", "responsible", "login")}
    return Assignment(**told, by=row.assigned_by, at=row.assigned_at)
