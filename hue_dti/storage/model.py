"""What storage alone can tell: pulls as they went, names it could not place, the figures of many units at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from hue_dti.observations.model import ListedArticle, Observation, Origin, RegisteredDocument, SourceFault
from hue_dti.trail.model import Event


class Way(StrEnum):
    """How the figures of a pull came. Only what was asked tells whether a source lives."""

    ASKED = "asked"
    FILE = "file"  # handed in by a person
    ENTERED = "entered"  # typed by a person, or approved


@dataclass(frozen=True, slots=True)
class PullRun:
    """One pull of one source; `outcome` is ok, partial or failed, None while it runs or when it was killed."""

    id: int
    source: str
    unit: str
    period: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    reason: str
    requests: int
    observations: int
    faults: tuple[SourceFault, ...]
    replays: int | None = None
    """The pull whose stored answers this one read again; then `started_at` is when the source was asked."""

    way: Way = Way.ASKED
    """Of a pull that reads again: the way of the one whose answers it reads."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a pull ended (ok, partial or failed, why, after how many requests) and all that came with it.

    `came` are the figures that count, `second` those that are only compared, `register` is None where the source keeps none; `unknown`
    are unit names that nobody knew, each with the code of the likeliest unit.
    """

    run: int
    outcome: str
    reason: str
    requests: int
    observed: int
    faults: Sequence[SourceFault]
    at: datetime
    came: Sequence[Observation] = ()
    register: Sequence[RegisteredDocument] | None = None
    second: Sequence[Observation] = ()
    listed: Sequence[ListedArticle] = ()
    unknown: Sequence[tuple[str, str | None]] = ()
    trail: Sequence[Event] = ()


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A unit's name in a source that nobody has placed yet, with the code of the likeliest unit."""

    source: str
    name: str
    suggested: str | None
    first_seen: datetime
    last_seen: datetime
    run: int | None = None
    """The pull that met it last."""


@dataclass(frozen=True, slots=True)
class ConfirmedName:
    """What a source calls a unit, as a person confirmed it; `valid_from` tells which unit of this code, `run` the pull that met it."""

    source: str
    name: str
    code: str
    valid_from: date
    by: str
    at: datetime
    run: int | None


@dataclass(frozen=True, slots=True)
class DismissedName:
    """A name in a source that a person said is no unit's, and why."""

    source: str
    name: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeReason:
    """Why a figure differs so much from that of the quarter before: `old` and `new` are the values the reason is for."""

    unit: str
    measure: str
    period: str
    old: int
    new: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DifferenceReason:
    """Why `source` tells another value than the source that counts: `counted` and `other` are the values the reason is for."""

    unit: str
    measure: str
    period: str
    source: str
    counted: int
    other: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article as a pull for a unit listed it; `number` names this listing, `seen_at` is when that pull began."""

    number: int
    source: str
    unit: str
    seen_at: datetime
    listed: ListedArticle


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says an article counts for: a measure, or NO_MEASURE."""

    source: str
    key: str
    measure: str
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, eq=False)
class MeasureFigures:
    """One measure's current figures, k of them, the same index in every field, in no particular order.

    unit: int32[k] index into Figures.units; value: int64[k], 0 where the state has none; state: int8[k] of observations.State;
    as_of: int32[k] ordinal day; origin: int32[k] index into Figures.origins; place, reason: k texts.
    """

    unit: npt.NDArray[np.int32]
    value: npt.NDArray[np.int64]
    state: npt.NDArray[np.int8]
    as_of: npt.NDArray[np.int32]
    origin: npt.NDArray[np.int32]
    place: Sequence[str]
    reason: Sequence[str]


@dataclass(frozen=True, eq=False)
class Figures:
    """All current figures of a period over the units asked for; `origins` have no place of their own, it belongs to the figure."""

    units: tuple[str, ...]
    measures: Mapping[str, MeasureFigures]
    origins: tuple[Origin, ...]
