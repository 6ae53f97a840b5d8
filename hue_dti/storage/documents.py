"""Registers of issued and received documents: each pull stores a whole copy, the newest copy of a unit and period counts.

What persons tell is a register of its own beside that of a source: of each way the newest counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, and_, insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from hue_dti.collation import nfc
from hue_dti.observations.model import RegisteredDocument
from hue_dti.periods import Window
from hue_dti.storage.model import Way
from hue_dti.storage.tables import document_register, pull_run, registered_document

_FIELDS = tuple(field.name for field in fields(RegisteredDocument))


def save(connection: Connection, run: int, unit: str, period: str, documents: Iterable[RegisteredDocument]) -> None:
    """Store the register of a unit and period as this pull knows it; an empty one counts too."""
    connection.execute(insert(document_register).values(run_id=run, unit=nfc(unit), period=period))
    rows = [_row(document) | {"run_id": run, "position": position} for position, document in enumerate(documents)]
    if rows:
        connection.execute(insert(registered_document), rows)


def in_window(connection: Connection, unit: str, window: Window) -> tuple[RegisteredDocument, ...]:
    """The unit's documents dated in the window, oldest first, out of the newest register of each period.

    A document that stands in the registers of several periods is taken once, from the newest pull.
    """
    register, entered = document_register.c, pull_run.c.way == Way.ENTERED
    newest = (
        select(register.run_id)
        .join(pull_run, pull_run.c.id == register.run_id)
        .ext(distinct_on(register.unit, register.period, entered))
        .order_by(register.unit, register.period, entered, register.run_id.desc())
    )
    row = registered_document.c
    chosen = (
        select(registered_document)
        .where(row.run_id.in_(newest), and_(row.unit == unit, row.issued_on.between(window.start, window.end)))
        .order_by(row.run_id.desc(), row.position)
    )
    taken_from: dict[tuple[object, ...], int] = {}
    found = []
    for each in connection.execute(chosen):
        if taken_from.setdefault((each.direction, each.number, each.issuer, each.issued_on), each.run_id) == each.run_id:
            found.append((each.issued_on, each.run_id, each.position, _document(each._asdict())))
    return tuple(document for *_, document in sorted(found, key=lambda one: one[:3]))


def _document(row: dict[str, Any]) -> RegisteredDocument:
    return RegisteredDocument(**{name: row[name] for name in _FIELDS} | {"raw_sha256": row["raw_sha256"] or ""})


def _row(document: RegisteredDocument) -> dict[str, object]:
    row: dict[str, object] = {name: getattr(document, name) for name in _FIELDS}
    row = {name: nfc(value) if isinstance(value, str) else value for name, value in row.items()}
    return row | {"raw_sha256": document.raw_sha256 or None}
