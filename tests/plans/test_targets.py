"""Targets are read as an official means them; what is not surely a number stays words."""

from fractions import Fraction

import pytest

from hue_dti.plans.targets import In, Quantity, TargetKind, quantity_of, rank_target, target_of


@pytest.mark.parametrize(
    ("words", "unit", "value", "strict"),
    [
        ("100%", In.SHARE, 1, False),
        ("90% trở lên", In.SHARE, Fraction(9, 10), False),
        ("Trên 50%", In.SHARE, Fraction(1, 2), True),
        ("Duy trì từ 10% trở lên", In.SHARE, Fraction(1, 10), False),
        ("Trên 90% (Chỉ tính SV chuyên ngành CNTT)", In.SHARE, Fraction(9, 10), True),
        ("95% số điểm trở lên", In.SHARE, Fraction(19, 20), False),
        ("6/7", In.SHARE, Fraction(6, 7), False),
        ("15/15 điểm", In.POINTS, 15, False),
        ("Duy trì từ 19 điểm trở lên", In.POINTS, 19, False),
        ("50.000", In.COUNT, 50_000, False),
        ("1,5 tỷ", In.MONEY, 1_500_000_000, False),
        ("4 tỷ đồng", In.MONEY, 4_000_000_000, False),
    ],
)
def test_a_number_is_read_with_what_it_counts(words, unit, value, strict):
    target = target_of(words)
    assert (target.kind, target.quantity, target.strict) == (TargetKind.AT_LEAST, Quantity(unit, Fraction(value)), strict)
    assert target.words == words


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Duy trì", TargetKind.KEEP),
        ("Duy trì, mở rộng", TargetKind.KEEP),
        ("Có tăng trưởng", TargetKind.GROW),
        ("Có", TargetKind.DONE),
        ("Không đạt chỉ tiêu", TargetKind.NOT_AIMED),
        ("Đề xuất HĐND Tỉnh ban hành", TargetKind.WORDS),
        ("100% Đài truyền thanh phát 1 tuần/lần", TargetKind.WORDS),
        ("UBND Tỉnh ban hành QĐ số 33/2023/QĐ-UBND ngày 02/8/2023", TargetKind.WORDS),
        ("1.250,5.3%", TargetKind.WORDS),
        ("7/5", TargetKind.WORDS),
    ],
)
def test_words_stay_words(words, kind):
    target = target_of(words)
    assert (target.kind, target.quantity, target.words) == (kind, None, words)


def test_a_rank_is_this_place_or_a_better_one():
    assert rank_target("29 trở lên").quantity == Quantity(In.COUNT, Fraction(29))
    assert rank_target("nhóm đầu").kind is TargetKind.WORDS


@pytest.mark.parametrize(
    ("words", "result", "before", "met"),
    [
        ("80%", "80%", "", True),
        ("80%", "79,99%", "", False),
        ("Trên 50%", "50%", "", False),
        ("6/7", "5/7", "", False),
        ("170", "21", "", False),
        ("170", "100%", "", None),
        ("80%", "Có", "", None),
        ("Có tăng trưởng", "6,46%", "6,45%", True),
        ("Có tăng trưởng", "6,45%", "6,45%", False),
        ("Duy trì", "6,45%", "6,45%", True),
        ("Duy trì", "1.323", "", None),
        ("Hoàn thiện", "100%", "50%", None),
    ],
)
def test_a_target_is_met_missed_or_cannot_be_told_from_numbers(words, result, before, met):
    assert target_of(words).met(quantity_of(result), quantity_of(before)) is met


@pytest.mark.parametrize("words", ["", "Có", "1.323 (26,93%)", "0,23 điểm (tối đa 5 điểm)", ">1%", "67,39", "7,5/15 điểm"])
def test_a_result_that_states_no_number_or_several_is_not_guessed(words):
    assert quantity_of(words) is None
