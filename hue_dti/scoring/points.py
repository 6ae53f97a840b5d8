"""Exact arithmetic on counts: products that may leave int64, and the one place where points are rounded."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from hue_dti.errors import ScoringError
from hue_dti.numerals import POINT

Counts = npt.NDArray[Any]
"""Whole numbers: int64, or Python integers (dtype object) where int64 could not hold them."""

Bools = npt.NDArray[np.bool_]
Points = npt.NDArray[np.int64]

INT64_MAX = int(np.iinfo(np.int64).max)
EXACT_IN_FLOAT = 1 << 53
"""Whole numbers below this are exact as floating-point numbers."""


def largest(counts: Counts) -> int:
    """The largest of some counts, 0 of none."""
    return int(counts.max(initial=0))


def widened(counts: Counts, bound: int) -> Counts:
    """The counts as Python integers if a result as large as `bound` would not fit into int64."""
    return counts if bound <= INT64_MAX else counts.astype(object)


def times(counts: Counts, factor: Counts | int) -> Counts:
    """The product counts × factor, exact for non-negative numbers of any size."""
    if isinstance(factor, int) and factor == 1:
        return counts
    bound = largest(counts) * (factor if isinstance(factor, int) else largest(factor))
    product: Counts = widened(counts, bound) * factor
    return product


def ten_thousandths(points: Fraction, criterion: str) -> int:
    """Points as an integer of ten-thousandths; raise ScoringError when they are finer than that."""
    whole = points * POINT
    if whole.denominator != 1:
        raise ScoringError(f"Tiêu chí {criterion}: {points} điểm có quá bốn chữ số thập phân; hãy sửa điểm tối đa trong bộ chỉ số.")
    return whole.numerator


def rounded(max_points: int, num: Counts, den: Counts) -> Points:
    """max_points × num ÷ den, rounded half-up to a ten-thousandth of a point.

    max_points in ten-thousandths; 0 ≤ num ≤ den and den ≥ 1 in every element. This is the only rounding of a score.
    """
    bound = (2 * max_points + 3) * largest(den)
    if bound < EXACT_IN_FLOAT and num.dtype != object and den.dtype != object:
        return _rounded_in_floats(max_points, num, den)
    wide_num, wide_den = widened(num, bound), widened(den, bound)
    points: Points = ((2 * max_points * wide_num + wide_den) // (2 * wide_den)).astype(np.int64)
    return points


def _rounded_in_floats(max_points: int, num: Counts, den: Counts) -> Points:
    """The same in floating-point numbers, where dividend + divisor stay below 2⁵³.

    Both are then exact, and so is the quotient once cut: one that is not whole lies at least 1 ÷ divisor below the next whole number q,
    and rounding could lift it to q only where q × divisor, which is less than dividend + divisor, were 2⁵³ or more. Halving is exact.
    """
    quotient = num * float(2 * max_points)
    quotient += den
    quotient /= den
    quotient *= 0.5
    return quotient.astype(np.int64)
