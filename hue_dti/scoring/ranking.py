"""Places by exact converted score: equal scores share a place and the next place is left free (1, 2, 2, 4)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

from hue_dti.catalogue.model import CriteriaSet
from hue_dti.numerals import format_count
from hue_dti.scoring.model import Ranked, ScoreSheet, TotalScore

Value = TypeVar("Value", Fraction, int)


def rank(sheets: Sequence[ScoreSheet], criteria_set: CriteriaSet) -> tuple[Ranked, ...]:
    """Rank the units of one set: by place, then in the order given (the tree's); those without a place last, with the reason."""
    reasons = [_why_not(sheet.total, criteria_set.enough_data) for sheet in sheets]
    placed = [sheet for sheet, reason in zip(sheets, reasons, strict=True) if not reason]
    placed.sort(key=_converted, reverse=True)
    numbers = competition([_converted(sheet) for sheet in placed])
    places = [Ranked(sheet.unit, number, sheet.total.converted) for number, sheet in zip(numbers, placed, strict=True)]
    left_out = (Ranked(sheet.unit, None, sheet.total.converted, reason) for sheet, reason in zip(sheets, reasons, strict=True) if reason)
    return (*places, *left_out)


def competition(values: Sequence[Value]) -> tuple[int, ...]:
    """The place of each value, largest first: equal values share a place and the next place is left free."""
    falling = sorted(values, reverse=True)
    first: dict[Value, int] = {}
    for number, value in enumerate(falling, start=1):
        first.setdefault(value, number)
    return tuple(first[value] for value in values)


def _converted(sheet: ScoreSheet) -> Fraction:
    return sheet.total.converted or Fraction(0)


def _why_not(total: TotalScore, enough: Fraction) -> str:
    if total.converted is None:
        return "không có tiêu chí nào áp dụng"
    if total.expected_figures == 0:
        return "không có số liệu nào để xếp hạng"
    share = Fraction(total.present_figures, total.expected_figures)
    if share >= enough:
        return ""
    present, expected = format_count(total.present_figures), format_count(total.expected_figures)
    return f"mới có {present}/{expected} số liệu ({_percent(share)}), cần ít nhất {_percent(enough)}"


def _percent(share: Fraction) -> str:
    """At most two decimals, cut and not rounded: 64,996% must not read as the 65% it fails to reach."""
    hundredths = int(share * 10_000)
    return f"{hundredths // 100},{hundredths % 100:02d}".rstrip("0").rstrip(",") + "%"
