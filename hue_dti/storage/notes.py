"""Notes of persons who say that a figure a machine pulled is not right, and what the source's keeper answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, Select, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.observations.entered import Writer
from hue_dti.storage import trail
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.tables_entry import figure_note, figure_note_answer
from hue_dti.trail.model import Event


@dataclass(frozen=True, slots=True)
class FigureNote:
    """Who says what of which figure; `value` is what the machine told then. `number` is 0 before it is kept."""

    number: int
    unit: str
    measure: str
    period: str
    value: int | None
    source: str
    raw_sha256: str
    note: str
    by: Writer
    at: datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


class NoteBook:
    """The book of notes; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, note: FigureNote, events: Sequence[Event] = ()) -> int:
        """Keep a note with what tells of it, and return its number."""
        row = {name: nfc(getattr(note, name)) for name in ("unit", "measure", "period", "source", "note")}
        who = {"noted_by": nfc(note.by.login), "name": nfc(note.by.name), "post": nfc(note.by.post), "noted_at": aware(note.at)}
        values = row | who | {"value": note.value, "raw_sha256": note.raw_sha256 or None}
        with transaction(self._engine) as connection:
            number = int(connection.execute(insert(figure_note).values(values).returning(figure_note.c.id)).scalar_one())
            trail.record(connection, *events)
            return number

    def answer(self, number: int, words: str, by: Writer, at: datetime, events: Sequence[Event] = ()) -> bool:
        """Answer a note, once: False when somebody answered before, or there is no such note."""
        row = {"note_id": number, "answer": nfc(words), "answered_by": nfc(by.login), "name": nfc(by.name), "answered_at": aware(at)}
        with transaction(self._engine) as connection:
            if connection.execute(select(figure_note.c.id).where(figure_note.c.id == number)).one_or_none() is None:
                return False
            fresh = upsert(figure_note_answer).values(row).on_conflict_do_nothing().returning(figure_note_answer.c.note_id)
            if connection.execute(fresh).one_or_none() is None:
                return False
            trail.record(connection, *events)
            return True

    def of_units(self, units: Collection[str], period: str) -> tuple[FigureNote, ...]:
        """The notes on figures of the units in the period, newest first."""
        wanted = _joined().where(figure_note.c.unit.in_([nfc(unit) for unit in units]), figure_note.c.period == period)
        return self._read(wanted.order_by(figure_note.c.id.desc()))

    def waiting(self, most: int) -> tuple[FigureNote, ...]:
        """The notes nobody answered, oldest first, at most so many."""
        return self._read(_joined().where(figure_note_answer.c.note_id.is_(None)).order_by(figure_note.c.id).limit(most))

    def one(self, number: int) -> FigureNote | None:
        """The note of this number."""
        return next(iter(self._read(_joined().where(figure_note.c.id == number))), None)

    def _read(self, wanted: Select[Any]) -> tuple[FigureNote, ...]:
        with transaction(self._engine) as connection:
            return tuple(_note(row) for row in connection.execute(wanted))


def _joined() -> Select[Any]:
    answered = figure_note_answer.c
    columns = (figure_note, answered.answer, answered.name.label("answered_by"), answered.answered_at)
    return select(*columns).select_from(figure_note.outerjoin(figure_note_answer, answered.note_id == figure_note.c.id))


def _note(row: Row[Any]) -> FigureNote:
    return FigureNote(
        number=row.id,
        unit=row.unit,
        measure=row.measure,
        period=row.period,
        value=row.value,
        source=row.source,
        raw_sha256=row.raw_sha256 or "",
        note=row.note,
        by=Writer(row.noted_by, row.name, row.post),
        at=row.noted_at,
        answer=row.answer or "",
        answered_by=row.answered_by or "",
        answered_at=row.answered_at,
    )
