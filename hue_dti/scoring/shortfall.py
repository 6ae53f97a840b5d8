"""The list behind a figure: which lower units miss how much, or what they achieved.

**It always adds up.** Every unit whose figures entered the text's sum is credited to the nearest unit of the list's
levels above it (or itself), below the scored unit; one that has none stands under its own name. So the list's numbers
sum to whole − part of the text, or to its part where the list shows what was achieved. Missing is always to the whole,
also where a target below 100% is set.

**Units above their whole.** Where the part is no declared subset, a lower unit may have more than its whole. Its
surplus covers what others miss in the sum, so it stands last with a negative number. Where the scored unit as a whole
reaches its whole, nothing is missing and the list is empty.

**Absent figures** are in neither sum and never in a list. There is no list where the scored unit has no lower unit of
the list's levels, and none of what is missing where a lower unit has no whole of its own (a count; a part and a whole
that live at different levels).
"""

from __future__ import annotations

import numpy as np

from hue_dti.catalogue.model import ShortfallSpec
from hue_dti.collation import sort_key
from hue_dti.scoring.model import Shortfall
from hue_dti.scoring.outcome import Outcome
from hue_dti.scoring.points import Bools, Counts
from hue_dti.scoring.sums import Indices
from hue_dti.units.model import Level, Tree


class Lister:
    """Makes lists over one tree; what depends on the tree alone is worked out once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._end = np.asarray(tree.end, np.int64)
        self._levels: dict[tuple[Level, ...], tuple[Bools, Indices]] = {}
        self._places: list[int] = []

    def shortfalls(self, spec: ShortfallSpec, outcome: Outcome, i: int) -> tuple[Shortfall, ...]:
        """The list of the i-th scored unit: largest first, then Vietnamese order, zeros left out."""
        term = outcome.listed
        if term is None or term.own or not outcome.known[i] or _nothing_to_list(spec, outcome, i):
            return ()
        numbers = term.columns[0].value if spec.shows == "achieved" else term.columns[1].value - term.columns[0].value
        sums = self._credited(spec.levels, np.where(term.used, numbers, 0), int(term.spans.first[i]))
        return tuple(Shortfall(self._tree.units[row].code, number) for row, number in sorted(sums.items(), key=self._order) if number)

    def _credited(self, levels: tuple[Level, ...], numbers: Counts, row: int) -> dict[int, int]:
        at_level, nearest = self._at(levels)
        end = int(self._end[row])
        if not at_level[row + 1 : end].any():
            return {}
        rows = row + np.flatnonzero(numbers[row:end])
        credited = np.where(nearest[rows] > row, nearest[rows], rows)
        sums: dict[int, int] = {}
        for unit, number in zip(credited.tolist(), numbers[rows].tolist(), strict=True):
            sums[unit] = sums.get(unit, 0) + number
        return sums

    def _at(self, levels: tuple[Level, ...]) -> tuple[Bools, Indices]:
        if levels not in self._levels:
            at_level = [unit.level in levels for unit in self._tree.units]
            nearest: list[int] = []
            for row, above in enumerate(self._tree.parent):
                nearest.append(row if at_level[row] else (nearest[above] if above >= 0 else -1))
            self._levels[levels] = np.array(at_level, np.bool_), np.array(nearest, np.int64)
        return self._levels[levels]

    def _order(self, entry: tuple[int, int]) -> tuple[int, int]:
        if not self._places:
            units = self._tree.units
            alphabetical = sorted(range(len(units)), key=lambda row: (sort_key(units[row].name), units[row].code))
            self._places = np.argsort(np.array(alphabetical)).tolist()
        return -entry[1], self._places[entry[0]]


def _nothing_to_list(spec: ShortfallSpec, outcome: Outcome, i: int) -> bool:
    if spec.shows == "achieved" or outcome.part is None or outcome.whole is None or outcome.listed is None:
        return False
    return len(outcome.listed.columns) < 2 or bool(outcome.part[i] >= outcome.whole[i])
