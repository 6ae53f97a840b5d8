"""Figures with their origins: COPY in, an insert-only history, and the newest of each unit, measure and period read at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from psycopg import Cursor, sql
from sqlalchemy import Connection

from hue_dti.collation import nfc
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.periods import Period
from hue_dti.storage.engine import aware, driver

_Answer = tuple[str, str, datetime, str | None]
_Row = tuple[int, str, str, str, int | None, int, date, str, str]

OBSERVATION, SECOND_OPINION = "observation", "second_opinion"
_COPY_IN = sql.SQL("COPY {} (origin_id, unit, measure, period, value, state, as_of, place, reason) FROM STDIN (FORMAT binary)")
_TYPES = ("int8", "text", "text", "text", "int8", "int2", "date", "text", "text")
_COLUMNS = "o.origin_id, o.unit, o.measure, o.period, o.value, o.state, o.as_of, o.place, o.reason"
_NEWEST = sql.SQL(
    f"SELECT {_COLUMNS}, origin.source, origin.request, origin.fetched_at, origin.raw_sha256 "  # noqa: S608 - our own columns
    "FROM newest_observation AS newest JOIN observation AS o ON o.id = newest.observation_id JOIN origin ON origin.id = o.origin_id "
    "WHERE newest.period = %s AND newest.unit = ANY(%s) ORDER BY newest.unit, newest.measure"
)
_OPINIONS = sql.SQL(
    f"SELECT DISTINCT ON (o.unit, o.measure, origin.source) {_COLUMNS} "  # noqa: S608 - our own columns
    "FROM second_opinion AS o JOIN origin ON origin.id = o.origin_id "
    "WHERE o.period = %s AND o.unit = ANY(%s) ORDER BY o.unit, o.measure, origin.source, o.id DESC"
)
_SAVE_ORIGINS = """
    INSERT INTO origin (run_id, source, request, fetched_at, raw_sha256)
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::text[])
    ON CONFLICT DO NOTHING RETURNING run_id, source, request, fetched_at, raw_sha256, id"""
_ORIGINS_OF = "SELECT run_id, source, request, fetched_at, raw_sha256, id FROM origin WHERE run_id = ANY(%s)"
_HISTORY = sql.SQL(f"SELECT {_COLUMNS} FROM observation AS o WHERE o.unit = %s AND o.measure = %s ORDER BY o.id")  # noqa: S608 - our own columns


def save(connection: Connection, run: int, observations: Sequence[Observation], table: str = OBSERVATION) -> int:
    """Add the figures to the history and return how many; of two for one unit, measure and period the later in the list is newest.

    `table` is SECOND_OPINION for figures that are only compared with those that count.
    """
    return save_all(connection, {run: observations}, table)


def save_all(connection: Connection, given: Mapping[int, Sequence[Observation]], table: str = OBSERVATION) -> int:
    """The same for the figures of several pulls, by pull."""
    answers = [(run, _answer(observed.origin)) for run, observations in given.items() for observed in observations]
    if not answers:
        return 0
    origins = _save_origins(connection, set(answers))
    figures = [observed for observations in given.values() for observed in observations]
    periods = {period: str(period) for period in {observed.period for observed in figures}}
    with driver(connection).cursor() as cursor, cursor.copy(_COPY_IN.format(sql.Identifier(table))) as copy:
        copy.set_types(_TYPES)
        for observed, answer in zip(figures, answers, strict=True):
            copy.write_row(_row(observed, origins[answer], periods[observed.period]))
    return len(figures)


def newest(connection: Connection, units: Collection[str], period: str) -> list[Observation]:
    """The current figure of each unit and measure in the period, by unit and measure."""
    with driver(connection).cursor(binary=True) as cursor:
        rows = cursor.execute(_NEWEST, (period, list(units))).fetchall()
    return list(_observations((row[:9] for row in rows), {row[0]: row[9:] for row in rows}, {period: Period.parse(period)} if rows else {}))


def opinions(connection: Connection, units: Collection[str], period: str) -> list[Observation]:
    """What each other source tells of each unit and measure in the period, the newest of each, by unit, measure and source."""
    with driver(connection).cursor(binary=True) as cursor:
        return _read(cursor.execute(_OPINIONS, (period, list(units))))


def history(connection: Connection, unit: str, measure: str) -> list[Observation]:
    """Every figure ever stored for the unit and measure, oldest first."""
    with driver(connection).cursor(binary=True) as cursor:
        return _read(cursor.execute(_HISTORY, (unit, measure)))


def _answer(found: Origin) -> _Answer:
    return nfc(found.source), nfc(found.request), aware(found.fetched_at), found.raw_sha256 or None


def _row(observed: Observation, origin_id: int, period: str) -> _Row:
    return (
        origin_id,
        nfc(observed.unit),
        nfc(observed.measure),
        period,
        observed.value,
        int(observed.state),
        observed.as_of,
        nfc(observed.origin.place),
        nfc(observed.reason),
    )


def _save_origins(connection: Connection, answers: Collection[tuple[int, _Answer]]) -> dict[tuple[int, _Answer], int]:
    """Return the origin ids by run and answer; few answers stand behind many figures."""
    columns = list(zip(*((run, *answer) for run, answer in answers), strict=True))
    with driver(connection).cursor(binary=True) as cursor:
        found = cursor.execute(_SAVE_ORIGINS, [list(column) for column in columns]).fetchall()
        if len(found) < len(answers):  # some were there before
            found = cursor.execute(_ORIGINS_OF, ([run for run, _ in answers],)).fetchall()
    return {(row[0], row[1:5]): row[5] for row in found}


def _read(cursor: Cursor[_Row]) -> list[Observation]:
    rows = cursor.fetchall()
    answers = _answers(cursor, {row[0] for row in rows})
    periods = {text: Period.parse(text) for text in {row[3] for row in rows}}
    return list(_observations(rows, answers, periods))


def _observations(rows: Iterable[_Row], answers: dict[int, _Answer], periods: dict[str, Period]) -> Iterator[Observation]:
    for origin_id, unit, measure, period, value, state, as_of, place, reason in rows:
        source, request, fetched_at, raw_sha256 = answers[origin_id]
        came_from = Origin(source, request, fetched_at, raw_sha256 or "", place)
        yield Observation(unit, measure, periods[period], value, State(state), as_of, came_from, reason)


def _answers(cursor: Cursor[_Row], ids: Collection[int]) -> dict[int, _Answer]:
    with cursor.connection.cursor(binary=True) as other:
        other.execute("SELECT id, source, request, fetched_at, raw_sha256 FROM origin WHERE id = ANY(%s)", (list(ids),))
        return {row[0]: row[1:] for row in other.fetchall()}
