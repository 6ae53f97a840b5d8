"""Which criteria a sheet names as standing at 0 points because nothing came."""

from types import SimpleNamespace

import pytest

from hue_dti.scoring.model import ScoreSheet, Status


def named(status, has_figures):
    line = SimpleNamespace(code="I.1", status=status, has_figures=has_figures)
    return ScoreSheet.without_figures.fget(SimpleNamespace(criteria=(line,)))


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.NOT_ACHIEVED])
def test_an_open_criterion_for_which_nothing_came_is_named(status):
    assert named(status, has_figures=False) == ("I.1",)


@pytest.mark.parametrize("status", [Status.NOT_STARTED, Status.NOT_APPLICABLE])
def test_an_unopened_or_inapplicable_criterion_is_not(status):
    assert named(status, has_figures=False) == ()


def test_a_criterion_with_figures_is_not_even_at_no_points():
    assert named(Status.IN_PROGRESS, has_figures=True) == ()
