"""How much of what a quarter needs has come, what has not, and who owes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hue_dti.catalogue.model import Catalogue, Measure, Source
from hue_dti.numerals import share_text
from hue_dti.observations.model import State
from hue_dti.scoring.model import with_value
from hue_dti.snapshots.figures import FigureTable, table_of
from hue_dti.snapshots.model import Snapshot


@dataclass(frozen=True, slots=True)
class Part:
    """How many figures are expected of a unit or a source, how many came, and how many of these are old ones carried over."""

    expected: int
    present: int
    carried_over: int

    @property
    def share(self) -> Fraction | None:
        """Present of expected, never above 1; None when nothing is expected."""
        return Fraction(self.present, self.expected) if self.expected else None


@dataclass(frozen=True, slots=True)
class Owed:
    """A figure that has not come: whose, which, why, and the source that owes it."""

    unit: str
    measure: Measure
    state: State
    reason: str
    source: Source


@dataclass(frozen=True, slots=True)
class Completeness:
    """A quarter's completeness: of all, by unit (those that owe figures of their own, in the tree's order), by source; what is owed."""

    total: Part
    units: Mapping[str, Part]
    sources: Mapping[str, Part]
    missing: tuple[Owed, ...]


def completeness(snapshot: Snapshot, catalogue: Catalogue) -> Completeness:
    """Expected is each unit × measure that an opened criterion of the quarter's sets needs at that unit's level.

    What does not apply is not expected. `catalogue` is the one the quarter stands on.
    """
    table = table_of(snapshot.figures, snapshot.tree)
    wanted = [catalogue.measures[code] for code in _wanted(snapshot, catalogue) if code in table.measures]
    own = np.zeros((len(table.units), 3), dtype=np.int64)
    by_source: dict[str, list[Part]] = {code: [] for code in catalogue.sources}
    missing: list[tuple[int, Owed]] = []
    host = snapshot.tree.units[0].level
    for measure in wanted:
        state = table.measures[measure.code].records["state"]
        expected = (state > 0) & (state != State.NOT_APPLICABLE)
        masks = np.stack([expected, with_value(state), state == State.CARRIED_OVER], axis=1)
        own += masks
        by_source[measure.source].append(_part(masks.sum(axis=0).tolist()))
        missing += _owed(
            table, measure, catalogue.sources[measure.source].told_to(host), np.flatnonzero(expected & ~with_value(state)).tolist()
        )
    units = {code: _part(row) for code, row in zip(table.units, own.tolist(), strict=True) if row[0]}
    sources = {code: _sum(parts) for code, parts in by_source.items()}
    missing.sort(key=lambda owed: owed[0])
    return Completeness(_sum(units.values()), units, sources, tuple(owed for _, owed in missing))


def completeness_json(snapshot: Snapshot, found: Completeness) -> dict[str, object]:
    """As `hue-dti completeness --json` prints it: counts as integers, shares as decimal texts, null where nothing is expected."""
    names = {unit.code: unit.name for unit in snapshot.tree.units}
    return {
        "unit": snapshot.head.unit,
        "period": snapshot.head.period,
        "snapshot_sha256": snapshot.head.sha256 or None,
        **_json(found.total),
        "units": [{"unit": code, "name": names[code], **_json(part)} for code, part in found.units.items()],
        "sources": [{"source": code, **_json(part)} for code, part in found.sources.items()],
        "missing": [
            {
                "unit": owed.unit,
                "name": names[owed.unit],
                "measure": owed.measure.code,
                "measure_name": owed.measure.name,
                "state": owed.state.slug,
                "reason": owed.reason,
                "source": owed.source.code,
                "owner": owed.source.owner,
            }
            for owed in found.missing
        ],
    }


def _json(part: Part) -> dict[str, object]:
    share = share_text(part.share) if part.share is not None else None
    return {"expected": part.expected, "present": part.present, "carried_over": part.carried_over, "share": share}


def _wanted(snapshot: Snapshot, catalogue: Catalogue) -> Iterable[str]:
    """The measures of opened criteria, in the catalogue's order."""
    sets = [catalogue.sets[code] for code in (snapshot.sheet.criteria_set, snapshot.lower_set) if code]
    used = {code for each in sets for criterion in each.criteria if criterion.status.opened for code in criterion.rule.measures()}
    return [code for code in catalogue.measures if code in used]


def _owed(table: FigureTable, measure: Measure, source: Source, rows: Iterable[int]) -> Iterable[tuple[int, Owed]]:
    for at in rows:
        figure = table[table.units[at], measure.code]
        yield at, Owed(figure.unit, measure, figure.state, figure.reason, source)


def _part(counts: Iterable[int]) -> Part:
    return Part(*counts)


def _sum(parts: Iterable[Part]) -> Part:
    each = list(parts)
    return Part(sum(p.expected for p in each), sum(p.present for p in each), sum(p.carried_over for p in each))
