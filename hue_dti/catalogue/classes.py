"""Classes of units (xếp loại) by cut points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class RankClass:
    """From this share of the maximum on."""

    name: str
    at_least: Fraction


def class_of(classes: Sequence[RankClass], share: Fraction) -> str:
    """The first class, highest first, that the share reaches; empty below the lowest."""
    return next((each.name for each in classes if share >= each.at_least), "")
