"""An officer's tasks: every cell left, its points found by scoring again, the most worthwhile first."""

from datetime import date

import pytest

from hue_dti.observations.entered import Choice
from hue_dti.periods import Period
from hue_dti.services.cells import Standing, live_period, unit_cells
from hue_dti.services.quarter import draft
from hue_dti.services.tasks import Progress, progress_of, tasks_of
from tests.services.base_figures import Office
from tests.services.typing_desk import COMMUNE, PERIOD, START, Desk

QUARTER = Period.parse(PERIOD)


@pytest.fixture
def desk(empty_district):
    return Desk(empty_district.storage, empty_district.catalogue)


def cells(desk, unit=COMMUNE):
    return unit_cells(desk.storage, desk.catalogue, unit, QUARTER, START)


def task(desk, code, unit=COMMUNE):
    told = tasks_of(desk.storage, desk.catalogue, cells(desk, unit), START)
    return next(each for each in told if code in {criterion.code for criterion in each.criteria})


def test_a_task_begins_with_its_first_figure_and_is_done_with_its_last(desk):
    assert task(desk, "VIII.1").progress is Progress.NOT_BEGUN
    desk.type(200)
    assert task(desk, "VIII.1").progress is Progress.BEGUN
    desk.type(None, "shops_vietqr", choice=Choice.NOT_YET)
    assert task(desk, "VIII.1").progress is Progress.BEGUN
    desk.type(None, "shops_vietqr", choice=Choice.NO_DATA)
    assert task(desk, "VIII.1").progress is Progress.DONE


def test_the_points_of_a_task_are_those_that_the_quarter_then_earns(desk, empty_district):
    desk.type(200)
    desk.type(150, "shops_vietqr")
    found = task(desk, "VIII.1")
    assert (found.goal.measure, found.goal.then - found.goal.now, found.goal_gain) == ("shops_vietqr", 50, 25_000)
    desk.type(found.goal.then, "shops_vietqr")
    quarter = draft(desk.storage, desk.catalogue, empty_district.unit, QUARTER, START)
    assert next(each for each in quarter.lower if each.unit == COMMUNE).criterion("VIII.1").points == 75_000 + found.goal_gain


def test_a_goal_is_worth_what_it_changes_at_every_criterion_that_uses_its_figure(desk, empty_district):
    for measure, value in (("households", 220), ("accounts", 400), ("accounts_standardised", 100)):
        desk.type(value, measure)
    told = tasks_of(desk.storage, desk.catalogue, cells(desk), START)
    found = next(each for each in told if each.goal is not None and each.goal.then == 220)
    assert ([each.code for each in found.criteria], [each.code for each in found.also]) == (["III.3"], ["III.2"])

    def earned():
        quarter = draft(desk.storage, desk.catalogue, empty_district.unit, QUARTER, START)
        return next(each for each in quarter.lower if each.unit == COMMUNE).total.points

    before = earned()
    desk.type(220, "accounts_standardised")
    assert earned() - before == found.goal_gain > 0


def test_a_goal_that_another_criterion_would_contradict_is_none(desk):
    for measure, value in (("households", 220), ("accounts", 150), ("accounts_standardised", 100)):
        desk.type(value, measure)
    told = tasks_of(desk.storage, desk.catalogue, cells(desk), START)
    goals = {each.criteria[0].code: each.goal for each in told if each.goal is not None}
    assert goals["III.2"].then == 150
    assert "III.3" not in goals, "220 standardised accounts of 150 cannot be"


def test_tasks_left_come_first_and_those_worth_most_above(desk):
    desk.type(200)
    desk.type(150, "shops_vietqr")
    told = tasks_of(desk.storage, desk.catalogue, cells(desk), START)
    left = [each.gain for each in told if each.waiting]
    assert left == sorted(left, reverse=True)
    assert {each.criteria[0].code for each in told[len(left) :]} == {"VIII.1"}


def test_an_office_s_figures_are_worth_the_points_of_its_district(desk):
    found = task(desk, "VII.4", "483.van-phong")
    assert (found.scored.code, {cell.measure.code for cell in found.cells}) == ("483", {"staff", "staff_signatures"})
    assert found.gain > 0


def test_every_cell_says_why_it_is_locked_or_that_it_waits(desk, empty_district, figures):
    desk.told("accounts", 900, figures)
    Office(empty_district).settled(900, unit=COMMUNE)
    desk.type(200)
    found = cells(desk)
    assert (found.cell("accounts").standing, found.cell("accounts").pulled) == (Standing.LOCKED, True)
    assert (found.cell("households").standing, found.cell("households").value) == (Standing.LOCKED, 900)
    assert (found.cell("shops").standing, found.cell("addresses").standing) == (Standing.DONE, Standing.EMPTY)
    (progress,) = progress_of(desk.storage, desk.catalogue, [COMMUNE], QUARTER)
    assert (progress.present, progress.expected, progress.progress) == (3, len(found.cells), Progress.BEGUN)


def test_the_quarter_to_work_on_is_the_first_open_one_after_the_last_closed(desk, district):
    assert str(live_period(desk.storage, desk.catalogue, COMMUNE, date(2024, 5, 5))) == "2024-Q2"
    district.close()
    assert str(live_period(desk.storage, desk.catalogue, COMMUNE, date(2024, 8, 20))) == "2024-Q3"
    assert str(live_period(desk.storage, desk.catalogue, COMMUNE, date(2026, 11, 22))) == "2024-Q3"
