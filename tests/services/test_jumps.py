"""Great changes against the quarter closed before: listed with old, new and change, asking for a reason, blocking nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.errors import SnapshotError
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.services.close import close_quarter
from hue_dti.services.jumps import explain, jumps
from tests.golden_quarter import PERIOD, UNIT

BEFORE = Period.parse("2024-Q1")
APRIL = datetime(2024, 4, 2, 1, 0, tzinfo=UTC)
AGENCY = "483.th-khe-tre"
ACCOUNTS = (AGENCY, "staff_standardised")


@pytest.fixture
def closed_before(another_quarter):
    """The golden quarter behind a first quarter closed with the same figures, but for those given by (unit, measure)."""

    def make(changed=None):
        quarter = another_quarter()
        known = quarter.storage.observations([unit.code for unit in quarter.storage.units()], PERIOD)
        run = quarter.storage.begin_pull("super_app", UNIT, BEFORE, APRIL)
        first = [replace(each, period=BEFORE, value=(changed or {}).get((each.unit, each.measure), each.value)) for each in known]
        quarter.storage.save_observations(run, first)
        quarter.storage.finish_pull(run, "ok", "", 1, len(first), (), APRIL)
        close_quarter(quarter.storage, quarter.catalogue, quarter.unit, BEFORE, lambda: APRIL, "Thư ký", home=quarter.home)
        return quarter

    return make


def of(quarter):
    return jumps(quarter.storage, quarter.read(), quarter.catalogue)


def value(quarter, unit, measure):
    return next(each.value for each in quarter.storage.observations([unit], PERIOD) if each.measure == measure)


def test_a_quarter_with_nothing_closed_before_it_is_compared_with_nothing(another_quarter):
    assert of(another_quarter()).before is None


def test_the_same_figures_as_before_are_no_change(closed_before):
    found = of(closed_before())
    assert (found.before.head.period, found.found) == ("2024-Q1", ())


def test_a_figure_that_changed_by_more_than_the_declared_share_is_listed_with_old_new_and_change(closed_before):
    now = value(closed_before(), AGENCY, "staff_standardised")
    (jump,) = of(closed_before({ACCOUNTS: now // 2})).found
    assert (jump.unit, jump.measure, jump.old, jump.new) == (AGENCY, "staff_standardised", now // 2, now)
    assert jump.change == Fraction(now - now // 2, now // 2)


@pytest.mark.parametrize(("before", "listed"), [(240_000_000_000, []), (239_999_999_999, ["budget"]), (445_714_285_715, ["budget"])])
def test_exactly_the_declared_share_is_no_jump_and_a_little_more_either_way_is(closed_before, before, listed):
    quarter = closed_before({(UNIT, "budget"): before})
    assert (quarter.catalogue.jump, value(quarter, UNIT, "budget")) == (Fraction(3, 10), 312_000_000_000)
    assert [jump.measure for jump in of(quarter).found] == listed


def test_what_counts_from_the_first_of_january_may_grow_but_not_fall(closed_before):
    assert [jump.measure for jump in of(closed_before({(UNIT, "leader_news"): 1})).found] == []
    (fallen,) = of(closed_before({(UNIT, "leader_news"): 105})).found
    assert (fallen.measure, fallen.old, fallen.new) == ("leader_news", 105, 104)


def test_a_figure_that_was_0_is_listed_without_a_share(closed_before):
    (jump,) = of(closed_before({ACCOUNTS: 0})).found
    assert (jump.old, jump.change) == (0, None)


def test_a_reason_is_kept_with_who_and_for_these_two_values_only(closed_before):
    quarter = closed_before({ACCOUNTS: 1})
    assert len(of(quarter).unexplained) == 1
    explain(quarter.storage, quarter.read(), quarter.catalogue, AGENCY, "staff_standardised", " đợt chuẩn hóa ", "Anh Tư", quarter.now)
    (jump,) = of(quarter).found
    assert (jump.reason.reason, jump.reason.by, of(quarter).unexplained) == ("đợt chuẩn hóa", "Anh Tư", ())
    event = quarter.storage.trail.page(most=1)[0].event
    assert (event.act, event.actor, event.unit, event.reason) == ("change.explained", "Anh Tư", AGENCY, "đợt chuẩn hóa")
    (figure,) = [each for each in quarter.storage.observations([AGENCY], PERIOD) if each.measure == "staff_standardised"]
    quarter.storage.save_observations(
        quarter.storage.begin_pull("super_app", UNIT, PERIOD, APRIL), [replace(figure, value=figure.value - 1)]
    )
    assert len(of(quarter).unexplained) == 1


def test_what_did_not_change_much_needs_no_reason_and_an_empty_reason_is_none(closed_before):
    quarter = closed_before({ACCOUNTS: 1})
    with pytest.raises(SnapshotError, match="hue-dti check"):
        explain(quarter.storage, quarter.read(), quarter.catalogue, AGENCY, "staff", "vì", "Anh Tư", quarter.now)
    with pytest.raises(SnapshotError, match="lý do"):
        explain(quarter.storage, quarter.read(), quarter.catalogue, AGENCY, "staff_standardised", " ", "Anh Tư", quarter.now)


def test_an_old_figure_carried_over_is_no_change(closed_before):
    quarter = closed_before({ACCOUNTS: 1})
    (figure,) = [each for each in quarter.storage.observations([AGENCY], PERIOD) if each.measure == "staff_standardised"]
    run = quarter.storage.begin_pull("super_app", UNIT, PERIOD, APRIL)
    quarter.storage.save_observations(run, [replace(figure, state=State.CARRIED_OVER)])
    assert of(quarter).found == ()


def test_the_quarter_closes_in_spite_of_its_jumps_and_says_so(closed_before):
    quarter = closed_before({ACCOUNTS: 1})

    def type_in(*words):
        return CliRunner().invoke(cli, [words[0], "--unit", UNIT, "--period", "2024-Q2", *words[1:]], env=quarter.environment)

    closed = type_in("close", "--by", "Thư ký")
    assert closed.exit_code == 0, closed.output
    assert "1 thay đổi lớn chưa có lý do" in closed.stderr
    assert json.loads(type_in("check", "--json").stdout)["jumps"][0]["reason"] is None
    said = type_in("explain", "--at", AGENCY, "--measure", "staff_standardised", "--reason", "đợt chuẩn hóa")
    assert said.exit_code == 0, said.output
    assert json.loads(type_in("check", "--json").stdout)["jumps"][0]["reason"] == "đợt chuẩn hóa"
    assert "0 thay đổi lớn chưa có lý do" in type_in("check").stdout
