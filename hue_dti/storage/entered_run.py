"""What persons tell through registers and evidence, kept the way pulls are: a run with its record, its figures, a year's documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, text
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.observations.entered import ENTERED
from hue_dti.observations.model import Observation, RawAnswer, RegisteredDocument
from hue_dti.storage import documents, observations, pulls
from hue_dti.storage.engine import aware
from hue_dti.storage.model import Ended, Way
from hue_dti.storage.tables import raw_answer, raw_request

_ONE = text("""
    WITH run AS (
        INSERT INTO pull_run (source, unit, period, started_at, finished_at, outcome, reason, requests, observations, faults, way)
        SELECT :entered, :unit, :period, cast(:at AS timestamptz), cast(:at AS timestamptz), 'ok', '', 1, 1, '[]', :way RETURNING id
    ), answer AS (
        INSERT INTO raw_answer (sha256, body) VALUES (:sha256, :body) ON CONFLICT DO NOTHING
    ), asked AS (
        INSERT INTO raw_request (run_id, request, status, content_type, fetched_at, sha256)
        SELECT id, :request, cast(:status AS integer), :content_type, cast(:fetched_at AS timestamptz), :sha256 FROM run
    ), came AS (
        INSERT INTO origin (run_id, source, request, fetched_at, raw_sha256)
        SELECT id, :source, :told, cast(:told_at AS timestamptz), :sha256 FROM run RETURNING id
    ), told AS (
        SELECT id, cast(:unit AS text) AS unit, cast(:measure AS text) AS measure, cast(:period AS text) AS period,
            cast(:value AS bigint) AS value, cast(:state AS smallint) AS state, cast(:as_of AS date) AS as_of,
            cast(:place AS text) AS place, cast(:reason AS text) AS reason
        FROM came
    ), counts AS (
        INSERT INTO observation (origin_id, unit, measure, period, value, state, as_of, place, reason) SELECT * FROM told
    )
    INSERT INTO second_opinion (origin_id, unit, measure, period, value, state, as_of, place, reason) SELECT * FROM told""")


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


def keep_one(connection: Connection, record: RawAnswer, figure: Observation, at: datetime) -> None:
    """Keep a run of one figure in the caller's transaction, in one statement: its record, the figure, and the figure beside others,
    where it stays when a source tells more.
    """
    row = {
        "entered": ENTERED,
        "way": Way.ENTERED.value,
        "at": aware(at),
        "period": str(figure.period),
        **{name: nfc(getattr(figure, name)) for name in ("unit", "measure", "reason")},
        "value": figure.value,
        "state": int(figure.state),
        "as_of": figure.as_of,
        "place": nfc(figure.origin.place),
        "source": nfc(figure.origin.source),
        "told": nfc(figure.origin.request),
        "told_at": aware(figure.origin.fetched_at),
        "sha256": record.sha256,
        "body": record.body,
        "request": nfc(record.request),
        "status": record.status,
        "content_type": record.content_type,
        "fetched_at": aware(record.fetched_at),
    }
    connection.execute(_ONE, row)


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
