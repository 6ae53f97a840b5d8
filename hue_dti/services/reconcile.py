"""Two sources for one measure: where they differ, by how much, who owns each, and why as somebody said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from hue_dti.catalogue.model import Catalogue, Measure
from hue_dti.errors import SnapshotError
from hue_dti.observations.intake import printed
from hue_dti.observations.model import Observation
from hue_dti.periods import Period
from hue_dti.snapshots.model import FrozenFigure, Snapshot
from hue_dti.storage import DifferenceReason, Storage
from hue_dti.trail.model import Hand, hand_of


@dataclass(frozen=True, slots=True)
class Pair:
    """One unit's figure as the source that counts and as another tell it; a side that gave no value is None."""

    unit: str
    measure: Measure
    source: str
    counting: FrozenFigure | None
    other: Observation | None
    reason: DifferenceReason | None = None

    @property
    def values(self) -> tuple[int, int] | None:
        """Counting and other, where both are told."""
        if self.counting is None or self.other is None or self.counting.value is None or self.other.value is None:
            return None
        return self.counting.value, self.other.value

    @property
    def difference(self) -> int | None:
        """Other minus counting, in the measure's unit; None where one side is absent."""
        return None if self.values is None else self.values[1] - self.values[0]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Pairs in the catalogue's and the tree's order: those with both values, and those where only one source told."""

    compared: tuple[Pair, ...]
    alone: tuple[Pair, ...]

    @property
    def differing(self) -> tuple[Pair, ...]:
        """Those with two different values."""
        return tuple(pair for pair in self.compared if pair.difference)

    @property
    def unexplained(self) -> tuple[Pair, ...]:
        """Those that differ without a reason."""
        return tuple(pair for pair in self.differing if pair.reason is None)


def reconciliation(storage: Storage, snapshot: Snapshot, catalogue: Catalogue) -> Reconciliation:
    """Compare the quarter's figures with what the sources in `also_from` tell today.

    `catalogue` is the one the quarter stands on. Absence is never a value: a unit that one source is silent on is listed apart.
    """
    pairs = list(_pairs(storage, snapshot, catalogue))
    whole = tuple(pair for pair in pairs if pair.difference is not None)
    alone = tuple(pair for pair in pairs if pair.difference is None and (pair.counting is not None or pair.other is not None))
    return Reconciliation(whole, alone)


def explain_difference(
    storage: Storage,
    snapshot: Snapshot,
    catalogue: Catalogue,
    where: tuple[str, str, str],
    reason: str,
    by: str,
    now: Callable[[], datetime],
    hand: Hand | None = None,
) -> Pair:
    """Keep why two sources differ at (unit, measure, source; "" for the only one); SnapshotError when they do not."""
    if not reason.strip():
        raise SnapshotError("Chưa ghi lý do; hãy viết một dòng.")
    unit, measure, source = where
    differing = reconciliation(storage, snapshot, catalogue).differing
    found = [pair for pair in differing if (pair.unit, pair.measure.code) == (unit, measure) and source in ("", pair.source)]
    if len(found) > 1:
        raise SnapshotError(f"Có nhiều nguồn lệch nhau; hãy thêm --source, một trong: {', '.join(pair.source for pair in found)}.")
    for pair in found:
        if pair.values is not None:
            given = DifferenceReason(unit, measure, snapshot.head.period, pair.source, *pair.values, reason.strip(), by, now())
            counted, other = (printed(pair.measure, value) for value in pair.values)
            subject = f"{pair.measure.name}, {given.period}"
            did = hand_of(by, hand).did
            done = did("difference.explained", given.at, unit=unit, subject=subject, old=counted, new=other, reason=given.reason)
            storage.explain_difference(given, [done])
            return replace(pair, reason=given)
    raise SnapshotError(f"Số liệu {measure} của {unit} không có chênh lệch giữa hai nguồn; hãy xem lại các chỗ lệch.")


def reconciliation_json(snapshot: Snapshot, found: Reconciliation, catalogue: Catalogue) -> dict[str, object]:
    """As `hue-dti reconcile --json` prints it: values and differences are integers in the measure's unit."""
    return {
        "unit": snapshot.head.unit,
        "period": snapshot.head.period,
        "snapshot_sha256": snapshot.head.sha256 or None,
        "compared": len(found.compared),
        "differences": [_json(pair, catalogue) for pair in found.differing],
        "only_one": [_json(pair, catalogue) for pair in found.alone],
    }


def _pairs(storage: Storage, snapshot: Snapshot, catalogue: Catalogue) -> Iterator[Pair]:
    period = Period.parse(snapshot.head.period)
    opinions = storage.second_opinions([unit.code for unit in snapshot.tree.units], period)
    told = {(each.unit, each.measure, each.origin.source): each for each in opinions if each.state.has_value}
    said = {(each.unit, each.measure, each.source, (each.counted, each.other)): each for each in storage.explained_differences(period)}
    for measure in catalogue.measures.values():
        for source in measure.also_from:
            for unit in snapshot.tree.units:
                if unit.level in measure.levels:
                    figure, other = snapshot.figures.get((unit.code, measure.code)), told.get((unit.code, measure.code, source))
                    counting = figure if figure is not None and figure.state.has_value else None
                    pair = Pair(unit.code, measure, source, counting, other)
                    reason = said.get((unit.code, measure.code, source, pair.values)) if pair.values else None
                    yield replace(pair, reason=reason)


def _json(pair: Pair, catalogue: Catalogue) -> dict[str, object]:
    return {
        "unit": pair.unit,
        "measure": pair.measure.code,
        "counting": _side(pair.counting, catalogue, pair.measure.source),
        "other": _side(pair.other, catalogue, pair.source),
        "difference": pair.difference,
        "reason": pair.reason.reason if pair.reason else None,
        "by": pair.reason.by if pair.reason else None,
    }


def _side(told: FrozenFigure | Observation | None, catalogue: Catalogue, source: str) -> dict[str, object]:
    return {
        "source": source,
        "owner": catalogue.sources[source].owner,
        "value": told.value if told else None,
        "state": told.state.slug if told else None,
        "as_of": told.as_of.isoformat() if told and told.as_of else None,
    }
