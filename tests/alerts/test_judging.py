"""What the rules find: a reason in words with its figures, nothing where nothing is wrong, no guess where figures are absent."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from hue_dti.alerts.judge import Evidence, SourceRecord, judge
from hue_dti.alerts.model import BehindRule, JumpRule, Kind, SourceRule, Unsure
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.units.load import load_units
from hue_dti.units.tree import build_tree

NOW = datetime(2024, 6, 24, tzinfo=UTC)
Q2 = Period.parse("2024-Q2")
STALE = SourceRule("nguon-cu", Kind.STALE, ("super_app",), 3)
FAILED = SourceRule("nguon-loi", Kind.FAILED, ("super_app",), 2)
JUMP = JumpRule("thay-doi", ("households",), Fraction(3, 10))
BEHIND = BehindRule("cham", "accounts_standardised", "accounts", Fraction(1, 2), date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture(scope="session")
def tree():
    return build_tree(load_units(folder("criteria")), Q2.end, "483")


@pytest.fixture
def look(catalogue, tree):
    """Judges one rule for Nam Đông: the only finding, None, or `unsure`."""

    def looked(rule, record=None, current=(), before=(), **evidence):
        records = {"super_app": record} if record else {}
        now_known, then_known = ({(each.unit, each.measure): each for each in figures} for figures in (current, before))
        verdict = judge([rule], "483", Evidence(catalogue, records, NOW, True, tree, Q2, now_known, then_known, **evidence))
        return next(iter(verdict.findings), "unsure" if verdict.unsure else None)

    return looked


def figure(measure, value, unit="20179", state=State.MEASURED, as_of=date(2024, 6, 10)):
    return Observation(unit, measure, Q2, value, state, as_of, Origin("super_app", "GET /", NOW - timedelta(days=1), "", "$"))


def days_ago(days):
    return NOW - timedelta(days=days)


def test_a_source_is_overdue_only_after_its_days(look):
    assert look(STALE, SourceRecord(days_ago(90), days_ago(3))) is None
    found = look(STALE, SourceRecord(days_ago(90), days_ago(4)))
    assert found.what == "Ứng dụng Hue-S: 4 ngày chưa có số liệu tốt (cho phép 3 ngày), lần tốt gần nhất 07:00 20/06/2024"


def test_a_source_that_never_did_well_is_overdue_from_when_it_was_first_asked(look):
    assert "chưa lần nào tốt kể từ 07:00 14/06/2024" in look(STALE, SourceRecord(days_ago(10))).what


def test_nobody_waits_for_a_source_that_was_never_asked(look):
    assert look(STALE) is None
    assert look(FAILED) is None


def test_nobody_waits_for_the_figures_of_a_unit_that_is_no_more(catalogue):
    evidence = Evidence(catalogue, {"super_app": SourceRecord(days_ago(90), days_ago(60))}, NOW, extant=False)
    assert judge([STALE], "483", evidence).findings == ()


def test_failures_are_told_from_the_number_allowed_with_the_last_reason(look):
    record = SourceRecord(days_ago(90), days_ago(2), 1, days_ago(1), "không kết nối được")
    assert look(FAILED, record) is None
    found = look(FAILED, SourceRecord(days_ago(90), days_ago(2), 20, days_ago(1), "không kết nối được"))
    assert (found.times, found.seen_at) == (20, days_ago(1))
    assert "20 lần liền không lấy được số liệu, lần gần nhất 07:00 23/06/2024: không kết nối được" in found.what


def test_a_jump_is_told_with_both_figures(look):
    found = look(JUMP, current=[figure("households", 140)], before=[figure("households", 100)])
    assert found.what == "Hộ gia đình: Quý II/2024 tăng 40,00% so với kỳ trước, từ 100 (Quý I/2024) thành 140"
    assert "giảm 40,00%" in look(JUMP, current=[figure("households", 60)], before=[figure("households", 100)]).what


def test_a_change_of_just_as_much_as_allowed_is_no_jump(look):
    assert look(JUMP, current=[figure("households", 130)], before=[figure("households", 100)]) is None


def test_only_units_with_a_figure_in_both_periods_are_compared(look):
    now_known = [figure("households", 100), figure("households", 900, unit="20182")]
    assert look(JUMP, current=now_known, before=[figure("households", 100)]) is None


def test_absence_is_never_a_fall_to_zero(look):
    absent = figure("households", None, state=State.SOURCE_FAILED)
    assert look(JUMP, current=[absent], before=[figure("households", 100)]) == "unsure"
    assert look(BEHIND, current=[figure("accounts", 100)]) == "unsure"
    assert look(BEHIND, current=[figure("accounts", 100), figure("accounts_standardised", 0)]).what


@pytest.mark.parametrize(("doubt", "result"), [(Unsure.KEEP, "unsure"), (Unsure.CLOSE, None)])
def test_the_rule_says_what_becomes_of_an_alert_without_figures(doubt, result, look):
    assert look(JumpRule("thay-doi", ("households",), Fraction(3, 10), doubt)) == result


def test_a_rule_may_take_absence_for_a_reason(look):
    assert "không có số của hai kỳ" in look(JumpRule("thay-doi", ("households",), Fraction(3, 10), Unsure.ALERT)).what


def test_behind_is_below_the_straight_line_on_the_day_of_the_figures(look):
    due = BEHIND.expected(date(2024, 6, 10))
    assert due == Fraction(1, 2) * Fraction(161, 365)
    on_the_line = [figure("accounts", 730), figure("accounts_standardised", 161)]
    assert look(BEHIND, current=on_the_line) is None
    found = look(BEHIND, current=[figure("accounts", 730), figure("accounts_standardised", 160)])
    assert "đến 10/06/2024 đạt 21,92% (160/730), theo kế hoạch phải đạt 22,05% để tới 50,00% vào 31/12/2024" in found.what


def test_the_line_is_flat_before_its_beginning_and_after_its_end():
    assert BEHIND.expected(date(2023, 1, 1)) == 0
    assert BEHIND.expected(date(2026, 1, 1)) == Fraction(1, 2)


def test_the_leeway_is_taken_off_the_line(look):
    easy = BehindRule(
        "cham", "accounts_standardised", "accounts", Fraction(1, 2), date(2024, 1, 1), date(2024, 12, 31), leeway=Fraction(1, 20)
    )
    assert look(easy, current=[figure("accounts", 100), figure("accounts_standardised", 18)]) is None
    assert look(easy, current=[figure("accounts", 100), figure("accounts_standardised", 17)]) is not None


def test_a_rule_for_some_units_leaves_the_others_alone(look):
    elsewhere = SourceRule("nguon-cu", Kind.STALE, ("super_app",), 3, ("490",))
    assert look(elsewhere, SourceRecord(days_ago(90), days_ago(60))) is None
