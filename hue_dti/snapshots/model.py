"""A frozen quarter: everything a report needs, with hashes, chained to the unit's previous one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hue_dti.observations.model import Origin, RegisteredDocument, State
from hue_dti.scoring.model import Ranked, ScoreSheet
from hue_dti.units.model import Tree


@dataclass(frozen=True, slots=True)
class FrozenFigure:
    """One figure as frozen; `origin` is None for states without an answer behind them, `reason` says why a value is absent."""

    unit: str
    measure: str
    value: int | None
    state: State
    as_of: date | None
    origin: Origin | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotHead:
    """Which snapshot this is and what it hangs on."""

    sha256: str
    unit: str
    period: str
    criteria_set: str
    sequence: int
    previous_sha256: str | None
    supersedes_sha256: str | None
    reason: str
    closed_at: datetime
    closed_by: str
    program_version: str
    cutoff: date


@dataclass(frozen=True)
class Snapshot:
    """A bundle, read back. `sheet` is the unit's own score sheet, `lower` those of the communes below it with `lower_set`.

    `texts` are the exact criteria files the scores were computed with. `figure(unit, measure)` gives the frozen figure.
    `evidence` maps evidence file names to SHA-256.
    """

    head: SnapshotHead
    tree: Tree
    texts: Mapping[str, str]
    sheet: ScoreSheet
    lower_set: str | None
    lower: tuple[ScoreSheet, ...]
    ranking: tuple[Ranked, ...]
    documents: tuple[RegisteredDocument, ...]
    figures: Mapping[tuple[str, str], FrozenFigure]
    evidence: Mapping[str, str]

    def figure(self, unit: str, measure: str) -> FrozenFigure | None:
        """The frozen figure, None when none was expected."""
        return self.figures.get((unit, measure))
