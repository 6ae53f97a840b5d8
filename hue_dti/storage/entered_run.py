"""What persons tell through registers and evidence, kept the way pulls are: a run with its record, its figures, a year's documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.observations.entered import ENTERED
from hue_dti.observations.model import Observation, RawAnswer, RegisteredDocument
from hue_dti.storage import documents, observations, pulls
from hue_dti.storage.engine import aware
from hue_dti.storage.model import Ended, Way
from hue_dti.storage.tables import raw_answer, raw_request


@dataclass(frozen=True, slots=True)
class EnteredRun:
    """What was told for a unit and a period: the record kept as the raw answer, the figures counted from it, the unit's documents of a
    year (None where no document was told of).
    """

    unit: str
    period: str
    record: RawAnswer
    figures: tuple[Observation, ...] = ()
    documents: tuple[RegisteredDocument, ...] | None = None
    year: int = 0


def keep_run(connection: Connection, run: EnteredRun | None, at: datetime) -> None:
    """Keep a run in the caller's transaction; its documents take the place of those told before of the same year."""
    if run is None:
        return
    number = pulls.begin(connection, ENTERED, run.unit, run.period, at, way=Way.ENTERED)
    record = run.record
    connection.execute(upsert(raw_answer).values(sha256=record.sha256, body=record.body).on_conflict_do_nothing())
    row = {"request": nfc(record.request), "status": record.status, "content_type": record.content_type, "sha256": record.sha256}
    connection.execute(insert(raw_request).values({**row, "run_id": number, "fetched_at": aware(record.fetched_at)}))
    pulls.finish(connection, [Ended(number, "ok", "", 1, len(run.figures), (), at)])
    observations.save(connection, number, run.figures)
    observations.save(connection, number, run.figures, observations.SECOND_OPINION)
    if run.documents is not None:
        documents.save(connection, number, run.unit, str(run.year), run.documents)
