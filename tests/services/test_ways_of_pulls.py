"""Only what was asked tells whether a source lives: not a file handed in, nor what somebody typed or approved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hue_dti.errors import SourceAnswerInvalid
from hue_dti.observations.model import State
from hue_dti.services.alerts import rules_of, watch
from hue_dti.services.import_file import confirm, handed_in, preview
from hue_dti.services.quality import qualities
from hue_dti.services.quarter import draft
from hue_dti.services.replay import replay_quarter
from hue_dti.services.resting import good_within
from hue_dti.snapshots.figures import table_of
from hue_dti.storage import Way
from tests.golden_quarter import PERIOD, UNIT, described
from tests.services.handed_in import HEAD, ROWS, SOURCES

SOURCE = "antivirus"
GONE = "http://127.0.0.1:9"


@pytest.fixture
def quarter(another_quarter):
    return another_quarter()


@pytest.fixture
def hand_in(quarter):
    def run(body):
        file = handed_in("may.csv", body.encode(), "Trần Thị Bình", quarter.now())
        given = (quarter.storage, quarter.catalogue, SOURCE, SOURCES[SOURCE], quarter.unit, PERIOD, file)
        return confirm(*given, preview(*given, quarter.now).sha256, quarter.now)

    return run


def ended(quarter, outcome, way):
    at = quarter.now() + timedelta(days=1)
    quarter.storage.finish_pull(quarter.storage.begin_pull(SOURCE, UNIT, PERIOD, at, way=way), outcome, "hỏng", 1, 1, (), at)


def life(quarter):
    """All that anybody is told of the source's life."""
    storage, now = quarter.storage, quarter.now()
    return (
        storage.board.source_records(UNIT)[SOURCE],
        storage.board.last_good(UNIT, PERIOD)[SOURCE],
        storage.board.newest_run(SOURCE, UNIT, PERIOD),
        storage.board.recent_pulls(UNIT, PERIOD, 30)[SOURCE],
        storage.schedule.last_good_pulls(UNIT)[SOURCE],
        [each for each in storage.pulse().sources if each.source == SOURCE],
        storage.circuits.failing().get(SOURCE),
        qualities(storage, quarter.catalogue, quarter.unit, PERIOD, now)[SOURCE].answered,
        good_within(storage, SOURCE, [UNIT], PERIOD, timedelta(days=1), now),
    )


@pytest.mark.parametrize("way", [Way.FILE, Way.ENTERED])
def test_what_a_person_brings_says_nothing_of_the_source_s_life(way, quarter):
    before = life(quarter)
    for outcome in ("ok", "partial", "failed"):
        ended(quarter, outcome, way)
        assert life(quarter) == before, outcome


@pytest.mark.parametrize("way", [Way.FILE, Way.ENTERED])
def test_what_a_person_brings_does_not_end_the_rest_of_a_dead_source(way, quarter):
    for _ in range(3):
        quarter.storage.circuits.failed(SOURCE, quarter.now())
    resting = quarter.storage.circuits.failing()
    ended(quarter, "ok", way)
    assert quarter.storage.circuits.failing() == resting


def test_a_file_that_cannot_be_read_is_no_failure_of_its_source(quarter, hand_in):
    before = life(quarter)
    with pytest.raises(SourceAnswerInvalid):
        hand_in("xin chao")
    watch(quarter.storage, quarter.catalogue, rules_of(quarter.settings, quarter.catalogue), [UNIT], quarter.now())
    assert [each for each in quarter.storage.alerts.open() if each.subject == SOURCE and each.kind.value == "failed"] == []
    assert life(quarter) == before


@pytest.mark.parametrize(("way", "state"), [(Way.ASKED, State.SOURCE_FAILED), (Way.FILE, State.MISSING)])
def test_figures_that_nobody_has_are_the_fault_of_the_source_only_when_it_was_asked(way, state, empty_district):
    ended(empty_district, "failed", way)
    quarter = draft(empty_district.storage, empty_district.catalogue, empty_district.unit, PERIOD, empty_district.now())
    states = table_of(quarter.figures, quarter.tree).measures["computers"].records["state"]
    assert set(states[states > 0].tolist()) == {state}


def test_a_source_that_failed_stays_so_for_what_a_file_does_not_tell(quarter, hand_in):
    ended(quarter, "failed", Way.ASKED)
    hand_in(ROWS)
    assert life(quarter)[0].failures == 1
    assert not qualities(quarter.storage, quarter.catalogue, quarter.unit, PERIOD, quarter.now())[SOURCE].answered


def test_a_file_s_pull_says_so_and_so_does_the_one_that_reads_it_again(quarter, hand_in):
    hand_in(ROWS)
    assert newest(quarter).way is Way.FILE
    replay_quarter(quarter.storage, quarter.catalogue, SOURCES, quarter.unit, PERIOD, quarter.now, (SOURCE,))
    assert (newest(quarter).way, newest(quarter).replays is not None) == (Way.FILE, True)


def test_neither_an_unreadable_file_nor_a_typed_figure_stands_in_the_way_of_reading_answers_again(quarter, hand_in):
    asked = newest(quarter)
    with pytest.raises(SourceAnswerInvalid):
        hand_in(f'{HEAD}\n"M1')
    ended(quarter, "ok", Way.ENTERED)
    (outcome,) = replay_quarter(quarter.storage, quarter.catalogue, described(GONE), quarter.unit, PERIOD, quarter.now, (SOURCE,))
    assert (outcome.outcome, newest(quarter).replays) == ("ok", asked.id)


def test_the_quarter_a_file_came_for_is_one_of_those_that_were_pulled_and_that_of_a_typed_figure_is_not(quarter):
    for year, way in ((2020, Way.FILE), (2021, Way.ENTERED)):
        run = quarter.storage.begin_pull(SOURCE, UNIT, f"{year}-Q1", quarter.now(), way=way)
        quarter.storage.finish_pull(run, "ok", "", 1, 1, (), quarter.now())
    assert [period.year for _, period in quarter.storage.board.pulled()] == [2020, 2024]


def newest(quarter):
    return {run.source: run for run in quarter.storage.last_pulls(UNIT, PERIOD)}[SOURCE]
