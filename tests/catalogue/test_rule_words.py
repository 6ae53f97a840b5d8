"""Rules in the words of an official."""

from fractions import Fraction

import pytest

from hue_dti.catalogue.examples import rule_with_example
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Criterion, Measure, OverTime, OverUnits, ValueKind
from hue_dti.catalogue.rules import (
    KINDS,
    Count,
    Dated,
    Gate,
    Inverse,
    Judged,
    Ratio,
    Rung,
    Steps,
    Uses,
    Weighted,
    WeightedPart,
    WhenNone,
    YesNo,
)
from hue_dti.catalogue.words import rule_words
from hue_dti.periods import MonthDay
from hue_dti.resources import folder
from hue_dti.units.model import Level

HALF = Fraction(1, 2)


def measure(code, name, noun):
    return Measure(code, name, noun, ValueKind.COUNT, (Level.DISTRICT,), OverUnits.SUM, OverTime.LAST, "app")


MEASURES = {
    each.code: each
    for each in (measure("done", "Hồ sơ đúng hạn", "hồ sơ"), measure("all", "Hồ sơ", "hồ sơ"), measure("news", "Tin", "tin"))
}
RATIO = Ratio("done", "all", WhenNone.NOT_APPLICABLE, subset=True)
WORDS = {
    "yes_no": (YesNo("news"), "10 điểm khi đã hoàn thành: Tin; chưa hoàn thành thì 0 điểm."),
    "count": (Count("news", 1500), "10 điểm × (Tin ÷ 1.500 tin), nhiều nhất 10 điểm."),
    "ratio": (RATIO, "10 điểm × (Hồ sơ đúng hạn ÷ Hồ sơ). Hồ sơ bằng 0 thì không áp dụng."),
    "inverse": (Inverse("done", "all", WhenNone.FULL), "10 điểm × (1 − Hồ sơ đúng hạn ÷ Hồ sơ). Hồ sơ bằng 0 thì đạt tròn điểm."),
    "steps": (
        Steps("news", (Rung(1, HALF), Rung(2, Fraction(1))), MonthDay(11, 15)),
        "Tin tính đến ngày 15/11: từ 1 tin: 5 điểm; từ 2 tin: 10 điểm; ít hơn thì 0 điểm.",
    ),
    "dated": (Dated("news", MonthDay(1, 31), HALF), "Tin chậm nhất ngày 31/01: 10 điểm; sau ngày đó: 5 điểm; chưa có thì 0 điểm."),
    "gate": (
        Gate("news", 5, RATIO),
        "0 điểm khi chưa đủ 5 tin (Tin); từ đó: 10 điểm × (Hồ sơ đúng hạn ÷ Hồ sơ). Hồ sơ bằng 0 thì không áp dụng.",
    ),
    "uses": (Uses(("news", "all")), "10 điểm × (số chức năng có sử dụng ÷ 2), gồm: Tin; Hồ sơ."),
    "weighted": (
        Weighted((WeightedPart("Tin", Fraction(2, 5), Count("news", 24)), WeightedPart("Hồ sơ", Fraction(3, 5), YesNo("all")))),
        "Cộng các phần: Tin (40%): 4 điểm × (Tin ÷ 24 tin), nhiều nhất 4 điểm. "
        "Hồ sơ (60%): 6 điểm khi đã hoàn thành: Hồ sơ; chưa hoàn thành thì 0 điểm.",
    ),
    "judged": (Judged("news"), "10 điểm × tỷ lệ do người thẩm định cho, kèm lý do (Tin)."),
}


def criterion(rule, assumed=False):
    return Criterion("I.1", "Tên", "", "", "", Fraction(10), rule, "app", "", "", None, "", points_assumed=assumed)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_rule_is_told_in_words_with_its_measures_and_points(kind):
    rule, words = WORDS[kind]
    assert rule_words(criterion(rule), MEASURES) == words


def test_a_target_a_cap_and_a_stand_in_are_told():
    rule = Ratio("done", "all", WhenNone.ZERO, Fraction(4, 5), proxy="Mẫu số là hồ sơ đã nhận.")
    assert rule_words(criterion(rule), MEASURES) == (
        "10 điểm × (Hồ sơ đúng hạn ÷ (80% × Hồ sơ)), nhiều nhất 10 điểm. Hồ sơ bằng 0 thì 0 điểm. Số thay thế: Mẫu số là hồ sơ đã nhận."
    )


def test_a_percentage_is_its_own_ratio():
    assert rule_words(criterion(Ratio("done", None, WhenNone.ZERO, subset=True)), MEASURES) == "10 điểm × Hồ sơ đúng hạn."


def test_a_percentage_with_a_target_is_told():
    rule = Ratio("done", None, WhenNone.ZERO, Fraction(4, 5))
    assert rule_words(criterion(rule), MEASURES) == "10 điểm × (Hồ sơ đúng hạn ÷ 80%), nhiều nhất 10 điểm."


def test_points_that_the_decision_does_not_give_are_marked():
    assert rule_words(criterion(RATIO, assumed=True), MEASURES).endswith("Điểm tối đa 10 điểm là giả định, quyết định không nêu.")


def test_every_shipped_criterion_can_be_told_in_words():
    catalogue = load_catalogue(folder("criteria"))
    for criteria_set in catalogue.sets.values():
        for line in criteria_set.criteria:
            words = rule_words(line, catalogue.measures)
            assert "điểm" in words
            assert all(catalogue.measures[code].name in words for code in line.rule.measures())


WORKED = {
    "count": "750 tin: 10 × 750 ÷ 1.500 = 5 điểm",
    "ratio": "45 trên 60: 10 × 45 ÷ 60 = 7,5 điểm",
    "inverse": "3 trên 60: 10 × (1 − 3 ÷ 60) = 9,5 điểm",
    "gate": "đã có 5 tin, 45 trên 60: 10 × 45 ÷ 60 = 7,5 điểm",
    "uses": "có sử dụng 1 chức năng: 10 × 1 ÷ 2 = 5 điểm",
    "weighted": "Tin, 12 tin: 4 × 12 ÷ 24 = 2 điểm",
    "judged": "80%: 10 × 80% = 8 điểm",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_formula_is_worked_through_once_with_figures_where_words_do_not_name_every_outcome(kind):
    rule, words = WORDS[kind]
    told = f"{words} Ví dụ {WORKED[kind]}." if kind in WORKED else words
    assert rule_with_example(criterion(rule), MEASURES) == told


def test_a_target_below_the_whole_is_worked_in_and_never_beyond_the_most():
    target = Ratio("done", "all", WhenNone.FULL, target=HALF)
    worked = rule_with_example(criterion(target), MEASURES)
    assert worked.endswith("Ví dụ 45 trên 60: 10 × 45 ÷ (50% × 60) = 10 điểm (không quá mức tối đa).")
    only = Ratio("done", None, WhenNone.FULL, target=Fraction(9, 10))
    assert rule_with_example(criterion(only), MEASURES).endswith("Ví dụ 45%: 10 × 45% ÷ 90% = 5 điểm.")
