"""The register of a unit's documents as persons tell it, kept the way pulled registers are: each time whole, the newest counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.observations.entered import ENTERED
from hue_dti.observations.model import RawAnswer, RegisteredDocument
from hue_dti.storage import documents, pulls
from hue_dti.storage.engine import aware
from hue_dti.storage.model import Ended, Way
from hue_dti.storage.tables import raw_answer, raw_request


def save(connection: Connection, unit: str, year: int, record: RawAnswer, told: Sequence[RegisteredDocument], at: datetime) -> int:
    """Keep the register of the year with its record, in place of the one before; returns the run that brought it."""
    run = pulls.begin(connection, ENTERED, unit, str(year), at, way=Way.ENTERED)
    keep_record(connection, run, record)
    documents.save(connection, run, unit, str(year), told)
    pulls.finish(connection, [Ended(run, "ok", "", 1, 0, (), at)])
    return run


def keep_record(connection: Connection, run: int, record: RawAnswer) -> None:
    """Keep what was told as the raw answer of the run."""
    connection.execute(upsert(raw_answer).values(sha256=record.sha256, body=record.body).on_conflict_do_nothing())
    row = {"request": nfc(record.request), "status": record.status, "content_type": record.content_type, "sha256": record.sha256}
    connection.execute(insert(raw_request).values({**row, "run_id": run, "fetched_at": aware(record.fetched_at)}))
