"""Organisational units in time: who they were, under whom, from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
"""Places in a tree."""


class Level(StrEnum):
    """The levels known today; a level is data, districts ended on 30 June 2025."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    AGENCY = "agency"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """One unit during one span of time; the key is (code, valid_from), since codes and names are reused.

    `parent` is the code of the managing unit; `located_in` the commune where an agency stands (or None).
    `valid_to` is the last day, None while it lasts.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    valid_from: date
    valid_to: date | None = None
    located_in: str | None = None
    aliases: tuple[str, ...] = ()

    def exists_on(self, day: date) -> bool:
        """Whether the unit existed that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Tree:
    """The units of one day in pre-order: a subtree is the index range `i … end[i]`.

    All tuples have one element per unit; children stand in Vietnamese alphabetical order, level by level.
    `parent[i]` is an index, -1 for the root.
    """

    as_of: date
    units: tuple[OrgUnit, ...]
    end: tuple[int, ...]
    parent: tuple[int, ...]
    index: Mapping[str, int] = field(compare=False)

    def __len__(self) -> int:
        return len(self.units)

    @cached_property
    def rows(self) -> Mapping[Level, Rows]:
        """The rows of each level's units, in the tree's order; a level without units has none."""
        found: dict[Level, list[int]] = {level: [] for level in Level}
        for row, unit in enumerate(self.units):
            found[unit.level].append(row)
        return {level: np.array(rows, np.int64) for level, rows in found.items()}

    @cached_property
    def ends(self) -> Rows:
        """`end` as an array."""
        return np.array(self.end, np.int64)

    def unit(self, code: str) -> OrgUnit:
        """The unit with this code."""
        return self.units[self.index[code]]

    def children(self, code: str) -> tuple[OrgUnit, ...]:
        """The units directly under it, in the tree's order."""
        parent = self.index[code]
        return tuple(unit for unit, above in zip(self.units, self.parent, strict=True) if above == parent)

    def under(self, code: str) -> tuple[OrgUnit, ...]:
        """The unit itself and everything below it, in pre-order."""
        start = self.index[code]
        return self.units[start : self.end[start]]
