"""Points are rounded to the same ten-thousandth whether they are divided as floating-point numbers or as whole ones."""

from __future__ import annotations

import numpy as np
import pytest

from hue_dti.scoring.points import EXACT_IN_FLOAT, rounded

MOST = 10_000
LAST = EXACT_IN_FLOAT // (2 * MOST + 3)
"""The largest base of 1 point that is still divided as floating-point numbers."""


@pytest.mark.parametrize("den", [3, 2 * MOST, 7 * MOST + 1, LAST - 1, LAST, LAST + 1, LAST + 2, EXACT_IN_FLOAT + 1])
def test_a_share_a_hair_beside_half_a_ten_thousandth_is_rounded_as_whole_numbers_are(den: int):
    halves = np.random.default_rng(5).integers(0, MOST, 400)
    at_half = np.array([(2 * int(half) + 1) * den // (2 * MOST) for half in halves])
    num = np.unique(np.clip(np.concatenate([at_half - 1, at_half, at_half + 1, [0, 1, den - 1, den]]), 0, den))
    told = rounded(MOST, num, np.full(len(num), den))
    assert told.tolist() == [(2 * MOST * each + den) // (2 * den) for each in num.tolist()]


def test_dividing_as_floating_point_numbers_ends_where_they_stop_being_exact():
    assert (2 * MOST + 3) * LAST < EXACT_IN_FLOAT <= (2 * MOST + 3) * (LAST + 1)
    num, den = np.array([2**62 - 1, 2**62]), np.array([2**62, 2**62 + 1])
    assert rounded(2**62, num, den).tolist() == [2**62 - 1, 2**62 - 1]
