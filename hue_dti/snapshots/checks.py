"""Checks between measures over a quarter's figures: worked out from what is frozen, so a bundle needs no place for them.

The declarations are frozen with the quarter (its texts), so the same bundle always gives the same remarks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hue_dti.catalogue.model import Catalogue, Check, CheckedPer
from hue_dti.scoring.model import with_value
from hue_dti.snapshots.figures import FigureTable, table_of
from hue_dti.snapshots.model import Snapshot
from hue_dti.snapshots.records import RECORD, Records


@dataclass(frozen=True, slots=True)
class Remark:
    """A unit where the part exceeds the whole, with both counts."""

    check: Check
    unit: str
    part: int
    whole: int

    @property
    def excess(self) -> int:
        """By how much."""
        return self.part - self.whole


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: `compared` units with both figures, `unknown` those that lack one, `remarks` in the tree's order."""

    check: Check
    compared: int
    unknown: tuple[str, ...]
    remarks: tuple[Remark, ...]


def checked(snapshot: Snapshot, catalogue: Catalogue) -> tuple[Checked, ...]:
    """Every check of the catalogue in its order, over the whole tree of the quarter."""
    table = table_of(snapshot.figures, snapshot.tree)
    return tuple(
        _of_units(check, table) if check.per is CheckedPer.UNIT else _of_total(check, table) for check in catalogue.checks.values()
    )


def remarks(snapshot: Snapshot, catalogue: Catalogue) -> tuple[Remark, ...]:
    """What all checks found, check by check."""
    return tuple(remark for each in checked(snapshot, catalogue) for remark in each.remarks)


def _of_units(check: Check, table: FigureTable) -> Checked:
    part, whole = _records(check.part, table), _records(check.whole, table)
    due = (part["state"] > 0) & (whole["state"] > 0)
    both = due & with_value(part["state"]) & with_value(whole["state"])
    beyond = both & (part["value"] > whole["value"])
    found = tuple(Remark(check, table.units[at], int(part["value"][at]), int(whole["value"][at])) for at in _rows(beyond))
    return Checked(check, int(both.sum()), tuple(table.units[at] for at in _rows(due & ~both)), found)


def _of_total(check: Check, table: FigureTable) -> Checked:
    """A part already beyond a whole of which nothing is absent is a remark even while some of the part is absent."""
    part, whole = _records(check.part, table), _records(check.whole, table)
    absent_part, absent_whole = _absent(part), _absent(whole)
    sums = [sum(records["value"][with_value(records["state"])].tolist()) for records in (part, whole)]
    nothing = not with_value(part["state"]).any() or not with_value(whole["state"]).any()
    beyond = not nothing and not absent_whole.any() and sums[0] > sums[1]
    if beyond:
        return Checked(check, 1, (), (Remark(check, table.units[0], *sums),))
    unknown = tuple(table.units[at] for at in _rows(absent_part | absent_whole))
    return Checked(check, 0 if unknown or nothing else 1, unknown, ())


def _records(measure: str, table: FigureTable) -> Records:
    known = table.measures.get(measure)
    return known.records if known is not None else np.zeros(len(table.units), dtype=RECORD)


def _absent(records: Records) -> npt.NDArray[np.bool_]:
    return np.asarray((records["state"] > 0) & ~with_value(records["state"]))


def _rows(mask: npt.NDArray[np.bool_]) -> list[int]:
    rows: list[int] = np.flatnonzero(mask).tolist()
    return rows
