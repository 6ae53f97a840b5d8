"""Fixed-width figures: one record per unit, little-endian, with a check that names the record a flipped byte fell into."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

RECORD = np.dtype(
    [
        ("value", "<i8"),  # in the measure's unit, 0 where absent
        ("as_of", "<i4"),  # proleptic ordinal day, 0 where none
        ("origin", "<i4"),  # row of the table of origins, -1 where none
        ("state", "<u2"),  # observations.State, 0 where the unit's level is not observed
        ("reason", "<u2"),  # row of the table of reasons, 0 where none
        ("check", "<u4"),
    ]
)

Records = npt.NDArray[np.void]
"""One RECORD per unit of the tree, in its order."""

_WORDS = RECORD.itemsize // 8
_BEFORE_CHECK = np.uint64(0xFFFF_FFFF)
_STEP, _MIX, _LAST = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_HALF, _THIRD = np.uint64(32), np.uint64(29)


def checks(records: Records, places: Sequence[bytes]) -> npt.NDArray[np.uint32]:
    """The check each record should carry: mixes its fields, its index and the CRC-32 of its place (uint32[n])."""
    words = np.ascontiguousarray(records).view("<u8").reshape(-1, _WORDS).astype(np.uint64)
    where = np.fromiter((crc32(place) if place else 0 for place in places), dtype=np.uint64, count=len(places))
    mixed = _stirred(np.arange(len(words), dtype=np.uint64) * _STEP + words[:, 0])
    mixed = _stirred(mixed + words[:, 1])
    mixed = _stirred(mixed + (words[:, 2] & _BEFORE_CHECK) + (where << _HALF))
    return (mixed >> _HALF).astype(np.uint32)


def sealed(records: Records, places: Sequence[bytes]) -> Records:
    """A copy of the records with their checks filled in."""
    copy = records.copy()
    copy["check"] = checks(records, places)
    return copy


def broken(records: Records, places: Sequence[bytes]) -> list[int]:
    """The indices of the records that no longer fit their checks, in order; a place too many or too few breaks the rest."""
    count = min(len(records), len(places))
    wrong = np.flatnonzero(checks(records[:count], places[:count]) != records["check"][:count]).tolist()
    return [*wrong, *range(count, len(records))] if len(places) != len(records) else wrong


def _stirred(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread every bit over the word; one-to-one, so that two different words stay different."""
    words = (words ^ (words >> _HALF)) * _MIX
    return (words ^ (words >> _THIRD)) * _LAST
