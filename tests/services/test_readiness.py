"""What whoever closes a quarter is told before: who has not finished, what nobody approved, who owes most, and whether it may be closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hue_dti.appraisal.model import Case, State, Workflow
from hue_dti.observations import model as observations
from hue_dti.services.closing import Readiness
from hue_dti.services.completeness import Completeness, Owed, Part
from hue_dti.services.dossier import Dossier
from hue_dti.services.quarter import catalogue_of
from hue_dti.services.review_progress import Progress
from tests.golden_quarter import PERIOD

NOTHING = Completeness(Part(0, 0, 0), {}, {}, ())
SOME = replace(NOTHING, total=Part(2, 1, 0))


@pytest.fixture(scope="module")
def row(golden):
    """Makes a unit's row: how its dossier stands, and of its typed figures how many are approved and returned."""
    quarter = golden.read()
    unit = quarter.tree.units[0]

    def made(state: State, typed: int = 0, approved: int = 0, returned: int = 0) -> Progress:
        case = Case(unit.code, str(PERIOD), Workflow.FIGURES, state)
        return Progress(Dossier(unit, unit, PERIOD, case, quarter, (), ()), 9, 9, typed, approved, returned, 0)

    return made


@pytest.fixture(scope="module")
def ready(golden):
    """Makes what the page is told of the golden quarter."""
    quarter = golden.read()

    def made(*rows: Progress, complete: Completeness = SOME, same: bool = False) -> Readiness:
        return Readiness(
            unit=quarter.tree.units[0],
            period=PERIOD,
            quarter=quarter,
            standing=None,
            times=0,
            changes=(),
            content="",
            same=same,
            complete=complete,
            remarks=(),
            rows=rows,
            under_way=False,
        )

    return made


def test_whoever_has_not_sent_or_has_typed_figures_that_are_not_approved_or_returned_is_unfinished(ready, row):
    done = row(State.APPROVED, typed=3, approved=3)
    unfinished = (row(State.DRAFT), row(State.SENT, typed=3, approved=2), row(State.SENT, typed=3, approved=3, returned=1))
    assert ready(done, *unfinished).unfinished == unfinished


def test_what_lies_returned_is_told_apart_from_what_nobody_approved(ready, row):
    found = ready(row(State.SENT, typed=5, approved=2, returned=1), row(State.SENT, typed=4, approved=4))
    assert (found.unapproved, found.returned) == (2, 1)


def test_the_source_that_owes_most_stands_first(ready, golden):
    catalogue = catalogue_of(golden.read())
    few, many = list(catalogue.sources.values())[:2]
    measure = next(iter(catalogue.measures.values()))
    owed = [Owed("483", measure, observations.State.MISSING, "", source) for source in (few, many, many)]
    assert ready(complete=replace(SOME, missing=tuple(owed))).owing == ((many, 2), (few, 1))


def test_a_quarter_may_be_closed_from_its_day_on_with_figures_that_differ_from_what_was_frozen(ready):
    day = ready().cutoff
    assert ready().may_close(day)
    assert not ready().may_close(day - timedelta(days=1))
    assert not ready(same=True).may_close(day)
    assert not ready(complete=NOTHING).may_close(day)
