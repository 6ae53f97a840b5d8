"""What becomes of figures when units change."""

from __future__ import annotations

from enum import StrEnum


class OverChange(StrEnum):
    """What a measure's figures of units before an event say of the units after it."""

    SUM = "sum"  # the new unit's figure is the sum of those of the units it was made from
    RECOMPUTE = "recompute"  # it is counted anew from the units below it, as far as these went on unchanged
    MEAN = "mean"  # it is the mean of theirs, weighted by another measure
    NOT_COMPARABLE = "not_comparable"  # nothing may be said
