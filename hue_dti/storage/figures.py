"""The current figures of many units at once, as arrays: the server gathers each measure into arrays, read here without a loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg import adapt, pq
from sqlalchemy import Connection

from hue_dti.observations.model import Origin
from hue_dti.storage.engine import driver
from hue_dti.storage.model import Figures, MeasureFigures

_GATHERED = """
    SELECT o.measure, array_agg(wanted.at::int4 - 1), array_agg(coalesce(o.value, 0)), array_agg(o.state),
           array_agg(o.as_of - date '0001-01-01' + 1), array_agg(o.origin_id), array_agg(o.place), array_agg(o.reason)
    FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (unit, at)
    JOIN newest_observation AS newest ON newest.period = %s AND newest.unit = wanted.unit
    JOIN observation AS o ON o.id = newest.observation_id
    GROUP BY o.measure ORDER BY o.measure"""
_ORIGINS = "SELECT source, request, fetched_at, coalesce(raw_sha256, ''), '' FROM origin WHERE id = ANY(%s) ORDER BY id"
_HEADER = 20  # bytes before the elements of a one-dimensional array: dimensions, nulls, type, length, lower bound
_WIDTHS: dict[str, type[np.signedinteger[Any]]] = {"int2": np.int16, "int4": np.int32, "int8": np.int64}


def gather(connection: Connection, units: Sequence[str], period: str) -> Figures:
    """The newest figure of each unit and measure in the period; unit indices point into `units`."""
    below = driver(connection)
    with below.cursor(binary=True) as cursor:
        _read_arrays_whole(cursor)
        rows = cursor.execute(_GATHERED, (list(units), period)).fetchall()
    ids = np.unique(np.concatenate([row[5] for row in rows])) if rows else np.empty(0, np.int64)
    return Figures(tuple(units), {row[0]: _measure(row, ids) for row in rows}, _origins(below, ids))


def _measure(row: Sequence[Any], ids: npt.NDArray[np.int64]) -> MeasureFigures:
    _, at, value, state, as_of, origin_id, place, reason = row
    return MeasureFigures(at, value, state.astype(np.int8), as_of, np.searchsorted(ids, origin_id).astype(np.int32), place, reason)


def _origins(connection: psycopg.Connection, ids: npt.NDArray[np.int64]) -> tuple[Origin, ...]:
    with connection.cursor(binary=True) as cursor:
        cursor.execute(_ORIGINS, (ids.tolist(),))
        return tuple(Origin(*row) for row in cursor)


def _read_arrays_whole(cursor: psycopg.Cursor) -> None:
    """Let the cursor return integer arrays (without nulls) as NumPy's instead of lists."""
    for name, width in _WIDTHS.items():
        element = np.dtype([("length", ">i4"), ("value", np.dtype(width).newbyteorder(">"))])
        cursor.adapters.register_loader(psycopg.postgres.types[name].array_oid, _loader(element, width))


def _loader(element: np.dtype[np.void], width: type[np.signedinteger[Any]]) -> type[adapt.Loader]:
    class IntegerArray(adapt.Loader):
        format = pq.Format.BINARY

        def load(self, data: adapt.Buffer) -> npt.NDArray[np.signedinteger[Any]]:
            return np.frombuffer(data, element, offset=_HEADER)["value"].astype(width)

    return IntegerArray
